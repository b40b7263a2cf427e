from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0005_shorter_words_of_states")]

    operations = [
        AddIndexConcurrently(
            "ticket",
            models.Index(
                Lower("contact_email"),
                models.F("opened_at").desc(),
                condition=models.Q(("contact_email", ""), _negated=True),
                name="ticket_of_address",
            ),
        ),
    ]
