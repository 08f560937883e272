"""The words for customers, contacts and what passes between them and the company."""

from __future__ import annotations

from crm_data.vocabulary.labels import N_, Labelled


class CustomerKind(Labelled):
    """What a customer record stands for."""

    COMPANY = "company", N_("Company")
    PERSON = "person", N_("Person")
    DISTRIBUTOR = "distributor", N_("Distributor")
    RETAILER = "retailer", N_("Retailer")
    SUPPLIER = "supplier", N_("Supplier")
    PARTNER = "partner", N_("Partner")
    INTERNAL = "internal", N_("Internal unit")


class LifecycleStage(Labelled):
    """How far the relation with a customer has come."""

    PROSPECT = "prospect", N_("Prospect")
    CONTACTED = "contacted", N_("Contacted")
    NEEDS = "needs", N_("Needs analysis")
    SOLUTION = "solution", N_("Solution offered")
    WON = "won_over", N_("Won as customer")
    GROWING = "growing", N_("Growing loyalty")
    MAINTAINED = "maintained", N_("Maintained")
    AT_RISK = "at_risk", N_("At risk or lost")


class Gender(Labelled):
    """A person's gender."""

    FEMALE = "female", N_("Female")
    MALE = "male", N_("Male")
    OTHER = "other", N_("Another gender")


class IncomeBand(Labelled):
    """A person's income band."""

    LOW = "low", N_("Low income")
    MIDDLE = "middle", N_("Middle income")
    HIGH = "high", N_("High income")


class Education(Labelled):
    """A person's education."""

    SCHOOL = "school", N_("School")
    VOCATIONAL = "vocational", N_("Vocational training")
    BACHELOR = "bachelor", N_("Bachelor's degree")
    MASTER = "master", N_("Master's degree or higher")


class Channel(Labelled):
    """How one reaches somebody."""

    PHONE = "phone", N_("Phone")
    EMAIL = "email", N_("E-mail")
    SMS = "sms", N_("Text message")
    WECHAT = "wechat", N_("WeChat")
    POST = "post", N_("Post")
    WEB = "web", N_("Web")
    SHOP = "shop", N_("Shop")
    EVENT = "event", N_("Event")


class DecisionRole(Labelled):
    """A contact's part in the decision to buy."""

    DECIDER = "decider", N_("Decider")
    INFLUENCER = "influencer", N_("Influencer")
    USER = "user", N_("User of the product")
    GATEKEEPER = "gatekeeper", N_("Gatekeeper")
    CHAMPION = "champion", N_("Champion")


class ConsentPurpose(Labelled):
    """What a customer's data may be used for."""

    MARKETING = "marketing", N_("Marketing")
    SURVEY = "survey", N_("Surveys")
    SERVICE = "service", N_("Service messages")


class LawfulBasis(Labelled):
    """Why data may be used."""

    CONSENT = "consent", N_("Consent")
    CONTRACT = "contract", N_("Contract")
    INTEREST = "interest", N_("Legitimate interest")


class ActivityKind(Labelled):
    """The kinds of contact with a customer."""

    CALL = "call", N_("Call")
    EMAIL = "email", N_("E-mail sent or received")
    VISIT = "visit", N_("Visit")
    MEETING = "meeting", N_("Meeting")
    CHAT = "chat", N_("Chat")
    MESSAGE = "message", N_("Message")
    NOTE = "note", N_("Note")
    WEB = "web", N_("Web visit")


class Direction(Labelled):
    """Who made contact."""

    INBOUND = "inbound", N_("From the customer")
    OUTBOUND = "outbound", N_("To the customer")


class TaskKind(Labelled):
    """Why there is something to do."""

    FOLLOW_UP = "follow_up", N_("Follow-up")
    CARE = "care", N_("Customer care")
    RENEWAL = "renewal", N_("Renewal")
    WIN_BACK = "win_back", N_("Win back")
    SURVEY = "survey", N_("Survey follow-up")
    DATA = "data", N_("Data repair")


class TouchpointKind(Labelled):
    """Where customers meet the company."""

    ONLINE = "online", N_("Online")
    OFFLINE = "offline", N_("Offline")
    INDIRECT = "indirect", N_("Through partners")


# What each stage of the life cycle asks for next.
ADVICE = {
    LifecycleStage.PROSPECT: N_("Make the first contact and find out who decides."),
    LifecycleStage.CONTACTED: N_("Ask what the customer wants to reach, and arrange a meeting."),
    LifecycleStage.NEEDS: N_("Write down the needs and agree on what a good solution must do."),
    LifecycleStage.SOLUTION: N_("Follow up on the offer and clear the open questions."),
    LifecycleStage.WON: N_("Make the start a success and ask for the first feedback."),
    LifecycleStage.GROWING: N_("Look for the next need and offer what fits to what was bought."),
    LifecycleStage.MAINTAINED: N_("Keep in touch regularly and prepare the renewal."),
    LifecycleStage.AT_RISK: N_("Call, listen to what went wrong, and make an offer to come back."),
}
