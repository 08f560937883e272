"""Why a row of a file was not taken as it is, in words that tell what to correct."""

from __future__ import annotations

from crm_data.vocabulary import N_, Labelled


class Reason(Labelled):
    """Why a row was rejected or skipped; the label is a sentence with {column}, {value} and {detail}."""

    TOO_FEW_CELLS = "too_few_cells", N_("The row has fewer cells than there are columns.")
    TOO_MANY_CELLS = "too_many_cells", N_("The row has more cells than there are columns.")
    QUOTE = "quote", N_("A quotation mark is opened and not closed properly.")
    MISSING = "missing", N_("{column} is empty, but it is needed.")
    NOT_A_DATE = "not_a_date", N_("{column}: “{value}” is not a date. Write it as 2026-05-31.")
    NO_SUCH_DAY = "no_such_day", N_("{column}: there is no such day as “{value}”.")
    DATE_RANGE = "date_range", N_("{column}: the date “{value}” is not between 1900 and 2199.")
    AMBIGUOUS_DATE = (
        "ambiguous_date",
        N_("{column}: “{value}” may be day/month or month/day. State the date format, or write it as 2026-05-31."),
    )
    NOT_A_NUMBER = "not_a_number", N_("{column}: “{value}” is not a number.")
    AMBIGUOUS_NUMBER = (
        "ambiguous_number",
        N_("{column}: “{value}” may mean thousands or decimals. State the number format, or write 1234 or 1.2340."),
    )
    NUMBER_RANGE = "number_range", N_("{column}: “{value}” is too large.")
    TOO_PRECISE = "too_precise", N_("{column}: “{value}” has more decimals than can be stored ({detail}).")
    NEGATIVE = "negative", N_("{column}: “{value}” is negative, which is not allowed here.")
    OUT_OF_BOUNDS = "out_of_bounds", N_("{column}: “{value}” is not between {detail}.")
    NOT_A_FLAG = "not_a_flag", N_("{column}: “{value}” is neither yes nor no.")
    NOT_A_CHOICE = "not_a_choice", N_("{column}: “{value}” is not one of: {detail}.")
    NOT_AN_EMAIL = "not_an_email", N_("{column}: “{value}” is not an e-mail address.")
    NOT_A_PHONE = "not_a_phone", N_("{column}: “{value}” is not a phone number.")
    NOT_A_WEBSITE = "not_a_website", N_("{column}: “{value}” is not a web address.")
    NOT_A_CURRENCY = "not_a_currency", N_("{column}: “{value}” is not a currency code such as CNY or EUR.")
    SHORTENED = (
        "shortened",
        N_("{column}: “{value}” was shortened by a spreadsheet. Format the column as text and enter it again."),
    )
    TOO_LONG = "too_long", N_("{column}: the text is longer than {detail} characters.")
    FUTURE = "future", N_("{column}: “{value}” lies in the future.")
    DISORDER = "disorder", N_("{column}: “{value}” comes before {detail}.")
    UNKNOWN = (
        "unknown",
        N_("{column}: there is no “{value}”, or it is not open to you. Correct it, or have it created."),
    )
    SEVERAL = "several", N_("{column}: several records are called “{value}”. Use a code or number that only one has.")
    NOT_YOURS = "not_yours", N_("{column}: your role does not let you import records of “{value}”.")
    TAKEN = "taken", N_("{column}: “{value}” is taken by a record that is not open to you.")
    REPEATED = "repeated", N_("The same record stands in row {detail} of the file.")
    EXISTS = "exists", N_("The record exists already: {detail}.")
    ABOVE_ITSELF = "above_itself", N_("{column}: “{value}” would be above itself.")
    NEEDED_IN_STAGE = "needed_in_stage", N_("{column} is empty, but the stage “{detail}” needs it.")
    NOT_ABOVE_ZERO = "not_above_zero", N_("{column}: “{value}” must be above zero.")
    ZERO = "zero", N_("{column} is zero: nothing was sold or returned.")
    OTHER_CURRENCY = "other_currency", N_("{column}: the record is in {detail}, and an import cannot change that.")
    SUM_OF_LINES = "sum_of_lines", N_("{column}: the amount is the sum of the lines. Change the lines instead.")
    MIXED_SALE = (
        "mixed_sale",
        N_("Sale “{value}” has lines of different customers, days or currencies; one number must be one sale."),
    )


SKIPPED = (Reason.REPEATED, Reason.EXISTS)
