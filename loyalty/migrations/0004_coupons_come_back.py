from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Replace


class Migration(migrations.Migration):
    """Coupons are found by their letters, and those of orders that came to nothing are given back."""

    atomic = False
    dependencies = [
        ("loyalty", "0003_kinds_are_registered"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "couponuse",
            "returned_at",
            models.DateTimeField(
                null=True, help_text="The order came to nothing, and the coupon was given back."
            ),
        ),
        migrations.AddField(
            "couponuse",
            "returned_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
            ),
        ),
        AddIndexConcurrently(
            "couponuse", models.Index(fields=["reference"], name="coupon_use_of_reference")
        ),
        AddIndexConcurrently(
            "coupon",
            models.Index(
                Replace("code", models.Value("-"), models.Value("")), name="coupon_by_letters"
            ),
        ),
    ]
