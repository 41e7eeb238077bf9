from __future__ import annotations

import hmac
from hashlib import sha256
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet import luck


def seed_of(number: int) -> bytes:
    return sha256(str(number).encode()).digest()


@st.composite
def cuts(draw: st.DrawFn) -> tuple[bytes, int, int, int]:
    shares = draw(st.integers(1, 100))
    share_max = draw(st.integers(1, 20_000))
    total = draw(st.integers(shares, shares * share_max))
    return draw(st.binary(min_size=32, max_size=32)), total, shares, share_max


@given(cuts())
def test_shares_make_up_the_total_and_stay_within_bounds(cut: tuple[bytes, int, int, int]) -> None:
    seed, total, shares, share_max = cut
    parts = luck.draw(seed, total, shares, share_max)
    assert len(parts) == shares
    assert sum(parts) == total
    assert min(parts) >= 1
    assert max(parts) <= share_max
    assert parts == luck.draw(seed, total, shares, share_max)


@given(cuts(), st.integers(1, 10**9))
def test_anybody_can_check_a_draw(cut: tuple[bytes, int, int, int], envelope_id: int) -> None:
    seed, total, shares, share_max = cut
    parts = luck.draw(seed, total, shares, share_max)
    told = {
        "seed": seed,
        "commitment": luck.commit(seed, envelope_id, total, shares, "lucky"),
        "envelope_id": envelope_id,
        "kind": "lucky",
        "parts": parts,
        "share_max": share_max,
    }
    assert luck.verify(**told)
    assert not luck.verify(**told | {"seed": bytes(32) if seed != bytes(32) else b"x" * 32})
    assert not luck.verify(**told | {"envelope_id": envelope_id + 1})
    if len(set(parts)) > 1:
        assert not luck.verify(**told | {"parts": parts[1:] + parts[:1]}) or parts[1:] + parts[:1] == parts


def test_the_draw_is_what_the_documentation_says() -> None:
    """Done again here by hand, from the words of the docstring, for three shares."""
    seed = seed_of(1)
    blocks = [hmac.new(seed, counter.to_bytes(8, "big"), sha256).digest() for counter in range(2)]
    numbers = iter(int.from_bytes(block[at : at + 8], "big") for block in blocks for at in (0, 8, 16, 24))
    first = 1 + next(numbers) % (2 * 1000 // 3 - 1)
    second = 1 + next(numbers) % (2 * (1000 - first) // 2 - 1)
    parts = [first, second, 1000 - first - second]
    other = next(numbers) % 3
    parts[2], parts[other] = parts[other], parts[2]
    other = next(numbers) % 2
    parts[1], parts[other] = parts[other], parts[1]
    assert luck.draw(seed, 1000, 3, 20_000) == parts
    assert luck.commit(seed, 7, 1000, 3, "lucky") == sha256(seed + b"7:1000:3:lucky").hexdigest()


def test_every_number_is_as_likely_as_any_other() -> None:
    """Chi-square over 30,000 numbers below 7 (6 degrees of freedom; 22.5 is passed once in a thousand)."""
    numbers = luck._numbers(seed_of(2))
    counts = [0] * 7
    for _ in range(30_000):
        counts[luck._below(numbers, 7)] += 1
    expected = 30_000 // 7
    assert sum((count - expected) ** 2 for count in counts) < 22.5 * expected


def test_numbers_that_would_favour_some_values_are_skipped() -> None:
    bound = 3
    assert list(islice(iter([2**64 - 1, 5]), 2)) == [2**64 - 1, 5]
    assert luck._below(iter([2**64 - 1, 5]), bound) == 5 % bound


@pytest.mark.parametrize(("total", "shares"), [(10_000, 10), (20, 10), (1_000, 5)])
def test_no_place_is_better_than_another(total: int, shares: int) -> None:
    """Best luck falls on each place alike, and each place gets the same on average: 3,000 draws, fixed seeds."""
    best = [0] * shares
    sums = [0] * shares
    for number in range(3_000):
        parts = luck.draw(seed_of(number), total, shares, 20_000)
        best[parts.index(max(parts)) if len(set(parts)) == shares else number % shares] += 1
        for place, part in enumerate(parts):
            sums[place] += part
    expected = 3_000 // shares
    chi_square_times_expected = sum((count - expected) ** 2 for count in best)
    assert chi_square_times_expected < 33 * expected  # 9 degrees of freedom: passed once in eight thousand
    mean = 3_000 * total // shares
    assert max(abs(sum_ - mean) for sum_ in sums) * 12 < mean


def test_luck_differs() -> None:
    parts = luck.draw(seed_of(3), 10_000, 10, 20_000)
    assert len(set(parts)) > 5


@pytest.mark.parametrize(
    ("total", "shares", "share_max"), [(4, 5, 10), (0, 0, 10), (51, 5, 10), (5, 0, 10), (-5, 5, 10)]
)
def test_what_cannot_be_cut_is_an_error(total: int, shares: int, share_max: int) -> None:
    with pytest.raises(ValueError, match="cannot be cut"):
        luck.draw(seed_of(4), total, shares, share_max)


def test_seeds_are_long_and_new() -> None:
    assert len(luck.new_seed()) == 32
    assert luck.new_seed() != luck.new_seed()
