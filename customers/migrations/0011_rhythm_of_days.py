from django.db import migrations, models

# Days are as the company has them.
RHYTHMS = """
UPDATE customers_customersummary s
SET purchase_days = f.days,
    gap_days = CASE WHEN f.days >= 3 THEN round((f.last_day - f.first_day)::numeric / (f.days - 1), 2) END
FROM (
  SELECT customer_id, count(DISTINCT day) AS days, min(day) AS first_day, max(day) AS last_day
  FROM (SELECT customer_id,
               (placed_at AT TIME ZONE coalesce((SELECT values ->> 'time_zone' FROM kernel_setting
                                                 WHERE "group" = 'company'), 'Asia/Shanghai'))::date AS day
        FROM customers_order WHERE status IN ('paid', 'delivered') AND rate_is_known) purchase
  GROUP BY customer_id
) f
WHERE s.customer_id = f.customer_id
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_refunds_are_of_what_was_paid")]

    operations = [
        migrations.AddField(
            "customersummary",
            "purchase_days",
            models.PositiveIntegerField(default=0, db_default=0, help_text="Local days with an order."),
        ),
        migrations.AlterField(
            "customersummary",
            "gap_days",
            models.DecimalField(
                max_digits=10,
                decimal_places=2,
                null=True,
                help_text="Mean days from one to the next, from three of them on.",
            ),
        ),
        migrations.RunSQL(RHYTHMS, migrations.RunSQL.noop),
    ]
