"""The demo company: made up from beginning to end, the same for the same seed, and taken away without a trace."""

from crm_data.seed.planting import CUSTOMERS, SEED, plant
from crm_data.seed.removing import Removed, remove
from crm_data.seed.staff import ACCOUNTS, PASSWORD

__all__ = ["ACCOUNTS", "CUSTOMERS", "PASSWORD", "SEED", "Removed", "plant", "remove"]
