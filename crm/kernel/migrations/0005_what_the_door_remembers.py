from django.db import migrations, models


class Migration(migrations.Migration):
    """The lock-out of the door stands in PostgreSQL, so that no broker that hangs or is emptied opens it."""

    dependencies = [("kernel", "0004_nights_by_their_instant")]

    operations = [
        migrations.CreateModel(
            name="DoorMemory",
            fields=[
                ("key", models.CharField(max_length=250, primary_key=True, serialize=False)),
                ("value", models.JSONField()),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
