"""Passwords: which are good enough, how they are kept, and whether one is right."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from functools import lru_cache

import bcrypt

from crm_data.errors import InvalidError
from crm_data.vocabulary import N_

ROUNDS = 12
SHORTEST, LONGEST, FEWEST_CHARACTERS = 10, 1_000, 5
_SHORT_NAME = 3  # “li” may well be part of a sentence


def hashed(password: str, *, salt: bytes | None = None) -> str:
    """Give what is kept of a password; only a password that is public anyway may bring its own salt and cost."""
    return bcrypt.hashpw(_material(password), salt or bcrypt.gensalt(ROUNDS)).decode()


def matches(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one that was kept.

    Where nothing is kept (no such user, no password) the same work is done, so that nobody can tell by the time.
    """
    right = bcrypt.checkpw(_material(password), (kept or _nobodys(ROUNDS)).encode())
    return right and kept is not None


def check(password: str, *, username: str) -> None:
    """Raise InvalidError unless the password is long, varied and not the user name."""
    plain = password.strip()
    if not SHORTEST <= len(plain) <= LONGEST:
        message = N_("A password has at least {shortest} characters; a sentence of several words is welcome.")
        raise InvalidError(message, field="password", shortest=SHORTEST)
    if len(set(plain)) < FEWEST_CHARACTERS:
        raise InvalidError(
            N_("This password repeats itself too much. Use more different characters."), field="password"
        )
    if len(username) > _SHORT_NAME and username.casefold() in plain.casefold():
        raise InvalidError(N_("A password must not contain the user name."), field="password")


def _material(password: str) -> bytes:
    # bcrypt reads 72 bytes and stops at a zero byte: a digest makes sentences of any length and script count in full.
    plain = unicodedata.normalize("NFKC", password.strip())
    return base64.b64encode(hashlib.sha256(plain.encode()).digest())


@lru_cache(maxsize=4)
def _nobodys(rounds: int) -> str:
    return bcrypt.hashpw(b"", bcrypt.gensalt(rounds)).decode()
