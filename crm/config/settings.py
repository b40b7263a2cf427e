"""All settings, driven by the environment; `.env.example` lists what may be set."""

from importlib.util import find_spec
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from crm.config import settings_api, settings_celery, settings_database, settings_logging

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()
if (BASE_DIR / ".env").exists():
    environ.Env.read_env(BASE_DIR / ".env")

# A production installation is one that does not say CRM_DEV=1; the embedded default does.
DEVELOPMENT = env.bool("CRM_DEV", default=False)
DEBUG = env.bool("DEBUG", default=False)
VAR = Path(env("CRM_VAR", default=str(BASE_DIR / "var")))
NO_SECRET = "development-only-key-of-no-value-at-all-0123456789"
SECRET_KEY = env("SECRET_KEY", default=NO_SECRET if DEVELOPMENT else environ.Env.NOTSET)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The key of the HMACs on the suppression list: it never changes, or unsubscribed people get mail again.
ADDRESS_KEY = env("ADDRESS_KEY", default="development-only-key-of-addresses" if DEVELOPMENT else environ.Env.NOTSET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if DEVELOPMENT else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address under which customers reach us: survey links, unsubscribe links, the member page.
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
# So many proxies of ours stand in front and add to X-Forwarded-For; 0 believes nobody (see kernel.client_address).
NUM_PROXIES = env.int("NUM_PROXIES", default=0)
# Sets the product's clock in development: an ISO instant from which it ticks on.
CRM_NOW = env("CRM_NOW", default="")
# When that was said (bin/ sets it), so that processes started later stand at the same product time.
CRM_NOW_SINCE = env("CRM_NOW_SINCE", default="")

SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # unique by lower(email), see kernel.User

ROOT_URLCONF = "crm.config.urls"
WSGI_APPLICATION = "crm.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

INSTALLED_APPS = [
    "crm.config.apps.ConfigConfig",
    "crm.kernel",
    "customers",
    "loyalty",
    "feedback",
    "retention",
    # Not every tool is in the image.
    *(f"crm.tools.{tool}" for tool in ("bench", "demo", "proofs", "shots") if find_spec(f"crm.tools.{tool}")),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "crispy_forms",
    "crispy_bootstrap5",
    "phonenumber_field",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "csp",
]

MIDDLEWARE = [
    "crm.kernel.http.middleware.RequestLogMiddleware",
    "crm.kernel.http.middleware.DatabaseDownMiddleware",
    "crm.kernel.http.middleware.StorableAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.kernel.http.middleware.UserLocaleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.kernel.ui.context_processors.page_context",
            ],
        },
    }
]

# ── PostgreSQL: the product runs as crm_app; migrations and the test database belong to crm_owner ──
DATABASES = {
    "default": settings_database.database(
        env.db("DATABASE_URL", default="postgresql://crm_app@127.0.0.1/crm"),
        owner=env.db("DATABASE_OWNER_URL", default=env("DATABASE_URL", default="postgresql://crm_owner@127.0.0.1/crm")),
        process=env("CRM_PROCESS", default="crm"),
        test_name=env("CRM_TEST_DB", default=None),
    )
}
STATEMENT_TIMEOUTS = settings_database.STATEMENT_TIMEOUTS
ANSWER_SECONDS = settings_database.ANSWER_SECONDS
PROCESS_KIND = env("CRM_PROCESS_KIND", default="command")

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "crm.kernel.auth.adapter.StaffOnlyAdapter"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Evergreen CRM"

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "crm.kernel.http.error_pages.csrf_failed"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "crm.kernel.http.static_files.VersionedStaticStorage"},
}
WHITENOISE_USE_FINDERS = DEVELOPMENT
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# ── broker, cache: hints and conveniences only; everything that must last stands in PostgreSQL ──
REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "crm.kernel.cache.BrokerCache" if REDIS_URL else "crm.kernel.cache.LocalCache",
        "LOCATION": REDIS_URL or "crm",
        "TIMEOUT": 300,
        "KEY_PREFIX": "crm",
    }
}
if REDIS_URL:
    # One try: the client's own three tries with pauses in between would hold up every page of a lost broker.
    CACHES["default"]["OPTIONS"] = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}
CELERY = settings_celery.celery(REDIS_URL)
# How many long jobs run at once, in all workers together: two processes of a worker stay free for what is due now.
JOBS_AT_ONCE = env.int("CRM_JOBS_AT_ONCE", default=max(1, min(2, env.int("CRM_WORKER_PROCESSES", default=4) - 2)))

# ── mail: without EMAIL_URL it goes to the embedded mailbox, read at /mailbox/ in development ──
EMAIL_URL = env("EMAIL_URL", default="")
EMAIL_CONFIG = env.email("EMAIL_URL", default=f"smtp://127.0.0.1:{env('MAILBOX_PORT', default='2525')}")
EMAIL_HOST, EMAIL_PORT = EMAIL_CONFIG["EMAIL_HOST"], EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_USER"], EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_TLS", False), EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Evergreen <care@evergreen.example>")
# Stands behind the @ of Message-IDs.
MESSAGE_ID_DOMAIN = env("MESSAGE_ID_DOMAIN", default=DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost")
# So many workers hand in mail at once, each over so many connections: the mail server never sees more. Twenty is what
# mail servers open to one another; some relays allow less.
MAIL_SENDERS = env.int("MAIL_SENDERS", default=2)
MAIL_CONNECTIONS = env.int("MAIL_CONNECTIONS", default=10)
# How long a claim lasts, and how long a message that is being handed over may take: then its worker counts as dead.
MAIL_LEASE_SECONDS = env.int("MAIL_LEASE_SECONDS", default=60)
MAIL_DATA_SECONDS = env.int("MAIL_DATA_SECONDS", default=90)
EMBEDDED_MAILBOX = DEVELOPMENT and not EMAIL_URL
MAILBOX_DIR = VAR / "mailbox"

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
PHONENUMBER_DEFAULT_REGION = env("PHONE_REGION", default="CN")
PHONENUMBER_DB_FORMAT = "E164"

REST_FRAMEWORK = settings_api.rest_framework(env("API_RATE", default="6000/min"), NUM_PROXIES)
DRF_STANDARDIZED_ERRORS = settings_api.ERRORS
SPECTACULAR_SETTINGS = settings_api.SCHEMA

# ── safety ──
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {"camera": [], "geolocation": [], "microphone": [], "payment": [], "usb": []}
X_FRAME_OPTIONS = "DENY"  # for old browsers; the others go by frame-ancestors
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
HTTPS = env.bool("HTTPS", default=not DEVELOPMENT)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.bool("TRUST_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = settings_logging.logging(env("LOG_LEVEL", default="INFO"))
