"""What a file is, by its first bytes. Names and declared types are not asked: they say what the sender wishes."""

from __future__ import annotations

HEAD = 64  # bytes that are enough to tell

_PICTURE_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
_SOUND_BRANDS = {b"M4A ", b"M4B "}
_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}


def container_of(head: bytes) -> str | None:
    """The name of the demuxer for a film or a sound. None for anything else, lists of other files above all."""
    if head[4:8] in _BOXES:
        return None if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS else "mov"
    if head[:4] == b"RIFF":
        return {b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12])
    if head[:3] == b"ID3" or head[:2] in {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"}:
        return "mp3"
    if head[:2] in {b"\xff\xf1", b"\xff\xf9"}:
        return "aac"
    marks = {b"\x1aE\xdf\xa3": "matroska", b"OggS": "ogg", b"fLaC": "flac", b"#!AM": "amr"}
    return marks.get(head[:4])


def is_picture(head: bytes) -> bool:
    return (
        head[:3] == b"\xff\xd8\xff"
        or head[:8] == b"\x89PNG\r\n\x1a\n"
        or head[:6] in {b"GIF87a", b"GIF89a"}
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS)
    )


def is_video(head: bytes) -> bool:
    """A film for sure, or a container that is mostly used for one."""
    if head[4:8] == b"ftyp" and head[8:12] in _SOUND_BRANDS:
        return False
    return container_of(head) in {"mov", "matroska", "avi"}
