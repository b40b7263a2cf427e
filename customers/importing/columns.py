"""The fields that a column of a file may fill, and the header names by which it is recognised."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.importing.choices import ImportKind


@dataclass(frozen=True)
class ImportColumn:
    """A field that a column of the file can fill; `headers` are the lower-case names by which it is recognised."""

    key: str
    label: Any
    headers: tuple[str, ...] = field(default=())


CUSTOMER_COLUMNS = (
    ImportColumn("customer_ref", _("Customer number"), ("customer id", "customer number", "member number", "member id", "client id", "contact id", "record id", "id", "会员号", "客户编号", "客户号", "编号", "編號", "會員編號", "會員號", "客戶編號")),
    ImportColumn("display_name", _("Full name"), ("customer name", "name", "full name", "customer", "姓名", "客户姓名", "客户名称", "名称", "客戶姓名", "名稱", "shipping name", "billing name")),
    ImportColumn("family_name", _("Family name"), ("last name", "lastname", "surname", "family name", "姓", "姓氏", "billing last name")),
    ImportColumn("given_name", _("Given name"), ("first name", "firstname", "given name", "名", "名字", "billing first name")),
    ImportColumn("email", _("E-mail"), ("email", "e-mail", "email address", "mail", "邮箱", "电子邮件", "电子邮箱", "郵箱", "電子郵件", "billing email")),
    ImportColumn("phone", _("Phone"), ("phone", "phone number", "mobile", "mobile phone", "telephone", "手机", "手机号", "电话", "电话号码", "電話號碼", "手機", "手機號碼", "電話", "billing phone", "shipping phone")),
    ImportColumn("language", _("Language"), ("language", "locale", "preferred language", "语言", "語言")),
    ImportColumn("time_zone", _("Time zone"), ("time zone", "timezone", "时区", "時區")),
    ImportColumn("birthday", _("Birthday"), ("birthday", "date of birth", "birth date", "dob", "生日", "出生日期")),
    ImportColumn("street", _("Street"), ("street", "address", "address1", "billing street", "street address", "地址")),
    ImportColumn("city", _("City"), ("city", "城市", "billing city")),
    ImportColumn("region", _("State or province"), ("state", "province", "state/region", "省", "省份", "province code")),
    ImportColumn("postal_code", _("Postal code"), ("postal code", "zip", "zip code", "postcode", "邮编", "郵遞區號")),
    ImportColumn("country", _("Country"), ("country", "country code", "country/region", "国家", "國家")),
    ImportColumn("customer_segment", _("Group (as a tag)"), ("segment", "customer segment", "客户类型")),
    ImportColumn("tags", _("Tags"), ("tags", "labels", "标签", "標籤")),
    ImportColumn("email_consent", _("Agrees to e-mail marketing"), ("accepts email marketing", "accepts marketing", "buyer accepts marketing", "email marketing consent", "email opt in", "接受邮件营销", "接受電子郵件行銷")),
    ImportColumn("sms_consent", _("Agrees to SMS marketing"), ("accepts sms marketing", "sms marketing consent", "sms opt in", "接受短信营销", "接受簡訊行銷")),
    ImportColumn("email_opt_out", _("Refuses e-mail marketing"), ("email opt out", "opted out of email", "unsubscribed", "unsubscribed from all email", "已退订", "已退訂")),
    ImportColumn("consent_at", _("Day of that agreement"), ("consent date", "opt in date", "optin time", "confirm time", "同意日期")),
    ImportColumn("home_store", _("Home store"), ("store", "home store", "注册门店", "门店", "所属门店", "門市", "所屬門市")),
    ImportColumn("notes", _("Notes"), ("notes", "note", "comments", "备注", "備註")),
)  # fmt: skip

ORDER_COLUMNS = (
    ImportColumn("order_number", _("Order number"), ("order id", "order number", "order no", "order", "order name", "订单号", "订单编号", "訂單編號", "訂單號")),
    ImportColumn("placed_at", _("Order date"), ("order date", "date", "created at", "ordered at", "order created", "placed at", "下单时间", "订单日期", "下單時間", "訂單日期", "date created")),
    ImportColumn("currency", _("Currency"), ("currency", "order currency", "币种", "幣別")),
    ImportColumn("order_status", _("Status"), ("status", "order status", "financial status", "状态", "狀態")),
    ImportColumn("cancelled_at", _("Cancelled at"), ("cancelled at", "canceled at", "cancellation date", "取消时间", "取消時間")),
    ImportColumn("refund_amount", _("Refunded in all"), ("refunded amount", "refund amount", "amount refunded", "refund total", "total refunded", "order refund amount", "退款金额", "退款金額")),
    ImportColumn("refunded_at", _("Refund date"), ("refunded at", "refund date", "date refunded", "退款时间", "退款日期", "退款時間")),
    ImportColumn("returned_order", _("Order that a return is of"), ("original order", "original order number", "return of", "returned order", "refunded order", "原订单号", "原訂單編號")),
    ImportColumn("channel", _("Channel"), ("channel", "sales channel", "渠道", "通路")),
    ImportColumn("order_store", _("Store of the order"), ("location", "store name", "门店名称")),
    ImportColumn("fulfilment", _("Fulfilment"), ("ship mode", "shipping method", "fulfillment", "配送方式")),
    ImportColumn("shipping_total", _("Shipping"), ("shipping", "shipping total", "order shipping", "运费", "運費")),
    ImportColumn("tax_total", _("Tax"), ("tax", "taxes", "tax total", "order tax", "税费", "税额", "稅金", "稅額")),
    ImportColumn("order_discount", _("Discount of the order"), ("order discount", "order discount amount", "cart discount amount", "coupon amount", "优惠金额", "订单优惠", "優惠金額", "訂單折扣")),
    ImportColumn("line_ref", _("Line number"), ("row id", "line id", "line item id", "行号")),
    ImportColumn("sku", _("Product number (SKU)"), ("product id", "sku", "lineitem sku", "item sku", "product code", "商品编码", "货号", "商品編號")),
    ImportColumn("product_name", _("Product name"), ("product name", "product", "item", "lineitem name", "item name", "商品", "商品名称", "商品名稱")),
    ImportColumn("category", _("Category"), ("sub-category", "category", "product type", "类别", "品类", "類別")),
    ImportColumn("quantity", _("Quantity"), ("quantity", "qty", "lineitem quantity", "数量", "數量")),
    ImportColumn("unit_price", _("Unit price"), ("unit price", "price", "lineitem price", "item cost", "单价", "單價")),
    ImportColumn("line_discount", _("Discount of the line"), ("lineitem discount", "discount amount", "折扣金额")),
    ImportColumn("line_total", _("Amount of the line"), ("sales", "line total", "amount", "subtotal", "item total", "金额", "销售额", "金額")),
)  # fmt: skip

# Whose style (order of day and month, decimal sign) is decided from the whole column.
DATE_KEYS = frozenset({"placed_at", "birthday", "cancelled_at", "refunded_at", "consent_at"})
NUMBER_KEYS = frozenset(
    {
        "quantity", "unit_price", "line_discount", "line_total", "shipping_total", "tax_total", "order_discount",
        "refund_amount",
    }
)  # fmt: skip
MONEY_KEYS = NUMBER_KEYS - {"quantity"}
# Which customer a row means. A row in which all of them are blank is known again by what is in it.
IDENTITY_KEYS = ("customer_ref", "email", "phone")
CONTENT_KEY = "content_ref"  # what is in the row, for such rows; no column goes there

COLUMNS_BY_KIND: dict[str, tuple[ImportColumn, ...]] = {
    ImportKind.CUSTOMERS: CUSTOMER_COLUMNS,
    ImportKind.ORDERS: ORDER_COLUMNS + CUSTOMER_COLUMNS,
}
# What a file must have: each group needs at least one of its fields.
REQUIRED_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    ImportKind.CUSTOMERS: (("display_name", "given_name", "family_name", "email"),),
    ImportKind.ORDERS: (
        ("order_number",),
        ("placed_at",),
        ("sku", "product_name"),
        ("line_total", "unit_price"),
        ("customer_ref", "email", "phone"),
    ),
}


def column_label(key: str) -> Any:
    """What the field is called on screen; an unknown key as it is."""
    return next((column.label for column in CUSTOMER_COLUMNS + ORDER_COLUMNS if column.key == key), key)
