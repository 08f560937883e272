"""What the demo company sells: devices for air, water, coffee and light, what they consume, and services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crm_data.models import Product, ProductCategory
from crm_data.seed import chance
from crm_data.seed.plot import Good, history_start
from crm_data.seed.sheets import Row, Sheets

DYING = "AIR-050"
_DYING_DAYS = 480


@dataclass(frozen=True)
class _Offer:
    sku: str
    name: str
    branch: str
    price: float
    cost: float
    appeal: float
    unit: str = "件 piece"
    month: int = -12  # launched so many months after the history began
    business: bool = False


_BRANCHES = {
    "空气 Air": ("净化器 Purifiers", "滤芯 Filters"),
    "饮水 Water": ("饮水机 Dispensers", "水芯 Cartridges"),
    "咖啡 Coffee": ("咖啡机 Coffee machines", "咖啡豆 Coffee beans"),
    "照明 Light": ("灯具 Lamps", "传感器 Sensors"),
    "服务 Services": ("维保 Maintenance", "租赁 Rental", "安装培训 Installation"),
}
_OFFERS = (
    _Offer("AIR-010", "清风净化器 Breeze purifier", "净化器 Purifiers", 1899, 1040, 1.0),
    _Offer("AIR-020", "清风大空间净化器 Breeze XL purifier", "净化器 Purifiers", 3699, 2010, 0.5),
    _Offer("AIR-030", "随行净化器 Travel purifier", "净化器 Purifiers", 499, 260, 0.6, month=20),
    _Offer(DYING, "雾森加湿器 Mist humidifier", "净化器 Purifiers", 699, 415, 1.1),
    _Offer("AIR-110", "标准滤芯 Standard filter", "滤芯 Filters", 229, 88, 2.6),
    _Offer("AIR-120", "除醛滤芯 Carbon filter", "滤芯 Filters", 349, 122, 1.2),
    _Offer("AIR-900", "机房新风系统 Air system for halls", "净化器 Purifiers", 28600, 18900, 0.5, business=True),
    _Offer("WAT-010", "台式饮水机 Table dispenser", "饮水机 Dispensers", 1299, 720, 0.9),
    _Offer("WAT-020", "立式饮水机 Floor dispenser", "饮水机 Dispensers", 2599, 1480, 0.5),
    _Offer("WAT-030", "气泡水机 Sparkling dispenser", "饮水机 Dispensers", 1799, 905, 0.7, month=14),
    _Offer("WAT-110", "复合水芯 Combined cartridge", "水芯 Cartridges", 159, 52, 2.4),
    _Offer("WAT-120", "气瓶 Gas cylinder", "水芯 Cartridges", 99, 47, 1.2, month=14),
    _Offer("WAT-900", "楼宇净水站 Building water station", "饮水机 Dispensers", 36800, 24100, 0.6, business=True),
    _Offer("COF-010", "家用咖啡机 Home coffee machine", "咖啡机 Coffee machines", 2399, 1390, 0.9),
    _Offer("COF-020", "胶囊咖啡机 Capsule machine", "咖啡机 Coffee machines", 899, 520, 0.8),
    _Offer("COF-110", "云南咖啡豆 Yunnan beans", "咖啡豆 Coffee beans", 88, 41, 3.0, "包 bag"),
    _Offer("COF-120", "意式拼配豆 Espresso blend", "咖啡豆 Coffee beans", 98, 45, 2.4, "包 bag"),
    _Offer("COF-130", "低因咖啡豆 Decaf beans", "咖啡豆 Coffee beans", 118, 57, 0.8, "包 bag", 26),
    _Offer(
        "COF-900", "商用咖啡机 Professional coffee machine", "咖啡机 Coffee machines", 18900, 11900, 1.0, business=True
    ),
    _Offer("LIG-010", "云雀台灯 Lark desk lamp", "灯具 Lamps", 329, 150, 1.0),
    _Offer("LIG-020", "日光吊灯 Daylight pendant", "灯具 Lamps", 799, 390, 0.5),
    _Offer("LIG-030", "晨光唤醒灯 Dawn lamp", "灯具 Lamps", 459, 198, 0.8, month=29),
    _Offer("LIG-110", "人体传感器 Presence sensor", "传感器 Sensors", 129, 49, 1.1),
    _Offer("LIG-120", "空气质量传感器 Air quality sensor", "传感器 Sensors", 259, 118, 0.9),
    _Offer("LIG-900", "办公照明套装 Office light set", "灯具 Lamps", 12800, 7900, 0.9, "套 set", business=True),
    _Offer("SRV-010", "基础维保 Basic maintenance", "维保 Maintenance", 6000, 2700, 1.3, "年 year", business=True),
    _Offer("SRV-020", "全面维保 Full maintenance", "维保 Maintenance", 15000, 7600, 0.9, "年 year", business=True),
    _Offer("SRV-030", "设备租赁 Device rental", "租赁 Rental", 9600, 5900, 0.9, "年 year", business=True),
    _Offer("SRV-040", "安装调试 Installation", "安装培训 Installation", 2200, 1500, 0.9, "次 visit", business=True),
    _Offer("SRV-050", "使用培训 Training", "安装培训 Installation", 3500, 1400, 0.5, "次 visit", business=True),
)


def stock(sheets: Sheets, *, today: date) -> tuple[Good, ...]:
    """Write the category tree and the products."""
    branches = _branches(sheets)
    start = history_start(today)
    rows: list[Row] = [
        {
            "sku": f"DEMO-{offer.sku}",
            "name": offer.name,
            "category_id": branches[offer.branch],
            "list_price_e4": round(offer.price * 10_000),
            "unit_cost_e4": round(offer.cost * 10_000),
            "unit": offer.unit,
            "launched_on": chance.months_later(start, offer.month),
            "created_at": sheets.moment,
        }
        for offer in _OFFERS
    ]
    sheets.write(Product, rows)
    dying = today - timedelta(days=_DYING_DAYS)
    return tuple(
        Good(
            row["id"], offer.sku, offer.name, offer.branch, row["list_price_e4"], row["unit_cost_e4"], offer.appeal,
            row["launched_on"], dying if offer.sku == DYING else None, offer.business,
        )
        for row, offer in zip(rows, _OFFERS, strict=True)
    )  # fmt: skip


def _branches(sheets: Sheets) -> dict[str, int]:
    tops: list[Row] = [{"name": name} for name in _BRANCHES]
    sheets.write(ProductCategory, tops)
    below: list[Row] = [{"name": name, "parent_id": top["id"]} for top in tops for name in _BRANCHES[top["name"]]]
    sheets.write(ProductCategory, below)
    return {row["name"]: row["id"] for row in below}
