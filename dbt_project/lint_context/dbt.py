"""For sqlfluff, which renders models without dbt: dbt's cross-database macros as plain SQL of the same shape."""


def dateadd(datepart: str, interval: str, from_date: str) -> str:
    """A date some time later."""
    return f"({from_date} + {interval})"


def datediff(first_date: str, second_date: str, datepart: str) -> str:
    """Whole units of time between two dates."""
    return f"datediff('{datepart}', {first_date}, {second_date})"


def listagg(measure: str, delimiter: str, order_by: str = "") -> str:
    """A list as one text."""
    return f"string_agg({measure}, {delimiter} {order_by})"


def string_literal(text: str) -> str:
    """A text in SQL."""
    return f"'{text}'"
