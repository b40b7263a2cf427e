from django.db import migrations


class Migration(migrations.Migration):
    """Kept figures were counted over goods that rewards and points paid, and over unpaid orders: they are counted anew."""

    dependencies = [("retention", "0005_kinds_are_modules"), ("customers", "0009_fill_paid_goods")]

    operations = [migrations.RunSQL("DELETE FROM retention_metriccell", migrations.RunSQL.noop)]
