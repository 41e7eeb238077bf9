"""Keys made at the first start and kept in the data folder."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def read_or_make_secret(path: Path) -> str:
    """The secret in `path`, made and stored readable by its owner alone when there is none. Safe when two
    processes start at once or one is killed: a whole file is linked into place, and the loser reads the winner's.
    Where nothing can be stored the secret lasts as long as the process, and superapp.checks refuses to serve."""
    secret = secrets.token_urlsafe(64)
    try:
        if not path.exists():
            _store(path, secret)
        return path.read_text().strip()
    except OSError:
        return secret


def _store(path: Path, secret: str) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent)  # made readable by its owner alone
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secret)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
