from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0009_fill_paid_goods")]

    operations = [
        migrations.RemoveField("refund", "line"),
        migrations.AddConstraint(
            "refund",
            models.CheckConstraint(
                condition=models.Q(
                    amount=F("goods_amount") + F("gift_card_amount") + F("shipping_amount") + F("tax_amount")
                ),
                name="refund_has_parts",
            ),
        ),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=models.Q(refunded_goods__gte=0, refunded_goods__lte=F("paid_goods")),
                name="refunded_goods_were_paid",
            ),
        ),
        AddIndexConcurrently(
            "order",
            models.Index(
                fields=["customer", "placed_at"],
                include=["paid_goods", "refunded_goods", "base_rate", "status", "rate_is_known"],
                name="order_spend_of_customer",
            ),
        ),
        RemoveIndexConcurrently("order", "order_of_customer"),
    ]
