"""One of the outbox's workers, without its rhythm: for each line that it reads it sends what is due and says how many."""

import sys

import django


def main() -> None:
    """Send until stdin ends."""
    django.setup()
    from crm.kernel.time import clock
    from customers.messaging.outbox import delivery_run

    print("ready", flush=True)
    for _line in sys.stdin:
        print(delivery_run.send_due_messages(clock.now(), seconds=60), flush=True)


if __name__ == "__main__":
    main()
