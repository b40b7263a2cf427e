from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0004_forced_security_mail")]

    operations = [
        AddIndexConcurrently(
            "order",
            models.Index(fields=["store", "-placed_at", "-id"], condition=models.Q(("store", ""), _negated=True), name="order_of_store"),
        ),
        AddIndexConcurrently(
            "order",
            models.Index(fields=["channel", "-placed_at", "-id"], condition=models.Q(("channel", ""), _negated=True), name="order_of_channel"),
        ),
    ]
