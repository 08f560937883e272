"""The rules of the business: what may be written, by whom, and what follows from it."""
