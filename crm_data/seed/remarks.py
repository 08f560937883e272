"""What the demo company's customers say in surveys, in both languages: praise, shrugs and complaints."""

from __future__ import annotations

from random import Random

_PRAISE = (
    ("安装师傅很专业，讲解清楚。", "The installer knew his job and explained everything."),
    ("送货比说好的还快，包装也好。", "Delivery was faster than promised and well packed."),
    ("滤芯到期会提醒，很贴心。", "I like being reminded when the filter is due."),
    ("咖啡机用了一年没出过问题。", "A year with the coffee machine and not one fault."),
    ("客服回答很快，态度也好。", "Service answers quickly and kindly."),
    ("性价比高，会推荐给同事。", "Good value, I will tell my colleagues."),
)
_SHRUGS = (
    ("还可以，价格再低一点就好了。", "All right, a lower price would help."),
    ("产品不错，说明书看不太懂。", "Good product, the manual is hard to follow."),
    ("一般，没有特别的感觉。", "Average, nothing special."),
    ("配送时间可以再灵活一些。", "Delivery times could be more flexible."),
)
_COMPLAINTS = (
    ("等安装等了两周，没人回电话。", "Two weeks waiting for installation and nobody called back."),
    ("噪音太大，晚上没法用。", "Far too loud to use at night."),
    ("滤芯太贵，换一次心疼一次。", "The filters are too expensive."),
    ("客服推来推去，问题没解决。", "Service passed me around, the problem is still there."),
    ("刚用三个月就漏水。", "It leaked after three months."),
    ("退款拖了很久才到账。", "The refund took far too long."),
)


def remark(rng: Random, *, share: float, chinese: bool) -> str | None:
    """Give a comment that fits an answer (`share` of the scale reached, from 0 to 1), or none."""
    if rng.random() > (0.65 if share < 0.6 else 0.3):
        return None
    pool = _PRAISE if share >= 0.85 else _SHRUGS if share >= 0.65 else _COMPLAINTS
    return rng.choice(pool)[0 if chinese and rng.random() < 0.85 else 1]
