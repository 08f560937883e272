"""The words for roles, permissions and what was done."""

from __future__ import annotations

from crm_data.vocabulary.labels import N_, Labelled


class Role(Labelled):
    """What a user may do by default."""

    ADMIN = "admin", N_("Administrator")
    MANAGER = "manager", N_("Manager")
    SALES = "sales", N_("Sales")
    MARKETING = "marketing", N_("Marketing")
    SERVICE = "service", N_("Service")
    VIEWER = "viewer", N_("Viewer")


class Module(Labelled):
    """The parts of the product that permissions are given for."""

    CUSTOMERS = "customers", N_("Customers")
    ACTIVITIES = "activities", N_("Activities")
    TASKS = "tasks", N_("Tasks")
    OPPORTUNITIES = "opportunities", N_("Opportunities")
    CONTRACTS = "contracts", N_("Contracts")
    PRODUCTS = "products", N_("Products")
    SATISFACTION = "satisfaction", N_("Satisfaction")
    LOYALTY = "loyalty", N_("Loyalty")
    CAMPAIGNS = "campaigns", N_("Campaigns")
    GOALS = "goals", N_("Goals")
    USERS = "users", N_("Users")
    SETTINGS = "settings", N_("Settings")
    AUDIT = "audit", N_("Audit log")


class Action(Labelled):
    """What a permission allows."""

    VIEW = "view", N_("View")
    CREATE = "create", N_("Create")
    EDIT = "edit", N_("Edit")
    DELETE = "delete", N_("Delete")
    EXPORT = "export", N_("Export")
    IMPORT = "import", N_("Import")
    BULK = "bulk", N_("Bulk edit")
    CONFIGURE = "configure", N_("Configure")


class Scope(Labelled):
    """Whose records a permission covers."""

    NONE = "none", N_("None")
    OWN = "own", N_("Own records")
    TEAM = "team", N_("The team's records")
    ALL = "all", N_("All records")


class ChangeAction(Labelled):
    """What a change set did."""

    CREATE = "create", N_("Created")
    EDIT = "edit", N_("Edited")
    DELETE = "delete", N_("Deleted")
    RESTORE = "restore", N_("Restored")
    BULK_EDIT = "bulk_edit", N_("Edited in bulk")
    IMPORT = "import", N_("Imported")
    MERGE = "merge", N_("Merged")
    UNDO = "undo", N_("Undone")
    CONFIGURE = "configure", N_("Configured")
    DEMO = "demo", N_("Demo data")
    SIGN_IN = "sign_in", N_("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", N_("Sign-in failed")
    SIGN_OUT = "sign_out", N_("Signed out")
    LOCKED = "locked", N_("Locked after failed sign-ins")
    PASSWORD = "password", N_("Password changed")
    REVOKED = "revoked", N_("Signed out everywhere")
    EXPORT = "export", N_("Exported")
    SEND = "send", N_("Sent")
    BOOK = "book", N_("Points booked")
