"""The shape in which every connector hands over what it read: one row per value, nothing interpreted."""

READING = (
    "row_no",
    "place",
    "measure",
    "org_unit",
    "time_period",
    "breakdown",
    "value_text",
    "obs_value",
    "obs_status",
    "producer",
    "published_date",
    "is_synthetic",
    "citation",
    "problem",
    "conversion",
)
"""Columns, in order. ``row_no`` is a 64-bit integer, ``is_synthetic`` a boolean, all others text.

* ``row_no``: 1, 2, … in the order of the source.
* ``place``: where the value stands: ``Số liệu!D12``, ``row 17``, ``page 2 item 5``.
* ``measure``, ``org_unit``, ``time_period``: as the source wrote them, mapped by the dataset's own declaration only.
* ``breakdown``: ``_T`` for the total.
* ``value_text``: the value as read; null where the cell is blank.
* ``obs_value``: the same as a plain decimal text (``-1234.5``); null where there is none.
* ``obs_status``: an SDMX ``CL_OBS_STATUS`` code; ``A`` where the source says nothing.
* ``producer``: code of the body that made the figure.
* ``published_date``: ISO date of the vintage, or null.
* ``citation``: where the figure was published, or null.
* ``problem``: code of what kept the reader from a value, or null (see ``PROBLEMS``).
* ``conversion``: code of what the reader changed in notation, or null (see ``CONVERSIONS``).
"""

PROBLEMS = {
    "not_a_number": "text where a number belongs",
    "date_for_number": "a date where a number belongs",
    "formula_without_value": "a formula that was never calculated",
    "cell_error": "an error value such as #REF!",
    "ambiguous_number": "a number that can be read in two ways, a thousand times apart",
    "out_of_range": "not finite, or of magnitude 1e20 and more",
    "blank": "a required cell without a value",
}

CONVERSIONS = {
    "decimal_comma": "1.234,5 read as 1234.5",
    "thousands_separator": "1 234 or 1.234.567 read as 1234, 1234567",
    "unicode_digits": "full-width digits or a typographic minus read as plain ones",
    "percent_sign": "12,5 % read as 12.5",
    "dash_is_zero": "'-' in a count read as 0",
    "status_not_collected": "'…' read as not collected",
    "text_to_number": "a number stored as text",
    "unit_of_table": "a figure multiplied as the unit row of its table says",
    "notation_of_column": "1.234, which can be read in two ways, read as the rest of its column is written",
    "read_by_history": "1.234, which can be read in two ways, read as the unit's own past has it",
}
