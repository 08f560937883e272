"""The records of the business, one table family a module."""

from __future__ import annotations

from crm_data.models.activities import Activity, Task, Touchpoint
from crm_data.models.base import Base, Keyed, Marked, Record, Searchable
from crm_data.models.campaigns import Campaign, CampaignCost, CampaignMember, CampaignVariant
from crm_data.models.catalogue import Product, ProductCategory
from crm_data.models.changes import AuditEntry, ChangeClock, ChangeLog, ChangeSet
from crm_data.models.contracts import Contract, ContractLine, Instalment, Milestone, Receipt
from crm_data.models.customers import Consent, Contact, Customer, LifecycleMove
from crm_data.models.loyalty import LoyaltyEntry, LoyaltyTier
from crm_data.models.opportunities import Opportunity, OpportunityEvent, OpportunityLine, Stage, StageStay
from crm_data.models.organisation import (
    AuthSession,
    ExchangeRate,
    FormNonce,
    Goal,
    KeyBlock,
    RolePermission,
    Setting,
    SignInAttempt,
    Team,
    User,
)
from crm_data.models.satisfaction import Invitation, Response, Survey

__all__ = [
    "Activity",
    "AuditEntry",
    "AuthSession",
    "Base",
    "Campaign",
    "CampaignCost",
    "CampaignMember",
    "CampaignVariant",
    "ChangeClock",
    "ChangeLog",
    "ChangeSet",
    "Consent",
    "Contact",
    "Contract",
    "ContractLine",
    "Customer",
    "ExchangeRate",
    "FormNonce",
    "Goal",
    "Instalment",
    "Invitation",
    "KeyBlock",
    "Keyed",
    "LifecycleMove",
    "LoyaltyEntry",
    "LoyaltyTier",
    "Marked",
    "Milestone",
    "Opportunity",
    "OpportunityEvent",
    "OpportunityLine",
    "Product",
    "ProductCategory",
    "Receipt",
    "Record",
    "Response",
    "RolePermission",
    "Searchable",
    "Setting",
    "SignInAttempt",
    "Stage",
    "StageStay",
    "Survey",
    "Task",
    "Team",
    "Touchpoint",
    "User",
]
