"""Everything, top to bottom, with values from the environment (.env.example lists them).

HELPDESK_MODE=demo gives safe defaults for a machine of one's own. The default is production, where
a missing secret, an open simulator or DEBUG stops the start with a sentence.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from helpdesk import embedded_postgres, environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(environment.text("HELPDESK_VAR", str(BASE_DIR / "var")))

MODE = environment.choice("HELPDESK_MODE", "production", ["demo", "production"])
DEMO = MODE == "demo"
PRODUCTION = not DEMO

# Secrets
_demo = environment.demo_secrets(VAR / "demo-secrets.json") if DEMO else {}


def _secret(name):
    value = environment.text(name) or _demo.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is missing: set it in the environment (.env.example).")
    return value


SECRET_KEY = _secret("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is too short: at least 50 random characters.")
SECRET_KEY_FALLBACKS = environment.listed("SECRET_KEY_FALLBACKS")
# Fernet keys for data encrypted at rest: the first writes, all read
FIELD_KEYS = environment.fernet_keys(_secret("FIELD_KEYS"))

# What is never allowed outside the demo
DEBUG = environment.flag("DEBUG", default=False)
SPSE_SIMULATOR = environment.flag("SPSE_SIMULATOR", default=DEMO)
SPSE_SIMULATOR_KEY = _demo.get("SPSE_SIMULATOR_KEY", "")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off outside the demo: it shows secrets on errors.")
if PRODUCTION and SPSE_SIMULATOR:
    raise ImproperlyConfigured(
        "SPSE_SIMULATOR must be off outside the demo: anybody could enter as anybody."
    )

ALLOWED_HOSTS = environment.listed("ALLOWED_HOSTS", "*" if DEMO else "")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is missing: name the portal's host, for example lpse-support.example.go.id."
    )
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name hosts: mails carry links to them.")
CSRF_TRUSTED_ORIGINS = environment.listed("CSRF_TRUSTED_ORIGINS")

# Applications
INSTALLED_APPS = [
    "helpdesk.apps.PortalAdminConfig",  # django.contrib.admin with our door
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_fsm",
    "csp",
    "accounts",  # after allauth: its admin replaces theirs
    "faq",
    "tickets",
    "dashboard",
]

MIDDLEWARE = [
    # around all others: what they answer, too, has its code, its line and its place in the figures
    "helpdesk.request_log.RequestLogMiddleware",
    "helpdesk.metrics.MetricsMiddleware",
    # headers first: static files and refusals carry them too
    "django.middleware.security.SecurityMiddleware",
    "helpdesk.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tickets.uploads.BodyLimitMiddleware",  # before CsrfViewMiddleware, which reads the body
    "helpdesk.health.NobodyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.refusals.RefusalsMiddleware",
    "accounts.sessions.SessionEndMiddleware",
    "accounts.middleware.ClosedByDefaultMiddleware",  # before the body of a stranger is read
    "django.middleware.csrf.CsrfViewMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.LocalLoginMiddleware",
    "accounts.middleware.FailedLoginsMiddleware",
    "accounts.replica.JustWrittenMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "accounts.middleware.MethodNotAllowedMiddleware",
]

ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "helpdesk.templates.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.portal",
                "tickets.context.waiting",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
SILENCED_SYSTEM_CHECKS = []

# Database: PostgreSQL only
if environment.text("DATABASE_URL"):
    DATABASES = {"default": environment.database(embedded_postgres.from_url)}
else:
    _cluster = environment.choice("HELPDESK_CLUSTER", "postgres", ["postgres", "postgres-test"])
    DATABASES = {
        "default": embedded_postgres.embedded(VAR / _cluster, durable=_cluster == "postgres")
    }
# How a backup reaches the database: past PgBouncer, which cannot hold the moment of a dump
BACKUP_DATABASE = (
    environment.database(embedded_postgres.from_url, "BACKUP_DATABASE_URL")
    if environment.text("BACKUP_DATABASE_URL")
    else {}
)
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# PgBouncer in front gives a connection for one transaction: a cursor that outlives it is lost
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = environment.flag(
    "DATABASE_POOLED", default=False
)
# A replica that dashboards, exports and look-ups read from, past PgBouncer; empty: there is none
# (docs/adr/0031). Those who write read from the primary for a while, which must outlast its delay.
JUST_WRITTEN_SECONDS = 60
REPLICA_MAX_LAG = environment.number("REPLICA_MAX_LAG", 30)
if not 0 < REPLICA_MAX_LAG <= JUST_WRITTEN_SECONDS - 10:
    raise ImproperlyConfigured(f"REPLICA_MAX_LAG must be 1 to {JUST_WRITTEN_SECONDS - 10}.")
DATABASE_ROUTERS = []
if environment.text("REPLICA_DATABASE_URL"):
    DATABASE_ROUTERS = ["accounts.replica.Router"]
    _replica = environment.database(embedded_postgres.from_url, "REPLICA_DATABASE_URL")
    # One that is gone without a word is noticed in seconds (tcp_user_timeout: milliseconds)
    _gone = {"connect_timeout": 2, "tcp_user_timeout": 5000}
    _gone |= {"keepalives_idle": 3, "keepalives_interval": 1, "keepalives_count": 2}
    _replica |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    DATABASES["replica"] = _replica | {"OPTIONS": _gone | _replica["OPTIONS"]}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# allauth counts its attempts here, so all worker processes must share it
CACHES = {"default": {"BACKEND": "accounts.cache.JSONCache", "LOCATION": "helpdesk_cache"}}

# People and sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.LocalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "tickets:arrive"
HANDOFF_AUDIENCE = environment.text("HANDOFF_AUDIENCE", "lpse-support")
SECOND_FACTOR_REQUIRED = environment.flag("SECOND_FACTOR_REQUIRED", default=PRODUCTION)
if PRODUCTION and not SECOND_FACTOR_REQUIRED:
    raise ImproperlyConfigured("SECOND_FACTOR_REQUIRED must be on outside the demo.")

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "accounts.forms.ResetPasswordForm"}  # nosec B105 # a form
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[LPSE Support] "
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_USER_DISPLAY = "accounts.models.display_name"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
}
# At most so many within so many seconds, counted in the database (accounts/limits.py)
RATE_LIMITS = {
    "handoff": (60, 60),  # sign-ins through SPSE from one network address
    "ticket": (20, 3600),  # tickets of one reporter
    "upload": (60, 600),  # files of one person, refused ones too
    "opinion": (30, 60),  # opinions on articles of the FAQ from one network address
}
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "LPSE Support"
MFA_RECOVERY_CODE_COUNT = 10
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
# Nobody signs up here, so an unverified address is no takeover; a reset request leaves one behind,
# which must not keep its owner from enrolling
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Sessions and transport
# Since the sign-in, whatever is done meanwhile (accounts/sessions.py)
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
OFFICER_IDLE_MINUTES = environment.number("OFFICER_IDLE_MINUTES", 60)
if OFFICER_IDLE_MINUTES < 5:
    raise ImproperlyConfigured("OFFICER_IDLE_MINUTES must be at least 5.")
# A browser takes a __Host- cookie only from this very host, over HTTPS, for all paths
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "accounts.notes.NoteStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "helpdesk.urls.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = ["^(healthz|readyz|metrics)$"]  # asked on loopback, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: for the QR code of the second factor
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Language and time: stored in UTC, shown in the zone of the LPSE
LANGUAGE_CODE = "id"
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
FORMAT_MODULE_PATH = ["helpdesk.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]  # what Django and allauth say in better Indonesian

# Static files and uploads
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(environment.text("FILES_ROOT", str(VAR / "files")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "quarantine": {  # files with a virus: for this account alone, no page reads there
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": MEDIA_ROOT / "quarantine",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
# A bucket of an S3-compatible server instead of the folder; empty: the folder (docs/adr/0030)
S3 = environment.bucket(plain_http=DEMO)
if S3:
    STORAGES["default"] = {"BACKEND": "helpdesk.bucket.Bucket", "OPTIONS": S3}
    STORAGES["quarantine"] = {
        "BACKEND": "helpdesk.bucket.Bucket",
        "OPTIONS": S3 | {"location": "quarantine"},
    }
# On the filesystem of MEDIA_ROOT, so that keeping a file is a rename
FILE_UPLOAD_TEMP_DIR = MEDIA_ROOT / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
FILE_UPLOAD_HANDLERS = ["tickets.uploads.StreamingUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o640  # the group is the web server's, which sends the bytes
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o2750  # and so for what comes into new folders
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
# nginx's internal location for MEDIA_ROOT; empty: the application sends the bytes itself
ACCEL_LOCATION = environment.text("ACCEL_LOCATION")
if ACCEL_LOCATION and S3:
    raise ImproperlyConfigured(
        "ACCEL_LOCATION must be empty where S3_BUCKET is set: nginx has no folder to send from."
    )
# The socket of the virus scanner; empty: files are not scanned (docs/adr/0017)
CLAMD_SOCKET = environment.text("CLAMD_SOCKET")
if CLAMD_SOCKET and not CLAMD_SOCKET.startswith("/"):
    raise ImproperlyConfigured(
        "CLAMD_SOCKET must be the path of clamd's socket, for example /run/clamav/clamd.ctl."
    )

# Backups: encrypted for these public keys of the age format, whose private half is kept elsewhere
BACKUP_ROOT = Path(environment.text("BACKUP_ROOT", str(VAR / "backups")))
BACKUP_MARKER = BACKUP_ROOT / "last-good.json"  # written by each that ended well
BACKUP_RECIPIENTS = environment.listed("BACKUP_RECIPIENTS")
BACKUP_DEMO_KEY = VAR / "demo-backup-key.txt"  # the demo makes a pair of its own
BACKUP_DAILY = environment.number("BACKUP_DAILY", 7)
BACKUP_WEEKLY = environment.number("BACKUP_WEEKLY", 4)
if BACKUP_DAILY < 1:
    raise ImproperlyConfigured("BACKUP_DAILY must be at least 1.")

# How many days what is kept (docs/adr/0028); what is not over, as an open ticket, always
YEAR, FIVE_YEARS = 366, 1827  # with every leap day that they can have
RETENTION = {
    "ticket": environment.number("RETAIN_TICKET_DAYS", FIVE_YEARS),  # since it was closed
    "attachment": environment.number("RETAIN_ATTACHMENT_DAYS", 2 * YEAR),  # likewise
    "sealed_file": environment.number("RETAIN_SEALED_FILE_DAYS", 90),  # likewise
    "server_access": environment.number("RETAIN_SERVER_ACCESS_DAYS", 30),  # since it was typed
    "notice": environment.number("RETAIN_NOTICE_DAYS", 90),  # since it was mailed, or was to be
    "sign_in": environment.number("RETAIN_SIGN_IN_DAYS", YEAR),
    "security_log": environment.number("RETAIN_SECURITY_LOG_DAYS", FIVE_YEARS),
}
if RETENTION["sign_in"] < YEAR or RETENTION["security_log"] < FIVE_YEARS:
    raise ImproperlyConfigured(
        f"RETAIN_SIGN_IN_DAYS must be at least {YEAR} and RETAIN_SECURITY_LOG_DAYS {FIVE_YEARS}: "
        "the database keeps the security log that long."
    )
if not 0 < RETENTION["sealed_file"] <= RETENTION["attachment"] <= RETENTION["ticket"]:
    raise ImproperlyConfigured(
        "RETAIN_SEALED_FILE_DAYS, RETAIN_ATTACHMENT_DAYS and RETAIN_TICKET_DAYS must not fall, "
        "and be at least 1."
    )
if min(RETENTION["server_access"], RETENTION["notice"]) < 1:
    raise ImproperlyConfigured(
        "RETAIN_SERVER_ACCESS_DAYS and RETAIN_NOTICE_DAYS must be at least 1."
    )

SERVER_ACCESS_OTHER_CHANNEL = environment.flag("SERVER_ACCESS_OTHER_CHANNEL", default=False)

# Reporters who do not answer (docs/adr/0024), in working days
REMINDER_DAYS = environment.numbers("REMINDER_DAYS", "3,5")
CLOSE_AFTER_DAYS = environment.number("CLOSE_AFTER_DAYS", 7)
REOPEN_WITHIN_DAYS = environment.number("REOPEN_WITHIN_DAYS", 7)
if not REMINDER_DAYS or 0 in REMINDER_DAYS or sorted(set(REMINDER_DAYS)) != REMINDER_DAYS:
    raise ImproperlyConfigured("REMINDER_DAYS must be ascending and begin with 1 or more.")
if max(REMINDER_DAYS) >= CLOSE_AFTER_DAYS:
    raise ImproperlyConfigured("CLOSE_AFTER_DAYS must be more than the last of REMINDER_DAYS.")
if REOPEN_WITHIN_DAYS < 1:
    raise ImproperlyConfigured("REOPEN_WITHIN_DAYS must be at least 1.")

# Mail
# Where mails lead to
PORTAL_URL = environment.address(
    "PORTAL_URL",
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
    if PRODUCTION
    else f"http://127.0.0.1:{environment.number('PORT', 8000)}",
)
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "LPSE Support <lpse-support@localhost>")
if PRODUCTION and not environment.text("DEFAULT_FROM_EMAIL"):
    raise ImproperlyConfigured(
        "DEFAULT_FROM_EMAIL is missing: the sender of mails, for example "
        "LPSE Support <lpse-support@example.go.id>."
    )
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
else:
    EMAIL_HOST = environment.text("EMAIL_HOST", "localhost")
    EMAIL_PORT = environment.number("EMAIL_PORT", 25)
    EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
    EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
    EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=False)
    EMAIL_TIMEOUT = 10  # seconds; a server that hangs keeps a page of a lost password waiting

# What Prometheus must send for /metrics; empty: there is no such page
METRICS_TOKEN = environment.text("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN is too short: at least 20 random characters.")

# Logs: to standard error; never form values, addresses, names or mails (helpdesk/request_log.py)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "helpdesk.request_log.LineFormatter"},
        "json": {"()": "helpdesk.request_log.JSONFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line" if DEMO else "json"},
        "security": {"class": "logging.StreamHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # refusals are in the security log; a path can hold what somebody typed, or a mail's key
        "django.request": {"level": "ERROR"},
        "helpdesk.request": {"level": "WARNING" if DEMO else "INFO"},  # a line a request
        # one JSON object a line, nothing before it
        "helpdesk.security": {"level": "INFO", "handlers": ["security"], "propagate": False},
    },
}
