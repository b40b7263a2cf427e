"""The contact sheet: every picture beside its brothers, for eyes."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

SHEET_STYLE = (
    "body{font:14px system-ui;margin:24px;background:#f4f4f1;color:#222}section{margin:0 0 40px}h2{font-size:16px}"
    "div{display:flex;gap:12px;overflow-x:auto;align-items:flex-start}figure{margin:0}img{height:320px;border:1px solid #ccc;"
    "background:#fff;object-fit:cover;object-position:top}figcaption{font-size:12px;color:#555}b{color:#b00020}"
)


def write_contact_sheet(folder: Path, taken: Sequence[tuple[str, str, str, str]]) -> Path:
    """Of (page, view, file, what was wrong) an index.html, one row for each page."""
    rows: dict[str, list[str]] = {}
    for name, view, file, wrong in taken:
        said = f" <b>{escape(wrong)}</b>" if wrong else ""
        rows.setdefault(name, []).append(
            f'<figure><a href="{file}"><img src="{file}" loading="lazy" alt="{name} {view}"></a>'
            f"<figcaption>{view}{said}</figcaption></figure>"
        )
    body = "".join(f"<section><h2>{name}</h2><div>{''.join(figures)}</div></section>" for name, figures in rows.items())
    path = folder / "index.html"
    path.write_text(
        f'<!doctype html><meta charset="utf-8"><title>Shots</title><style>{SHEET_STYLE}</style>{body}', encoding="utf-8"
    )
    return path
