"""Phone numbers: whatever is typed becomes E.164, if such a number can exist."""

import re
import unicodedata

import phonenumbers
from django.utils.translation import gettext as _

from crm.kernel import plain_text

SEPARATORS = str.maketrans("", "", " -")
# What most of our customers write; the library takes 80 µs for a number, and a file brings a hundred thousand of them.
CHINESE_MOBILE = re.compile(r"(\+86)?1(?:[38][0-9]|4[57]|[59][0-35-9]|6[25-7]|7[0-35-8])[0-9]{8}", re.ASCII)
# A spreadsheet that took a number for a quantity: 13800138000.0 has all its digits, 1.38001E+10 has lost some.
SPREADSHEET_NUMBER = re.compile(r"(\+?[0-9]{5,15})\.0+", re.ASCII)
SCIENTIFIC_NUMBER = re.compile(r"\+?([0-9])[.,]([0-9]+)[eE]\+?([0-9]{1,2})", re.ASCII)
EXTENSION = re.compile(
    r"(?:;ext=|,|#|\bext(?:ension)?\b|\bextn?\b|\bx|转|轉|分机|分機)[.:\s]*[0-9]{1,7}$", re.IGNORECASE
)


class BadPhone(ValueError):
    """The text is no phone number; the message says why."""


def normalize_phone(text: str, *regions: str) -> str:
    """E.164. Full-width digits and separators are understood. Refused: BadPhone, for a number that nobody can have.

    A number without country code is one of the first of these regions that has such a number: the country of its row, then
    the company's; '' is none. Letters are refused, but for an extension, which E.164 cannot hold.
    """
    cleaned, known = _plain_writing(text), [region for region in regions if region]
    if (mobile := CHINESE_MOBILE.fullmatch(cleaned.translate(SEPARATORS))) and (mobile[1] or known[:1] == ["CN"]):
        return f"+86{mobile[0][-11:]}"
    if any(letter.isalpha() for letter in EXTENSION.sub("", cleaned)):
        raise BadPhone(_("%(value)s is no phone number") % {"value": text.strip()[:60]})
    for region in dict.fromkeys(known):
        if (number := _parse_number(cleaned, region)) is not None:
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    raise BadPhone(_("%(value)s is no phone number") % {"value": text.strip()[:60]})


def _plain_writing(text: str) -> str:
    cleaned = plain_text.trim_text(unicodedata.normalize("NFKC", plain_text.trim_text(text))).removeprefix("tel:")
    if number := SPREADSHEET_NUMBER.fullmatch(cleaned):
        return number[1]
    if number := SCIENTIFIC_NUMBER.fullmatch(cleaned):
        if len(number[2]) != int(number[3]):
            raise BadPhone(_("%(value)s has lost its last digits in a spreadsheet") % {"value": cleaned})
        return number[1] + number[2]
    return cleaned


def _parse_number(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def format_phone(number: str | None) -> str:
    """`+8613812342217` → `+86 138 1234 2217`."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
