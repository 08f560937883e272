"""What the browser's request says about itself: cookie, connection, address, and whether it came from this machine."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from crm_data.services.sessions import Visitor

COOKIE = "guanxi_session"
_LONGEST = 64
_PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")


def cookie() -> str | None:
    """Give the cookie by which this browser is recognised; it was sent when the connection was made."""
    return _text(st.context.cookies.get(COOKIE))


def connection() -> str | None:
    """Give the name of the connection that this window talks through: another one after every reconnect."""
    return _header("Sec-Websocket-Key")


def visitor() -> Visitor:
    """Give where the request comes from."""
    address = _text(st.context.ip_address)  # Streamlit gives None for this very machine
    local = _loopback(address) and _asked_for_this_machine() and not any(_header(name) for name in _PASSED_ON)
    return Visitor(address=(address or "127.0.0.1")[:_LONGEST], browser=_header("User-Agent"), local=local)


def _loopback(address: str | None) -> bool:
    if address is None:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


def _asked_for_this_machine() -> bool:
    # A proxy on this machine connects over loopback too, but asks for the public name or says for whom it asks.
    name = urlsplit(f"//{_header('Host') or 'localhost'}").hostname or ""
    return (
        name == "localhost" or name.endswith(".localhost") or ((name[:1].isdigit() or ":" in name) and _loopback(name))
    )


def _header(name: str) -> str | None:
    return _text(st.context.headers.get(name))


def _text(value: Any) -> str | None:
    """Give only real text: in tests without a browser the request is a stand-in that has an answer to everything."""
    return value if isinstance(value, str) else None
