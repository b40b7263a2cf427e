"""What the shop sells."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from customers.orders.models import Product


@dataclass(frozen=True)
class ExampleProduct:
    """A product with its price in CNY, how popular it is, and whether it is a present."""

    sku: str
    english: str
    hans: str
    hant: str
    category: str
    price: int
    weight: float
    is_gift: bool = False

    @property
    def name(self) -> str:
        return f"{self.hans} {self.english}"


OOLONG, GREEN, BLACK, DARK, WHITE = (
    "乌龙茶 Oolong",
    "绿茶 Green tea",
    "红茶 Black tea",
    "黑茶 Dark tea",
    "白茶 White tea",
)
WARE, GIFT, FOOD = "茶器 Teaware", "礼盒 Gift sets", "茶点 Treats"
EXAMPLE_PRODUCTS = [
    ExampleProduct(*row)  # type: ignore[arg-type]
    for row in (
        ("WY-DHP-100", "Da Hong Pao rock tea, 100 g", "大红袍 100 克", "大紅袍 100 克", OOLONG, 268, 9),
        ("WY-RG-100", "Rougui rock tea, 100 g", "武夷肉桂 100 克", "武夷肉桂 100 克", OOLONG, 328, 5),
        ("AX-TGY-150", "Tieguanyin, 150 g", "安溪铁观音 150 克", "安溪鐵觀音 150 克", OOLONG, 158, 8),
        ("TW-DD-150", "Dong Ding oolong, 150 g", "冻顶乌龙 150 克", "凍頂烏龍 150 克", OOLONG, 198, 6),
        ("TW-ALS-100", "Alishan high mountain oolong, 100 g", "阿里山高山茶 100 克", "阿里山高山茶 100 克", OOLONG, 238, 6),
        ("TW-DFM-75", "Oriental Beauty, 75 g", "东方美人 75 克", "東方美人 75 克", OOLONG, 298, 3),
        ("HZ-LJ-50", "Longjing, first harvest, 50 g", "明前龙井 50 克", "明前龍井 50 克", GREEN, 218, 7),
        ("HZ-LJ-250", "Longjing, 250 g", "西湖龙井 250 克", "西湖龍井 250 克", GREEN, 368, 6),
        ("SZ-BLC-125", "Biluochun, 125 g", "碧螺春 125 克", "碧螺春 125 克", GREEN, 188, 5),
        ("HS-MF-100", "Huangshan Maofeng, 100 g", "黄山毛峰 100 克", "黃山毛峰 100 克", GREEN, 128, 5),
        ("XY-MJ-100", "Xinyang Maojian, 100 g", "信阳毛尖 100 克", "信陽毛尖 100 克", GREEN, 118, 3),
        ("QM-HC-100", "Keemun black tea, 100 g", "祁门红茶 100 克", "祁門紅茶 100 克", BLACK, 138, 6),
        ("ZS-XZ-100", "Lapsang Souchong, 100 g", "正山小种 100 克", "正山小種 100 克", BLACK, 148, 6),
        ("JJM-50", "Jin Jun Mei, 50 g", "金骏眉 50 克", "金駿眉 50 克", BLACK, 358, 3),
        ("DH-HC-200", "Yunnan black tea, 200 g", "滇红 200 克", "滇紅 200 克", BLACK, 98, 5),
        ("RYT-100", "Sun Moon Lake black tea, 100 g", "日月潭红玉 100 克", "日月潭紅玉 100 克", BLACK, 168, 4),
        ("PE-SS-357", "Ripe pu’er cake, 357 g", "普洱熟茶饼 357 克", "普洱熟茶餅 357 克", DARK, 288, 5),
        ("PE-SH-357", "Raw pu’er cake, 357 g", "普洱生茶饼 357 克", "普洱生茶餅 357 克", DARK, 428, 3),
        ("LB-250", "Liubao tea, 250 g", "六堡茶 250 克", "六堡茶 250 克", DARK, 178, 2),
        ("BH-YZ-50", "Silver Needle white tea, 50 g", "白毫银针 50 克", "白毫銀針 50 克", WHITE, 198, 4),
        ("BMD-150", "White Peony, 150 g", "白牡丹 150 克", "白牡丹 150 克", WHITE, 168, 4),
        ("SM-357", "Aged Shou Mei cake, 357 g", "老寿眉饼 357 克", "老壽眉餅 357 克", WHITE, 258, 2),
        ("GW-RU", "Ru ware gaiwan", "汝窑盖碗", "汝窯蓋碗", WARE, 228, 4),
        ("PT-ZS", "Yixing clay teapot", "宜兴紫砂壶", "宜興紫砂壺", WARE, 680, 2),
        ("CUP-2", "Pair of celadon cups", "青瓷对杯", "青瓷對杯", WARE, 128, 4),
        ("TRAVEL", "Travel tea set", "旅行茶具", "旅行茶具", WARE, 198, 4),
        ("CADDY", "Tin tea caddy", "马口铁茶罐", "馬口鐵茶罐", WARE, 48, 5),
        ("GIFT-MA", "Mid-Autumn gift box", "中秋礼盒", "中秋禮盒", GIFT, 398, 4, True),
        ("GIFT-NY", "New Year gift box", "新春礼盒", "新春禮盒", GIFT, 458, 4, True),
        ("GIFT-4", "Four mountains gift set", "四山礼盒", "四山禮盒", GIFT, 328, 4, True),
        ("GIFT-BIZ", "Company gift set", "商务礼盒", "商務禮盒", GIFT, 588, 2, True),
        ("CARD-500", "Gift card 500", "礼品卡 500", "禮品卡 500", GIFT, 500, 1, True),
        ("CAKE-OSM", "Osmanthus cake", "桂花糕", "桂花糕", FOOD, 38, 6),
        ("CAKE-MB", "Mung bean cake", "绿豆糕", "綠豆糕", FOOD, 32, 5),
        ("NUTS", "Tea-smoked nuts", "茶香坚果", "茶香堅果", FOOD, 45, 5),
        ("PLUM", "Candied plums", "陈皮梅", "陳皮梅", FOOD, 36, 4),
    )
]  # fmt: skip


def create_products(at: datetime) -> None:
    """Every article is a product with its name per language, price and cost."""
    Product.objects.bulk_create(
        [
            Product(
                sku=each.sku,
                name=each.name,
                names={"en": each.english, "zh-hans": each.hans, "zh-hant": each.hant},
                category=each.category,
                list_price=each.price,
                unit_cost=(Decimal(each.price) * Decimal("0.42")).quantize(Decimal("0.01")),
                is_gift_card=each.sku.startswith("CARD"),
                created_at=at,
            )
            for each in EXAMPLE_PRODUCTS
        ],
        ignore_conflicts=True,
    )
