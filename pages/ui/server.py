"""What the server does besides the screens: warming up, security headers, health, and the cookie's two addresses."""

from __future__ import annotations

import gc
import importlib
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import DBAPIError
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crm_data import db, schema, settings
from crm_data.services import sessions
from pages.ui.visitor import COOKIE

log = logging.getLogger("guanxi")

# The digest is that of the one script in Streamlit's own page; as a blob: it loads the script that asks for our cookie.
_POLICY = (
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval' blob: 'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss: data: blob:",
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)
HEADERS = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HEAVY = ("polars", "pandas", "pyarrow", "plotly.graph_objects", "altair", "streamlit_authenticator", "pages.ui.shell")


class SecurityHeaders:
    """Adds the headers that keep a browser from loading, framing or guessing what it should not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; websockets have no headers of their own."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, guarded)


def health(_request: Request) -> Response:
    """Say that the process lives."""
    return PlainTextResponse("ok")


def ready(_request: Request) -> Response:
    """Say whether the database answers and its schema is current."""
    try:
        current = schema.is_current(db.engine())
    except DBAPIError:
        return PlainTextResponse("the database does not answer", status_code=503)
    return PlainTextResponse("ok") if current else PlainTextResponse("the schema is not current", status_code=503)


def exchange(request: Request) -> Response:
    """Swap a ticket for the cookie by which the browser is recognised from now on."""
    ticket = request.headers.get("x-crm")
    if not ticket or not _from_our_page(request):
        return Response(status_code=403)
    cookie = sessions.exchange(db.engine(), ticket=ticket)
    if cookie is None:
        return Response(status_code=410)
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE, cookie.token, expires=cookie.expires_at, httponly=True, samesite="lax", secure=_encrypted(request)
    )
    return response


def leave(request: Request) -> Response:
    """Let the browser forget its cookie; the session itself was ended before."""
    if not request.headers.get("x-crm") or not _from_our_page(request):
        return Response(status_code=403)
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=_encrypted(request))
    return response


def on_script_error(error: Exception) -> bool:
    """Write an unforeseen error down under a number, and show the person that number instead of the error."""
    reference = secrets.token_hex(4).upper()
    log.error("error %s", reference, exc_info=error)
    from pages.ui import failure

    failure.show(error, reference=reference)
    return True


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Load what every screen needs before the first visitor comes, and refuse to start without a good key."""
    settings.secret_key()
    for name in _HEAVY:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    yield {}


def _from_our_page(request: Request) -> bool:
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")


def _encrypted(request: Request) -> bool:
    return request.url.scheme == "https" or settings.public_url().startswith("https:")


routes = [
    Route("/healthz", health),
    Route("/readyz", ready),
    Route("/crm-auth/exchange", exchange, methods=["POST"]),
    Route("/crm-auth/leave", leave, methods=["POST"]),
]
middleware = [Middleware(SecurityHeaders)]
