"""Countries as people write them: by code, and by name in the languages that our customers' files come in."""

import unicodedata
from functools import cache

from babel.core import Locale, get_global

from crm.kernel import plain_text

LOCALES = ("en", "zh_Hans", "zh_Hant", "de", "fr", "es", "pt")
# Groups of countries and places that nobody lives in have codes, too.
NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
# What people write and the tables of names do not hold.
# fmt: off
COMMON_NAMES = {
    "CN": ("p.r. china", "pr china", "prc", "mainland china", "people's republic of china", "中国大陆",
        "中國大陸", "中华人民共和国", "中華人民共和國"),
    "HK": ("hong kong", "hongkong", "hong kong sar", "hong kong s.a.r.", "hong kong (china)", "香港",
        "中国香港", "中國香港", "hongkong sar"),
    "MO": ("macau", "macao", "macao sar", "澳门", "澳門", "中国澳门", "中國澳門"),
    "TW": ("taiwan", "taiwan, province of china", "臺灣", "台湾", "台灣", "中国台湾", "中國台灣", "taiwan r.o.c."),
    "GB": ("great britain", "england", "scotland", "wales", "northern ireland", "britain",
        "grossbritannien", "großbritannien", "grande-bretagne", "gran bretaña", "grã-bretanha",
        "inglaterra", "angleterre"),
    "US": ("united states of america", "the united states", "america", "u.s.",
        "vereinigte staaten von amerika", "états-unis d'amérique", "estados unidos de américa",
        "ee. uu.", "ee.uu.", "eeuu", "eua", "états unis", "美利坚合众国"),
    "KR": ("korea", "republic of korea", "korea, republic of", "korea (south)", "南韩", "南韓", "大韩民国",
        "大韓民國"),
    "KP": ("north korea", "korea, democratic people's republic of"),
    "RU": ("russian federation",),
    "VN": ("viet nam",),
    "NL": ("holland", "the netherlands", "holanda"),
    "CZ": ("czech republic", "république tchèque", "república checa", "república tcheca",
        "tschechische republik"),
    "TR": ("turkey", "türkei"),
    "CI": ("ivory coast",),
    "MM": ("myanmar", "burma", "birmanie", "birmania"),
    "MK": ("macedonia",),
    "CV": ("cape verde",),
    "SZ": ("swaziland",),
    "TL": ("east timor",),
    "AE": ("uae", "u.a.e."),
    "IR": ("iran, islamic republic of",),
    "BO": ("bolivia, plurinational state of",),
    "VE": ("venezuela, bolivarian republic of",),
    "TZ": ("tanzania, united republic of",),
    "MD": ("moldova, republic of",),
    "SY": ("syrian arab republic",),
    "LA": ("lao people's democratic republic", "lao"),
    "BN": ("brunei darussalam",),
    "CD": ("congo, the democratic republic of the", "democratic republic of the congo", "dr congo"),
    "CG": ("congo", "republic of the congo"),
    "PS": ("palestine", "palestine, state of"),
    "VA": ("holy see", "vatican"),
    "DE": ("federal republic of germany", "brd", "bundesrepublik deutschland"),
    "IE": ("republic of ireland", "eire"),
}
# fmt: on


def find_country(text: str) -> str | None:
    """The code of ISO 3166 for a code or a name, or None. `UK`, `USA`, `法国`, `Brasil`, `Deutschland` are understood."""
    return text if text in country_codes() else _codes_by_name().get(_fold(text))


def is_country(code: str) -> bool:
    """Whether this is the code of a country."""
    return code in country_codes()


@cache
def country_codes() -> frozenset[str]:
    """The codes of two letters."""
    territories = map(str, Locale.parse("en").territories)
    return (
        frozenset(code for code in territories if len(code) == 2 and code.isascii() and code.isalpha()) - NO_COUNTRIES
    )


@cache
def _codes_by_name() -> dict[str, str]:
    codes = country_codes()
    names = {
        _fold(name): code
        for locale in reversed(LOCALES)
        for code, name in Locale.parse(locale).territories.items()
        if code in codes
    }
    names = {_fold(name.partition("(")[0]): code for name, code in names.items() if "(" in name} | names
    # Codes of three letters, and those that are used beside the official one, as UK.
    aliases = get_global("territory_aliases")
    names |= {_fold(alias): of[0] for alias, of in aliases.items() if len(of) == 1 and of[0] in codes}
    names |= {_fold(name): code for code, common in COMMON_NAMES.items() for name in common}
    return names | {_fold(code): code for code in codes}


def _fold(text: str) -> str:
    """Without capitals, accents, dots and doubled blanks."""
    plain = unicodedata.normalize("NFKD", plain_text.trim_text(text)).casefold()
    letters = (letter for letter in plain if not unicodedata.combining(letter) and letter not in ".'’")
    return " ".join("".join(letters).replace("-", " ").replace("&", " and ").split())
