"""The words for surveys, loyalty and campaigns."""

from __future__ import annotations

from crm_data.vocabulary.labels import N_, Labelled


class SurveyKind(Labelled):
    """What a survey measures."""

    NPS = "nps", N_("Recommendation (NPS)")
    CSAT = "csat", N_("Satisfaction (CSAT)")
    CES = "ces", N_("Effort (CES)")
    OWN = "own", N_("Own questionnaire")


class SurveyStatus(Labelled):
    """Whether a survey runs."""

    DRAFT = "draft", N_("Draft survey")
    RUNNING = "running", N_("Running survey")
    CLOSED = "closed", N_("Closed survey")


class Orientation(Labelled):
    """Which end of a scale is the good one."""

    HIGH = "high", N_("High is good")
    LOW = "low", N_("Low is good")


class QuestionKind(Labelled):
    """How a further question of a survey is answered."""

    SCALE = "scale", N_("On a scale")
    YES_NO = "yes_no", N_("Yes or no")
    TEXT = "text", N_("In words")


class Barrier(Labelled):
    """Why a customer is left out of a campaign or a survey."""

    ADDRESS = "address", N_("No address for the channel")
    WITHDRAWN = "withdrawn", N_("Consent withdrawn")
    NO_CONSENT = "no_consent", N_("No consent for the channel")
    CONTACTED = "contacted", N_("In another campaign lately")
    ASKED = "asked", N_("Asked already, answer still open")
    COOL_DOWN = "cool_down", N_("Asked too short a time ago")
    BOUNCED = "bounced", N_("The last message did not arrive")


class LoyaltyEntryKind(Labelled):
    """Why a points balance changed."""

    EARNED = "earned", N_("Earned")
    SPENT = "spent", N_("Spent")
    EXPIRED = "expired", N_("Expired")
    ADJUSTED = "adjusted", N_("Adjusted")


class CampaignKind(Labelled):
    """What kind of campaign it is."""

    EMAIL = "email", N_("E-mail campaign")
    SMS = "sms", N_("Text message campaign")
    CALLS = "calls", N_("Call campaign")
    EVENT = "event", N_("Event")
    ADVERTISING = "advertising", N_("Advertising")
    PROMOTION = "promotion", N_("Promotion")


class CampaignObjective(Labelled):
    """What a campaign is for."""

    ACQUIRE = "acquire", N_("Win new customers")
    GROW = "grow", N_("Sell more to customers")
    RETAIN = "retain", N_("Keep customers")
    WIN_BACK = "win_back", N_("Win customers back")
    AWARENESS = "awareness", N_("Become known")


class CampaignStatus(Labelled):
    """Where a campaign stands."""

    PLANNED = "planned", N_("Planned")
    APPROVED = "approved", N_("Approved")
    RUNNING = "running", N_("Running")
    FINISHED = "finished", N_("Finished")
    CANCELLED = "cancelled", N_("Cancelled")


class MemberState(Labelled):
    """How far a campaign has come with one customer."""

    TARGETED = "targeted", N_("Targeted")
    SENT = "sent", N_("Sent")
    DELIVERED = "delivered", N_("Delivered")
    OPENED = "opened", N_("Opened")
    CLICKED = "clicked", N_("Clicked")
    RESPONDED = "responded", N_("Responded")
    CONVERTED = "converted", N_("Converted")
    OPTED_OUT = "opted_out", N_("Opted out")
    BOUNCED = "bounced", N_("Bounced")
