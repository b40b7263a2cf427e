"""The template language: Markdown with `{{ name }}` from an allow-list, filled in one pass; no logic, no code.

A paragraph whose variables are all empty is left out, so that a text may have a line about a coupon that not everybody has.
A salutation stays: who has no name is greeted without one. An empty variable takes the comma and the blanks beside it
along, so `Happy birthday, {{ name }}!` becomes `Happy birthday!` and `{{ name }}，您好！` becomes `您好！`.
"""

import html as markup
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import css_inline
import nh3
from markdown_it import MarkdownIt

VARIABLE = re.compile(r"\{\{\s*([a-z][a-z0-9_]{0,39})\s*\}\}")
# How a customer is addressed: these alone never decide whether a paragraph is left out.
SALUTATIONS = frozenset({"name", "full_name"})
_STRESSED = re.compile(rf"([*_]{{1,3}}){VARIABLE.pattern}\1")
_AT_START = re.compile(rf"^([ \t]*(?:#{{1,4}} |> )?){VARIABLE.pattern}[ \t]*[,，、]?[ \t]*(\w?)", re.M)
_INSIDE = re.compile(rf"(?:[ \t]*[,，、])?[ \t]*(?<!\(){VARIABLE.pattern}")
MAX_TEXT_LENGTH = 64 * 1024
_TOKEN = re.compile(r"zqv(\d+)x([a-z0-9_]+)xvqz")
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\(([^()\s]+)\)")
_STARS = re.compile(r"(\*\*|__)(.+?)\1", re.S)
_HEADING = re.compile(r"^#{1,4}\s+", re.M)
_BUTTON = re.compile(r"^<p><a ([^>]*)>([^<]*)</a></p>$")
_TAGS = {"p", "br", "a", "strong", "em", "ul", "ol", "li", "h1", "h2", "h3", "h4", "blockquote", "hr", "code", "pre"}
_SCHEMES = ("https://", "http://", "mailto:", "tel:")

STYLE = """
p, ul, ol, blockquote { margin: 0 0 16px; }
h1, h2, h3, h4 { margin: 0 0 12px; font-weight: 600; line-height: 1.35; color: #17211d; }
h1 { font-size: 22px; } h2 { font-size: 19px; } h3, h4 { font-size: 17px; }
a { color: #0b6b51; }
blockquote { padding-left: 14px; border-left: 3px solid #d5dcd8; color: #4d5a54; }
.button { margin: 20px 0 24px; }
.button a { display: inline-block; padding: 12px 22px; border-radius: 8px; background-color: #0b6b51; color: #ffffff; font-weight: 600; text-decoration: none; }
"""


class BadTemplate(ValueError):
    """The text cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True)
class TemplateBlock:
    """A paragraph: HTML and text in pieces, alternately literal and the name of a variable with its place."""

    names: frozenset[str]
    html: tuple[tuple[str, str], ...]
    text: tuple[tuple[str, str], ...]

    def is_left_out(self, values: Mapping[str, str]) -> bool:
        """True where it has variables, salutations apart, and none has a value."""
        return _are_all_empty(self.names, values)


def split_paragraphs(source: str) -> list[str]:
    """The paragraphs of a body, which blank lines separate."""
    return [part for part in re.split(r"\n[ \t]*\n", source.replace("\r\n", "\n").strip()) if part.strip()]


def is_paragraph_left_out(paragraph: str, values: Mapping[str, str]) -> bool:
    """True for a paragraph with variables, salutations apart, of which none has a value."""
    return _are_all_empty(variable_names(paragraph), values)


def _are_all_empty(names: Collection[str], values: Mapping[str, str]) -> bool:
    deciding = set(names) - SALUTATIONS
    return bool(deciding) and not any(values.get(name) for name in deciding)


def without_empty_salutations(source: str, values: Mapping[str, str]) -> str:
    """The text where a salutation without a value is gone with its comma and blanks, and with a paragraph that was no more."""
    empty = frozenset(name for name in SALUTATIONS & variable_names(source) if not values.get(name))
    return _without_variables(source, empty) if empty else source


@lru_cache(maxsize=500)
def _without_variables(source: str, names: frozenset[str]) -> str:
    def drop_at_start(match: re.Match[str]) -> str:
        return f"{match[1]}{match[3].upper()}" if match[2] in names else match[0]

    def drop_inside(match: re.Match[str]) -> str:
        return "" if match[1] in names else match[0]

    plain = _STRESSED.sub(lambda match: f"{{{{ {match[2]} }}}}" if match[2] in names else match[0], source)
    paragraphs = split_paragraphs(plain)
    shortened = [_INSIDE.sub(drop_inside, _AT_START.sub(drop_at_start, paragraph)) for paragraph in paragraphs]
    return "\n\n".join(paragraph for paragraph in shortened if re.search(r"\w", paragraph))


def has_strange_braces(source: str) -> bool:
    """True where double braces enclose something else than a variable's name."""
    return "{{" in VARIABLE.sub("", source) or "}}" in VARIABLE.sub("", source)


def variable_names(source: str) -> set[str]:
    """The names of the variables that a text uses."""
    return set(VARIABLE.findall(source))


def fill_subject(source: str, values: Mapping[str, str]) -> str:
    """A subject with its variables filled in, as one line of plain text."""
    return " ".join(fill_markdown(source, values).split())


def fill_markdown(source: str, values: Mapping[str, str]) -> str:
    """A Markdown text with its variables filled in, still Markdown."""
    return VARIABLE.sub(lambda match: values.get(match[1], ""), without_empty_salutations(source, values))


def fill_body(source: str, values: Mapping[str, str]) -> tuple[str, str]:
    """A body with its variables filled in, as HTML (inner part, styles inlined) and as plain text."""
    source = without_empty_salutations(source, values)
    blocks = [block for block in compiled_blocks(source) if not block.is_left_out(values)]
    inner = "".join("".join(_html_piece(kind, piece, values) for kind, piece in block.html) for block in blocks)
    text = "\n\n".join("".join(values.get(p, "") if kind else p for kind, p in block.text) for block in blocks)
    return inner, text


@lru_cache(maxsize=500)
def compiled_blocks(source: str) -> tuple[TemplateBlock, ...]:
    """The blocks of a body; Markdown, cleaning and styles cost once per text, not once per message."""
    if len(source) > MAX_TEXT_LENGTH:
        raise BadTemplate("body: longer than 64 KB")
    return tuple(_block(part) for part in split_paragraphs(source))


def render_markdown(source: str) -> tuple[str, str]:
    """HTML and plain text of a finished body without variables; not cached, since it is written for one recipient."""
    parts = split_paragraphs(source)
    return _styled("".join(_markdown(part) for part in parts)), "\n\n".join(_as_text(part) for part in parts)


def _block(part: str) -> TemplateBlock:
    names = VARIABLE.findall(part)
    numbers = iter(range(len(names)))
    marked = VARIABLE.sub(lambda match: f"zqv{next(numbers)}x{match[1]}xvqz", part)
    return TemplateBlock(
        frozenset(names), _pieces(_styled(_markdown(marked)), in_html=True), _pieces(_as_text(marked), in_html=False)
    )


def _pieces(source: str, *, in_html: bool) -> tuple[tuple[str, str], ...]:
    """Literal pieces have no kind; a variable is `text`, `href` (it is the whole address) or `part` (inside one)."""
    pieces: list[tuple[str, str]] = []
    end = 0
    for match in _TOKEN.finditer(source):
        literal = source[end : match.start()]
        pieces.append(("", literal))
        end = match.end()
        before = source[: match.start()]
        inside = in_html and before.rfind("<") > before.rfind(">")
        pieces.append(("text" if not inside else "href" if literal.endswith('href="') else "part", match[2]))
    return (*pieces, ("", source[end:]))


def _html_piece(kind: str, piece: str, values: Mapping[str, str]) -> str:
    if not kind:
        return piece
    value = values.get(piece, "")
    if kind == "text":
        return markup.escape(value).replace("\n", "<br>")
    if kind == "href":
        return markup.escape(value if value.lower().startswith(_SCHEMES) else "#")
    return quote(value, safe="")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True}).enable("linkify")


def _markdown(part: str) -> str:
    clean = nh3.clean(
        _parser().render(part),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )
    return _BUTTON.sub(r'<p class="button"><a \1>\2</a></p>', clean.strip())


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


def _styled(fragment: str) -> str:
    return _inliner().inline_fragment(fragment, STYLE)


def _as_text(part: str) -> str:
    """Markdown as plain text: links as `label: address`, no asterisks, no number signs."""
    plain = _LINK.sub(lambda link: link[2] if link[1] == link[2] else f"{link[1]}: {link[2]}", part)
    return _HEADING.sub("", _STARS.sub(r"\2", plain)).strip()
