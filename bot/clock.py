"""The one place that reads the wall clock; everybody else is told the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """Give this moment, aware and UTC."""
    return datetime.now(UTC)  # noqa: TID251 - here is its home
