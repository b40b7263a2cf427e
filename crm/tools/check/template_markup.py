"""What a template may not hold: styles and scripts that the CSP refuses, and English that nobody can translate."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding, template_files
from crm.tools.i18n.chinese_glossary import SAME_EVERYWHERE

UNREAD_MARKUP = re.compile(
    r"\{#.*?#\}"
    r"|\{%-?\s*comment\b.*?endcomment\s*%\}"
    r"|\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}"
    r"|\{\{.*?\}\}|\{%.*?%\}",
    re.DOTALL,
)
CLASS_NAME = re.compile(r"[a-z]+(-[a-z0-9]+)+")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
SENTENCE = re.compile(r"^[A-Z][a-z]+( [a-z]+)+")
READ_ATTRIBUTES = {"title", "placeholder", "alt", "aria-label", "aria-description", "aria-placeholder", "label"}
UNREAD_ELEMENTS = {"script", "style", "code", "kbd", "pre", "samp"}
VOID_ELEMENTS = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
DATA_BLOCKS = {"application/json", "application/ld+json"}


def unsafe_markup(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Inline styles, scripts and handlers, and files from other hosts."""
    return [finding for path in template_files(base) for finding in _parse_template(path, base).unsafe]


def bare_english(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Words of the pages that stand outside every translation tag."""
    return [finding for path in template_files(base) for finding in _parse_template(path, base).bare]


def _parse_template(path: Path, base: Path) -> "_TemplateParser":
    page = _TemplateParser(path.relative_to(base))
    page.feed(UNREAD_MARKUP.sub(blank_lines, path.read_text(encoding="utf-8")))
    page.close()
    return page


def blank_lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


class _TemplateParser(HTMLParser):
    """A template without its tags, read as the HTML that it is about to be."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.unsafe: list[CheckFinding] = []
        self.bare: list[CheckFinding] = []
        self.unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.unsafe += [self._finding(text) for text in _unsafe_reasons(tag, values, is_mail="mail" in self.path.parts)]
        is_unread = bool(self.unread) or _is_unread(tag, values)
        if not is_unread:
            self.bare += [
                self._finding(f"English in {name}: {value!r}") for name, value in _readable_attributes(tag, values)
            ]
        if is_unread and tag not in VOID_ELEMENTS:
            self.unread.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.unread:
            while self.unread.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.unread and not CLASS_NAME.fullmatch(data.strip()) and is_english(data):
            self.bare.append(self._finding(f"English outside a translation tag: {' '.join(data.split())!r}"))

    def _finding(self, text: str) -> CheckFinding:
        return CheckFinding(self.path, self.getpos()[0], text)


def is_english(text: str) -> bool:
    """Whether a text holds words that would read differently in Chinese."""
    return any(word not in SAME_EVERYWHERE for word in LATIN_WORD.findall(_without_names(text)))


def _without_names(text: str) -> str:
    for name in sorted(SAME_EVERYWHERE, key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def _unsafe_reasons(tag: str, values: dict[str, str], *, is_mail: bool) -> Iterator[str]:
    if "style" in values:
        yield "style= is refused by the CSP: use a class, <meter>, <progress> or SVG"
    if tag == "style" and not is_mail:
        yield "<style> is refused by the CSP: put it into static/css"
    if tag == "script" and "src" not in values and values.get("type") not in DATA_BLOCKS:
        yield "inline <script> is refused by the CSP: put it into static/js"
    for name, value in values.items():
        if name.startswith(("on", "hx-on")) and name != "one":
            yield f"{name}= is refused by the CSP: listen in static/js"
        if value.strip().lower().startswith("javascript:"):
            yield f"{name}= runs a script, which the CSP refuses"
    source = values.get("src" if tag == "script" else "href", "")
    if tag in {"script", "link"} and re.match(r"(https?:)?//", source) and values.get("rel") != "canonical":
        yield f"{source} comes from another host"


def _readable_attributes(tag: str, values: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        is_button = name == "value" and tag == "input" and values.get("type") in {"submit", "button", "reset"}
        is_sentence = name.startswith("data-") and SENTENCE.match(value)
        if (name in READ_ATTRIBUTES or is_button or is_sentence) and is_english(value):
            yield name, value


def _is_unread(tag: str, values: dict[str, str]) -> bool:
    return tag in UNREAD_ELEMENTS or values.get("translate") == "no" or ("lang" in values and tag != "html")
