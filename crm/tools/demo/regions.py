"""Where customers live and buy."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Region:
    """A country's part of the customers."""

    country: str
    language: str
    zone: str
    currency: str
    phone: str
    share: float
    cities: tuple[tuple[str, str], ...]  # city → store nearby, empty: online only


STORES = {
    "jingan": "静安店 Jing’an",
    "xihu": "西湖店 West Lake",
    "nanshan": "南山店 Nanshan",
    "central": "中環店 Central",
    "xinyi": "信義店 Xinyi",
}
REGIONS = (
    Region("CN", "zh-hans", "Asia/Shanghai", "CNY", "+861990000{:04}", 0.62, (
        ("上海", "jingan"), ("上海", "jingan"), ("上海", "jingan"), ("杭州", "xihu"), ("杭州", "xihu"), ("深圳", "nanshan"),
        ("深圳", "nanshan"), ("苏州", ""), ("南京", ""), ("北京", ""), ("广州", ""), ("成都", ""),
    )),
    Region("HK", "zh-hant", "Asia/Hong_Kong", "HKD", "+85255{:06}", 0.10, (("香港", "central"), ("香港", "central"), ("九龍", "central"))),
    Region("TW", "zh-hant", "Asia/Taipei", "TWD", "+886900{:06}", 0.12, (("臺北", "xinyi"), ("臺北", "xinyi"), ("新北", "xinyi"), ("臺中", ""))),
    Region("GB", "en", "Europe/London", "USD", "+447700900{:03}", 0.05, (("London", ""), ("Edinburgh", ""), ("Bristol", ""))),
    Region("DE", "en", "Europe/Berlin", "USD", "+4915550{:06}", 0.03, (("Berlin", ""), ("Hamburg", ""))),
    Region("US", "en", "America/Los_Angeles", "USD", "+1415555{:04}", 0.05, (("San Francisco", ""), ("Seattle", ""))),
    Region("SG", "en", "Asia/Singapore", "USD", "+6590000{:03}", 0.03, (("Singapore", ""),)),
)  # fmt: skip
# What one unit was worth in CNY, by the year before last, last year and now.
RATES = {
    "HKD": ("0.9210", "0.9250", "0.9180"),
    "TWD": ("0.2260", "0.2230", "0.2280"),
    "USD": ("7.1800", "7.2100", "7.1400"),
}
