import django.db.models.deletion
from django.db import migrations, models


def money_field(**kwargs):
    return models.DecimalField(decimal_places=4, max_digits=19, **kwargs)


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_fewer_indexes_of_messages")]

    operations = [
        migrations.CreateModel(
            name="RefundLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line_key", models.CharField(help_text="Finds the line in every content of the order.", max_length=90)),
                ("amount", money_field()),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14, null=True)),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="customers.refund"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="refund_lines",
                        to="customers.orderline",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refund_lines",
                        to="customers.product",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            "order",
            "gift_card_total",
            money_field(
                db_default=0,
                default=0,
                help_text="Lines that sell gift cards: stored value is owed and no revenue.",
            ),
        ),
        migrations.AddField(
            "order",
            "paid_goods",
            money_field(
                db_default=0,
                default=0,
                help_text="Goods less gift cards, rewards and points: the base of spend, revenue, tiers and points.",
            ),
        ),
        migrations.AddField(
            "order",
            "refunded_goods",
            money_field(
                db_default=0,
                default=0,
                help_text="What refunds take off the paid goods as the order now stands.",
            ),
        ),
        migrations.AddField(
            "order",
            "refunds_left_out",
            money_field(
                db_default=0,
                default=0,
                help_text="Money given back for what the order's present content leaves out.",
            ),
        ),
        migrations.AddField("refund", "goods_amount", money_field(default=0, help_text="For paid goods.")),
        migrations.AddField(
            "refund", "gift_card_amount", money_field(default=0, help_text="For gift cards that the order sold.")
        ),
        migrations.AddField("refund", "shipping_amount", money_field(default=0)),
        migrations.AddField("refund", "tax_amount", money_field(default=0)),
        migrations.AddField(
            "refund",
            "left_out_amount",
            money_field(default=0, help_text="What a later content of the order leaves out."),
        ),
        migrations.AddField(
            "refund", "left_out_goods", money_field(default=0, help_text="The same, of the paid goods.")
        ),
        migrations.AddField(
            "refund",
            "order_content",
            models.JSONField(default=dict, help_text="What the order held when the money was given back."),
        ),
        migrations.AlterField(
            "order", "goods_total", money_field(help_text="Sum of the lines: goods net of their own discounts.")
        ),
        migrations.AlterField(
            "order",
            "rate_is_known",
            models.BooleanField(
                db_default=True, default=True, help_text="No: it counts nowhere until a rate of its day is stored."
            ),
        ),
        migrations.AlterField(
            "order", "refunded_total", money_field(default=0, help_text="All money given back, whatever for.")
        ),
        migrations.AlterField(
            "refund", "amount", money_field(help_text="Money really given back: the sum of the parts.")
        ),
    ]
