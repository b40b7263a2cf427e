"""A sink to which the outbox delivers."""

import pytest

from crm.kernel.time import clock
from crm.tools.proofs.smtp_sink import SinkScript, SmtpSink
from customers.messaging.outbox import delivery_run


@pytest.fixture
def send(settings):
    """Send what is due to a sink that behaves as scripted."""

    def to(script=None):
        with SmtpSink(script or SinkScript()) as sink:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
            settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
            settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
            sink.sent = delivery_run.send_due_messages(clock.now())
        return sink

    return to
