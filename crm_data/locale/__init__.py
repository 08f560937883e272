"""The languages the product speaks, and the catalogues that hold their sentences."""

from __future__ import annotations

import gettext
import io
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
SOURCE_LANGUAGE = "en"
DOMAIN = "crm"
FOLDER = Path(__file__).parent


def catalogue_path(language: str) -> Path:
    """Give where a language's sentences are kept."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def matched(code: str | None) -> str | None:
    """Give our language for a browser's or a person's code (`zh-Hans-CN`, `en_GB`), None for one we do not speak."""
    primary = (code or "").replace("-", "_").split("_")[0].lower()
    return {"en": "en", "zh": "zh_CN"}.get(primary)


@lru_cache
def translator(language: str) -> gettext.NullTranslations:
    """Give a language's translations; its `gettext` and `ngettext` give the English text where there is none.

    The catalogue is compiled in memory, so that no built file can lie beside a newer source.
    """
    path = catalogue_path(language)
    if language == SOURCE_LANGUAGE or language not in LANGUAGES or not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translated(message: str, *, language: str) -> str:
    """Give a sentence in a language; nothing stays nothing, though gettext keeps its header under the empty text."""
    return translator(language).gettext(message) if message else ""
