"""The browser's Back: one step from a record to its list as it was left, whatever was typed and chosen meanwhile."""

from __future__ import annotations

import streamlit as st

# Streamlit writes an entry for every change of the address (each letter of a search), and two where it goes to another
# screen with parameters: the first one names the old screen with the new screen's parameters, so that Back would lead
# to a list without its filters. Here a change on the same screen takes the place of the entry, and an address that was
# covered in this way on leaving the screen is put back.
_SCRIPT = """
export default function () {
  if (window.guanxiHistory) return;
  window.guanxiHistory = true;
  const push = window.history.pushState.bind(window.history);
  const replace = window.history.replaceState.bind(window.history);
  let covered = null;
  window.history.pushState = (data, unused, url) => {
    const here = window.location, next = new URL(url ?? here.href, here.href);
    if (next.pathname === here.pathname) {
      covered = next.search && next.search !== here.search ? { by: next.search, href: here.href } : null;
      return replace(data, unused, url);
    }
    if (covered && covered.by === next.search) replace(data, unused, covered.href);
    covered = null;
    return push(data, unused, url);
  };
}
"""
_component = st.components.v2.component("guanxi_history", js=_SCRIPT)


def keep_short() -> None:
    """Keep the browser's history to one entry a screen; meant for the frame around all screens."""
    _component(key="history", height=1)
