"""Which encoding a text file has. The whole file is looked at, and a few bad bytes do not change the answer."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

ENCODINGS = ("utf-8-sig", "utf-8", "utf-16", "gb18030", "big5", "cp1252")
GUESSED = ("gb18030", "big5", "cp1252")
BLOCK_BYTES = 1024 * 1024
SAMPLE_BYTES = 256 * 1024
# A file of text in UTF-8 or an older encoding has no NUL, or a few by mistake; what has more is no text.
MOST_NULS = 0.05
# So many of the letters beyond ASCII must be right in UTF-8: by chance a sixth of Chinese in GB18030 is.
SURE_SHARE, LIKELY_SHARE = 0.9, 0.5
MOST_BAD_LINES = 0.1
RUN_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
ACCENTED_LETTER = re.compile(rb"(?<![\x80-\xff])[\xc0-\xd6\xd8-\xf6\xf8-\xff](?![\x80-\xff])")


class UnreadableFile(Exception):
    """The file cannot be read as a table; the message says why."""


def detect_encoding(path: Path) -> str:
    """A byte order mark or UTF-8 decide; otherwise a guess, which the user sees in the preview and may change.

    Refused: UnreadableFile, for what is empty or no text.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    if not head:
        raise UnreadableFile(_("The file is empty."))
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_bare_utf16(head):
        return "utf-16"
    if head.count(0) > MOST_NULS * len(head):
        raise UnreadableFile(_("This is no text file and no workbook."))
    return "utf-8" if _is_utf8(path) else _guess_encoding(list(_lines_beyond_ascii(path)))


def get_codec(path: Path, encoding: str) -> str:
    """The codec that reads a file of this encoding: a byte order mark is no part of the text, and may be missing."""
    if encoding == "utf-8":
        return "utf-8-sig"
    if encoding != "utf-16":
        return encoding
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"


def _is_bare_utf16(head: bytes) -> bool:
    """Letters of Latin in UTF-16 without a byte order mark: of each two bytes one is NUL, always the same."""
    first, second = head[::2], head[1::2]
    return len(head) > 3 and any(
        zeros.count(0) > 0.4 * len(zeros) and others.count(0) == 0
        for zeros, others in ((first, second), (second, first))
    )


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _lines_beyond_ascii(path: Path) -> Iterator[bytes]:
    """The lines that tell encodings apart, from anywhere in the file, up to a sample."""
    size = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                yield line[:SAMPLE_BYTES]
                size += len(line)
            if size > SAMPLE_BYTES:
                return


def _guess_encoding(lines: list[bytes]) -> str:
    share = _utf8_share(b"".join(lines))
    possible = [name for name in GUESSED if _bad_lines(lines, name) <= max(1, MOST_BAD_LINES * len(lines))]
    is_old_chinese = any(_bad_lines(lines, name) == 0 for name in ("gb18030", "big5"))
    if share >= SURE_SHARE or (share >= LIKELY_SHARE and not is_old_chinese):
        return "utf-8"
    if _is_western(b"".join(lines)):
        return "cp1252"
    whole = [line for line in lines if all(_decodes(line, name) for name in possible)]
    best = from_bytes(b"".join(whole), cp_isolation=possible).best() if whole and possible else None
    guess = best.encoding if best is not None and best.encoding in GUESSED else "gb18030"
    # A letter of UTF-8 hardly ever comes about by chance in Western text.
    return "utf-8" if guess == "cp1252" and share >= LIKELY_SHARE else guess


def _is_western(sample: bytes) -> bool:
    """Whether letters with accents stand alone among Latin ones, as in no Chinese text: there bytes beyond ASCII come in pairs,
    and where the second one is ASCII the first is seldom a letter of cp1252."""
    runs = RUN_BEYOND_ASCII.findall(sample)
    return len(ACCENTED_LETTER.findall(sample)) >= SURE_SHARE * len(runs)


def _utf8_share(sample: bytes) -> float:
    """How many of the letters beyond ASCII are right in UTF-8."""
    text = sample.decode("utf-8", errors="replace")
    beyond = len(text) - len(text.encode("ascii", errors="ignore"))
    return 1 - text.count("\ufffd") / beyond if beyond else 1.0


def _bad_lines(lines: list[bytes], encoding: str) -> int:
    return sum(not _decodes(line, encoding) for line in lines)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
