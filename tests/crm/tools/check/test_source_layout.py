import subprocess

import pytest

from crm.tools.check import source_layout
from crm.tools.check.source_layout import crowded_includes, hidden_nesting, overlong_lines

LONG = "x" * 121


@pytest.fixture
def repository(tmp_path):
    """Writes files into an empty repository, where the checks look for them."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)

    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
        return tmp_path

    return write


def test_product_is_laid_out():
    findings = [*overlong_lines(), *hidden_nesting(), *crowded_includes()]

    assert [str(finding) for finding in findings] == []


def test_a_line_of_121_columns_is_seen_in_templates_styles_and_scripts_alone(repository):
    base = repository(
        templates__a_dot_html=f"<p>\n  {LONG}\n</p>", static__a_dot_css=LONG, static__a_dot_js=LONG, a_dot_py=LONG
    )

    assert [str(finding) for finding in overlong_lines(base)] == [
        "static/a.css:1: 121 columns, at most 120",
        "static/a.js:1: 121 columns, at most 120",
        "templates/a.html:2: 123 columns, at most 120",
    ]


def test_what_is_excused_is_still_there():
    for name, start in source_layout.LONG_LINES.items():
        lines = (source_layout.PROJECT_ROOT / name).read_text().split("\n")

        assert [line for line in lines if line.strip().startswith(start) and len(line) > 120]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<div><p>a</p></div>", "a.html:1: <p> begins behind another block: give it a line"),
        ("<tr>\n  <td>a</td><td>b</td>\n</tr>", "a.html:2: <td> begins behind another block: give it a line"),
        ("<div>\n  <p>a</p>\n  </div>", "a.html:3: </div> stands in column 2, its beginning in 0"),
        ("{% if a %}\n  <div\n    id=b>\n    c\n</div>\n{% endif %}", "a.html:5: </div> stands in column 0"),
    ],
)
def test_hidden_nesting_is_seen(repository, text, found):
    findings = [str(finding) for finding in hidden_nesting(repository(a_dot_html=text))]

    assert len(findings) == 1
    assert findings[0].startswith(found)


@pytest.mark.parametrize(
    "text",
    [
        "<div>\n  <p><b>a</b> <i>b</i></p>\n  {% if a %}<p>c</p>{% endif %}\n</div>",
        '<div hidden\n     id="a"></div>\n<ul>\n  <li><a href="b">c</a></li>\n</ul>',
        "{# <div><p> #}\n{% comment %}<div><p>{% endcomment %}",
    ],
)
def test_shown_nesting_is_left_alone(repository, text):
    assert hidden_nesting(repository(a_dot_html=text)) == []


def test_an_include_with_more_than_five_arguments_is_seen(repository):
    five = '{% include "a.html" with a=1 b=2 c=3 d=4 e=5 %}'
    base = repository(b_dot_html=f"{five}\n{five.replace(' %}', ' f=6 %}')}")

    assert [str(finding) for finding in crowded_includes(base)] == ["b.html:2: 6 arguments, at most 5: give an object"]
