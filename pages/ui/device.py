"""What the browser says about the device it runs on."""

from __future__ import annotations

import streamlit as st


def on_phone() -> bool:
    """Tell whether the browser says that it is a phone's."""
    agent = st.context.headers.get("User-Agent")
    return isinstance(agent, str) and "Mobi" in agent
