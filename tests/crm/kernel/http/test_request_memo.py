"""What is remembered for a request is read once in it, and anew in the next one."""

import time
from contextlib import contextmanager

from crm.kernel.http import current_request
from crm.kernel.http.request_memo import RequestMemo


@contextmanager
def request_at_hand():
    token = current_request.enter_request(current_request.CurrentRequest("12345678", began_at=time.monotonic()))
    yield
    current_request.leave_request(token)


def test_a_request_reads_once_and_the_next_one_anew():
    answers = iter("ab")
    remembered = RequestMemo(lambda: next(answers))

    with request_at_hand():
        first = [remembered(), remembered()]
    with request_at_hand():
        second = [remembered(), remembered()]

    assert (first, second) == (["a", "a"], ["b", "b"])


def test_what_may_be_older_outlives_requests_until_it_is_forgotten():
    answers = iter("ab")
    remembered = RequestMemo(lambda: next(answers), seconds=60)

    with request_at_hand():
        first = remembered()
    with request_at_hand():
        second = remembered()
    remembered.clear()

    assert (first, second, remembered()) == ("a", "a", "b")
