"""Codes for cameras, drawn here: no other site learns what they say."""

from __future__ import annotations

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # modules of white around it, which readers need


def drawn(text: str) -> tuple[int, str]:
    """The edge of a square in modules, and the path of an SVG that fills what is dark in it."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    parts = []
    for top, row in enumerate(rows):
        start = None
        for left, dark in enumerate([*row, False]):
            if dark and start is None:
                start = left
            elif not dark and start is not None:
                parts.append(f"M{start} {top}h{left - start}v1h-{left - start}z")
                start = None
    return len(rows), "".join(parts)
