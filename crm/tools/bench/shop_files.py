"""Files as shops send them, written the same way every time: customers, and orders of three lines."""

import csv
from collections.abc import Iterator
from itertools import product
from pathlib import Path

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN_CHARACTERS = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂佳嘉欣怡子轩思颖文博雅婷浩宇晨曦"
FIRST_NAMES = ["Olivia", "Daniel", "Priya", "Marcus", "Claire", "Darrin", "Sofia", "Jonas", "Amara", "Felix"]
LAST_NAMES = ["Hartmann", "Okafor", "Raman", "Lindqvist", "Gute", "Van Huff", "Rossi", "Meyer", "Novak", "Silva"]
CITIES = ["上海", "北京", "广州", "成都", "杭州", "Singapore", "香港"]
CUSTOMER_COLUMNS = ["Customer ID", "Name", "Email", "Phone", "Birthday", "City", "Country", "Tags"]
ORDER_COLUMNS = [
    "Order ID",
    "Order Date",
    "Customer ID",
    "Email",
    "Product ID",
    "Product Name",
    "Quantity",
    "Unit Price",
    "Currency",
]
LINES_EACH = 3
PRODUCT_COUNT = 50


def write_customers(path: Path, number: int) -> Path:
    """So many customers, each with number, address, phone and birthday; two of three have Chinese names."""
    return _write_csv(
        path,
        CUSTOMER_COLUMNS,
        (_customer_row(n, name) for n, name in zip(range(number), _endless_names(), strict=False)),
    )


def write_orders(path: Path, number: int, buyers: list[tuple[str, str]]) -> Path:
    """So many orders of three lines each, by these (number, e-mail) in turn, over the last two years."""
    return _write_csv(
        path, ORDER_COLUMNS, (line for n in range(number) for line in _order_rows(n, *buyers[n % len(buyers)]))
    )


def _write_csv(path: Path, head: list[str], rows: Iterator[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    return path


def _endless_names() -> Iterator[str]:
    chinese = (
        f"{family}{first}{second}"
        for first, family, second in _cycle_product(GIVEN_CHARACTERS, SURNAMES, GIVEN_CHARACTERS)
    )
    western = (f"{given} {family}" for given, family in _cycle_product(FIRST_NAMES, LAST_NAMES))
    while True:
        yield next(chinese)
        yield next(western)
        yield next(chinese)


def _cycle_product(*parts: str | list[str]) -> Iterator[tuple[str, ...]]:
    while True:
        yield from product(*parts)


def _customer_row(n: int, name: str) -> list[str]:
    born = f"{1950 + n % 55}-{n % 12 + 1:02}-{n % 28 + 1:02}"
    tags = "tea club" if n % 3 else "tea club, gongfu"
    return [
        f"F{n}",
        name,
        f"reader{n}@file.example",
        f"139 {n // 10000:04} {n % 10000:04}",
        born,
        CITIES[n % 7],
        "CN",
        tags,
    ]


def _order_rows(n: int, number: str, email: str) -> Iterator[list[str]]:
    day = f"{2024 + n % 2}-{n % 12 + 1:02}-{n % 28 + 1:02} {n % 24:02}:{n % 60:02}"
    for place in range(LINES_EACH):
        tea = (n * 7 + place) % PRODUCT_COUNT + 1
        yield [f"O{n}", day, number, email, f"SKU-{tea}", f"Tea {tea}", str(place + 1), f"{20 + tea}.50", "CNY"]
