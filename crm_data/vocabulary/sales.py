"""The words for opportunities, contracts and money."""

from __future__ import annotations

from crm_data.vocabulary.labels import N_, Labelled


class StageKind(Labelled):
    """Whether a stage of the pipeline is open, won or lost."""

    OPEN = "open", N_("Open")
    WON = "won", N_("Won")
    LOST = "lost", N_("Lost")


class ForecastCategory(Labelled):
    """How surely an opportunity is counted on."""

    OMITTED = "omitted", N_("Omitted from the forecast")
    PIPELINE = "pipeline", N_("Pipeline")
    BEST_CASE = "best_case", N_("Best case")
    COMMIT = "commit", N_("Commit")


class LostReason(Labelled):
    """Why an opportunity was lost."""

    PRICE = "price", N_("Price")
    COMPETITOR = "competitor", N_("Competitor chosen")
    NO_BUDGET = "no_budget", N_("No budget")
    NO_DECISION = "no_decision", N_("No decision")
    FEATURES = "features", N_("Missing features")
    TIMING = "timing", N_("Bad timing")
    DUPLICATE = "duplicate", N_("Duplicate record")
    DISQUALIFIED = "disqualified", N_("Not a real opportunity")


class OpportunityEventKind(Labelled):
    """What changed on an opportunity."""

    CREATED = "created", N_("Created")
    STAGE = "stage", N_("Stage changed")
    AMOUNT = "amount", N_("Amount changed")
    EXPECTED_CLOSE = "expected_close", N_("Expected close changed")
    OWNER = "owner", N_("Owner changed")
    PROBABILITY = "probability", N_("Probability changed")


class ContractKind(Labelled):
    """Whether a contract is one sale or runs for a time."""

    SALE = "sale", N_("One-off sale")
    AGREEMENT = "agreement", N_("Agreement")


class ContractStatus(Labelled):
    """Where a contract stands."""

    DRAFT = "draft", N_("Draft")
    ACTIVE = "active", N_("Active")
    FULFILLED = "fulfilled", N_("Fulfilled")
    EXPIRED = "expired", N_("Expired")
    TERMINATED = "terminated", N_("Terminated")


class ReceiptMethod(Labelled):
    """How money came in."""

    TRANSFER = "transfer", N_("Bank transfer")
    CARD = "card", N_("Card")
    CASH = "cash", N_("Cash")
    CHEQUE = "cheque", N_("Cheque")
    ALIPAY = "alipay", N_("Alipay")
    WECHAT = "wechat", N_("WeChat Pay")
