"""All settings, read from the environment. `docs/settings.md` lists the variables.

Two profiles share this file. Without `DATABASE_URL` and `REDIS_URL` everything runs in one process on SQLite
(embedded); with them, on PostgreSQL and Redis (production). Unsafe mixtures are refused by `superapp.checks`.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from superapp.kernel.stores import redis_options
from superapp.keys import read_or_make_secret

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
with suppress(OSError):  # a folder that cannot be written is refused by superapp.checks, in a sentence
    DATA_DIR.mkdir(parents=True, exist_ok=True)

MODE = env("MODE", default="development")  # development | production
DEVELOPMENT = MODE == "development"
TESTING = env.bool("TESTING", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY_GIVEN = bool(env("SECRET_KEY", default=""))
SECRET_KEY = env("SECRET_KEY", default="") or read_or_make_secret(DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

HOST = env("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
SITE_URL = env("SITE_URL", default=f"http://{HOST}:{PORT}").rstrip("/")
SITE_NAME = env("SITE_NAME", default="Superapp")
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
# A development server that listens to the whole network cannot know the names by which it will be called.
_EVERY_ADDRESS = HOST in ("0.0.0.0", "::")  # noqa: S104
_DEVELOPMENT_HOSTS = ["*"] if _EVERY_ADDRESS else [*_LOOPBACK, HOST]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=_DEVELOPMENT_HOSTS if DEVELOPMENT else [])
# Full origins (scheme, host, port) that may open a socket or post a form.
CSRF_TRUSTED_ORIGINS = env.list(
    "TRUSTED_ORIGINS",
    default=[SITE_URL, f"http://localhost:{PORT}", f"http://127.0.0.1:{PORT}"] if DEVELOPMENT else [SITE_URL],
)
SECURE_SITE = SITE_URL.startswith("https://")
# How many processes answer requests; superapp.checks wants stores that they can share when there is more than one.
WEB_PROCESSES = env.int("WEB_PROCESSES", default=1)
WEB_THREADS = env.int("WEB_THREADS", default=8)  # of the pages in one process
SOCKET_THREADS = env.int("SOCKET_THREADS", default=8)  # for what sockets of one process ask of the database
# Two things that are refused in production unless one says that they are meant.
EMBEDDED_PRODUCTION = env.bool("EMBEDDED_PRODUCTION", default=False)
ALLOW_HTTP = env.bool("ALLOW_HTTP", default=False)

INSTALLED_APPS = [
    "superapp",
    "superapp.kernel",
    "accounts",
    "uploads",
    "notifications",
    "wallet",
    "chat",
    "moments",
    "publicaccounts",
    "bots",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_prose_editor",
    "lucide",
    "csp",
]

MIDDLEWARE = [
    "superapp.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "superapp.middleware.PrivateResponses",
    "superapp.middleware.RefusalPages",
]

ROOT_URLCONF = "superapp.urls"
WSGI_APPLICATION = "superapp.wsgi.application"
ASGI_APPLICATION = "superapp.asgi.application"

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
                "django.template.context_processors.i18n",
                "superapp.context_processors.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "superapp.templatetags.ui"],
        },
    },
    {  # for pieces that are drawn a hundred times on one page: files that end in .jinja
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "superapp.jinja.environment"},
    },
]
FORM_RENDERER = "superapp.forms.Renderer"

# --- Stores -----------------------------------------------------------------------------------------------------

DATABASE_URL = env("DATABASE_URL", default="")
REDIS_URL = env("REDIS_URL", default="")
EMBEDDED = not DATABASE_URL

if EMBEDDED:
    DATABASES = {
        "default": {
            "ENGINE": "superapp.kernel.sqlite",
            "NAME": DATA_DIR / "superapp.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 10,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    f"PRAGMA journal_mode=WAL; PRAGMA synchronous={env('SQLITE_SYNCHRONOUS', default='FULL')};"
                    "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
                    "PRAGMA mmap_size=134217728;"
                ),
            },
            "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
        }
    }
else:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            "pool": {"min_size": 2, "max_size": env.int("DATABASE_POOL_SIZE", default=16), "timeout": 10},
            # Neither do others wait for a transaction whose node is gone, nor a node for a server that fell silent.
            "options": "-c statement_timeout=15000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000",
            "connect_timeout": 5,
            "tcp_user_timeout": 10000,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 2,
        },
    }

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "superapp",
            "OPTIONS": redis_options(),
        }
    }
else:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10000}}
    }

# --- Background work ---------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=REDIS_URL or "memory://localhost/")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"polling_interval": 0.02}
    if CELERY_BROKER_URL.startswith("memory")
    else {
        "visibility_timeout": 3600,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "max_retries": 1,  # of one hand-over; what fails is the sweep's
        "interval_start": 0.2,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_TASK_EAGER_PROPAGATES = TESTING
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {
        "task": "superapp.kernel.tasks.sweep_outbox",
        "schedule": timedelta(seconds=env.int("OUTBOX_SWEEP_SECONDS", default=60)),
    },
    "purge-unused-uploads": {"task": "uploads.tasks.purge_unused_uploads", "schedule": timedelta(hours=1)},
    "refund-expired-red-envelopes": {
        "task": "wallet.tasks.refund_expired_red_envelopes",
        "schedule": timedelta(seconds=60),
    },
    "forget-old-notifications": {
        "task": "notifications.tasks.forget_old_notifications",
        "schedule": timedelta(days=1),
    },
    "forget-recalled-texts": {"task": "chat.tasks.forget_recalled_texts", "schedule": timedelta(minutes=1)},
    "forget-unused-previews": {"task": "chat.tasks.forget_unused_previews", "schedule": timedelta(days=1)},
    "index-messages": {
        "task": "chat.tasks.index_messages",
        "schedule": timedelta(seconds=env.int("SEARCH_INDEX_SECONDS", default=20)),
    },
    "send-due-messages": {"task": "chat.tasks.send_due_messages", "schedule": timedelta(seconds=10)},
    "close-due-polls": {"task": "chat.tasks.close_due_polls", "schedule": timedelta(seconds=10)},
    "purge-expired-messages": {
        "task": "chat.tasks.purge_expired_messages",
        "schedule": crontab(hour=3, minute=20),
    },
    "purge-expired-exports": {"task": "chat.tasks.purge_expired_exports", "schedule": timedelta(hours=1)},
    "forget-old-deliveries": {"task": "bots.tasks.forget_old_deliveries", "schedule": timedelta(days=1)},
    "verify-ledger": {"task": "wallet.tasks.verify_ledger", "schedule": timedelta(hours=1)},
}

# --- People ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["handle", "display_name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["accounts.hashers.Argon2Hasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

EMAIL_CONFIRMATION = env.bool("EMAIL_CONFIRMATION", default=not DEVELOPMENT)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupFields"
ACCOUNT_FORMS = {
    "login": "superapp.entrance_forms.LoginForm",
    "signup": "superapp.entrance_forms.SignupForm",
    "reset_password": "superapp.entrance_forms.ResetPasswordForm",
    "reset_password_from_key": "superapp.entrance_forms.ResetPasswordKeyForm",
    "change_password": "superapp.entrance_forms.ChangePasswordForm",
    "reauthenticate": "superapp.entrance_forms.ReauthenticateForm",
    "add_email": "superapp.entrance_forms.AddEmailForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_CONFIRMATION else "none"
ACCOUNT_USERNAME_VALIDATORS = "accounts.handles.allauth_validators"
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE_SITE else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
HEADLESS_CLIENTS = ("app",)
HEADLESS_ONLY = False
HEADLESS_ADAPTER = "accounts.adapter.HeadlessAdapter"
TRUSTED_PROXY_COUNT_GIVEN = bool(env("TRUSTED_PROXY_COUNT", default=""))
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0) if TRUSTED_PROXY_COUNT_GIVEN else 0
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
if TESTING:
    ACCOUNT_RATE_LIMITS = False

# --- Sessions, cookies, headers ----------------------------------------------------------------------------------

# Between processes the database alone says whether a session goes on (docs/adr/0017).
SESSION_ENGINE = f"django.contrib.sessions.backends.{'db' if REDIS_URL else 'cached_db'}"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_NAME = "__Host-session" if SECURE_SITE else "session"
SESSION_COOKIE_SECURE = SECURE_SITE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_SITE else "csrf"
CSRF_COOKIE_SECURE = SECURE_SITE
CSRF_COOKIE_HTTPONLY = False  # the page's own scripts send it as a header
CSRF_FAILURE_VIEW = "superapp.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE_SITE and env.bool("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31536000 if SECURE_SITE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SITE
SECURE_HSTS_PRELOAD = SECURE_SITE
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF, SITE_URL.replace("http", "ws", 1)],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {
    "camera": "self",
    "microphone": "self",
    "geolocation": "self",
    "payment": [],
    "usb": [],
}

# --- Requests ----------------------------------------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MAX_REQUEST_BODY = env.int("MAX_REQUEST_BODY", default=128 * 1024 * 1024)

# --- Files -------------------------------------------------------------------------------------------------------

MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = "/files/"
# With a front server, private files are handed over by its internal redirect (X-Accel-Redirect) from this prefix.
ACCEL_REDIRECT_PREFIX = env("ACCEL_REDIRECT_PREFIX", default="")
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=20 * 1024 * 1024)
UPLOAD_FILE_MAX_BYTES = env.int("UPLOAD_FILE_MAX_BYTES", default=100 * 1024 * 1024)  # files, videos, voice messages
VIDEO_SECONDS_MAX = env.int("VIDEO_SECONDS_MAX", default=300)
VIDEO_PIXELS_MAX = 8_300_000  # of one frame
VIDEO_FRAMES_MAX = 36_000
VOICE_SECONDS_MAX = 60
# Converting one video or voice message, in a process of its own. Less than the outbox waits before it tries again.
MEDIA_SECONDS_MAX = env.int("MEDIA_SECONDS_MAX", default=75)
MEDIA_MEMORY_MAX = env.int("MEDIA_MEMORY_MAX", default=512 * 1024 * 1024)
UPLOAD_QUOTA_BYTES = env.int("UPLOAD_QUOTA_BYTES", default=5 * 1024**3)  # per person, as stored
UPLOADS_UNUSED_MAX = env.int("UPLOADS_UNUSED_MAX", default=100)  # per person; cleared after a day
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS: list[Path] = []
STORAGES = {
    # A name is one file: what is made again takes the place of what an interrupted try left.
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"allow_overwrite": True}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "servestatic.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Language, time, money ---------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="UTC")
CURRENCY = env("CURRENCY", default="CNY")

# --- Mail --------------------------------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if TESTING:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Superapp <superapp@localhost>")
EMAIL_TIMEOUT = 10

# --- REST --------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.SessionTokenAuthentication",
        "bots.authentication.BotTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["superapp.kernel.rest.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "superapp.kernel.rest.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "superapp.kernel.rest.problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Superapp",
    "DESCRIPTION": "Friends, Moments, chats, red envelopes and public accounts. See docs/architecture.md.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AdmissionState": "chat.models.Admission.State",
        "ArticleState": "publicaccounts.models.Article.State",
        "DeliveryState": "bots.models.Delivery.State",
        "ConversationKind": "chat.models.Conversation.Kind",
        "MessageKind": "chat.models.Message.Kind",
        "NewMessageKind": "chat.api_input.NEW_KINDS",
        "UploadKind": "uploads.models.Upload.Kind",
        "UploadState": "uploads.models.Upload.State",
        "RedEnvelopeKind": "wallet.models.RedEnvelope.Kind",
        "RedEnvelopeState": "wallet.models.RedEnvelope.State",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "superapp.kernel.rest.add_problem_responses",
    ],
}

# --- Out to other servers ----------------------------------------------------------------------------------------

# host:port of private servers that webhooks and previews may reach all the same, for administrators who name their own.
FETCH_PRIVATE_HOSTS = env.list("FETCH_PRIVATE_HOSTS", default=[])
LINK_PREVIEWS = env.bool("LINK_PREVIEWS", default=not TESTING)

# --- Live --------------------------------------------------------------------------------------------------------

LIVE_HEARTBEAT = env.int("LIVE_HEARTBEAT", default=25)  # seconds between heads, and between looks at the session
LIVE_MAX_FRAME = 64 * 1024
# Redis carries live events beside its numbered databases; the number keeps two sites on one server apart.
LIVE_CHANNEL = env("LIVE_CHANNEL", default=f"superapp:live:{REDIS_URL.rpartition('/')[2]}")

# --- Limits (every number is a setting) ---------------------------------------------------------------------------

# name: (rate, what to do when the store of counters is out of reach). Rates in the notation of `limits`.
RATE_LIMITS = {
    "friend-request": ("20/day", "closed"),
    "message": ("60/minute", "open"),
    "message-request": ("5/hour", "closed"),
    "join": ("60/hour", "closed"),
    "vote": ("240/minute", "open"),
    "link-preview": ("60/hour", "open"),
    "bot": ("10/day", "closed"),
    "bot-try": ("60/hour", "closed"),
    "webhook": ("60/minute", "closed"),
    "reaction": ("120/minute", "open"),
    "saved": ("120/minute", "open"),
    "upload": ("60/30minutes", "closed"),
    "sticker": ("200/hour", "closed"),
    "moment": ("60/hour", "open"),
    "comment": ("120/hour", "open"),
    "like": ("600/hour", "open"),
    "money": ("120/hour", "closed"),
    "top-up": ("20/day", "closed"),
    "article": ("30/day", "closed"),
    "public-account": ("5/day", "closed"),
    "follow": ("200/hour", "open"),
    "search": ("60/minute", "open"),
    "export": ("10/day", "closed"),
    "password-again": ("10/minute", "closed"),
    "demo-sign-in": ("60/minute", "closed"),
    "socket-frame": ("240/minute", "open"),
}
RATE_LIMITS_ENABLED = env.bool("RATE_LIMITS_ENABLED", default=not TESTING)

FRIENDS_MAX = 5000
FRIEND_REQUEST_DAYS = 3
FRIEND_TAGS_MAX = 100
GROUP_MEMBERS_MAX = 500
GROUP_CONSENT_ABOVE = 40  # in a group that would be larger, friends are invited and not put
ADMINS_MAX = 20  # of one group, beside its owner
INVITES_MAX = 50  # links of one member that still work, in one group
MESSAGE_REQUEST_MESSAGES_MAX = 3  # of a stranger who has not been accepted
MESSAGE_LENGTH_MAX = 5000
BOTS_MAX = 20  # one person's
BOT_COMMANDS_MAX = 50  # one bot's
WEBHOOKS_MAX = 20  # one group's
# Days after which messages are gone. The default is for groups that have chosen nothing and for talks of two; no group
# may choose more than the most. Unset (0): for good.
RETENTION_DAYS_DEFAULT = env.int("RETENTION_DAYS_DEFAULT", default=0) or None
RETENTION_DAYS_MAX = env.int("RETENTION_DAYS_MAX", default=0) or None
EXPORT_DAYS = env.int("EXPORT_DAYS", default=7)  # how long a finished export may be fetched
EXPORT_BYTES_MAX = env.int("EXPORT_BYTES_MAX", default=2 * 1024**3)  # files beyond are named, not enclosed
MESSAGE_RECALL_SECONDS = env.int("MESSAGE_RECALL_SECONDS", default=120)
MESSAGE_RECALL_FILE_SECONDS = env.int("MESSAGE_RECALL_FILE_SECONDS", default=3 * 60 * 60)
MESSAGE_REEDIT_SECONDS = env.int("MESSAGE_REEDIT_SECONDS", default=5 * 60)  # so long its sender may take it up again
MESSAGE_EDIT_HOURS = env.int("MESSAGE_EDIT_HOURS", default=48)
MESSAGE_EDITS_MAX = 100
REACTIONS_MAX = 20  # different ones on a message
FORWARD_TO_MAX = 9  # conversations at once
FORWARD_MESSAGES_MAX = 30  # one by one
RECORD_MESSAGES_MAX = 100  # in one chat record
SAVED_MAX = 10_000  # one person's
MOMENT_LENGTH_MAX = 2000
MOMENT_PHOTOS_MAX = 9
MOMENT_COMMENT_LENGTH_MAX = 500
RED_ENVELOPE_SHARES_MAX = 100
RED_ENVELOPE_SHARE_MAX = 20000  # minor units each
RED_ENVELOPE_HOURS = 24
TOP_UP_MAX = 100000  # minor units, one play-credit top-up
ARTICLE_LENGTH_MAX = 100_000
ARTICLE_COMMENT_LENGTH_MAX = 1000
PUBLIC_ACCOUNTS_MAX = 5  # one person's

# --- Logs --------------------------------------------------------------------------------------------------------

LOG_LEVEL = env("LOG_LEVEL", default="WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "superapp.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": sys.stderr}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # Not a line for each request that was refused: those are the caller's affair, and limits count them.
    "loggers": {
        "django": {"level": LOG_LEVEL},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []
