from django.db import migrations, models


class Migration(migrations.Migration):
    """The kinds of rules and rewards are registered by their modules; the columns stay as they are."""

    dependencies = [("loyalty", "0002_outflow_of_points")]

    operations = [
        migrations.AlterField(
            model_name="earningrule",
            name="kind",
            field=models.CharField("Kind", default="per_money", help_text="A code of earning_kinds.", max_length=10),
        ),
        migrations.AlterField(
            model_name="reward",
            name="kind",
            field=models.CharField(default="coupon", help_text="A code of reward_kinds.", max_length=8),
        ),
    ]
