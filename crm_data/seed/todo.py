"""What the demo company's people have to do: done, due today, late and ahead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from crm_data.models import Task
from crm_data.seed.agreements import Agreement
from crm_data.seed.deals import Deal
from crm_data.seed.plot import Client, Plot
from crm_data.seed.sheets import Row
from crm_data.vocabulary import StageKind, TaskKind

_FOLLOW_UPS = (
    "回电 Call back",
    "发送报价 Send the offer",
    "约见决策人 Meet the decider",
    "跟进样机试用 Ask about the trial",
)
_RENEWAL_DAYS = 90


def plan(plot: Plot, clients: list[Client], deals: list[Deal], agreements: list[Agreement]) -> None:
    """Write the tasks of a chunk of customers."""
    rows = [row for deal in deals for row in _follow_ups(plot, deal)]
    rows += [row for each in agreements for row in _renewals(plot, each)]
    rows += [row for client in clients for row in _win_backs(plot, client)]
    plot.sheets.write(Task, rows)


def _follow_ups(plot: Plot, deal: Deal) -> Iterator[Row]:
    rng = plot.dice("tasks", deal.client.number, deal.opened_on)
    about = {"opportunity_id": deal.id, "title": rng.choice(_FOLLOW_UPS)}
    if deal.stage.kind is StageKind.OPEN and rng.random() < 0.75:
        late = rng.random() < (0.8 if deal.client.seller.pace > 2 else 0.2)
        days = -rng.randint(1, 25) if late else rng.choice((0, 0, 1, 2, 3, 5, 8, 13))
        yield _task(rng, plot, deal.client, plot.today + timedelta(days=days)) | about
    elif deal.stage.kind is not StageKind.OPEN and rng.random() < 0.5:
        due = deal.opened_on + timedelta(days=rng.randint(2, 14))
        yield _done(rng, plot, _task(rng, plot, deal.client, due)) | about


def _renewals(plot: Plot, each: Agreement) -> Iterator[Row]:
    rng = plot.dice("renewal task", each.client.number, each.starts_on)
    ahead = (each.ends_on - plot.today).days
    if each.draft or each.renewed or ahead > _RENEWAL_DAYS or ahead < -_RENEWAL_DAYS:
        return
    task = _task(rng, plot, each.client, each.ends_on - timedelta(days=rng.randint(20, 45)))
    yield task | {
        "contract_id": each.id,
        "kind": TaskKind.RENEWAL,
        "title": "洽谈续约 Talk about the renewal",
        "created_by_rule": "renewal",
    }


def _win_backs(plot: Plot, client: Client) -> Iterator[Row]:
    rng = plot.dice("win back", client.number)
    if client.left_on is None or not client.spent or rng.random() > 0.15:
        return
    due = client.left_on + timedelta(days=rng.randint(200, 330))
    if due > plot.today + timedelta(days=30):
        return
    task = _task(rng, plot, client, due) | {"kind": TaskKind.WIN_BACK, "title": "挽回老客户 Win the customer back"}
    yield _done(rng, plot, task) if due < plot.last - timedelta(days=20) else task


def _task(rng: Random, plot: Plot, client: Client, due: date) -> Row:
    begun = min(due - timedelta(days=rng.randint(3, 12)), plot.last)
    return {
        "customer_id": client.id,
        "title": "",
        "assignee_id": client.seller.id,
        "due_on": due,
        "created_at": plot.at(rng, begun),
    }


def _done(rng: Random, plot: Plot, task: Row) -> Row:
    day = min(task["due_on"] + timedelta(days=rng.randint(-2, 3)), plot.last)
    moment = max(plot.at(rng, day), task["created_at"])
    return task | {"done_at": moment, "updated_at": moment, "outcome": "已完成 Done"}
