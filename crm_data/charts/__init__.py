"""Pictures: each answers one question, takes a frame with words and formatted texts in it, and gives a figure."""
