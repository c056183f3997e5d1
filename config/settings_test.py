"""Settings of the test suite: fast hashing, immediate tasks, a data folder of its own."""

import os
import tempfile
from pathlib import Path

os.environ["CONVENIR_ENV"] = "test"
os.environ.setdefault("CONVENIR_DONNEES", tempfile.mkdtemp(prefix="convenir-tests-"))

from config.settings import *  # noqa: F403
from config.settings import DATABASES, DOSSIER_DONNEES, MIDDLEWARE

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = False
Path(DOSSIER_DONNEES).mkdir(parents=True, exist_ok=True)
STATIC_ROOT = Path(DOSSIER_DONNEES) / "statiques"
MIDDLEWARE = [m for m in MIDDLEWARE if "whitenoise" not in m]
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["CONN_MAX_AGE"] = 0
