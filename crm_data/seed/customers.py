"""The demo company's customers: who they are, whose they are, when they came and when some of them left."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from crm_data.models import Customer
from crm_data.seed import chance, names, places
from crm_data.seed.plot import Client, Drive, Plot, Seller
from crm_data.seed.sheets import Row
from crm_data.seed.staff import NORTH, SOUTH
from crm_data.vocabulary import Channel, CustomerKind, Education, Gender, IncomeBand

KINDS = {
    CustomerKind.PERSON: 0.6,
    CustomerKind.COMPANY: 0.33,
    CustomerKind.RETAILER: 0.03,
    CustomerKind.DISTRIBUTOR: 0.015,
    CustomerKind.PARTNER: 0.015,
    CustomerKind.SUPPLIER: 0.01,
}
LATE_PAYER, FADING_GOLD = "late payer", "fading gold"
# The first customers are the ones that the demo tells about.
_HEROES = (
    (LATE_PAYER, CustomerKind.COMPANY, "宁波远帆港物流集团 Farsail Harbour Logistics", "华东 East", "宁波 Ningbo"),
    (FADING_GOLD, CustomerKind.RETAILER, "广州荔湾好日子家居 Goodday Home Stores", "华南 South", "广州 Guangzhou"),
    ("", CustomerKind.DISTRIBUTOR, "北京四合风电器分销 Fourwinds Distribution", "华北 North", "北京 Beijing"),
)
_SOURCES = {
    "官网 Website": 0.3,
    "门店 Shop": 0.2,
    "转介绍 Referral": 0.2,
    "展会 Trade fair": 0.1,
    "电话 Cold call": 0.08,
    "社交媒体 Social media": 0.12,
}
_TAGS = (
    "VIP",
    "价格敏感 price-sensitive",
    "节能 green",
    "多门店 many sites",
    "推荐人 referrer",
    "试用 trial",
    "学校 school",
)
_CHANNELS = (Channel.WECHAT, Channel.PHONE, Channel.EMAIL, Channel.SMS)


def meet(plot: Plot, *, first: int, count: int) -> list[Client]:
    """Make up the next customers and write them."""
    clients = [_client(plot, number) for number in range(first, first + count)]
    rows = [_row(plot, client) for client in clients]
    for client, key in zip(clients, plot.sheets.write(Customer, rows), strict=True):
        client.id = key
    return clients


def _client(plot: Plot, number: int) -> Client:
    rng = plot.dice("customer", number)
    story, kind, name, region, city = _HEROES[number] if number < len(_HEROES) else _anybody(rng)
    chinese = region != places.OVERSEAS
    came = chance.growing_day(rng, plot.first, plot.last) if rng.random() < 0.72 else _old_customer(rng, plot)
    came = plot.first + timedelta(days=20) if number < len(_HEROES) else came
    client = Client(
        number=number,
        kind=kind,
        name=name,
        chinese=chinese,
        region=region,
        city=city,
        seller=_seller(rng, plot, region),
        acquired_on=came,
        mood=min(1.0, max(0.0, rng.gauss(0.72, 0.2))),
        size=rng.lognormvariate(0, 0.5),
        currency=plot.terms.base_currency,
        story=story,
    )
    client.size = 2.5 if story else client.size
    currency = places.CURRENCIES.get(city)
    if client.is_business and currency in plot.rates:
        client.currency = currency
    client.left_on = None if story else _leaves(rng, plot, client)
    return client


def _anybody(rng: Random) -> tuple[str, CustomerKind, str, str, str]:
    kind, region = chance.pick(rng, KINDS), places.region(rng)
    if kind is CustomerKind.PERSON and region == places.OVERSEAS:
        region = next(iter(places.REGIONS))
    return "", kind, "", region, places.city(rng, region)


def _old_customer(rng: Random, plot: Plot) -> date:
    return plot.first + timedelta(days=rng.randint(0, 90))


def _seller(rng: Random, plot: Plot, region: str) -> Seller:
    team = NORTH if region in places.NORTHERN else SOUTH
    return rng.choice([seller for seller in plot.staff.sellers if seller.team == team])


def _leaves(rng: Random, plot: Plot, client: Client) -> date | None:
    """Give the day on which a customer silently leaves; unhappy and south-western ones sooner."""
    yearly = 0.12 + 0.35 * (1 - client.mood) + (0.08 if client.region == places.SOUTHWEST else 0)
    day = client.acquired_on + timedelta(days=round(rng.expovariate(yearly / 365)) + 60)
    return day if day < plot.last - timedelta(days=30) else None


def _row(plot: Plot, client: Client) -> Row:
    rng = plot.dice("customer row", client.number)
    female = rng.random() < 0.52
    person = client.kind is CustomerKind.PERSON
    trade = chance.pick(rng, places.TRADES)
    if person:
        client.name, mail = names.person(rng, chinese=client.chinese, female=female)
    else:
        client.name = client.name or names.company(rng, city=client.city, trade=trade, chinese=client.chinese)
        mail = f"office{client.number}"
    campaign = _won_by(rng, plot.drives, client)
    row: Row = {
        "kind": client.kind,
        "name": client.name,
        "code": f"DEMO-{client.number + 1:05d}",
        "category": _category(client),
        "region": client.region,
        "city": client.city,
        "address": f"{client.city} {rng.choice(['梧桐', '望江', '书院', '海棠', '星河'])}路 {rng.randint(1, 399)}",
        "phone": names.phone(rng, chinese=client.chinese) if rng.random() < 0.96 else None,
        "email": f"{mail}@example.{'com' if client.chinese else 'org'}" if rng.random() < 0.93 else None,
        "owner_id": client.seller.id,
        "source": "营销活动 Campaign" if campaign else chance.pick(rng, _SOURCES),
        "source_campaign_id": campaign,
        "preferred_channel": rng.choice(_CHANNELS),
        "tags": sorted(rng.sample(_TAGS, rng.choice((0, 0, 0, 1, 1, 2)))),
        "acquired_on": client.acquired_on,
        "created_at": plot.at(rng, client.acquired_on),
    }
    return row | (_person(rng, plot, female=female) if person else _firm(rng, client, trade))


def _category(client: Client) -> str:
    if client.story or client.size > 1.8:
        return "A"
    return "B" if client.size > 0.8 else "C"


def _won_by(rng: Random, drives: tuple[Drive, ...], client: Client) -> int | None:
    for drive in drives:
        meant = drive.wins_new and drive.audience is client.kind
        if meant and drive.first <= client.acquired_on <= drive.last + timedelta(days=30):
            return drive.id if rng.random() < min(drive.pull * 6, 0.6) else None
    return None


def _person(rng: Random, plot: Plot, *, female: bool) -> Row:
    born = date(plot.today.year - rng.randint(21, 68), rng.randint(1, 12), rng.randint(1, 28))
    return {
        "gender": Gender.FEMALE if female else Gender.MALE,
        "birth_date": born if rng.random() < 0.85 else None,
        "income_band": rng.choices(list(IncomeBand), weights=(2, 5, 2))[0],
        "education": rng.choices(list(Education), weights=(2, 3, 4, 2))[0],
    }


def _firm(rng: Random, client: Client, trade: str) -> Row:
    employees = max(4, round(60 * client.size * rng.lognormvariate(0, 0.8)))
    return {
        "industry": trade,
        "website": f"https://c{client.number}.example.com" if rng.random() < 0.8 else None,
        "employees": employees,
        "annual_revenue": employees * rng.randint(180_000, 650_000) * 100,
        "credit_rating": "C" if client.story == LATE_PAYER else rng.choice(("AA", "A", "A", "B", "B", "C")),
        "credit_limit": round(client.size * 3) * 100_000_00 + 50_000_00,
    }
