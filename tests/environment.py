"""The environment of the suite, set before Django reads its settings (loaded by `-p tests.environment`)."""

import os
import tempfile

os.environ["TESTING"] = "1"
os.environ["MODE"] = "development"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="superapp-tests-")
os.environ["SQLITE_SYNCHRONOUS"] = "OFF"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# Two processes of one run share a Redis server, never a numbered database of it.
worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if worker and os.environ.get("REDIS_URL"):
    server, _, number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{(int(number) - int(worker.removeprefix('gw'))) % 16}"
