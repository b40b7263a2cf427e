"""Encodings: the whole file decides, and one bad byte neither turns it into rubbish nor refuses it."""

from pathlib import Path

import pytest

from customers.importing import file_encodings, file_reader

pytestmark = pytest.mark.rule("CU-30", "PL-51")
CHINESE = "会员号,姓名,城市\n" + "".join(f"C{n},林嘉怡,上海静安\n" for n in range(30))
GERMAN = "id;name;city\n" + "".join(f"C{n};Jürgen Weiß;Köln\n" for n in range(30))


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CHINESE.encode(), "utf-8"),
        (CHINESE.encode("utf-8-sig"), "utf-8-sig"),
        (CHINESE.encode("utf-16"), "utf-16"),
        ("id,name\nC1,Ann\n".encode("utf-16-le"), "utf-16"),
        (CHINESE.encode("gb18030"), "gb18030"),
        (GERMAN.encode("cp1252"), "cp1252"),
        ("id;name\nC1;Müller\n".encode("cp1252"), "cp1252"),
        ("id,name\nC1,Señora Peña,Málaga\nC2,Zoë,Orléans\n".encode("cp1252"), "cp1252"),
        ("會員編號,姓名,城市\n".encode("big5") + "T1,黃子軒,臺北市信義區\n".encode("big5") * 30, "big5"),
        ("会员号,姓名\nC1,林嘉怡\n".encode("gb18030"), "gb18030"),
        (b"id,name\n" + b"C1,Ann\n" * 60_000 + "C2,林嘉怡上海静安客户\n".encode("gb18030") * 9, "gb18030"),
        (b"id,name\nC1,Ann\n", "utf-8"),
    ],
    ids=[
        "utf-8",
        "bom",
        "utf-16",
        "utf-16 bare",
        "gb18030",
        "cp1252",
        "one umlaut",
        "accents",
        "big5",
        "short gb18030",
        "late gb18030",
        "ascii",
    ],
)
def test_encoding_is_that_of_the_whole_file(tmp_path, content, encoding):
    assert file_encodings.detect_encoding(written(tmp_path, content)) == encoding


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CHINESE.encode() + b"C99,\xff,x\n", "utf-8"),
        (CHINESE.encode() + b"C99,Ren\xe9e,x\n", "utf-8"),
        ("id,name\nC1,José\n".encode() + b"C2,Andr\xe9\n", "utf-8"),
        (CHINESE.encode("gb18030") + b"C99,\xff,x\n", "gb18030"),
        (GERMAN.encode("cp1252") + b"C99;\x81;x\n", "cp1252"),
        (CHINESE.encode() + b"C99,\x00,x\n", "utf-8"),
    ],
)
def test_bad_byte_does_not_change_the_answer_and_costs_its_own_cell_only(tmp_path, content, encoding):
    path = written(tmp_path, content)

    layout = file_reader.detect_layout(path)
    rows = [cells for _line, cells in file_reader.read_rows(path, layout.encoding, layout.delimiter)]

    assert layout.encoding == encoding
    assert [cells for cells in rows if any("\ufffd" in cell for cell in cells)] == [rows[-1]]
    assert rows[-1][0] in ("C99", "C2")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x0d" * 20])
def test_what_is_no_text_is_refused(tmp_path, content):
    with pytest.raises(file_encodings.UnreadableFile):
        file_encodings.detect_encoding(written(tmp_path, content))
