"""Runs one command of the product from a terminal or another program."""

from __future__ import annotations

import sys

from crm_data.cli.entry import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
