"""The script that the server runs at every click."""

from pages.ui.shell import run

run()
