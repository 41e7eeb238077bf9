"""The demo town: a few people and what they have been up to, so that a first look finds something to look at."""

from .town import clear, how_to_sign_in, is_unfinished, is_wanted, load

__all__ = ["clear", "how_to_sign_in", "is_unfinished", "is_wanted", "load"]
