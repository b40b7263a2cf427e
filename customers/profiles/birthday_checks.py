"""Which birthdays are possible: month and day belong together, the year may be unknown."""

from datetime import date

from django.utils.translation import gettext as _

from customers.profiles.choices import BirthdayCalendar

LUNAR_DAYS, FIRST_YEAR, LAST_YEAR = 30, 1900, 2100


def birthday_error(month: int | None, day: int | None, year: int | None, calendar: str) -> str | None:
    """What is wrong with a birthday, in words; None where nothing is. An unknown year lets 29 February be."""
    if month is None and day is None:
        return _("A year needs its month and day.") if year else None
    if month is None or day is None:
        return _("Month and day belong together.")
    days = LUNAR_DAYS if calendar == BirthdayCalendar.LUNAR else 31
    if not 1 <= month <= 12 or not 1 <= day <= days:
        return _("There is no such day.")
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return _("The year must lie between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
    if calendar != BirthdayCalendar.LUNAR:
        try:
            date(year or 2000, month, day)
        except ValueError:
            return _("There is no such day.")
    return None
