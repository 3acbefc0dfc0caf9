"""The site's own settings, in a folder of their own that goes away, whatever this machine's environment says."""

import atexit
import os
import shutil
import tempfile

from tests import VARIABLES

for name in {*VARIABLES} - {"DATABASE_URL"}:
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")
# The browser keeps an event loop in the thread of the tests, which wait for all they ask: nothing of the ORM runs beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from canglong_portal.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
VISITORS_FLUSH_SECONDS = None  # tests flush by hand
