"""The shape of the house: what may lie where, how long it may be, and what may not be written at all."""

import re
import tomllib
from fnmatch import fnmatch
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from tests import architecture_rules as rules
from tests.architecture_rules import Rule, Source

ROOT = Path(__file__).resolve().parent.parent
CODE = ("app.py", "bench", "crm_data", "pages", "tests", "tools")
TOP_LEVEL = {
    ".ci", ".editorconfig", ".gitattributes", ".gitignore", ".streamlit", "CHANGELOG.md", "CONTRIBUTING.md",
    "DECISIONS.md", "LICENSE", "Makefile", "README.md", "app.py", "babel.cfg", "bench", "constraints.txt", "crm_data",
    "docs", "pages", "pyproject.toml", "requirements-dev.txt", "requirements.txt", "tests", "tools",
}  # fmt: skip

# Every rule, with a file that breaks it.
RULES: dict[Rule, tuple[str, str]] = {
    rules.modules_are_short: ("pages/sales/contracts.py", "\n" * 151),
    rules.functions_are_short: ("tests/test_x.py", "def test_x():\n" + "    x = 1\n" * 25),
    rules.functions_take_few_parameters: ("crm_data/x.py", "def f(a, b, c, *, d, e, f, g): ..."),
    rules.pages_hold_no_script_at_their_top: ("pages/customers.py", ""),
    rules.screens_begin_with_the_guard: ("pages/sales/x.py", "from pages.ui.guard import guard\nx = 1\nguard('sales')"),
    rules.screens_import_no_screen: ("pages/sales/x.py", "from pages.sales.contracts import total"),
    rules.errors_are_named: ("crm_data/x.py", "try: ...\nexcept (ValueError, Exception): ..."),
    rules.styles_come_from_the_theme: ("pages/sales/x.py", "st.markdown('', unsafe_allow_html=True)"),
    rules.frames_stay_polars: ("pages/ui/x.py", "frame.to_pandas()"),
    rules.charts_use_graph_objects: ("crm_data/charts/x.py", "from plotly import express"),
    rules.services_leave_the_commit_to_the_door: ("crm_data/services/x.py", "session.commit()"),
    rules.written_sql_stays_near_the_database: ("crm_data/queries/x.py", "from sqlalchemy import text"),
    rules.pages_write_no_queries: ("pages/ui/x.py", "from sqlalchemy import select"),
    rules.names_say_what_is_inside: ("crm_data/utils/dates.py", ""),
    rules.modules_explain_themselves: ("crm_data/x.py", "x = 1"),
    rules.open_tasks_name_their_issue: ("crm_data/x.py", "# TO" + "DO later"),
}


@cache
def every_source() -> tuple[Source, ...]:
    places = [ROOT / place for place in CODE]
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*.py")))]
    paths = [PurePosixPath(file.relative_to(ROOT).as_posix()) for file in files]
    return tuple(
        Source(path, (ROOT / path).read_text(encoding="utf-8"))
        for path in paths
        if not path.is_relative_to("crm_data/migrations")
    )


def broken(rule: Rule, *sources: Source) -> str:
    return "\n".join(f"{source.path}: {finding}" for source in sources for finding in rule(source))


def name_of(rule: Rule) -> str:
    return rule.__name__.replace("_", " ")


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_the_house_keeps_its_rules(rule: Rule):
    findings = broken(rule, *every_source())
    assert not findings, f"{name_of(rule)}:\n{findings}"


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_a_rule_sees_the_file_that_breaks_it(rule: Rule):
    path, text = RULES[rule]
    assert broken(rule, Source(PurePosixPath(path), text)).count("\n") == 0
    assert broken(rule, Source(PurePosixPath(path), text))


def test_a_screen_that_begins_with_its_guard_is_welcome():
    text = '"""Contracts."""\nimport streamlit as st\nfrom pages.ui.guard import guard\nactor = guard("contracts")\n'
    assert not broken(rules.screens_begin_with_the_guard, Source(PurePosixPath("pages/sales/contracts.py"), text))


def test_every_rule_is_tried():
    written = {thing for name, thing in vars(rules).items() if callable(thing) and not name.startswith("_")}
    assert {rule for rule in written if getattr(rule, "__annotations__", {}).get("source") is Source} == set(RULES)


def test_the_top_level_holds_only_what_the_layout_names():
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines() if line]
    found = {entry.name for entry in ROOT.iterdir() if not any(fnmatch(entry.name, each) for each in ignored)}
    assert found - TOP_LEVEL - {".git"} == set()


def test_every_part_of_the_data_layer_has_its_place_among_the_layers():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = " ".join(settings["tool"]["importlinter"]["contracts"][0]["layers"])
    named = set(re.findall(r"crm_data\.(\w+)", layers))
    parts = {entry.stem for entry in (ROOT / "crm_data").iterdir() if entry.suffix == ".py" or _is_package(entry)}
    assert parts - named - {"__init__", "migrations", "locale"} == set()


def test_every_package_is_pinned():
    wanted = {re.sub(r"\[.*\]", "", line) for line in _requirements("requirements.txt", "requirements-dev.txt")}
    assert wanted - set(_requirements("constraints.txt")) == set()


def test_pins_name_versions_and_no_addresses():
    lines = _requirements("constraints.txt", "requirements.txt", "requirements-dev.txt")
    assert [line for line in lines if line.count("==") != 1 or "/" in line or "@" in line] == []


def _requirements(*files: str) -> list[str]:
    lines = [line for file in files for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "-c ", "-r "))]


def _is_package(entry: Path) -> bool:
    return entry.is_dir() and any(entry.glob("*.py"))
