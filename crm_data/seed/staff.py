"""The people of the demo company: teams, users of every role, and the accounts one may try."""

from __future__ import annotations

from sqlalchemy import select

from crm_data.models import Team, User
from crm_data.seed.plot import Seller, Staff
from crm_data.seed.sheets import Row, Sheets
from crm_data.services import passwords
from crm_data.vocabulary import Role

# Published with the demo; demo accounts sign in on this machine only.
PASSWORD = "guanxi-demo"  # noqa: S105
# One account for each role.
ACCOUNTS = ("admin", "manager", "sales", "marketing", "service", "viewer")
NORTH, SOUTH = "销售北区 Sales North", "销售南区 Sales South"
STALLING = "luo.dahai"

_SALES, _MARKETING, _SERVICE = "销售部 Sales", "市场部 Marketing", "客服部 Service"
_PEOPLE = (
    ("admin", "管理员 Admin", Role.ADMIN, None),
    ("manager", "方敏 Fang Min", Role.MANAGER, _SALES),
    ("sales", "陆嘉 Lu Jia", Role.SALES, NORTH),
    ("qin.shan", "秦山 Qin Shan", Role.SALES, NORTH),
    (STALLING, "罗大海 Luo Dahai", Role.SALES, NORTH),
    ("ida.holm", "伊达 Ida Holm", Role.SALES, NORTH),
    ("bai.xue", "白雪 Bai Xue", Role.SALES, SOUTH),
    ("ning.yu", "宁宇 Ning Yu", Role.SALES, SOUTH),
    ("tom.reed", "汤姆 Tom Reed", Role.SALES, SOUTH),
    ("marketing", "蓝心 Lan Xin", Role.MARKETING, _MARKETING),
    ("eva.blum", "伊娃 Eva Blum", Role.MARKETING, _MARKETING),
    ("service", "石磊 Shi Lei", Role.SERVICE, _SERVICE),
    ("mei.an", "梅安 Mei An", Role.SERVICE, _SERVICE),
    ("viewer", "访客 Visitor", Role.VIEWER, None),
)
# How slowly somebody moves opportunities on, and how often they lose them, as multiples of the usual.
_MANNERS = {STALLING: (3.6, 1.7), "bai.xue": (0.8, 0.7), "tom.reed": (1.1, 1.15)}
# Quick and the same every time: the password is public anyway. Other passwords get a salt and cost of their own.
_SALT = b"$2b$04$DemoCompanyDemoCompan."


def hire(sheets: Sheets) -> Staff:
    """Write the teams and users of the demo company."""
    teams = _teams(sheets)
    taken = set(sheets.session.scalars(select(User.username)))
    secret = passwords.hashed(PASSWORD, salt=_SALT)
    rows = [
        _user(username if username not in taken else f"demo.{username}", name=name, role=role, password_hash=secret)
        | {"team_id": teams.get(team or "")}
        for username, name, role, team in _PEOPLE
    ]
    keys = dict(zip((person[0] for person in _PEOPLE), sheets.write(User, rows), strict=True))
    sellers = tuple(
        Seller(keys[username], name, team, *_MANNERS.get(username, (1.0, 1.0)))
        for username, name, role, team in _PEOPLE
        if role is Role.SALES and team
    )
    return Staff(sellers, service=_ids(keys, Role.SERVICE), marketing=_ids(keys, Role.MARKETING), teams=teams)


def _teams(sheets: Sheets) -> dict[str, int]:
    tops = [_SALES, _MARKETING, _SERVICE]
    keys = dict(zip(tops, sheets.write(Team, [{"name": name} for name in tops]), strict=True))
    below = [{"name": name, "parent_id": keys[_SALES]} for name in (NORTH, SOUTH)]
    return keys | dict(zip((NORTH, SOUTH), sheets.write(Team, below), strict=True))


def _user(username: str, *, name: str, role: Role, password_hash: str) -> Row:
    return {
        "username": username,
        "name": name,
        "email": f"{username}@example.com",
        "password_hash": password_hash,
        "role": role,
        "is_demo": True,
    }


def _ids(keys: dict[str, int], role: Role) -> tuple[int, ...]:
    return tuple(keys[username] for username, _name, own, _team in _PEOPLE if own is role)
