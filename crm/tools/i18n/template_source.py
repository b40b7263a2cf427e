"""Messages in Django templates, read with Django's own lexer so that they are exactly what Django looks up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace

from crm.tools.i18n.catalog_entries import SourceMessage

QUOTED = r"""("[^"]*"|'[^']*')"""
TRANSLATE_TAG = re.compile(rf"^trans(?:late)?\s+{QUOTED}")
BLOCK_START = re.compile(r"^blocktrans(?:late)?(?:\s|$)")
BLOCK_END = re.compile(r"^endblocktrans(?:late)?$")
CONTEXT_OPTION = re.compile(rf"\scontext\s+{QUOTED}")
TRANSLATED_CONSTANT = re.compile(rf"\b_\({QUOTED}\)")


class BrokenBlock(Exception):
    """A translation block that Django would show wrongly: with another tag in it, without an end …"""


@dataclass
class _Block:
    """A `{% blocktranslate %}` that is being read."""

    context: str | None
    trimmed: bool
    singular: list[str] = field(default_factory=list)
    plural: list[str] | None = None

    def add(self, text: str) -> None:
        (self.singular if self.plural is None else self.plural).append(text)

    def message(self) -> SourceMessage:
        plural = None if self.plural is None else self._join(self.plural)
        return SourceMessage(self._join(self.singular), plural, self.context)

    def _join(self, parts: list[str]) -> str:
        text = "".join(parts)
        return str(trim_whitespace(text)) if self.trimmed else text


def messages(source: str) -> Iterator[SourceMessage]:
    """Every translated text of a template, in the order of the file; percent signs doubled as Django doubles them."""
    block: _Block | None = None
    in_comment = False
    for token in Lexer(source).tokenize():
        if in_comment:
            in_comment = not (token.token_type == TokenType.BLOCK and token.contents == "endcomment")
        elif block is not None:
            if _continue_block(block, token):
                continue
            yield block.message()
            block = None
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            yield from (SourceMessage(_text(found)) for found in TRANSLATED_CONSTANT.findall(token.contents))
            if token.token_type == TokenType.BLOCK:
                block = _start_block(token)
                in_comment = token.contents.split(" ", 1)[0] == "comment"
                yield from _inline_message(token.contents)
    if block is not None:
        raise BrokenBlock(f"a translation block never ends: {''.join(block.singular)[:60]!r}")


def _inline_message(contents: str) -> Iterator[SourceMessage]:
    if match := TRANSLATE_TAG.match(contents):
        yield SourceMessage(_text(match[1]), context=_context(contents))


def _start_block(token: Token) -> _Block | None:
    if not BLOCK_START.match(token.contents):
        return None
    return _Block(_context(token.contents), "trimmed" in token.split_contents())


def _continue_block(block: _Block, token: Token) -> bool:
    if token.token_type == TokenType.TEXT:
        block.add(token.contents.replace("%", "%%"))
    elif token.token_type == TokenType.VAR:
        if not token.contents.isidentifier():
            raise BrokenBlock(f"line {token.lineno}: name {{{{ {token.contents} }}}} with `with` before the block")
        block.add(f"%({token.contents})s")
    elif token.token_type == TokenType.BLOCK:
        if BLOCK_END.match(token.contents):
            return False
        if token.contents.strip() != "plural":
            raise BrokenBlock(f"line {token.lineno}: {{% {token.contents} %}} may not stand in a translation block")
        block.plural = []
    return True


def _context(contents: str) -> str | None:
    match = CONTEXT_OPTION.search(contents)
    return match[1][1:-1] if match else None


def _text(quoted: str) -> str:
    return quoted[1:-1].replace("%", "%%")
