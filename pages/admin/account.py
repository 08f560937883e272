"""My account."""

from pages.ui.guard import guard

actor = guard(None)
