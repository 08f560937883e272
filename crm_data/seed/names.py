"""Made-up names of people and companies, Chinese and English; none of them stands for anybody."""

from __future__ import annotations

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余"
_FAMILY_LATIN = _words("""
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song tang xu
    han feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu
""")
_FEMALE = _words("雨桐 欣怡 诗涵 梦瑶 晓燕 静怡 雅琴 思琪 婉清 若兰 佳宁 雪梅 紫萱 玉婷 海棠 秋月")
_MALE = _words("子轩 浩然 宇航 志强 建国 文博 俊杰 天佑 明哲 国栋 泽宇 晓东 永刚 嘉伟 思远 大海")
_FIRST_FEMALE = _words("Amelia Clara Daphne Edith Flora Greta Hazel Ingrid Juno Kirsten Leona Marta Nora Odette Petra")
_FIRST_MALE = _words("Alden Basil Cedric Darius Elmer Felix Gregor Hugo Igor Jonas Kaspar Linus Milo Oskar Rufus")
_LAST = _words("""
    Appleyard Brightwater Coppersmith Dunmore Elderfield Fairweather Greenhalgh Hollowell Ironside Jessup Kettering
    Lindqvist Merriweather Nightingale Oakenshaw Pemberton Quillfeather Rosenthal Silverdale Thistlewood Underhill
""")
_COINED = _words("""
    澄岚 禾屿 霁川 云杉湖 青砚 木星桥 白鹭洲 星槎 松果山 蓝鲸湾 纸鸢 溪石 麦浪 银杏里 海螺岛 石榴树 北斗桥 晴川渡 橘灯
    竹外 千帆渡 暖炉 雪松岭 月牙泉边 飞鱼 拾光 长椅 风铃街 半山亭 小满
""")
_COINED_LATIN = _words("""
    Bluefinch Copperleaf Driftmoor Emberwick Foxhollow Gullwing Harrowgate Inkwell Juniper&Sons Kestrelbank
    Lanternhill Mossbridge Northlark Otterbrook Pinecrest Quaymark Ravenrow Stonewick Tidewell Umberfield
""")
_ENDINGS = ("有限公司", "股份有限公司", "（集团）有限公司")
_ENDINGS_LATIN = ("Ltd", "GmbH", "Inc", "Holdings", "& Co")
TITLES = (
    ("采购经理 Purchasing manager", "采购 Purchasing"),
    ("行政总监 Head of administration", "行政 Administration"),
    ("总经理 General manager", "管理层 Management"),
    ("财务经理 Finance manager", "财务 Finance"),
    ("设施主管 Facility supervisor", "后勤 Facilities"),
    ("信息主管 IT manager", "信息 IT"),
)


def person(rng: Random, *, chinese: bool, female: bool) -> tuple[str, str]:
    """Give a person's name and the part of an e-mail address that goes with it."""
    if chinese:
        place = rng.randrange(len(_FAMILY))
        name = _FAMILY[place] + rng.choice(_FEMALE if female else _MALE)
        return name, f"{_FAMILY_LATIN[place]}.{rng.randint(100, 9999)}"
    first, last = rng.choice(_FIRST_FEMALE if female else _FIRST_MALE), rng.choice(_LAST)
    return f"{first} {last}", f"{first}.{last}{rng.randint(1, 99)}".lower()


def company(rng: Random, *, city: str, trade: str, chinese: bool) -> str:
    """Give a company's name: a coined word with the city and the trade."""
    if chinese:
        return f"{city.split(maxsplit=1)[0]}{rng.choice(_COINED)}{trade.split(maxsplit=1)[0]}{rng.choice(_ENDINGS)}"
    return f"{rng.choice(_COINED_LATIN)} {trade.split(maxsplit=1)[1]} {rng.choice(_ENDINGS_LATIN)}"


def phone(rng: Random, *, chinese: bool) -> str:
    """Give a number that is nobody's: 128 is no mobile prefix in China, 555-01xx is kept free for fiction."""
    if chinese:
        return f"+86 128 {rng.randint(0, 9999):04d} {rng.randint(0, 9999):04d}"
    return f"+1 {rng.choice((202, 312, 415, 617))} 555 01{rng.randint(0, 99):02d}"
