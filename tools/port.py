"""Say in one sentence when the address of the app cannot be used: `python tools/port.py HOST PORT`."""

import errno
import socket
import sys

HIGHEST_PORT = 65535


def problem(host: str, port: str) -> str | None:
    """Give the sentence for a person, or None when the app can listen there."""
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= HIGHEST_PORT:
        return f"PORT must be a number from 1 to {HIGHEST_PORT}, not “{port}”."
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        return f"HOST must be an address of this machine, and “{host}” is not known here."
    with socket.socket(family, kind, protocol) as probe:
        # as the server does: a port that was left a moment ago may be taken again
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            return _reason(error, host=host, port=port)
    return None


def _reason(error: OSError, *, host: str, port: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program. Choose another: make run PORT={int(port) % 65000 + 1}"
        )
    if error.errno == errno.EACCES:
        return f"You may not open port {port}. Choose one above 1023: make run PORT=8501"
    return f"The app cannot listen on {host}, port {port}: {error.strerror}."


if __name__ == "__main__":
    found = problem(sys.argv[1], sys.argv[2])
    sys.exit(found)
