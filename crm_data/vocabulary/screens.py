"""All screens with address, name and the permission they ask for: the menu, and what `routes` prints."""

from __future__ import annotations

from dataclasses import dataclass

from crm_data.vocabulary.labels import N_
from crm_data.vocabulary.rights import Action, Module


@dataclass(frozen=True)
class Screen:
    """One screen: its file below pages/, its address, and what one must be allowed to do to see it.

    Without a module everybody who is signed in may. A hidden screen is reached from another one, not from the menu.
    A public one is opened by people without an account, through a link that was made for them.
    """

    section: str
    file: str
    address: str
    title: str
    icon: str
    module: Module | None = None
    action: Action = Action.VIEW
    hidden: bool = False
    public: bool = False


_TODAY, _CUSTOMERS, _SALES = N_("Today"), N_("Customers"), N_("Sales")
_LOYALTY, _MARKETING, _FIGURES, _ADMIN = N_("Loyalty"), N_("Marketing"), N_("Figures"), N_("Administration")

# In the order of the menu; the first one answers at the bare address.
SCREENS = (
    Screen(_TODAY, "home/cockpit.py", "", N_("Cockpit"), "space_dashboard"),
    Screen(_TODAY, "customers/tasks.py", "tasks", N_("Tasks"), "task_alt", Module.TASKS),
    Screen(_CUSTOMERS, "customers/customers.py", "customers", N_("Customers"), "groups", Module.CUSTOMERS),
    Screen(_CUSTOMERS, "customers/customer.py", "customer", N_("Customer"), "person", Module.CUSTOMERS, hidden=True),
    Screen(_SALES, "sales/opportunities.py", "opportunities", N_("Opportunities"), "handshake", Module.OPPORTUNITIES),
    Screen(_SALES, "sales/opportunity.py", "opportunity", N_("Opportunity"), "handshake", Module.OPPORTUNITIES,
           hidden=True),
    Screen(_SALES, "sales/contracts.py", "contracts", N_("Contracts"), "contract", Module.CONTRACTS),
    Screen(_SALES, "sales/contract.py", "contract", N_("Contract"), "contract", Module.CONTRACTS, hidden=True),
    Screen(_SALES, "sales/products.py", "products", N_("Products"), "inventory_2", Module.PRODUCTS),
    Screen(_LOYALTY, "loyalty/satisfaction.py", "satisfaction", N_("Satisfaction"), "sentiment_satisfied",
           Module.SATISFACTION),
    Screen(_LOYALTY, "loyalty/survey.py", "survey_record", N_("Survey"), "ballot", Module.SATISFACTION, hidden=True),
    Screen(_LOYALTY, "public/answer.py", "survey", N_("Your opinion"), "ballot", hidden=True, public=True),
    Screen(_LOYALTY, "loyalty/loyalty.py", "loyalty", N_("Loyalty"), "loyalty", Module.LOYALTY),
    Screen(_MARKETING, "marketing/campaigns.py", "campaigns", N_("Campaigns"), "campaign", Module.CAMPAIGNS),
    Screen(_MARKETING, "marketing/campaign.py", "campaign", N_("Campaign"), "campaign", Module.CAMPAIGNS, hidden=True),
    Screen(_FIGURES, "insight/kpis.py", "kpis", N_("All figures"), "query_stats"),
    Screen(_FIGURES, "insight/kpi.py", "kpi", N_("Figure"), "functions", hidden=True),
    Screen(_ADMIN, "admin/imports.py", "import", N_("Import"), "upload_file", Module.CUSTOMERS, Action.IMPORT),
    Screen(_ADMIN, "admin/users.py", "users", N_("Users"), "manage_accounts", Module.USERS),
    Screen(_ADMIN, "admin/permissions.py", "permissions", N_("Permissions"), "shield_person", Module.SETTINGS,
           Action.CONFIGURE),
    Screen(_ADMIN, "admin/settings.py", "settings", N_("Settings"), "tune", Module.SETTINGS, Action.CONFIGURE),
    Screen(_ADMIN, "admin/audit.py", "audit", N_("Audit log"), "history", Module.AUDIT),
    Screen(_ADMIN, "admin/bin.py", "bin", N_("Recycle bin"), "delete", Module.CUSTOMERS, Action.DELETE),
    Screen(_ADMIN, "admin/account.py", "account", N_("My account"), "account_circle", hidden=True),
)  # fmt: skip

# The page of a record, by the name of its table.
RECORD_SCREENS = {
    "customers": "customer",
    "opportunities": "opportunity",
    "contracts": "contract",
    "products": "products",
    "campaigns": "campaign",
    "surveys": "survey_record",
    "users": "users",
}

_BY_ADDRESS = {screen.address: screen for screen in SCREENS}


def screen_at(address: str) -> Screen:
    """Give the screen at an address; "" is the first one."""
    return _BY_ADDRESS[address]
