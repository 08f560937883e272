"""What the demo company's customers think: surveys, whom they were sent to, and the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from crm_data.models import Invitation, Response, Survey, Task
from crm_data.seed import places
from crm_data.seed.plot import Client, Plot
from crm_data.seed.remarks import remark
from crm_data.seed.sheets import Row, Sheets
from crm_data.vocabulary import Channel, CustomerKind, SurveyKind, SurveyStatus, TaskKind

_FALLING_DAYS = 330
_DETRACTOR = 6


@dataclass(frozen=True)
class Poll:
    """A survey as far as it is answered."""

    id: int
    kind: SurveyKind
    low: int
    high: int


_SURVEYS: tuple[dict[str, Any], ...] = (
    {"name": "关系满意度 Relationship survey", "kind": SurveyKind.NPS, "scale_low": 0, "scale_high": 10,
     "question": "您有多大可能向同事或朋友推荐我们？ How likely are you to recommend us?", "cool_down_days": 90},
    {"name": "购买后满意度 After a purchase", "kind": SurveyKind.CSAT, "scale_low": 1, "scale_high": 5,
     "question": "您对这次购买满意吗？ How satisfied are you with this purchase?", "relationship_survey": False,
     "cool_down_days": 30},
    {"name": "服务便利度 Ease of service", "kind": SurveyKind.CES, "scale_low": 1, "scale_high": 7,
     "question": "解决您的问题很容易。 It was easy to get my question solved.", "relationship_survey": False,
     "cool_down_days": 30},
)  # fmt: skip


@dataclass
class _Answer:
    client: Client
    invitation: Row
    response: Row | None = None
    task: Row | None = None


def draw_up(sheets: Sheets) -> dict[SurveyKind, Poll]:
    """Write the surveys."""
    rows = [survey | {"status": SurveyStatus.RUNNING, "languages": ["zh", "en"]} for survey in _SURVEYS]
    sheets.write(Survey, rows)
    return {row["kind"]: Poll(row["id"], row["kind"], row["scale_low"], row["scale_high"]) for row in rows}


def ask(plot: Plot, clients: list[Client], *, polls: dict[SurveyKind, Poll], touchpoints: tuple[int, ...]) -> None:
    """Write invitations, answers and the follow-ups of bad ones."""
    answers = [answer for client in clients for answer in _of(plot, client, polls, touchpoints)]
    answers.sort(key=lambda answer: (answer.invitation["sent_at"], answer.client.number))
    plot.sheets.write(Invitation, [answer.invitation for answer in answers])
    plot.sheets.write(Task, [answer.task for answer in answers if answer.task])
    for answer in answers:
        if answer.response:
            answer.response["invitation_id"] = answer.invitation["id"]
            answer.response["follow_up_task_id"] = answer.task["id"] if answer.task else None
    plot.sheets.write(Response, [answer.response for answer in answers if answer.response])


def _of(plot: Plot, client: Client, polls: dict[SurveyKind, Poll], touchpoints: tuple[int, ...]) -> Iterator[_Answer]:
    rng = plot.dice("opinions", client.number)
    if not client.spent:
        return
    day = client.acquired_on + timedelta(days=rng.randint(45, 150))
    while day <= plot.last and client.here_on(day - timedelta(days=90)):
        if rng.random() < 0.7:
            yield _asked(rng, plot, client, polls[SurveyKind.NPS], day)
        day += timedelta(days=rng.randint(150, 220))
    for each in client.spent:
        after = each.day + timedelta(days=rng.randint(3, 9))
        if after <= plot.last and rng.random() < 0.2:
            answer = _asked(rng, plot, client, polls[SurveyKind.CSAT], after)
            answer.invitation["contract_id"] = each.contract_id
            yield answer
        elif after <= plot.last and rng.random() < 0.06:
            answer = _asked(rng, plot, client, polls[SurveyKind.CES], after)
            answer.invitation["touchpoint_id"] = rng.choice(touchpoints[:5])
            yield answer


def _asked(rng: Random, plot: Plot, client: Client, poll: Poll, day: date) -> _Answer:
    sent = plot.at(rng, day)
    person = client.kind is CustomerKind.PERSON
    invitation: Row = {
        "survey_id": poll.id,
        "customer_id": client.id,
        "contact_id": client.contacts[0] if client.contacts else None,
        "channel": Channel.WECHAT if person and rng.random() < 0.5 else Channel.EMAIL,
        "sent_at": sent,
        "expires_at": sent + timedelta(days=21),
        "created_at": sent,
    }
    answer = _Answer(client, invitation)
    if rng.random() < 0.02:
        invitation["bounced_at"] = sent + timedelta(minutes=2)
    elif rng.random() < (0.42 if person else 0.58):
        _answered(rng, plot, answer, poll)
    elif rng.random() < 0.3:
        invitation["opened_at"] = _later(plot, sent, rng.uniform(1, 60))
    return answer


def _answered(rng: Random, plot: Plot, answer: _Answer, poll: Poll) -> None:
    invitation = answer.invitation
    opened = _later(plot, invitation["sent_at"], rng.uniform(0.3, 90))
    answered = _later(plot, opened, rng.uniform(0.02, 0.4)) if opened else None
    if answered is None:
        return
    invitation |= {"opened_at": opened, "answered_at": answered}
    share = _opinion(rng, plot, answer.client, answered.date())
    score = None if rng.random() < 0.015 else poll.low + round(share * (poll.high - poll.low))
    answer.response = {
        "survey_id": poll.id,
        "customer_id": answer.client.id,
        "contact_id": invitation["contact_id"],
        "answered_at": answered,
        "score": score,
        "answers": {} if score is None else {"score": score},
        "comment": remark(rng, share=share, chinese=answer.client.chinese),
        "created_at": answered,
    }
    if poll.kind is SurveyKind.NPS and score is not None and score <= _DETRACTOR:
        _follow_up(rng, plot, answer, answered)


def _opinion(rng: Random, plot: Plot, client: Client, day: date) -> float:
    """Give how good an answer is, from 0 to 1; in the south-west answers have become worse for months."""
    falling = max(0, _FALLING_DAYS - (plot.today - day).days) / _FALLING_DAYS
    trend = -0.32 * falling if client.region == places.SOUTHWEST else 0.03 * falling
    return min(1.0, max(0.0, 0.35 + 0.7 * client.mood + trend + rng.gauss(0, 0.14)))


def _follow_up(rng: Random, plot: Plot, answer: _Answer, answered: datetime) -> None:
    assert answer.response is not None
    hours = rng.uniform(2, 46) if rng.random() < 0.68 else rng.uniform(50, 240)
    called = _later(plot, answered, hours) if rng.random() < 0.9 else None
    answer.response["followed_up_at"] = called
    answer.task = {
        "customer_id": answer.client.id,
        "kind": TaskKind.SURVEY,
        "title": "回访不满意客户 Call the unhappy customer",
        "text": answer.response["comment"],
        "assignee_id": rng.choice(plot.staff.service),
        "due_on": answered.date() + timedelta(days=2),
        "done_at": called,
        "outcome": "已回访 Called" if called else None,
        "created_by_rule": "survey",
        "created_at": answered,
    }


def _later(plot: Plot, moment: datetime, hours: float) -> datetime | None:
    """Give a later moment, or nothing when history has ended before it."""
    later = moment + timedelta(hours=hours)
    return later if later.astimezone(plot.zone).date() < plot.today else None
