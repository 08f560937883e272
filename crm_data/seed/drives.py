"""The demo company's campaigns: the plan, the variants and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from crm_data.models import Campaign, CampaignCost, CampaignVariant
from crm_data.seed.plot import Drive, Staff
from crm_data.seed.sheets import Row, Sheets
from crm_data.vocabulary import CampaignKind, CampaignObjective, CampaignStatus, Channel, CustomerKind

LOSING = "秋季行业展会 Autumn trade fair"
_USUAL_CUSTOMERS = 2_000


@dataclass(frozen=True)
class _Plan:
    name: str
    kind: CampaignKind
    objective: CampaignObjective
    channel: Channel
    audience: CustomerKind
    begins: int  # days from today
    days: int
    reach: float
    pull: float
    control: int
    budget: int


_EMAIL, _SMS, _EVENT = CampaignKind.EMAIL, CampaignKind.SMS, CampaignKind.EVENT
_SALE, _CALLS, _ADVERTS = CampaignKind.PROMOTION, CampaignKind.CALLS, CampaignKind.ADVERTISING
_WIN_BACK, _KNOWN = CampaignObjective.WIN_BACK, CampaignObjective.AWARENESS
_GROW, _RETAIN, _ACQUIRE = CampaignObjective.GROW, CampaignObjective.RETAIN, CampaignObjective.ACQUIRE
_PERSON, _COMPANY = CustomerKind.PERSON, CustomerKind.COMPANY
_PLANS = (
    _Plan("新春焕新 New year refresh", _EMAIL, _GROW, Channel.EMAIL, _PERSON, -870, 30, 0.5, 0.07, 10, 18_000),
    _Plan("会员唤醒短信 Member wake-up", _SMS, _RETAIN, Channel.SMS, _PERSON, -700, 21, 0.4, 0.05, 10, 9_000),
    _Plan("企业净水推介 Water for offices", _EMAIL, _ACQUIRE, Channel.EMAIL, _COMPANY, -610, 60, 0.5, 0.1, 0, 45_000),
    _Plan("年中大促 Midyear sale", _SALE, _GROW, Channel.WECHAT, _PERSON, -500, 18, 0.7, 0.12, 10, 40_000),
    _Plan(LOSING, _EVENT, _ACQUIRE, Channel.EVENT, _COMPANY, -330, 12, 0.06, 0.012, 0, 480_000),
    _Plan("双十一 Singles' day", _SALE, _GROW, Channel.WECHAT, _PERSON, -225, 14, 0.8, 0.14, 10, 55_000),
    _Plan("老客户回访 Old customers", _CALLS, _WIN_BACK, Channel.PHONE, _PERSON, -190, 45, 0.3, 0.06, 15, 26_000),
    _Plan("咖啡订阅试验 Coffee by post", _EMAIL, _GROW, Channel.EMAIL, _PERSON, -110, 28, 0.5, 0.08, 12, 15_000),
    _Plan("朋友圈广告 Feed ads", _ADVERTS, _ACQUIRE, Channel.WEB, _PERSON, -80, 40, 0.1, 0.05, 0, 38_000),
    _Plan("夏季清凉季 Summer freshness", _SMS, _GROW, Channel.SMS, _PERSON, -12, 30, 0.5, 0.05, 10, 14_000),
    _Plan("维保升级 Better maintenance", _CALLS, _RETAIN, Channel.PHONE, _COMPANY, 18, 40, 0.4, 0.1, 10, 22_000),
    _Plan("品牌开放日 Open day", _EVENT, _KNOWN, Channel.EVENT, _COMPANY, 55, 3, 0.2, 0.02, 0, 60_000),
)
_COST_ITEMS = (("创意制作 Design", 0.2), ("投放费用 Media", 0.55), ("人工与物料 Staff and material", 0.25))


def plan(sheets: Sheets, *, rng: Random, today: date, currency: str, staff: Staff, customers: int) -> tuple[Drive, ...]:
    """Write the campaigns with their variants and costs."""
    scale = customers / _USUAL_CUSTOMERS
    rows = [_campaign(each, today=today, staff=staff, scale=scale) | {"currency": currency} for each in _PLANS]
    sheets.write(Campaign, rows)
    sheets.write(CampaignCost, [cost for row in rows for cost in _costs(rng, row, today)])
    variants = [
        {"campaign_id": row["id"], "name": name, "text": text, "share": 50}
        for row in rows
        if row["kind"] is _EMAIL
        for name, text in (("A", "立减 15% · 15 % off"), ("B", "买一赠一 · Second one free"))
    ]
    sheets.write(CampaignVariant, variants)
    return tuple(_drive(row, each, variants) for row, each in zip(rows, _PLANS, strict=True))


def _campaign(each: _Plan, *, today: date, staff: Staff, scale: float) -> Row:
    first = today + timedelta(days=each.begins)
    last = first + timedelta(days=each.days)
    return {
        "name": each.name,
        "kind": each.kind,
        "objective": each.objective,
        "channel": each.channel,
        "audience": {"kind": [each.audience.value]},
        "offer": "限时优惠 Limited offer",
        "status": _status(each, first=first, last=last, today=today),
        "starts_on": first,
        "ends_on": last,
        "budget": max(round(each.budget * scale), 100) * 100,
        "expected_responses": max(round(each.reach * each.pull * 2 * scale * _USUAL_CUSTOMERS / 2), 1),
        "control_share": each.control,
        "attribution_days": 60 if each.audience is _COMPANY else 30,
        "seed": abs(each.begins),
        "launched_at": datetime.combine(first, time(2), UTC) if first < today else None,
        "owner_id": staff.marketing[each.begins % len(staff.marketing)],
    }


def _status(each: _Plan, *, first: date, last: date, today: date) -> CampaignStatus:
    if last < today:
        return CampaignStatus.FINISHED
    if first <= today:
        return CampaignStatus.RUNNING
    return CampaignStatus.APPROVED if each.objective is _RETAIN else CampaignStatus.PLANNED


def _costs(rng: Random, row: Row, today: date) -> list[Row]:
    overrun = 1.35 if row["name"] == LOSING else rng.uniform(0.85, 1.05)
    days = (row["starts_on"] - timedelta(days=10), row["starts_on"] + timedelta(days=3), row["ends_on"])
    return [
        {
            "campaign_id": row["id"],
            "spent_on": day,
            "purpose": purpose,
            "amount": round(row["budget"] * share * overrun),
        }
        for day, (purpose, share) in zip(days, _COST_ITEMS, strict=True)
        if day < today
    ]


def _drive(row: Row, each: _Plan, variants: list[Row]) -> Drive:
    own = tuple(variant["id"] for variant in variants if variant["campaign_id"] == row["id"])
    return Drive(
        id=row["id"],
        name=each.name,
        kind=each.kind,
        wins_new=each.objective is _ACQUIRE,
        audience=each.audience,
        first=row["starts_on"],
        last=row["ends_on"],
        reach=each.reach,
        pull=each.pull,
        control_share=each.control,
        owner_id=row["owner_id"],
        variants=own,
    )
