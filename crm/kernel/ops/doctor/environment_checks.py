"""What stands around the database: broker, mail, disk, keys, addresses."""

import shutil
import smtplib
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import connection

from crm.kernel.ops.doctor.findings import DoctorFinding, good_finding, note_finding, problem_finding

BROKER_TIMEOUT_SECONDS = 3
SHORTEST_KEY = 50
LEAST_FREE_SHARE, LEAST_FREE_BYTES = 0.05, 1_000_000_000


def check_broker() -> DoctorFinding:
    """Without it the web goes on and work waits; one that throws keys away is worse than none."""
    if not settings.REDIS_URL:
        return note_finding("broker", "REDIS_URL is not set: nothing rings the worker, so work waits in PostgreSQL.")
    patience = {"socket_timeout": BROKER_TIMEOUT_SECONDS, "socket_connect_timeout": BROKER_TIMEOUT_SECONDS}
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, **patience)
        client.ping()
    except (redis.RedisError, ValueError) as error:
        return problem_finding(
            "broker", f"The broker does not answer as REDIS_URL says ({error}); work waits in PostgreSQL."
        )
    policy = _eviction_policy(client)
    if policy not in ("noeviction", "unknown"):
        return problem_finding(
            "broker", f"The broker may throw messages away (maxmemory-policy {policy}): set noeviction."
        )
    return good_finding("broker", "The broker answers and throws nothing away.")


def _eviction_policy(client: "redis.Redis") -> str:
    """Hosted brokers do not tell."""
    try:
        return str(client.config_get("maxmemory-policy").get("maxmemory-policy", "unknown"))
    except redis.RedisError:
        return "unknown"


def check_mail() -> DoctorFinding:
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    server = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    try:
        with server(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=BROKER_TIMEOUT_SECONDS) as line:
            line.noop()
    except (OSError, smtplib.SMTPException) as error:
        if settings.EMBEDDED_MAILBOX:
            return note_finding("mail", "Mail goes to the embedded mailbox, which runs while bin/server does.")
        return problem_finding("mail", f"The mail server {where} of EMAIL_URL does not answer: {error}")
    if settings.EMBEDDED_MAILBOX:
        return note_finding(
            "mail", "Mail goes to the embedded mailbox (/mailbox/), to nobody outside: EMAIL_URL is not set."
        )
    return good_finding("mail", f"The mail server {where} answers.")


def check_disk() -> DoctorFinding:
    place = Path(settings.VAR) if Path(settings.VAR).exists() else Path(settings.BASE_DIR)
    space = shutil.disk_usage(place)
    free = f"{space.free / 1e9:.1f} GB of {space.total / 1e9:.0f} GB are free at {place}."
    if space.free < LEAST_FREE_BYTES or space.free < space.total * LEAST_FREE_SHARE:
        return problem_finding("disk", f"The disk is nearly full: {free}")
    return good_finding("disk", free)


def check_secret_key() -> DoctorFinding:
    key = settings.SECRET_KEY
    if key.startswith("development-only"):
        grade = note_finding if settings.DEVELOPMENT else problem_finding
        return grade("secret key", "SECRET_KEY is the one printed in the source: fit for development only.")
    if len(key) < SHORTEST_KEY or len(set(key)) < 5:
        return problem_finding("secret key", f"SECRET_KEY is too weak: use {SHORTEST_KEY} random characters or more.")
    return good_finding("secret key", "SECRET_KEY is long and this installation's own.")


def check_address_key() -> DoctorFinding:
    """Under another key nobody on the suppression list is recognised."""
    if settings.ADDRESS_KEY.startswith("development-only"):
        grade = note_finding if settings.DEVELOPMENT else problem_finding
        return grade("address key", "ADDRESS_KEY is the one printed in the source: fit for development only.")
    return good_finding("address key", "ADDRESS_KEY is this installation's own; it must never change.")


def check_address() -> DoctorFinding:
    """Customers' links are built from it."""
    url = urlsplit(settings.SITE_URL)
    if settings.DEVELOPMENT:
        return note_finding("address", f"Links in mails lead to {settings.SITE_URL}, as SITE_URL says.")
    if url.scheme != "https":
        return problem_finding("address", f"SITE_URL is {settings.SITE_URL}: customers need an https address.")
    hosts = settings.ALLOWED_HOSTS
    if url.hostname not in hosts and "*" not in hosts:
        return problem_finding("address", f"ALLOWED_HOSTS does not hold {url.hostname}, the host of SITE_URL.")
    return good_finding("address", f"Links in mails lead to {settings.SITE_URL}.")


def check_product_clock() -> DoctorFinding:
    if settings.CRM_NOW:
        return note_finding(
            "clock", f"The product's clock was set by CRM_NOW to {settings.CRM_NOW} and ticks on from there."
        )
    return good_finding("clock", "The product's clock is the database's.")


def check_trust() -> DoctorFinding:
    """The embedded default trusts whoever may enter its folder."""
    line = connection.get_connection_params()
    if str(line.get("host", "")).startswith("/") and not line.get("password"):
        return note_finding(
            "trust",
            "The database is reached by a socket without a password (the embedded default): it trusts this user's"
            " programs and root, so it is for one trusted user of this machine. For a team, set DATABASE_URL and"
            " REDIS_URL to servers with passwords.",
        )
    return good_finding("trust", "Database and broker are servers of their own.")
