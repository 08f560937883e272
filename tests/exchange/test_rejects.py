"""The rows that were not taken, given back with the reasons."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from crm_data.access import Actor
from crm_data.exchange import imports
from crm_data.exchange.writing import write_table
from tests.exchange.bringing import ALL, a_file, bring, counts, planned

TEXT = "name,phone,note,Row\n=A,12,-1,x\nB,,,\nC,D\n"


def test_rejected_rows_come_back_as_they_were_with_every_reason(engine: Engine, root: Actor, tmp_path: Path) -> None:
    source = a_file(tmp_path, "name,phone,kind,text\nA,12,robot,x\nB,,,\nC,D\n")
    found = imports.rejects(planned(engine, root, "customers", source), source)
    assert found.columns == ["Row", "Reason", "name", "phone", "kind", "text"]
    assert found.select("Row", "name", "phone").rows() == [(2, "A", "12"), (4, "C,D", None)]
    assert found["Reason"][0].startswith("kind: “robot” is not one of: company, ")
    assert found["Reason"][0].endswith(" phone: “12” is not a phone number.")


def test_the_reasons_are_said_in_the_readers_language(engine: Engine, root: Actor, tmp_path: Path) -> None:
    plan = planned(engine, root, "customers", a_file(tmp_path, "name,phone\nA,12\n"))
    words = {"{column}: “{value}” is not a phone number.": "{column}“{value}”不是电话号码。"}
    said = imports.explained(plan, translate=lambda message: words.get(message, message))
    assert said.rows() == [(2, "phone“12”不是电话号码。")]


def test_a_file_of_rejects_is_safe_to_open_and_can_be_corrected(engine: Engine, root: Actor, tmp_path: Path) -> None:
    source = a_file(tmp_path, TEXT)
    path = tmp_path / "rejects.csv"
    write_table(imports.rejects(planned(engine, root, "customers", source), source), path)
    text = path.read_text("utf-8-sig")
    assert text.splitlines()[0] == "Row+,Reason,name,phone,note,Row"
    assert "'=A,12,'-1,x" in text
    mended = a_file(tmp_path, text.replace(",12,", ",021 6888 8888,"), name="mended.csv")
    assert counts(bring(engine, root, "customers", mended, create=ALL)) == (2, 0, 0, 0)


def test_a_file_without_problems_has_no_rejects(engine: Engine, root: Actor, tmp_path: Path) -> None:
    source = a_file(tmp_path, "name\nA\n")
    assert imports.rejects(planned(engine, root, "customers", source), source).is_empty()
