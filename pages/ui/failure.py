"""What a person reads when something went wrong: never a stack trace, always what to do."""

from __future__ import annotations

import streamlit as st

from crm_data.errors import CrmError
from pages.ui.text import _, md, say


def show(error: Exception, *, reference: str) -> None:
    """Draw what went wrong: the sentence of an error that was meant for people, or the number of one that was not."""
    if isinstance(error, CrmError):
        st.warning(md(say(error)), icon=":material/info:")
        return
    with st.container(border=True, key="failure"):
        st.subheader(_("Something went wrong"), anchor=False)
        st.markdown(_("Try again. If it happens again, tell your administrator this number:"))
        st.code(reference, language=None)
