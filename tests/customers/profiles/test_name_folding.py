"""Names folded for search: one script, one case, one width; folding again changes nothing."""

import pytest

from customers.profiles import name_folding

pytestmark = pytest.mark.rule("CU-3")


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＬＩＮ　Ｊｉａｙｉ", "lin jiayi"),
        ("Straße", "strasse"),
        ("張衞健", "张卫健"),
        ("が ダ", "が ダ"),
        ("한글", "한글"),
        ("a\x00b", "a b"),
    ],
)
def test_folding(written, folded):
    assert name_folding.fold_text(written) == folded
    assert name_folding.fold_text(folded) == folded
