"""The commands for accounts: user add, user password, user list, user disable."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.cli import speech
from crm_data.cli.connection import ME, ready, written
from crm_data.cli.speech import Answer, say
from crm_data.errors import CrmError, InvalidError, NotFoundError
from crm_data.models import Team, User
from crm_data.models.base import fold
from crm_data.queries import users as accounts
from crm_data.services import passwords, users
from crm_data.vocabulary import N_, ChangeAction, Role


def offer(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the commands to the parser."""
    family = commands.add_parser("user", help=say(N_("accounts without the screens")))
    kinds = family.add_subparsers(metavar="ACTION", required=True)
    add = kinds.add_parser(
        "add", parents=[shared], help=say(N_("add an account; the password comes from standard input"))
    )
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--full-name", metavar="TEXT")
    add.add_argument("--email", metavar="ADDRESS")
    add.add_argument("--team", metavar="TEAM")
    add.set_defaults(run=_add)
    for name, run, words in (
        ("password", _password, N_("set a new password, read from standard input")),
        ("disable", _disable, N_("close an account")),
    ):
        command = kinds.add_parser(name, parents=[shared], help=say(words))
        command.add_argument("name", metavar="NAME")
        command.set_defaults(run=run)
    kinds.add_parser("list", parents=[shared], help=say(N_("list the accounts"))).set_defaults(run=_list)


def _add(arguments: argparse.Namespace) -> Answer:
    bind = ready()
    password = _secret(arguments.name)
    values = {
        "name": arguments.full_name or arguments.name,
        "email": arguments.email,
        "role": Role(arguments.role),
    }

    def act(session: Session) -> int:
        team = {"team_id": _team(session, arguments.team)} if arguments.team else {}
        return users.create(session, ME, username=arguments.name, password=password, values=values | team).id

    key = written(bind, act, action=ChangeAction.CREATE)
    line = say(N_("The account {name} was added as {role}."), name=arguments.name, role=Role(arguments.role))
    return Answer([line], {"id": key, "username": fold(arguments.name), "role": arguments.role})


def _password(arguments: argparse.Namespace) -> Answer:
    bind = ready()
    with db.reading(bind) as session:
        key = _user(session, arguments.name).id
    password = _secret(arguments.name)
    written(
        bind, lambda session: users.reset_password(session, ME, key, password=password).id, action=ChangeAction.PASSWORD
    )
    line = say(N_("{name} has a new password and is signed out everywhere."), name=arguments.name)
    return Answer([line], {"id": key, "username": fold(arguments.name)})


def _disable(arguments: argparse.Namespace) -> Answer:
    bind = ready()

    def act(session: Session) -> int:
        user = _user(session, arguments.name)
        return users.edit(
            session, ME, user.id, version=user.version, base={"active": user.active}, mine={"active": False}
        ).id

    key = written(bind, act, action=ChangeAction.EDIT)
    line = say(N_("{name} cannot sign in any more; the records stay."), name=arguments.name)
    return Answer([line], {"id": key, "username": fold(arguments.name), "active": False})


def _list(_arguments: argparse.Namespace) -> Answer:
    with db.reading(ready()) as session:
        found = accounts.accounts(session, ME)
    headers = [say(words) for words in (N_("User name"), N_("Name"), N_("Role"), N_("Team"), N_("May sign in"))]
    yes, no = say(N_("Yes")), say(N_("No"))
    open_ = {each.id: each.active and each.approved and each.can_sign_in for each in found}
    rows = [(each.username, each.name, each.role, each.team, yes if open_[each.id] else no) for each in found]
    document = [
        {
            "username": each.username, "name": each.name, "email": each.email, "role": each.role.value,
            "team": each.team, "active": each.active, "approved": each.approved, "demo": each.is_demo,
            "last_seen": each.last_seen_at,
        }
        for each in found
    ]  # fmt: skip
    return Answer(speech.table(headers, rows), document)


def _user(session: Session, name: str) -> User:
    found = session.scalars(select(User).where(User.username == fold(name), User.deleted_at.is_(None))).one_or_none()
    if found is None:
        raise NotFoundError(N_("There is no account “{name}”."), name=name)
    return found


def _team(session: Session, name: str) -> int:
    wanted = select(Team).where(Team.deleted_at.is_(None))
    found = next((team for team in session.scalars(wanted) if fold(team.name) == fold(name)), None)
    if found is None:
        raise NotFoundError(N_("There is no team “{name}”."), name=name)
    return found.id


def _secret(username: str) -> str:
    """Read a password: twice at a prompt, or the first line of standard input; never from the command line."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass(f"{say(N_('New password:'))} ")
        if getpass.getpass(f"{say(N_('The same again:'))} ") != password:
            raise CrmError(N_("The two passwords differ. Nothing was saved."))
    if not password:
        raise InvalidError(N_("A password is needed: type it, or send it as a line on standard input."))
    passwords.check(password, username=fold(username))
    return password
