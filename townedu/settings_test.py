"""Settings of the test suite: quick hashing, tasks at once, files in a throw-away folder."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)

from townedu.settings import *  # noqa: E402,F403  (the same settings, a few replaced)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The folder of this run, which its workers share; each has its own for uploaded files.
RUN_FOLDER = os.environ.get("TEST_RUN_FOLDER") or tempfile.mkdtemp(prefix="townedu-test-")
os.environ["TEST_RUN_FOLDER"] = RUN_FOLDER
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="media-", dir=RUN_FOLDER))
WHITENOISE_AUTOREFRESH = True
