"""The commands that bring tables in and take them out: import, export."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy.orm import Session

from crm_data import db, locale
from crm_data.cli import speech
from crm_data.cli.connection import ME, ready, written
from crm_data.cli.speech import Answer, say
from crm_data.exchange import exports, imports, writing
from crm_data.exchange.imports import ImportOptions, ImportPlan, Verdict
from crm_data.exchange.kinds import KINDS
from crm_data.exchange.reading import ROW, Source, open_source
from crm_data.exchange.reasons import Reason
from crm_data.services import changes
from crm_data.vocabulary import N_, ChangeAction

_MOST_SHOWN = 20


def offer(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the commands to the parser."""
    bring = commands.add_parser("import", parents=[shared], help=say(N_("bring a table in")))
    bring.add_argument("kind", choices=sorted(KINDS), metavar="KIND", help=", ".join(sorted(KINDS)))
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--map", action="append", default=[], type=_pair, metavar="FIELD=COLUMN")
    bring.add_argument("--create", type=_things, default=frozenset(), metavar="THINGS", help=", ".join(imports.THINGS))
    bring.add_argument("--update-by", metavar="FIELD")
    bring.add_argument("--dry-run", action="store_true", help=say(N_("say what would happen and write nothing")))
    bring.add_argument("--rejects", type=Path, metavar="FILE", help=say(N_("write rejected rows with the reasons")))
    bring.set_defaults(run=_import)
    take = commands.add_parser("export", parents=[shared], help=say(N_("take a table out")))
    take.add_argument("kind", choices=sorted(exports.KINDS), metavar="KIND", help=", ".join(sorted(exports.KINDS)))
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--filter", action="append", default=[], type=_pair, metavar="FIELD=VALUE")
    take.set_defaults(run=_export)


def _import(arguments: argparse.Namespace) -> Answer:
    bind = ready()
    source = open_source(arguments.file)
    options = ImportOptions(columns=dict(arguments.map), create=arguments.create, update_by=arguments.update_by)
    change_set: int | None = None
    if arguments.dry_run:
        with db.reading(bind) as session:
            planned = imports.plan(session, ME, kind=arguments.kind, source=source, options=options)
    else:
        result = written(
            bind,
            lambda session: imports.run(session, ME, kind=arguments.kind, source=source, options=options),
            action=ChangeAction.IMPORT,
        )
        planned, change_set = result.plan, result.change_set_id
    if arguments.rejects:
        writing.write_table(_rejects(source, planned), arguments.rejects)
    return _report(planned, change_set=change_set, dry=arguments.dry_run)


def _report(planned: ImportPlan, *, change_set: int | None, dry: bool) -> Answer:
    counts = {verdict: planned.counts[verdict] for verdict in Verdict}
    lines = [say(N_("Nothing was written: this is what would happen."))] if dry else []
    lines += [f"{speech.spoken(verdict)}: {count}" for verdict, count in counts.items()]
    made = {things: count for things, count in planned.makes.items() if count}
    lines += [
        say(N_("New on the way: {things}: {count}"), things=things, count=count) for things, count in made.items()
    ]
    problems = planned.problems.rows(named=True)
    lines += [say(N_("Row {row}: {reason}"), row=each[ROW], reason=_reason(each)) for each in problems[:_MOST_SHOWN]]
    if len(problems) > _MOST_SHOWN:
        lines.append(
            say(N_("… and {count} more problems; --rejects writes them all."), count=len(problems) - _MOST_SHOWN)
        )
    if change_set is not None:
        lines.append(say(N_("This is change {number}: python -m crm_data undo {number}"), number=change_set))
    money = [
        {"verdict": verdict, "currency": currency, "amount": speech.major(amount, currency)}
        for verdict, currency, amount in planned.money.select("verdict", "currency", "amount").rows()
    ]
    document = {
        "created": counts[Verdict.CREATE], "updated": counts[Verdict.UPDATE], "skipped": counts[Verdict.SKIP],
        "rejected": counts[Verdict.REJECT], "change_set": change_set, "dry_run": dry, "makes": dict(planned.makes),
        "money": money, "columns": dict(planned.columns.columns),
        "problems": [{"row": each[ROW], "field": each["field"], "reason": _reason(each)} for each in problems],
    }  # fmt: skip
    return Answer(lines, document)


def _rejects(source: Source, planned: ImportPlan) -> pl.DataFrame:
    """Give the rejected rows as they stand in the file, with their row number and the reasons."""

    def translate(words: str) -> str:
        return locale.translated(words, language=speech.language())

    return imports.rejects(planned, source, translate=translate, names=("row", "reason"))


def _reason(problem: dict[str, Any]) -> str:
    return say(Reason(problem["reason"]).label, **{name: problem[name] or "" for name in ("column", "value", "detail")})


def _export(arguments: argparse.Namespace) -> Answer:
    bind = ready()
    with db.reading(bind) as session:
        frame = exports.table(session, ME, kind=arguments.kind, filters=dict(arguments.filter))
    writing.write_table(frame, arguments.file)

    def note(session: Session) -> None:
        changes.note_event(
            session, action=ChangeAction.EXPORT, kind=exports.model_of(arguments.kind).__tablename__, record_id=None,
            rows=frame.height, format=arguments.file.suffix.removeprefix("."), filters=dict(arguments.filter),
        )  # fmt: skip

    written(bind, note, action=ChangeAction.EXPORT)
    line = say(N_("{file}: {count} rows."), file=str(arguments.file), count=frame.height)
    return Answer([line], {"file": str(arguments.file), "rows": frame.height, "columns": frame.columns})


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(say(N_("write it as name=value")))
    return name, value


def _things(text: str) -> frozenset[str]:
    return frozenset(filter(None, (part.strip() for part in text.split(","))))
