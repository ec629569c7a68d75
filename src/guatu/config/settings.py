"""Settings of one installation: all that differs between two is read from the environment.

GUATU_HOME           the data folder (see config.home)
DATABASE_URL         PostgreSQL instead of the SQLite file in the data folder
GUATU_HOSTS          host names served, separated by commas; loopback is always served
GUATU_HTTPS          1 behind a proxy that speaks HTTPS: secure cookies, redirect, HSTS
GUATU_DISTRICT       six-digit code of the district, for rows that no unit owns
GUATU_FILES_QUOTA    bytes all kept files may take together; 20 GiB unless told
GUATU_CHROMIUM       the browser that makes PDFs; found by itself unless told, "none" for no PDFs
GUATU_DEBUG          1 shows tracebacks to the developer; never on a served installation
GUATU_LOG_LEVEL      INFO unless told
"""

import os
from datetime import timedelta
from pathlib import Path

from guatu.config import database, home, log

CHECKOUT = home.CHECKOUT
GUATU_HOME = home.locate(os.environ)
DEBUG = os.environ.get("GUATU_DEBUG") == "1"
SECRET_KEY = home.installation_secret(GUATU_HOME, "session")
HTTPS = os.environ.get("GUATU_HTTPS") == "1"
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *filter(None, os.environ.get("GUATU_HOSTS", "").split(",")),
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

ROOT_URLCONF = "guatu.config.urls"
WSGI_APPLICATION = "guatu.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "guatu.register",
    "guatu.loop",
    "guatu.investment",
    "guatu.attraction",
    "guatu.growth",
    "guatu.web",
    "guatu.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guatu.web.security.ProtectiveHeaders",
    "guatu.api.door.Door",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "guatu.web.security.SessionLimits",
    "guatu.web.accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "guatu.web.asof.AsOfMiddleware",
    "guatu.web.accounts.middleware.PasswordAgeMiddleware",
    "guatu.web.standing.StandingMiddleware",
    "guatu.web.refusals.OnlySubmitted",
    "guatu.web.refusals.MarksRecorded",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guatu.web.shell.shell",
            ]
        },
    }
]

# Data

CHROMIUM = os.environ.get("GUATU_CHROMIUM", "")
GUATU_FILES_QUOTA = int(os.environ.get("GUATU_FILES_QUOTA", str(20 * 1024**3)))
DISTRICT_CODE = os.environ.get("GUATU_DISTRICT", "")
_URL = os.environ.get("DATABASE_URL")
DATABASES = {
    "default": database.postgresql(_URL) if _URL else database.sqlite(GUATU_HOME / "guatu.sqlite3")
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a bulk selection over a full list

# Officers and sessions

AUTH_USER_MODEL = "register.Officer"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_MAX_AGE_DAYS = 90

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# By name: changing the address does not buy five more guesses.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_CALLABLE = "guatu.web.accounts.views.locked"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 2 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# Axes takes every lock-out without an address for one a client can evade; a name it cannot change.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
else:
    # One office PC serves its own browser over loopback, where no certificate exists and
    # secure cookies would lock everybody out. `guatu serve` refuses any other address
    # unless it is named, and says then that HTTPS is missing.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]

# Programs: requests a minute through one token, counted in each web process by itself

API_REQUESTS_A_MINUTE = 240
API_WRONG_TOKENS_A_MINUTE = 60  # from one address; beyond it, valid tokens still pass

# Language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FIRST_DAY_OF_WEEK = 1

# Static files: collected by `guatu serve`, named by their content

STATIC_URL = "/static/"
STATIC_ROOT = GUATU_HOME / "static"
# The user guide, shown under /help/.
GUIDES = Path(os.environ.get("GUATU_GUIDES", CHECKOUT / "docs" / "guide"))
NODE_MODULES = Path(os.environ.get("GUATU_NODE_MODULES", CHECKOUT / "node_modules"))
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "guatu.config.vendored.NodeModuleFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = log.configure(os.environ.get("GUATU_LOG_LEVEL", "INFO"))
