"""A schedule's rule in words: which sentences say it. Changes nothing."""

from tasks import days
from tasks.schedule import AtTimes, Cron, Interval, Rule
from texts.reply import Fact, Say

_HOUR_MINUTES = 60
_WORKDAYS = frozenset(range(5))
_ALL_DAYS = frozenset(range(7))


def said(rule: Rule) -> Say:
    """Say when a schedule comes round."""
    match rule:
        case Interval(minutes=minutes) if minutes % _HOUR_MINUTES == 0:
            return Say("rule.hours", {"count": minutes // _HOUR_MINUTES})
        case Interval(minutes=minutes):
            return Say("rule.minutes", {"count": minutes})
        case AtTimes(days=which, times=times):
            clocks = ", ".join(f"{at:%H:%M}" for at in times)
            return Say("rule.at", {"days": _days(which), "times": clocks})
        case Cron(expression=expression):
            return Say("rule.cron", {"expression": expression})
    raise AssertionError("a rule is of one of these kinds")


def _days(which: days.Days) -> Say:
    match which:
        case days.OnWeekdays(weekdays=weekdays):
            return _weekly(weekdays)
        case days.EveryDays(number=1):
            return Say("rule.daily")
        case days.EveryDays(number=number, start=start):
            return Say("rule.every_days", {"count": number, "start": start.isoformat()})
        case days.EveryWeeks(number=1, weekdays=weekdays):
            return _weekly(weekdays)
        case days.EveryWeeks(number=number, weekdays=weekdays):
            return Say("rule.every_weeks", {"count": number, "weekdays": _numbers(weekdays)})
    return _monthly(which)


def _monthly(which: days.Days) -> Say:
    match which:
        case days.NthWeekday(nth=nth, weekday=weekday):
            return Say("rule.nth", {"nth": nth, "weekdays": str(weekday)})
        case days.MonthDay(day=days.LAST):
            return Say("rule.month_last")
        case days.MonthDay(day=day):
            return Say("rule.month_day", {"day": day})
    raise AssertionError("days are of one of these kinds")


def _weekly(weekdays: frozenset[int]) -> Say:
    if weekdays == _ALL_DAYS:
        return Say("rule.daily")
    if weekdays == _WORKDAYS:
        return Say("rule.workdays")
    facts: dict[str, Fact] = {"weekdays": _numbers(weekdays)}
    return Say("rule.weekly", facts)


def _numbers(weekdays: frozenset[int]) -> str:
    return ",".join(str(day) for day in sorted(weekdays))
