"""Settings of the worker that is killed in a test: the real task queue, on a database of its own."""

import os

from townedu.settings import *  # noqa: F403  (the same settings, a few replaced)
from townedu.settings import DOMAIN_APPS as APPS

# Manifests come from these; what is installed stays.
DOMAIN_APPS = ["tests.workbooks.slow" if app == os.environ.get("SLOW") else app for app in APPS]
