"""Runs `uploads.encode` on what somebody sent, and believes nothing but its answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from .models import Upload

_STOPPED = {-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGTERM}


def convert(kind: str, source: Path, folder: Path) -> dict[str, Any]:
    """What it made in the folder, or `{"failure": …}`. Never longer than MEDIA_SECONDS_MAX."""
    command = [sys.executable, "-m", "uploads.encode", kind, str(source), str(folder), json.dumps(_limits(kind))]
    try:
        done = subprocess.run(  # noqa: S603  (our own program; names are made by us)
            command,
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=settings.MEDIA_SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"failure": Upload.Failure.TOO_HEAVY}
    if done.returncode:
        stopped = done.returncode in _STOPPED
        return {"failure": Upload.Failure.TOO_HEAVY if stopped else Upload.Failure.UNREADABLE}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _limits(kind: str) -> dict[str, Any]:
    return {
        "seconds": settings.VOICE_SECONDS_MAX if kind == Upload.Kind.VOICE else settings.VIDEO_SECONDS_MAX,
        "frames": settings.VIDEO_FRAMES_MAX,
        "pixels": settings.VIDEO_PIXELS_MAX,
        "memory": settings.MEDIA_MEMORY_MAX,
        "cpu": settings.MEDIA_SECONDS_MAX * 2,  # two threads
        "size": settings.UPLOAD_FILE_MAX_BYTES * 2,
    }
