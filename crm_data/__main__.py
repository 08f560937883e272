"""Runs one command of the product from a terminal or another program."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from crm_data.cli.entry import main

        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # while the libraries were still being read
        sys.exit(1)
