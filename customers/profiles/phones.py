"""Phone numbers: whatever people type becomes E.164."""

import unicodedata

import phonenumbers


class BadPhone(ValueError):
    """The text is no phone number."""


def e164(text: str, region: str) -> str:
    """Full-width digits and separators are understood; a number without country code is of `region`. Raises BadPhone."""
    try:
        parsed = phonenumbers.parse(unicodedata.normalize("NFKC", text).strip(), region)
    except phonenumbers.NumberParseException as error:
        raise BadPhone(text) from error
    if not phonenumbers.is_possible_number(parsed):
        raise BadPhone(text)
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def shown(number: str | None) -> str:
    """`+8613812342217` → `+86 138 1234 2217`."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
