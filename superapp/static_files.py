"""The product's own files under /static/, served beside Django rather than through it.

servestatic's Django middleware is asynchronous only: under WSGI it would cost every page an event loop of its own.
"""

from __future__ import annotations

from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles import finders
from servestatic import ServeStatic
from servestatic.utils import stat_files

from superapp.bridge import WSGIApplication


def beside(application: WSGIApplication) -> WSGIApplication:
    """`application`, with static files answered before it: found in the apps in development, collected in
    production."""
    served = ServeStatic(
        application,
        autorefresh=settings.DEBUG,
        max_age=0 if settings.DEVELOPMENT else 60,
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )
    if settings.DEVELOPMENT:
        _add_found(served)
    elif settings.STATIC_ROOT.is_dir():
        served.add_files(settings.STATIC_ROOT, prefix=settings.STATIC_URL)
    return served


def _add_found(served: ServeStatic) -> None:
    found: dict[str, tuple[str, str]] = {}
    for finder in finders.get_finders():
        for path, storage in finder.list(None):
            found.setdefault(settings.STATIC_URL + path, (storage.path(path), storage.location))
            served.insert_directory(storage.location, settings.STATIC_URL)
    known = stat_files([path for path, _ in found.values()])
    for url, (path, root) in found.items():
        served.add_file_to_dictionary(url, path, root=root, stat_cache=known)


def _add_headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def are_stale() -> bool:
    """Whether what was collected is older than the product's own files or than the packages it stands on."""
    collected = settings.STATIC_ROOT / "staticfiles.json"
    if not collected.exists():
        return True
    own = (settings.BASE_DIR / "superapp" / "static").rglob("*")
    newest = max(file.stat().st_mtime for file in [settings.BASE_DIR / "requirements.txt", *own])
    return collected.stat().st_mtime < newest
