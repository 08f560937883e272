"""Collects the sentences of the screens, brings the catalogues up to date, and tells what still lacks its translation.

`python tools/translations.py extract` rewrites crm_data/locale/crm.pot and every language's crm.po: translations are
kept, obsolete ones dropped. `python tools/translations.py check` exits with 1 and a list if one is missing or wrong.
"""

from __future__ import annotations

import argparse
import io
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = Path(__file__).with_name("babel.cfg")
KEYWORDS: dict[str, tuple[int, int] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}
# These change with every run or every version of Babel, and would show as changes where there is none.
NOISE = (
    "Project-Id-Version:", "Report-Msgid-Bugs-To:", "POT-Creation-Date:", "PO-Revision-Date:", "Last-Translator:",
    "Language-Team:", "Generated-By:",
)  # fmt: skip
HEADER = "# The sentences of Guanxi. Collected by tools/translations.py; only translations are written by hand."


def collected(root: Path = ROOT) -> Catalog:
    """Give the catalogue of all sentences marked in the source, with the files they stand in."""
    with SETTINGS.open(encoding="utf-8") as settings:
        methods, options = parse_mapping_cfg(settings)  # type: ignore[no-untyped-call]
    catalogue = Catalog(charset="utf-8", header_comment=HEADER, fuzzy=False)
    found = extract_from_dir(root, methods, options, KEYWORDS, directory_filter=_is_source)
    for file, _line, message, comments, context in found:
        catalogue.add(message, None, [(Path(file).as_posix(), 0)], auto_comments=comments, context=context)
    return catalogue


def catalogue_paths(root: Path = ROOT) -> dict[str, Path]:
    """Give each translated language's catalogue."""
    folder = root / "crm_data" / "locale"
    return {path.parent.parent.name: path for path in sorted(folder.glob("*/LC_MESSAGES/crm.po"))}


def stored(path: Path, language: str) -> Catalog:
    """Give a language's catalogue as it lies on disk, an empty one if there is no file."""
    if not path.is_file():
        return Catalog(locale=language, charset="utf-8", header_comment=HEADER, fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language, ignore_obsolete=True)


def written(catalogue: Catalog) -> bytes:
    """Give a catalogue's text: sorted, without line numbers and dates, so that it changes only when a sentence does."""
    text = io.BytesIO()
    write_po(text, catalogue, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    lines = text.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in NOISE))).encode()


def extract(root: Path = ROOT) -> None:
    """Rewrite the template and every language's catalogue from the source."""
    template = collected(root)
    folder = root / "crm_data" / "locale"
    (folder / "crm.pot").write_bytes(written(template))
    for language, path in ({"zh_CN": folder / "zh_CN" / "LC_MESSAGES" / "crm.po"} | catalogue_paths(root)).items():
        catalogue = stored(path, language)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.header_comment = HEADER
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue))


def problems(root: Path = ROOT) -> list[str]:
    """Give what is wrong with the sentences or their translations, one line each."""
    template = collected(root)
    found = [f"source: {fault}" for message in template if message.id for fault in _source_faults(message)]
    for language, path in catalogue_paths(root).items():
        catalogue = stored(path, language)
        found += [f"{language}: {fault}" for message in template if message.id for fault in _faults(message, catalogue)]
        known = {_key(message) for message in template}
        obsolete = (message for message in catalogue if message.id and _key(message) not in known)
        found += [f"{language}: not in the source any more: {_shown(message)}" for message in obsolete]
    return sorted(found)


def placeholders(sentence: str) -> set[str]:
    """Give the names of a sentence's placeholders; raise ValueError for a lone brace."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name is not None}


def _source_faults(message: Message) -> Iterator[str]:
    for sentence in _forms(message.id):
        if sentence != sentence.strip():
            yield f"begins or ends with a blank: {sentence!r}"
        try:
            unnamed = {name for name in placeholders(sentence) if not name.isidentifier()}
        except ValueError:
            yield f"a brace without its partner: {sentence!r}"
        else:
            if unnamed:
                yield f"placeholders need names: {sentence!r}"


def _faults(message: Message, catalogue: Catalog) -> Iterator[str]:
    translation = catalogue.get(message.id, message.context)
    if translation is None:
        yield f"not collected yet, run extract: {_shown(message)}"
    elif not all(_forms(translation.string)):
        yield f"no translation: {_shown(message)}"
    elif translation.fuzzy:
        yield f"only a guess (fuzzy): {_shown(message)}"
    else:
        yield from _mismatches(message, _forms(translation.string))


def _mismatches(message: Message, translations: Iterable[str]) -> Iterator[str]:
    # The plural form decides: "One customer" may do without the number
    wanted = placeholders(_forms(message.id)[-1])
    for translation in translations:
        try:
            given = placeholders(translation)
        except ValueError:
            yield f"a brace without its partner: {translation!r}"
            continue
        if given != wanted:
            yield f"placeholders {sorted(given)} instead of {sorted(wanted)}: {_shown(message)}"


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or [""])


def _key(message: Message) -> tuple[str, str | None]:
    return _forms(message.id)[0], message.context


def _shown(message: Message) -> str:
    return repr(_forms(message.id)[0])


def _is_source(folder: str) -> bool:
    return not Path(folder).name.startswith((".", "_"))


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands; give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("extract", "check"))
    if parser.parse_args(arguments).command == "extract":
        extract()
        return 0
    found = problems()
    print("\n".join(found) or "Every sentence has its translation.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
