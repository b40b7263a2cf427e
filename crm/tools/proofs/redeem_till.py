"""A till of the race, as a process of its own: reads redemptions from its input, a JSON a line, and answers each.

`python -m crm.tools.proofs.redeem_till none`; it is killed at any instant, and what it had not answered is asked again.
"""

import json
import sys
from datetime import datetime

import django


def main(variant: str) -> None:
    """Answer until the input ends."""
    django.setup()
    from crm.tools.proofs import redeem_attempts
    from customers.profiles.models import Customer

    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        customer = Customer.objects.get(pk=asked["customer"])
        at = datetime.fromisoformat(asked["at"])
        answer = redeem_attempts.attempt_redemption(variant, customer, asked["points"], asked["key"], at)
        print(json.dumps({"key": asked["key"], "answer": answer}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
