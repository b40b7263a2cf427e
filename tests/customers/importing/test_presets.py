"""Exports of known systems, with the header lines that they really have: recognised, read right, and twice the same."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from crm.kernel.time import clock
from customers.importing import presets, services
from customers.importing.choices import ImportKind
from customers.importing.presets import MissingColumns
from customers.messaging.models import Consent
from customers.orders.models import Order
from customers.profiles.models import Customer, ExternalId

pytestmark = pytest.mark.rule("CU-30")

SHOPIFY_ORDERS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,"
    "Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,"
    "Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,"
    "Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,"
    "Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,"
    "Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Phone"
)
SHOPIFY_CUSTOMERS = (
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,"
    "Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,"
    "Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags"
)
WOOCOMMERCE_ORDERS = (
    "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),Company (Billing),"
    "Address 1&2 (Billing),City (Billing),State Code (Billing),Postcode (Billing),Country Code (Billing),Email (Billing),"
    "Phone (Billing),First Name (Shipping),Last Name (Shipping),Address 1&2 (Shipping),City (Shipping),"
    "State Code (Shipping),Postcode (Shipping),Country Code (Shipping),Payment Method Title,Cart Discount Amount,"
    "Order Subtotal Amount,Shipping Method Title,Order Shipping Amount,Order Refund Amount,Order Total Amount,"
    "Order Total Tax Amount,SKU,Item #,Item Name,Quantity (- Refund),Item Cost,Coupon Code,Discount Amount,"
    "Discount Amount Tax"
)
WOOCOMMERCE_CUSTOMERS = (
    "Name,Username,Last Active,Sign Up,Email,Orders,Total Spend,AOV,Country / Region,City,Region,Postal Code"
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Last Activity Date,Lead Status,"
    "Marketing contact status,Create Date,Street Address,City,State/Region,Postal Code,Country/Region,"
    "Unsubscribed from all email"
)
SALESFORCE_LOADER = (
    "ID,ACCOUNTID,LASTNAME,FIRSTNAME,SALUTATION,NAME,MAILINGSTREET,MAILINGCITY,MAILINGSTATE,MAILINGPOSTALCODE,"
    "MAILINGCOUNTRY,PHONE,FAX,MOBILEPHONE,EMAIL,TITLE,LEADSOURCE,BIRTHDATE,DESCRIPTION,OWNERID,HASOPTEDOUTOFEMAIL,"
    "CREATEDDATE"
)
SALESFORCE_REPORT = (
    "Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,Mailing State/Province,"
    "Mailing Zip/Postal Code,Mailing Country,Phone,Fax,Mobile,Email,Account Owner,Contact ID,Email Opt Out"
)
MAILCHIMP = (
    "Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,"
    "CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
)
ZENDESK = (
    "id,url,name,email,created_at,updated_at,time_zone,iana_time_zone,phone,shared_phone_number,locale_id,locale,"
    "organization_id,role,verified,external_id,tags,alias,active,shared,last_login_at,signature,details,notes,suspended"
)
EXPORTS = [
    ("shopify", "orders", SHOPIFY_ORDERS), ("shopify", "customers", SHOPIFY_CUSTOMERS),
    ("woocommerce", "orders", WOOCOMMERCE_ORDERS), ("woocommerce", "customers", WOOCOMMERCE_CUSTOMERS),
    ("hubspot", "customers", HUBSPOT), ("salesforce", "customers", SALESFORCE_LOADER),
    ("salesforce", "customers", SALESFORCE_REPORT), ("mailchimp", "customers", MAILCHIMP),
    ("zendesk", "customers", ZENDESK),
]  # fmt: skip


def row(header: str, **cells: str) -> str:
    """A row of the file; cells by their column, in which blanks are underscores."""
    columns = header.split(",")
    values = {column: cells.pop(column.replace(" ", "_"), "") for column in columns}
    assert not cells, cells
    return ",".join('"' + value.replace('"', '""') + '"' for value in values.values())


@pytest.fixture
def run(db):
    """Import a file to its end, as the system that it is recognised as."""

    def execute(kind: str, *lines: str, preset: str = "", **options: str) -> dict:
        file = ContentFile("\n".join(lines).encode())
        batch = services.create_import(file=file, name="export.csv", kind=kind, at=clock.now(), preset=preset)
        services.map_columns(batch=batch, mapping=batch.mapping, **options)
        return services.execute_import(batch=batch, at=clock.now())

    return execute


@pytest.mark.parametrize(("key", "kind", "header"), EXPORTS)
def test_header_line_of_a_system_is_recognised(key, kind, header):
    layout = presets.PRESETS[key].find_layout(kind, header.split(","))

    assert presets.recognize_preset(header.split(",")) == key
    assert layout is not None
    assert layout.kind == kind


@pytest.mark.parametrize(("key", "kind", "header"), EXPORTS)
def test_layout_is_closed(key, kind, header):
    columns = header.split(",")

    mapping = presets.guess_mapping(kind, columns, key)

    assert len(set(mapping.values())) == len(mapping)
    assert not {"Id", "Subtotal", "Total", "Notes", "Total Spent", "AOV", "Item #"} & set(mapping.values())
    assert presets.check_mapping(kind, mapping, columns) is None


def test_shopify_orders_are_their_buyers_with_all_lines_and_money(run):
    first = row(
        SHOPIFY_ORDERS, Name="#1001", Email="anna@shop.example", Financial_Status="partially_refunded",
        Accepts_Marketing="yes", Currency="EUR", Subtotal="90.00", Shipping="5.00", Taxes="0.00", Total="95.00",
        Discount_Amount="10.00", Created_at="2025-03-01 10:00:00 +0100", Lineitem_quantity="2", Lineitem_name="Tea",
        Lineitem_price="30.00", Lineitem_sku="TEA-1", Billing_Name="Anna Weber", Billing_Street="Ring 1",
        Billing_City="Wien", Billing_Zip="'1010", Billing_Country="AT", Refunded_Amount="30.00", Id="5401234567",
        Tags="urgent", Source="web", Phone="+43 1 5880710",
    )  # fmt: skip
    second = row(
        SHOPIFY_ORDERS, Name="#1001", Email="anna@shop.example", Created_at="2025-03-01 10:00:00 +0100",
        Lineitem_quantity="1", Lineitem_name="Cup", Lineitem_price="40.00", Lineitem_sku="CUP-1",
    )  # fmt: skip
    again = row(
        SHOPIFY_ORDERS, Name="#1002", Email="Anna@shop.example", Financial_Status="paid", Currency="EUR", Subtotal="30.00",
        Total="30.00", Created_at="2025-04-01 10:00:00 +0200", Lineitem_quantity="1", Lineitem_name="Tea",
        Lineitem_price="30.00", Lineitem_sku="TEA-1", Billing_Name="Anna Weber", Id="5401234999",
    )  # fmt: skip

    outcome, repeated = (
        run("orders", SHOPIFY_ORDERS, first, second, again, consent_wording="shop") for _time in range(2)
    )

    assert (outcome["customers"]["created"], outcome["orders"]["created"], outcome["rejected"]) == (1, 2, 0)
    assert repeated["customers"]["created"] == repeated["orders"]["created"] == repeated["orders"]["updated"] == 0
    anna = Customer.objects.get()
    assert (anna.display_name, anna.email, anna.street, anna.city, anna.country) == (
        "Anna Weber", "anna@shop.example", "Ring 1", "Wien", "AT",
    )  # fmt: skip
    assert anna.tags == []
    assert not ExternalId.objects.filter(value="5401234567").exists()
    order = Order.objects.get(number="#1001")
    assert (order.goods_total, order.paid_goods, order.shipping_total) == (Decimal(100), Decimal(90), Decimal(5))
    assert (order.refunded_total, order.lines.count(), order.source) == (Decimal(30), 2, "shopify")
    assert set(Consent.objects.values_list("topic", "state")) == {("promotions", "given"), ("news", "given")}


def test_shopify_customers_keep_address_country_consent_and_number(run):
    person = row(
        SHOPIFY_CUSTOMERS, Customer_ID="'6940095906110", First_Name="Anna", Last_Name="Weber",
        Email="anna@shop.example", Accepts_Email_Marketing="no", Default_Address_Address1="Ring 1",
        Default_Address_City="Wien", Default_Address_Country_Code="AT", Default_Address_Zip="1010",
        Phone="+43 1 5880710", Total_Spent="90.00", Note="Likes tea", Tags="vip, newsletter",
    )  # fmt: skip

    run("customers", SHOPIFY_CUSTOMERS, person)
    repeated = run("customers", SHOPIFY_CUSTOMERS, person)

    anna = Customer.objects.get()
    assert (anna.street, anna.city, anna.country, anna.postal_code) == ("Ring 1", "Wien", "AT", "1010")
    assert (anna.tags, anna.notes, anna.phone) == (["vip", "newsletter"], "Likes tea", "+4315880710")
    assert ExternalId.objects.get().value == "6940095906110"
    assert set(Consent.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert repeated["customers"] == {"created": 0, "updated": 0, "unchanged": 1}


def test_woocommerce_orders_come_with_address_and_state(run):
    cells = {
        "Order_Number": "77", "Order_Status": "wc-completed", "Order_Date": "2025-03-01 10:00",
        "First_Name_(Billing)": "Anna", "Last_Name_(Billing)": "Weber", "Address_1&2_(Billing)": "Ring 1",
        "City_(Billing)": "Wien", "Country_Code_(Billing)": "AT", "Email_(Billing)": "anna@shop.example",
        "Cart_Discount_Amount": "10", "Order_Shipping_Amount": "4", "SKU": "TEA-1", "Item_Name": "Tea",
        "Quantity_(-_Refund)": "2", "Item_Cost": "30", "Item_#": "1",
    }  # fmt: skip
    failed = {**cells, "Order_Number": "78", "Order_Status": "wc-failed"}

    run("orders", WOOCOMMERCE_ORDERS, row(WOOCOMMERCE_ORDERS, **cells), row(WOOCOMMERCE_ORDERS, **failed))

    anna, order = Customer.objects.get(), Order.objects.get(status__in=["paid", "delivered"])
    assert (anna.display_name, anna.street, anna.country) == ("Anna Weber", "Ring 1", "AT")
    assert (order.number, order.goods_total, order.paid_goods) == ("77", Decimal(60), Decimal(50))


@pytest.mark.parametrize(
    ("header", "short"), [(SALESFORCE_REPORT, "001A0000006Vm9r"), (SALESFORCE_LOADER, "001A0000006Vm9rIAC")]
)
def test_salesforce_contact_is_one_by_either_form_of_its_id(run, header, short):
    is_report = header is SALESFORCE_REPORT
    names = {
        "ref": "Contact_ID" if is_report else "ID", "first": "First_Name" if is_report else "FIRSTNAME",
        "last": "Last_Name" if is_report else "LASTNAME", "mail": "Email" if is_report else "EMAIL",
        "street": "Mailing_Street" if is_report else "MAILINGSTREET",
        "country": "Mailing_Country" if is_report else "MAILINGCOUNTRY",
        "out": "Email_Opt_Out" if is_report else "HASOPTEDOUTOFEMAIL",
    }  # fmt: skip
    cells = {"ref": short, "first": "Anna", "last": "Weber", "mail": "anna@shop.example", "street": "Ring 1"}
    cells |= {"country": "Austria", "out": "1" if is_report else "true"}

    run("customers", header, row(header, **{names[key]: value for key, value in cells.items()}))

    anna = Customer.objects.get()
    assert (anna.display_name, anna.street, anna.country) == ("Anna Weber", "Ring 1", "AT")
    assert ExternalId.objects.get().value == "001A0000006Vm9rIAC"
    assert set(Consent.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_mailchimp_audience_keeps_quoted_tags_and_the_time_of_consent(run):
    person = row(
        MAILCHIMP, Email_Address="anna@shop.example", First_Name="Anna", Last_Name="Weber", MEMBER_RATING="3",
        OPTIN_TIME="2024-05-01 08:00:00", CONFIRM_TIME="2024-05-01 08:05:00", CC="at", TIMEZONE="Europe/Vienna",
        LEID="1", EUID="a", TAGS='"vip","tea club"',
    )  # fmt: skip

    run("customers", MAILCHIMP, person, consent_wording="mailchimp form", time_zone="UTC")

    anna = Customer.objects.get()
    assert (anna.tags, anna.country, anna.time_zone) == (["vip", "tea club"], "AT", "Europe/Vienna")
    consent = Consent.objects.get(topic="news")
    assert (consent.state, consent.at.isoformat()) == ("given", "2024-05-01T08:05:00+00:00")


def test_hubspot_and_zendesk_people_come_whole(run):
    contact = row(
        HUBSPOT, Record_ID="501", First_Name="Anna", Last_Name="Weber", Email="anna@shop.example", City="Wien",
        **{"Country/Region": "Austria", "State/Region": "Wien", "Unsubscribed_from_all_email": "true"},
    )  # fmt: skip
    user = row(
        ZENDESK, id="9001", name="Ben Roth", email="ben@shop.example", role="end-user", tags="vip", locale="zh-CN"
    )

    run("customers", HUBSPOT, contact)
    run("customers", ZENDESK, user)

    anna, ben = Customer.objects.order_by("display_name")
    assert (anna.city, anna.country, anna.region) == ("Wien", "AT", "Wien")
    assert (ben.display_name, ben.tags, ben.language) == ("Ben Roth", ["vip"], "zh-hans")
    assert set(ExternalId.objects.values_list("source", "value")) == {("hubspot", "501"), ("zendesk", "9001")}
    assert set(Consent.objects.values_list("customer__display_name", "state")) == {("Anna Weber", "withdrawn")}


def test_customers_of_an_order_file_are_known_by_its_customer_columns():
    mapping = presets.guess_mapping(ImportKind.CUSTOMERS, SHOPIFY_ORDERS.split(","), "shopify")

    assert (mapping["email"], mapping["display_name"]) == ("Email", "Billing Name")
    assert "customer_ref" not in mapping
    assert "tags" not in mapping


def test_unknown_file_is_mapped_by_its_headers_in_any_writing():
    header = ["Order_ID", "下单时间", "手机号", "SKU", "Amount", "Weather"]

    assert presets.recognize_preset(header) == ""
    assert presets.guess_mapping(ImportKind.ORDERS, header) == {
        "phone": "手机号",
        "order_number": "Order_ID",
        "placed_at": "下单时间",
        "sku": "SKU",
        "line_total": "Amount",
    }


def test_mapping_without_what_the_file_must_have_names_the_alternatives():
    with pytest.raises(MissingColumns) as refusal:
        presets.check_mapping(ImportKind.CUSTOMERS, {"city": "City"}, ["City"])
    assert refusal.value.groups == [("display_name", "given_name", "family_name", "email")]

    with pytest.raises(MissingColumns, match="Town"):
        presets.check_mapping(ImportKind.CUSTOMERS, {"email": "Town"}, ["City"])
