"""Provably fair luck: how a lucky red envelope is cut, so that anybody can do it again and compare.

Everything random comes from one secret seed of 32 bytes, drawn when the envelope is sent.

- *Numbers*: block `i` (from 0) is HMAC-SHA256(key=seed, message=i as 8 bytes, big end first), read as four unsigned
  64-bit numbers, big end first. A number below `n` is the next of them that is below the largest multiple of `n`
  not above 2**64, modulo `n`; the ones above are skipped, so that no value is favoured.
- *Draw*: with `rest` units left for `k` shares, the next share is even between 1 and twice the mean less one
  (`2 * rest // k - 1`), but never so small that the others would pass the cap, never so large that they would get
  nothing. The last share is the rest.
- *Shuffle*: Fisher and Yates, from the end, by the same numbers. After it no place is better than another.
- *Commitment*: SHA-256 of the seed followed by the ASCII text `<envelope id>:<amount>:<shares>:<kind>`, in
  hexadecimal. It is shown from the start; the seed is shown when the envelope has ended.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator, Sequence
from hashlib import sha256

SEED_BYTES = 32
_SPAN = 2**64


def new_seed() -> bytes:
    return secrets.token_bytes(SEED_BYTES)


def commit(seed: bytes, envelope_id: int, total: int, shares: int, kind: str) -> str:
    return sha256(seed + f"{envelope_id}:{total}:{shares}:{kind}".encode("ascii")).hexdigest()


def draw(seed: bytes, total: int, shares: int, share_max: int) -> list[int]:
    """Cut `total` units into `shares` parts of at least 1 and at most `share_max`, in the order in which they are
    handed out."""
    if not 1 <= shares <= total <= shares * share_max:
        raise ValueError("this total cannot be cut into so many shares")
    numbers = _numbers(seed)
    rest = total
    parts = []
    for left in range(shares, 0, -1):
        others = left - 1
        low = max(1, rest - others * share_max)
        high = max(low, min(share_max, rest - others, 2 * rest // left - 1))
        part = rest if others == 0 else low + _below(numbers, high - low + 1)
        parts.append(part)
        rest -= part
    for last in range(shares - 1, 0, -1):
        other = _below(numbers, last + 1)
        parts[last], parts[other] = parts[other], parts[last]
    return parts


def verify(*, seed: bytes, commitment: str, envelope_id: int, kind: str, parts: Sequence[int], share_max: int) -> bool:
    """Do these parts, in order of place, come from the seed that was committed to?"""
    total = sum(parts)
    if not hmac.compare_digest(commit(seed, envelope_id, total, len(parts), kind), commitment):
        return False
    return draw(seed, total, len(parts), share_max) == list(parts)


def _numbers(seed: bytes) -> Iterator[int]:
    counter = 0
    while True:
        block = hmac.digest(seed, counter.to_bytes(8, "big"), "sha256")
        for start in range(0, len(block), 8):
            yield int.from_bytes(block[start : start + 8], "big")
        counter += 1


def _below(numbers: Iterator[int], bound: int) -> int:
    limit = _SPAN - _SPAN % bound
    return next(number for number in numbers if number < limit) % bound
