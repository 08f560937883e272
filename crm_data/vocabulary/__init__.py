"""The closed lists of the business: every kind, stage, state and role, with the words that people read."""

from __future__ import annotations

from crm_data.vocabulary.customers import (
    ActivityKind,
    Channel,
    ConsentPurpose,
    CustomerKind,
    DecisionRole,
    Direction,
    Education,
    Gender,
    IncomeBand,
    LawfulBasis,
    LifecycleStage,
    TaskKind,
    TouchpointKind,
)
from crm_data.vocabulary.figures import Better, Unit
from crm_data.vocabulary.labels import Labelled, N_
from crm_data.vocabulary.relations import (
    CampaignKind,
    CampaignObjective,
    CampaignStatus,
    LoyaltyEntryKind,
    MemberState,
    Orientation,
    SurveyKind,
    SurveyStatus,
)
from crm_data.vocabulary.rights import Action, ChangeAction, Module, Role, Scope
from crm_data.vocabulary.sales import (
    ContractKind,
    ContractStatus,
    ForecastCategory,
    LostReason,
    OpportunityEventKind,
    ReceiptMethod,
    StageKind,
)

__all__ = [
    "Action",
    "ActivityKind",
    "Better",
    "CampaignKind",
    "CampaignObjective",
    "CampaignStatus",
    "ChangeAction",
    "Channel",
    "ConsentPurpose",
    "ContractKind",
    "ContractStatus",
    "CustomerKind",
    "DecisionRole",
    "Direction",
    "Education",
    "ForecastCategory",
    "Gender",
    "IncomeBand",
    "Labelled",
    "LawfulBasis",
    "LifecycleStage",
    "LostReason",
    "LoyaltyEntryKind",
    "MemberState",
    "Module",
    "N_",
    "OpportunityEventKind",
    "Orientation",
    "ReceiptMethod",
    "Role",
    "Scope",
    "StageKind",
    "SurveyKind",
    "SurveyStatus",
    "TaskKind",
    "TouchpointKind",
    "Unit",
]
