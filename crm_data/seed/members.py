"""Whom the demo company's campaigns reached, who was held out, and what each of them did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random

from crm_data.models import CampaignMember
from crm_data.seed.plot import Client, Drive, Invite, Plot
from crm_data.seed.sheets import Row
from crm_data.vocabulary import CustomerKind, MemberState

_WINDOW_DAYS = {CustomerKind.PERSON: 30, CustomerKind.COMPANY: 60}


def invite(plot: Plot, clients: list[Client]) -> None:
    """Decide who is in which campaign, and whom it moves to buy; nothing is written yet."""
    for client in clients:
        rng = plot.dice("invited", client.number)
        for drive in plot.drives:
            meant = drive.audience is client.kind and client.acquired_on <= drive.first <= plot.last
            if rng.random() < drive.reach and meant and client.here_on(drive.first):
                client.invites.append(_invite(rng, plot, drive, client))


def report(plot: Plot, clients: list[Client]) -> None:
    """Write the members of all campaigns with what they did."""
    rows = [row for client in clients for row in _members(plot, client)]
    plot.sheets.write(CampaignMember, rows)


def _invite(rng: Random, plot: Plot, drive: Drive, client: Client) -> Invite:
    held_out = rng.random() * 100 < drive.control_share
    moved = rng.random() < drive.pull and client.kind is CustomerKind.PERSON and not held_out
    day = drive.first + timedelta(days=rng.randint(1, 14))
    return Invite(drive, held_out, day if moved and day <= plot.last else None)


def _members(plot: Plot, client: Client) -> Iterator[Row]:
    for each in client.invites:
        rng = plot.dice("member", client.number, each.drive.first)
        sent = datetime.combine(each.drive.first, time(10), plot.zone).astimezone(UTC)
        row = {
            "campaign_id": each.drive.id,
            "customer_id": client.id,
            "control": each.control,
            "variant_id": rng.choice(each.drive.variants) if each.drive.variants and not each.control else None,
            "targeted_at": sent - timedelta(days=2),
            "created_at": sent - timedelta(days=2),
        }
        bought = _bought(rng, plot, client, each)
        yield row | (_held_out(bought) if each.control else _reached(rng, plot, sent, bought))


def _bought(rng: Random, plot: Plot, client: Client, each: Invite) -> datetime | None:
    """Give when the customer first bought while the campaign counts: so for those held out too, or no comparison."""
    last = each.drive.first + timedelta(days=_WINDOW_DAYS[each.drive.audience])
    days = sorted(spent.day for spent in client.spent if each.drive.first < spent.day <= last and spent.amount > 0)
    return plot.at(rng, days[0]) if days else None


def _held_out(bought: datetime | None) -> Row:
    return {"state": MemberState.CONVERTED if bought else MemberState.TARGETED, "converted_at": bought}


def _reached(rng: Random, plot: Plot, sent: datetime, bought: datetime | None) -> Row:
    """Let a member pass the steps; who bought may still never have opened the message."""
    row: Row = {"state": MemberState.SENT, "sent_at": sent}
    if bought is None and rng.random() < 0.03:
        return row | {"state": MemberState.BOUNCED, "bounced_at": sent + timedelta(minutes=3)}
    row |= {"state": MemberState.DELIVERED, "delivered_at": sent + timedelta(minutes=1)}
    end = datetime.combine(plot.today, time(0), plot.zone)
    moment = sent
    for state, name, chance in (
        (MemberState.OPENED, "opened_at", 0.75 if bought else 0.42),
        (MemberState.CLICKED, "clicked_at", 0.7 if bought else 0.3),
        (MemberState.RESPONDED, "responded_at", 0.8 if bought else 0.25),
    ):
        moment += timedelta(hours=rng.uniform(0.2, 20))
        if rng.random() > chance or moment >= min(end, bought or end):
            break
        row |= {"state": state, name: moment}
    if bought:
        return row | {"state": MemberState.CONVERTED, "converted_at": bought}
    if rng.random() < 0.012 and moment < end:
        row |= {"state": MemberState.OPTED_OUT, "opted_out_at": moment}
    return row
