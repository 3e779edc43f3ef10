"""What addresses carry: numbers, which anybody may have typed."""

# So many digits fit into a number of the database.
DIGITS = 18


def number_in(text: str | None) -> int | None:
    """Return the number that a query parameter or a posted field names, None for anything else.

    Decimal digits only, and no more than a row's id can have.
    """
    return int(text) if text and text.isdecimal() and len(text) <= DIGITS else None
