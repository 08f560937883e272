"""Finds out how a text file is encoded, by decoding all of it strictly and never by guessing silently."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from crm_data.errors import CrmError
from crm_data.vocabulary import N_

BLOCK = 1 << 20
_CONTROLS = [bytes([code]) for code in range(32) if code not in (7, 9, 10, 12, 13, 26)]
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(path: Path) -> str:
    """Name the encoding in which all of a text file can be read.

    Tried in this order: byte order mark, UTF-16 without a mark, UTF-8, then GB18030 and Windows-1252; of the last two
    GB18030 wins when most of what it reads are everyday Chinese characters.

    Raises CrmError when no encoding fits, or when a file is UTF-8 but for a few broken places.
    """
    with path.open("rb") as file:
        start = file.read(BLOCK)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return _checked(path, encoding=name)
    silent = _utf16_without_mark(start)
    if silent:
        return _checked(path, encoding=silent)
    if b"\0" in start or sum(start.count(code) for code in _CONTROLS) * 100 > len(start):
        raise CrmError(N_("{file} is not a text file. Import CSV, TSV, XLSX or Parquet."), file=path.name)
    if _decodes(path, encoding="utf-8"):
        return "utf-8"
    _refuse_damaged_utf8(path)
    chinese = _decodes(path, encoding="gb18030")
    if chinese and _reads_as_chinese(start):
        return "gb18030"
    if _decodes(path, encoding="cp1252"):
        return "cp1252"
    if chinese:
        return "gb18030"
    raise _unreadable(path)


def decoded(path: Path, *, encoding: str) -> Iterator[str]:
    """Give the text of a file block by block; raises UnicodeDecodeError where it does not fit the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)


def _decodes(path: Path, *, encoding: str) -> bool:
    try:
        for _ in decoded(path, encoding=encoding):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _checked(path: Path, *, encoding: str) -> str:
    if not _decodes(path, encoding=encoding):
        raise _unreadable(path)
    return encoding


def _unreadable(path: Path) -> CrmError:
    return CrmError(
        N_("{file} cannot be read as text. Save it as CSV in UTF-8, or as an Excel workbook (XLSX), and try again."),
        file=path.name,
    )


def _utf16_without_mark(start: bytes) -> str | None:
    """Tell UTF-16 by its zero bytes: plain letters, digits and delimiters have one each, always on the same side."""
    sample = start[:4096]
    half = len(sample) // 2
    low, high = sample[1::2].count(0), sample[::2].count(0)
    if half and low > half * 0.3 and high < half * 0.05:
        return "utf-16-le"
    if half and high > half * 0.3 and low < half * 0.05:
        return "utf-16-be"
    return None


def _refuse_damaged_utf8(path: Path) -> None:
    """Stop a UTF-8 file with a few broken places from being read as another encoding, which would garble it all."""
    good = bad = line = 0
    first_bad = 0
    with path.open("rb") as file:
        for raw in file:
            line += 1
            if raw.isascii():
                continue
            text = raw.decode("utf-8", errors="replace")
            broken = text.count("\ufffd")
            first_bad = first_bad or (line if broken else 0)
            bad += broken
            # Three bytes that happen to be UTF-8 are unlikely in other encodings; two bytes are not.
            good += sum(character > "\u07ff" and character != "\ufffd" for character in text)
            if good + bad > 10_000:
                break
    if good > 10 * bad:
        raise CrmError(
            N_("{file} is UTF-8, but line {line} has a damaged character. Correct it, save the file and try again."),
            file=path.name,
            line=first_bad,
        )


def _reads_as_chinese(start: bytes) -> bool:
    """Tell whether most of what GB18030 makes of the bytes are characters of everyday Chinese (GB 2312)."""
    foreign = [c for c in start.decode("gb18030", errors="ignore") if c > "\x7f"][:20_000]
    everyday = sum(bool(c.encode("gb2312", errors="ignore")) for c in foreign)
    return everyday * 2 > len(foreign)
