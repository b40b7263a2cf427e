"""The load of a second process: so many clients ask in turn for so many seconds; latencies by kind, errors counted.

`python -m crm.tools.bench.load_generator` reads the plan as JSON from standard input and prints its findings as JSON.
"""

import json
import sys
import threading
import time
from itertools import count, cycle
from typing import Any

from crm.tools.bench.aims import percentile
from crm.tools.bench.http_client import BadAnswer, KeepAliveClient


def drive_load(plan: dict[str, Any]) -> dict[str, Any]:
    """Ask for the plan's seconds: `requests` is a list of {name, method, path, body, kind, headers}, taken in turn.

    `once` requests are each sent a single time over the whole run, spread over the clients.
    """
    found: dict[str, list[float]] = {}
    errors: list[str] = []
    guard = threading.Lock()
    threads = [
        threading.Thread(target=_run_client, args=(plan, place, found, errors, guard))
        for place in range(plan["clients"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "requests": sum(map(len, found.values())) + len(errors),
        "errors": len(errors),
        "first_error": errors[0] if errors else "",
        "kinds": {
            name: {
                "requests": len(seconds),
                "p50_ms": round(percentile(seconds, 0.5) * 1000, 2),
                "p95_ms": round(percentile(seconds, 0.95) * 1000, 2),
            }
            for name, seconds in sorted(found.items())
        },
    }


def _run_client(
    plan: dict[str, Any], place: int, seconds_by_name: dict[str, list[float]], errors: list[str], guard: Any
) -> None:
    client = KeepAliveClient(plan["address"])
    ends = time.monotonic() + plan["seconds"]
    mine = plan["once"][place :: plan["clients"]]
    reads = cycle(plan["requests"][place:] + plan["requests"][:place])
    for turn in count():
        if time.monotonic() >= ends:
            return
        request = mine.pop() if mine and turn % 3 == 2 else next(reads)
        started = time.perf_counter()
        try:
            _send_request(client, request)
        except (BadAnswer, OSError) as error:
            with guard:
                errors.append(f"{request['name']}: {error}")
            client = KeepAliveClient(plan["address"])
            continue
        with guard:
            seconds_by_name.setdefault(request["name"], []).append(time.perf_counter() - started)


def _send_request(client: KeepAliveClient, request: dict[str, Any]) -> None:
    client.headers = request.get("headers", {})
    if request.get("body") is None:
        client.get(request["path"])
    else:
        client.post(request["path"], request["body"], request.get("kind", "application/json"))


if __name__ == "__main__":
    print(json.dumps(drive_load(json.load(sys.stdin))))
