"""The demo town: a few people and what they have been up to, so that a first look finds something to look at."""

from .town import how_to_sign_in, is_wanted, load

__all__ = ["how_to_sign_in", "is_wanted", "load"]
