from django.db import migrations


class Migration(migrations.Migration):
    """The model is called by what it holds; its table stays."""

    dependencies = [("kernel", "0005_what_the_door_remembers")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelTable("DoorMemory", "kernel_doormemory"),
                migrations.RenameModel("DoorMemory", "LoginThrottleEntry"),
            ]
        ),
    ]
