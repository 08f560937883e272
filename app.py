"""Guanxi: `streamlit run app.py` serves it, and the tests run it as a script."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

ROOT = Path(__file__).resolve().parent

if get_script_run_ctx(suppress_warning=True) is None:  # read by a server, which takes up `app`
    from pages.ui.server import lifespan, middleware, on_script_error, routes

    # The main script lies beside no pages/ folder: otherwise a deep link would open a screen without the shell.
    app = st.App(
        ROOT / "pages" / "ui" / "main.py",
        lifespan=lifespan,
        routes=routes,
        middleware=middleware,
        on_script_error=on_script_error,
    )
else:
    from pages.ui.shell import run

    run()
