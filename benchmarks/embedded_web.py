"""Which way should pages take in the one process? Decides docs/adr/0002; run by `python -m benchmarks.embedded_web`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

from benchmarks import load

WAYS = {
    "our bridge, threads": (
        "from superapp.bridge import Pages\nfrom superapp.wsgi import django_application as w\n"
        "app = Pages(w, threads=8, max_body=1 << 26)"
    ),
    "a2wsgi, threads": (
        "from a2wsgi import WSGIMiddleware\nfrom superapp.wsgi import django_application as w\n"
        "app = WSGIMiddleware(w, workers=8)"
    ),
    "Django's ASGI handler": "from django.core.asgi import get_asgi_application\napp = get_asgi_application()",
}
PATHS = {"sign-in page": "/account/login/", "readyz (one query)": "/readyz", "problem 401 (REST)": "/api/v1/me/"}


def main() -> None:
    print(f"{'way':26}" + "".join(f"{name:>44}" for name in PATHS))
    for way, code in WAYS.items():
        cells = []
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {"DATA_DIR": folder, "LOG_LEVEL": "CRITICAL"}
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, check=True)
            program = (
                "import os; os.environ['DJANGO_SETTINGS_MODULE']='superapp.settings'; import django; django.setup()\n"
                f"{code}\nimport uvicorn\n"
                "uvicorn.run(app, port=8733, log_level='critical', lifespan='off', ws='websockets-sansio')"
            )
            server = subprocess.Popen([sys.executable, "-c", program], env=environment)
            try:
                _wait()
                for path in PATHS.values():
                    question = load.request(path, host="127.0.0.1:8733")
                    runs = [
                        asyncio.run(load.http(8733, lambda: question, clients=8, seconds=2, expect=(200, 401)))  # noqa: B023
                        for _ in range(4)
                    ][1:]
                    run = load.median(runs)
                    cells.append(f"{run.rate:8.0f}/s  {load.spread(run)}")
            finally:
                server.terminate()
                server.wait()
        print(f"{way:26}" + "".join(f"{cell:>44}" for cell in cells), flush=True)


def _wait() -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen("http://127.0.0.1:8733/livez", timeout=1).read()
        except OSError:
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    main()
