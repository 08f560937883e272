"""Which column of a file is which field."""

from __future__ import annotations

import pytest

from crm_data.errors import CrmError
from crm_data.exchange.fields import map_columns
from crm_data.exchange.kinds import CUSTOMERS, KINDS, PURCHASES, kind_named

INTERFACE = {
    "customers": "name code kind category tier stage industry region city address phone email website parent owner"
    " source tags gender birth_date income_band education employees annual_revenue created",
    "contacts": "customer name title department role phone email birthday primary",
    "products": "sku name category list_price unit_cost unit launched retired",
    "opportunities": "customer stage name number owner amount probability product quantity opened expected_close closed"
    " lost_reason source currency",
    "purchases": "number customer date sku quantity unit_price product category unit_cost discount region currency",
}


@pytest.mark.parametrize("kind", INTERFACE)
def test_a_kind_has_the_fields_that_other_programs_rely_on(kind: str) -> None:
    assert [field.key for field in KINDS[kind].fields] == INTERFACE[kind].split()


@pytest.mark.parametrize("kind", INTERFACE)
def test_every_name_of_a_field_finds_it_when_it_stands_alone(kind: str) -> None:
    for field in KINDS[kind].fields:
        assert map_columns([field.key.upper().replace("_", " ")], KINDS[kind]).columns == {
            field.key: field.key.upper().replace("_", " ")
        }


def test_a_shop_export_maps_by_itself() -> None:
    headers = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
    found = map_columns(headers, PURCHASES)
    assert found.columns == {
        "number": "InvoiceNo", "customer": "CustomerID", "date": "InvoiceDate", "sku": "StockCode",
        "quantity": "Quantity", "unit_price": "UnitPrice", "product": "Description", "region": "Country",
    }  # fmt: skip
    assert (found.unmapped, found.missing) == ((), ())


def test_chinese_names_map_by_themselves() -> None:
    found = map_columns(["客户名称", "客户编号", "手机号", "标签", "别的"], CUSTOMERS)
    assert found.columns == {"name": "客户名称", "code": "客户编号", "phone": "手机号", "tags": "标签"}
    assert found.unmapped == ("别的",)


def test_a_field_goes_to_the_column_with_its_own_name_first() -> None:
    assert map_columns(["Company", "Name"], CUSTOMERS).columns == {"name": "Name"}


def test_what_was_chosen_wins_and_one_column_may_serve_two_fields() -> None:
    found = map_columns(["Name", "Firm"], CUSTOMERS, chosen={"name": "firm", "code": "Firm"})
    assert (found.columns, found.unmapped) == ({"name": "Firm", "code": "Firm"}, ("Name",))


def test_needed_fields_without_a_column_are_named() -> None:
    assert map_columns(["Date"], PURCHASES).missing == ("number", "customer", "sku", "quantity", "unit_price")


def test_an_unknown_field_column_or_kind_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(CrmError, match=r"customers have no field named colour. There are: name, code"):
        map_columns(["a"], CUSTOMERS, chosen={"colour": "a"})
    with pytest.raises(CrmError, match=r"no column named b. It has: a"):
        map_columns(["a"], CUSTOMERS, chosen={"name": "b"})
    with pytest.raises(CrmError, match=r"There are: customers, contacts"):
        kind_named("planets")
