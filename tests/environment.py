"""The environment of the suite, set before Django reads its settings (loaded by `-p tests.environment`)."""

import os
import tempfile

os.environ["TESTING"] = "1"
os.environ["MODE"] = "development"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="superapp-tests-")
os.environ["SQLITE_SYNCHRONOUS"] = "OFF"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
