"""Ids of Salesforce: 15 characters in reports, 18 from the Data Loader, and both are one record.

The last three say which of the first fifteen are capitals, so that the long form survives programs that ignore case.
"""

import string

SHORT_LENGTH = 15
CHECK_LETTERS = string.ascii_uppercase + "012345"


def to_long_id(text: str) -> str:
    """The id in its form of 18 characters; anything that is no short id stays as it is."""
    if len(text) != SHORT_LENGTH or not (text.isascii() and text.isalnum()):
        return text
    groups = (text[start : start + 5] for start in range(0, SHORT_LENGTH, 5))
    check = (sum(1 << place for place, letter in enumerate(group) if letter.isupper()) for group in groups)
    return text + "".join(CHECK_LETTERS[number] for number in check)
