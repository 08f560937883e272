"""The people at the demo company's business customers, and what customers agreed to."""

from __future__ import annotations

from datetime import date, timedelta

from crm_data.models import Consent, Contact
from crm_data.seed import names
from crm_data.seed.plot import Client, Plot
from crm_data.seed.sheets import Row
from crm_data.vocabulary import Channel, ConsentPurpose, CustomerKind, DecisionRole, LawfulBasis

_CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.WECHAT)


def introduce(plot: Plot, clients: list[Client]) -> None:
    """Write the contacts of all customers that are no persons; the first is the primary one."""
    rows: list[Row] = []
    owners: list[Client] = []
    for client in clients:
        if client.kind is not CustomerKind.PERSON:
            made = _contacts(plot, client)
            rows += made
            owners += [client] * len(made)
    for client, key in zip(owners, plot.sheets.write(Contact, rows), strict=True):
        client.contacts.append(key)


def agree(plot: Plot, clients: list[Client]) -> None:
    """Write what customers agreed to, and the withdrawals of some."""
    plot.sheets.write(Consent, [row for client in clients for row in _consents(plot, client)])


def _contacts(plot: Plot, client: Client) -> list[Row]:
    rng = plot.dice("contacts", client.number)
    made = []
    for place in range(rng.choice((1, 2, 2, 3, 4)) if client.is_business else 1):
        female = rng.random() < 0.5
        name, mail = names.person(rng, chinese=client.chinese, female=female)
        title, department = rng.choice(names.TITLES)
        made.append(
            {
                "customer_id": client.id,
                "name": name,
                "title": title,
                "department": department,
                "role": rng.choice(list(DecisionRole)) if place else DecisionRole.DECIDER,
                "phone": names.phone(rng, chinese=client.chinese),
                "email": f"{mail}@example.com" if rng.random() < 0.9 else None,
                "birthday": date(rng.randint(1962, 2000), rng.randint(1, 12), rng.randint(1, 28)),
                "preferred_channel": rng.choice(_CHANNELS),
                "primary": place == 0,
                "created_at": plot.at(rng, client.acquired_on),
            }
        )
    return made


def _consents(plot: Plot, client: Client) -> list[Row]:
    rng = plot.dice("consents", client.number)
    made = []
    for channel in (*_CHANNELS, Channel.PHONE):
        if rng.random() > 0.7:
            continue
        day = client.acquired_on
        made.append(_consent(client, channel, ConsentPurpose.MARKETING) | {"at": plot.at(rng, day)})
        if rng.random() < 0.08 + 0.15 * (1 - client.mood):
            later = min(day + timedelta(days=rng.randint(30, 500)), plot.last)
            withdrawn = {"at": plot.at(rng, later), "given": False, "source": "退订链接 Unsubscribe link"}
            made.append(_consent(client, channel, ConsentPurpose.MARKETING) | withdrawn)
    survey = _consent(client, Channel.EMAIL, ConsentPurpose.SURVEY) | {"basis": LawfulBasis.INTEREST}
    return [*made, survey | {"at": plot.at(rng, client.acquired_on)}]


def _consent(client: Client, channel: Channel, purpose: ConsentPurpose) -> Row:
    return {
        "customer_id": client.id,
        "channel": channel,
        "purpose": purpose,
        "given": True,
        "basis": LawfulBasis.CONSENT,
        "source": "注册 Sign-up",
        "user_id": client.seller.id,
    }
