"""Time zones by their own names and by what other systems call them."""

import pytest

from crm.kernel.time import zone_labels

pytestmark = pytest.mark.rule("CU-30")


@pytest.mark.parametrize(
    ("label", "zone"),
    [
        ("Asia/Shanghai", "Asia/Shanghai"),
        ("asia/shanghai ", "Asia/Shanghai"),
        ("China Standard Time", "Asia/Shanghai"),
        ("(GMT+08:00) Beijing", "Asia/Shanghai"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("New York", "America/New_York"),
        ("Tokyo (GMT+09:00)", "Asia/Tokyo"),
        ("UTC", "UTC"),
        ("Moon/Crater", None),
        ("", None),
    ],
)
def test_zone_is_found_by_its_label(label, zone):
    assert zone_labels.find_zone(label) == zone
