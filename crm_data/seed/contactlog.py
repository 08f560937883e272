"""What passed between the demo company and its customers: calls, visits, meetings, messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from crm_data.models import Activity, Touchpoint
from crm_data.seed.deals import Deal
from crm_data.seed.plot import Client, Plot
from crm_data.seed.sheets import Row, Sheets
from crm_data.vocabulary import ActivityKind, Channel, CustomerKind, Direction, TouchpointKind

_PLACES = (
    ("官网 Website", TouchpointKind.ONLINE, Channel.WEB),
    ("微信公众号 WeChat account", TouchpointKind.ONLINE, Channel.WECHAT),
    ("客服热线 Hotline", TouchpointKind.ONLINE, Channel.PHONE),
    ("旗舰店 Flagship shop", TouchpointKind.OFFLINE, Channel.SHOP),
    ("上门服务 Service at the door", TouchpointKind.OFFLINE, Channel.EVENT),
    ("展会 Trade fairs", TouchpointKind.OFFLINE, Channel.EVENT),
    ("经销商门店 Dealers' shops", TouchpointKind.INDIRECT, Channel.SHOP),
)
_SELLING = {
    ActivityKind.CALL: ("电话沟通需求 Call about what is needed", 15),
    ActivityKind.EMAIL: ("发送报价 Sent the offer", 10),
    ActivityKind.VISIT: ("上门拜访 Visit on site", 90),
    ActivityKind.MEETING: ("方案讨论会 Meeting about the solution", 60),
}
_SERVING = {
    ActivityKind.CHAT: ("在线咨询 Question in the chat", 8),
    ActivityKind.CALL: ("使用问题 Question about use", 6),
    ActivityKind.MESSAGE: ("订单通知 Message about the order", 1),
    ActivityKind.WEB: ("浏览产品页 Looked at product pages", 5),
}
_SAID = (
    "客户希望下周再谈价格。 The customer wants to talk about the price next week.",
    "已确认安装时间。 The date of installation is agreed.",
    "对现有设备满意，想了解新品。 Happy with the devices, curious about the new ones.",
    "抱怨配送太慢。 Complained about slow delivery.",
    "预算要到下个季度才批。 The budget comes next quarter.",
    "请技术同事回电。 Asked for a call from an engineer.",
)
_OUTCOMES = (
    "有意向 Interested",
    "已约下次 Next date agreed",
    "未接通 Not reached",
    "需要资料 Wants material",
    "已解决 Solved",
)


def set_up(sheets: Sheets) -> tuple[int, ...]:
    """Write the touchpoints and give their keys."""
    rows = [{"name": name, "kind": kind, "channel": channel} for name, kind, channel in _PLACES]
    return tuple(sheets.write(Touchpoint, rows))


def talk(plot: Plot, clients: list[Client], deals: list[Deal], *, touchpoints: tuple[int, ...]) -> None:
    """Write what was said on the way to each signature, and the daily contact of everybody else."""
    rows = [row for deal in deals for row in _about(plot, deal)]
    for client in clients:
        rows += _daily(plot, client, touchpoints)
    rows.sort(key=lambda row: (row["at"], row["customer_id"]))
    plot.sheets.write(Activity, rows)


def _about(plot: Plot, deal: Deal) -> Iterator[Row]:
    rng = plot.dice("talk", deal.client.number, deal.opened_on)
    client = deal.client
    for stage, entered, left in deal.stays:
        if stage.id == deal.stage.id and deal.closed_on:
            return
        until = left or plot.last
        # who stalls does not call either
        count = rng.choice((0, 0, 1)) if client.seller.pace > 2 else rng.choice((1, 1, 2, 3))
        for _turn in range(count):
            day = _between(rng, entered, until)
            kind = rng.choice(list(_SELLING))
            yield _row(rng, plot, client, day, kind) | {
                "opportunity_id": deal.id,
                "contact_id": rng.choice(client.contacts) if client.contacts else None,
                "user_id": client.seller.id,
                "subject": _SELLING[kind][0],
                "minutes": round(_SELLING[kind][1] * rng.uniform(0.6, 1.6)),
            }


def _daily(plot: Plot, client: Client, touchpoints: tuple[int, ...]) -> list[Row]:
    rng = plot.dice("daily", client.number)
    rows = []
    for each in client.spent:
        if rng.random() > (0.5 if client.kind is CustomerKind.PERSON else 0.35):
            continue
        kind = rng.choice(list(_SERVING))
        day = min(each.day + timedelta(days=rng.randint(0, 20)), plot.last)
        subject, minutes = _SERVING[kind]
        rows.append(
            _row(rng, plot, client, day, kind)
            | {"subject": subject, "minutes": minutes, "user_id": rng.choice(plot.staff.service)}
            | {"touchpoint_id": touchpoints[round(rng.triangular(0, len(touchpoints) - 1, 1))]}
            | {"direction": Direction.INBOUND if rng.random() < 0.7 else Direction.OUTBOUND}
        )
    return rows


def _row(rng: Random, plot: Plot, client: Client, day: date, kind: ActivityKind) -> Row:
    moment = plot.at(rng, day)
    return {
        "customer_id": client.id,
        "kind": kind,
        "at": moment,
        "text": rng.choice(_SAID) if rng.random() < 0.4 else None,
        "outcome": rng.choice(_OUTCOMES) if rng.random() < 0.6 else None,
        "created_at": moment,
    }


def _between(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, max((last - first).days, 0)))
