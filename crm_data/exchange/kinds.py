"""The tables that other programs may bring: customers, contacts, products, purchases, opportunities."""

from __future__ import annotations

from collections.abc import Mapping

from crm_data.errors import CrmError
from crm_data.exchange import names
from crm_data.exchange.fields import Field, Kind, Reads
from crm_data.vocabulary import (
    N_,
    ContractKind,
    ContractStatus,
    CustomerKind,
    DecisionRole,
    Education,
    Gender,
    IncomeBand,
    LifecycleStage,
    LostReason,
    Module,
)

CUSTOMERS = Kind(
    "customers",
    N_("Customers"),
    Module.CUSTOMERS,
    (
        Field("name", N_("Name"), also=names.NAME, required=True, longest=200),
        Field("code", N_("Code"), Reads.CODE, also=names.CODE, longest=64),
        Field("kind", N_("Kind"), Reads.CHOICE, also=names.KIND, choices=CustomerKind),
        Field("category", N_("Category"), also=names.CATEGORY, longest=64),
        Field("tier", N_("Tier"), also=names.TIER, longest=64),
        Field("stage", N_("Life-cycle stage"), Reads.CHOICE, also=names.STAGE, choices=LifecycleStage),
        Field("industry", N_("Industry"), also=names.INDUSTRY, longest=100),
        Field("region", N_("Region"), also=names.REGION, longest=100),
        Field("city", N_("City"), also=names.CITY, longest=100),
        Field("address", N_("Address"), also=names.ADDRESS, longest=300),
        Field("phone", N_("Phone"), Reads.PHONE, also=names.PHONE, longest=64),
        Field("email", N_("E-mail"), Reads.EMAIL, also=names.EMAIL, longest=254),
        Field("website", N_("Website"), Reads.WEBSITE, also=names.WEBSITE, longest=300),
        Field("parent", N_("Parent customer"), Reads.REFERENCE, also=names.PARENT, longest=200),
        Field("owner", N_("Owner"), Reads.REFERENCE, also=names.OWNER, longest=200),
        Field("source", N_("Source"), also=names.SOURCE, longest=100),
        Field("tags", N_("Tags"), Reads.LIST, also=names.TAGS),
        Field("gender", N_("Gender"), Reads.CHOICE, also=names.GENDER, choices=Gender),
        Field("birth_date", N_("Date of birth"), Reads.DAY, also=names.BIRTH),
        Field("income_band", N_("Income band"), Reads.CHOICE, also=names.INCOME, choices=IncomeBand),
        Field("education", N_("Education"), Reads.CHOICE, also=names.EDUCATION, choices=Education),
        Field("employees", N_("Employees"), Reads.WHOLE, also=names.EMPLOYEES),
        Field("annual_revenue", N_("Annual revenue"), Reads.MONEY, also=names.REVENUE),
        Field("created", N_("Customer since"), Reads.DAY, also=names.SINCE),
    ),
    creates=("customers", "owners"),
    update_by=("code", "email", "phone", "name"),
)

CONTACTS = Kind(
    "contacts",
    N_("Contacts"),
    Module.CUSTOMERS,
    (
        Field("customer", N_("Customer"), Reads.REFERENCE, also=names.CUSTOMER, required=True, longest=200),
        Field("name", N_("Name"), also=names.CONTACT, required=True, longest=200),
        Field("title", N_("Job title"), also=names.TITLE, longest=100),
        Field("department", N_("Department"), also=names.DEPARTMENT, longest=100),
        Field("role", N_("Part in the decision"), Reads.CHOICE, also=names.ROLE, choices=DecisionRole),
        Field("phone", N_("Phone"), Reads.PHONE, also=names.PHONE, longest=64),
        Field("email", N_("E-mail"), Reads.EMAIL, also=names.EMAIL, longest=254),
        Field("birthday", N_("Birthday"), Reads.DAY, also=names.BIRTH),
        Field("primary", N_("Main contact"), Reads.FLAG, also=names.PRIMARY),
    ),
    creates=("customers",),
    update_by=("email", "phone", "name"),
)

PRODUCTS = Kind(
    "products",
    N_("Products"),
    Module.PRODUCTS,
    (
        Field("sku", N_("SKU"), Reads.CODE, also=names.SKU, required=True, longest=64),
        Field("name", N_("Name"), also=names.PRODUCT, required=True, longest=200),
        Field("category", N_("Category"), also=names.PRODUCT_CATEGORY, longest=200),
        Field("list_price", N_("List price"), Reads.PRICE, also=names.PRICE),
        Field("unit_cost", N_("Unit cost"), Reads.PRICE, also=names.COST),
        Field("unit", N_("Unit"), also=names.UNIT, longest=32),
        Field("launched", N_("Launched on"), Reads.DAY, also=names.LAUNCHED),
        Field("retired", N_("Retired on"), Reads.DAY, also=names.RETIRED),
    ),
    creates=("categories",),
    update_by=("sku",),
)

OPPORTUNITIES = Kind(
    "opportunities",
    N_("Opportunities"),
    Module.OPPORTUNITIES,
    (
        Field("customer", N_("Customer"), Reads.REFERENCE, also=names.CUSTOMER, required=True, longest=200),
        Field("stage", N_("Stage"), Reads.REFERENCE, also=names.SALES_STAGE, required=True, longest=200),
        Field("name", N_("Name"), also=names.OPPORTUNITY, longest=200),
        Field("number", N_("Number"), Reads.CODE, also=names.OPPORTUNITY_NUMBER, longest=64),
        Field("owner", N_("Owner"), Reads.REFERENCE, also=names.OWNER, longest=200),
        Field("amount", N_("Amount"), Reads.MONEY, also=names.AMOUNT),
        Field("probability", N_("Probability"), Reads.PERCENT, also=names.PROBABILITY),
        Field("product", N_("Product"), Reads.REFERENCE, also=names.PRODUCT_SOLD, longest=200),
        Field("quantity", N_("Quantity"), Reads.QUANTITY, also=names.QUANTITY),
        Field("opened", N_("Opened on"), Reads.DAY, also=names.OPENED),
        Field("expected_close", N_("Expected close"), Reads.DAY, also=names.EXPECTED),
        Field("closed", N_("Closed on"), Reads.DAY, also=names.CLOSED),
        Field("lost_reason", N_("Reason for the loss"), Reads.CHOICE, also=names.LOST_REASON, choices=LostReason),
        Field("source", N_("Source"), also=names.SOURCE, longest=100),
        Field("currency", N_("Currency"), Reads.CURRENCY, also=names.CURRENCY),
    ),
    creates=("customers", "products", "owners"),
    update_by=("number",),
)

PURCHASES = Kind(
    "purchases",
    N_("Purchases"),
    Module.CONTRACTS,
    (
        Field("number", N_("Number of the sale"), Reads.CODE, also=names.SALE_NUMBER, required=True, longest=64),
        Field("customer", N_("Customer"), Reads.REFERENCE, also=names.CUSTOMER, required=True, longest=200),
        Field("date", N_("Date"), Reads.DAY, also=names.DATE, required=True),
        Field("sku", N_("SKU"), Reads.CODE, also=names.SKU, required=True, longest=64),
        Field("quantity", N_("Quantity"), Reads.QUANTITY, also=names.QUANTITY, required=True, negative=True),
        Field("unit_price", N_("Unit price"), Reads.PRICE, also=names.PRICE, required=True, negative=True),
        Field("product", N_("Product"), also=names.PRODUCT, longest=200),
        Field("category", N_("Category"), also=names.PRODUCT_CATEGORY, longest=200),
        Field("unit_cost", N_("Unit cost"), Reads.PRICE, also=names.COST),
        Field("discount", N_("Discount in per cent"), Reads.DISCOUNT, also=names.DISCOUNT),
        Field("region", N_("Region"), also=names.REGION, longest=100),
        Field("currency", N_("Currency"), Reads.CURRENCY, also=names.CURRENCY),
    ),
    creates=("customers", "products", "categories"),
)

CONTRACTS = Kind(
    "contracts",
    N_("Contracts"),
    Module.CONTRACTS,
    (
        Field("number", N_("Number"), Reads.CODE, also=names.CONTRACT_NUMBER, required=True, longest=64),
        Field("customer", N_("Customer"), Reads.REFERENCE, also=names.CUSTOMER, required=True, longest=200),
        Field("signed", N_("Signed on"), Reads.DAY, also=names.SIGNED, required=True),
        Field("title", N_("Title"), also=names.CONTRACT_TITLE, longest=200),
        Field("kind", N_("Kind"), Reads.CHOICE, also=names.KIND, choices=ContractKind),
        Field("amount", N_("Amount"), Reads.MONEY, also=names.AMOUNT, negative=True),
        Field("start", N_("First day"), Reads.DAY, also=names.START),
        Field("end", N_("Last day"), Reads.DAY, also=names.END),
        Field("status", N_("Status"), Reads.CHOICE, also=names.STATUS, choices=ContractStatus),
        Field("owner", N_("Owner"), Reads.REFERENCE, also=names.OWNER, longest=200),
        Field("currency", N_("Currency"), Reads.CURRENCY, also=names.CURRENCY),
    ),
    creates=("customers", "owners"),
)

# What can be imported. Contracts can be exported; they are brought in by purchases, or by hand.
KINDS: Mapping[str, Kind] = {kind.key: kind for kind in (CUSTOMERS, CONTACTS, PRODUCTS, OPPORTUNITIES, PURCHASES)}


def kind_named(key: str) -> Kind:
    """Give the kind of file with a name; raises CrmError naming the kinds that there are."""
    if key not in KINDS:
        raise CrmError(N_("{kind} cannot be imported. There are: {kinds}."), kind=key, kinds=", ".join(KINDS))
    return KINDS[key]
