from django.db import migrations


class Migration(migrations.Migration):
    """What a tier brings follows from its terms and rewards (`tiers/benefits`); texts of their own went stale."""

    dependencies = [("loyalty", "0004_coupons_come_back")]

    operations = [migrations.RemoveField("tier", "benefits")]
