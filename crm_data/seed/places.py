"""Where the demo company's customers are: regions with their cities, and the trades found there."""

from __future__ import annotations

from random import Random

from crm_data.seed import chance

OVERSEAS = "海外 Overseas"
SOUTHWEST = "西南 Southwest"
# Region → share of the customers and cities.
REGIONS: dict[str, tuple[float, tuple[str, ...]]] = {
    "华东 East": (0.30, ("上海 Shanghai", "杭州 Hangzhou", "南京 Nanjing", "苏州 Suzhou", "宁波 Ningbo")),
    "华南 South": (0.20, ("广州 Guangzhou", "深圳 Shenzhen", "厦门 Xiamen", "佛山 Foshan")),
    "华北 North": (0.18, ("北京 Beijing", "天津 Tianjin", "石家庄 Shijiazhuang", "济南 Jinan")),
    SOUTHWEST: (0.13, ("成都 Chengdu", "重庆 Chongqing", "昆明 Kunming")),
    "华中 Central": (0.08, ("武汉 Wuhan", "长沙 Changsha", "郑州 Zhengzhou")),
    "东北 Northeast": (0.05, ("沈阳 Shenyang", "大连 Dalian")),
    OVERSEAS: (0.06, ("Singapore", "Berlin", "Osaka", "Chicago", "Rotterdam")),
}
CURRENCIES = {"Singapore": "USD", "Berlin": "EUR", "Osaka": "JPY", "Chicago": "USD", "Rotterdam": "EUR"}
# The regions that the northern sales team looks after; the southern team has the others.
NORTHERN = {"华北 North", "东北 Northeast", "华东 East"}
TRADES = {
    "酒店 Hotels": 0.2,
    "教育 Education": 0.14,
    "办公 Offices": 0.2,
    "餐饮 Catering": 0.16,
    "医疗 Health": 0.1,
    "物流 Logistics": 0.1,
    "制造 Manufacturing": 0.1,
}


def region(rng: Random) -> str:
    """Pick a region by its share."""
    return chance.pick(rng, {name: share for name, (share, _cities) in REGIONS.items()})


def city(rng: Random, region_name: str) -> str:
    """Pick a city of a region, the first ones more often."""
    cities = REGIONS[region_name][1]
    return chance.pick(rng, {name: len(cities) - place for place, name in enumerate(cities)})
