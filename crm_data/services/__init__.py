"""The rules of the business: what may be written, by whom, and what follows from it.

Whoever writes anything has all consequences with it: these modules register them when they are loaded.
"""

from crm_data.services import campaign_members, customers, opportunity_traces, responses

__all__ = ["campaign_members", "customers", "opportunity_traces", "responses"]
