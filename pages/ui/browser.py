"""Two habits of the page in the browser, put right: what Back leads to, and what an impatient second click does."""

from __future__ import annotations

import streamlit as st

# Streamlit writes an entry for every change of the address (each letter of a search), and two where it goes to another
# screen with parameters: the first one names the old screen with the new screen's parameters, so that Back would lead
# to a list without its filters. Here a change on the same screen takes the place of the entry, and an address that was
# covered in this way on leaving the screen is put back.
_BACK = """
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
"""
# A button of a dialog that is pressed again while its first press leads to another screen would leave that one empty:
# the dialog is redrawn on a screen where it does not exist.
_PATIENCE = """
let pressed = null;
const swallow = event => {
  const button = event.target.closest("[data-testid=stButton] button, [data-testid=stFormSubmitButton] button");
  if (!button) return;
  const app = document.querySelector("[data-testid=stApp]");
  const busy = app && app.dataset.testScriptState !== "notRunning";
  if (button === pressed && (busy || event.detail > 1)) {
    event.stopImmediatePropagation();
    event.preventDefault();
  }
  pressed = button;
};
window.addEventListener("click", swallow, true);
"""
_SCRIPT = f"""
export default function () {{
  if (window.guanxi) return;
  window.guanxi = true;
  {_BACK}
  {_PATIENCE}
}}
"""
_component = st.components.v2.component("guanxi_browser", js=_SCRIPT)


def put_right() -> None:
    """Put both habits right, once a page; meant for the frame around all screens."""
    _component(key="browser", height=1)
