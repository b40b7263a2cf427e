"""MIME: headers come back as they were."""

from hypothesis import given
from hypothesis import strategies as st

from customers.messaging.content import mime


@given(st.text(max_size=300))
def test_header_values_come_back_as_they_were(value):
    from email.header import decode_header, make_header

    encoded = mime.encoded_header(value, 9)

    assert encoded.isascii()
    assert all(len(line) <= 1000 and (n == 0 or line.startswith(" ")) for n, line in enumerate(encoded.split("\r\n")))
    clean = value.translate({13: " ", 10: " ", 0: None}).strip()
    if "=?" not in clean and not clean.isascii():
        assert str(make_header(decode_header(encoded))) == clean
