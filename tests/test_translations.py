"""Every sentence has its translation, and a wrong one is found before people read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import translations

SOURCE = """
_("Save {name}")
N_("Cancel")
ngettext("{n} customer", "{n} customers", 3)
"""
GOOD = {"Save {name}": "保存{name}", "Cancel": "取消", "{n} customer": "{n} 位客户"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "crm_data" / "locale").mkdir(parents=True)
    (tmp_path / "app.py").write_text(SOURCE, encoding="utf-8")
    translations.extract(tmp_path)
    return tmp_path


def translate(project: Path, words: dict[str, str]) -> None:
    path = translations.catalogue_paths(project)["zh_CN"]
    catalogue = translations.stored(path, "zh_CN")
    for message in catalogue:
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            message.string = words.get(first, "") if isinstance(message.id, str) else (words.get(first, ""),)
    path.write_bytes(translations.written(catalogue))


def test_every_sentence_of_the_product_is_translated() -> None:
    assert translations.problems() == []


def test_a_complete_catalogue_has_no_problems(project: Path) -> None:
    translate(project, GOOD)
    assert translations.problems(project) == []


def test_a_missing_translation_is_found(project: Path) -> None:
    translate(project, GOOD | {"Cancel": ""})
    assert translations.problems(project) == ["zh_CN: no translation: 'Cancel'"]


def test_a_lost_placeholder_is_found(project: Path) -> None:
    translate(project, GOOD | {"Save {name}": "保存{nome}"})
    assert translations.problems(project) == ["zh_CN: placeholders ['nome'] instead of ['name']: 'Save {name}'"]


def test_a_sentence_that_was_not_collected_is_found(project: Path) -> None:
    translate(project, GOOD)
    (project / "app.py").write_text(SOURCE + '_("New")', encoding="utf-8")
    assert translations.problems(project) == ["zh_CN: not collected yet, run extract: 'New'"]


def test_a_guess_is_found(project: Path) -> None:
    translate(project, GOOD)
    path = translations.catalogue_paths(project)["zh_CN"]
    path.write_text(path.read_text("utf-8").replace('msgid "Cancel"', '#, fuzzy\nmsgid "Cancel"'), encoding="utf-8")
    assert translations.problems(project) == ["zh_CN: only a guess (fuzzy): 'Cancel'"]


def test_a_blank_at_the_end_of_a_sentence_is_found(project: Path) -> None:
    (project / "app.py").write_text('_("Save ")', encoding="utf-8")
    assert "source: begins or ends with a blank: 'Save '" in translations.problems(project)


def test_extracting_keeps_translations_and_drops_what_is_obsolete(project: Path) -> None:
    translate(project, GOOD)
    (project / "app.py").write_text('_("Save {name}")', encoding="utf-8")
    translations.extract(project)
    kept = translations.stored(translations.catalogue_paths(project)["zh_CN"], "zh_CN")
    assert {message.id: message.string for message in kept if message.id} == {"Save {name}": "保存{name}"}


def test_extracting_twice_changes_nothing(project: Path) -> None:
    files = [project / "crm_data" / "locale" / "crm.pot", *translations.catalogue_paths(project).values()]
    before = [file.read_bytes() for file in files]
    (project / "app.py").write_text("\n\n" + SOURCE, encoding="utf-8")
    translations.extract(project)
    assert [file.read_bytes() for file in files] == before
