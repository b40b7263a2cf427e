"""Where customers live and buy."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

HOME_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class CustomerRegion:
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
CUSTOMER_REGIONS = (
    CustomerRegion("CN", "zh-hans", "Asia/Shanghai", "CNY", "+861990000{:04}", 0.62, (
        ("上海", "jingan"), ("上海", "jingan"), ("上海", "jingan"), ("杭州", "xihu"), ("杭州", "xihu"), ("深圳", "nanshan"),
        ("深圳", "nanshan"), ("苏州", ""), ("南京", ""), ("北京", ""), ("广州", ""), ("成都", ""),
    )),
    CustomerRegion("HK", "zh-hant", "Asia/Hong_Kong", "HKD", "+85255{:06}", 0.10, (("香港", "central"), ("香港", "central"), ("九龍", "central"))),
    CustomerRegion("TW", "zh-hant", "Asia/Taipei", "TWD", "+886900{:06}", 0.12, (("臺北", "xinyi"), ("臺北", "xinyi"), ("新北", "xinyi"), ("臺中", ""))),
    CustomerRegion("GB", "en", "Europe/London", "USD", "+447700900{:03}", 0.05, (("London", ""), ("Edinburgh", ""), ("Bristol", ""))),
    CustomerRegion("DE", "en", "Europe/Berlin", "USD", "+4915550{:06}", 0.03, (("Berlin", ""), ("Hamburg", ""))),
    CustomerRegion("US", "en", "America/Los_Angeles", "USD", "+1415555{:04}", 0.05, (("San Francisco", ""), ("Seattle", ""))),
    CustomerRegion("SG", "en", "Asia/Singapore", "USD", "+6590000{:03}", 0.03, (("Singapore", ""),)),
)  # fmt: skip
# What one unit was worth in CNY, by the year before last, last year and now.
EXCHANGE_RATES = {
    "HKD": ("0.9210", "0.9250", "0.9180"),
    "TWD": ("0.2260", "0.2230", "0.2280"),
    "USD": ("7.1800", "7.2100", "7.1400"),
}
