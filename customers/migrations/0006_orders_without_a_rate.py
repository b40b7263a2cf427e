from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0005_orders_of_a_place")]

    operations = [
        migrations.AddField(
            "order",
            "rate_is_known",
            models.BooleanField(
                db_default=True,
                default=True,
                help_text="No: it counts one to one until a rate of its day is stored.",
            ),
        ),
        AddIndexConcurrently(
            "order",
            models.Index(fields=["currency"], condition=models.Q(("rate_is_known", False)), name="order_without_rate"),
        ),
    ]
