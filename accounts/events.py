"""What apps above wish to hear of. They add a function in their AppConfig.ready; it runs inside the transaction of the
service, so whatever it writes commits or fails together with the cause."""

from __future__ import annotations

from collections.abc import Callable

from .models import FriendRequest, User

on_friend_request: list[Callable[[FriendRequest], None]] = []
on_friendship: list[Callable[[User, User], None]] = []  # the one who asked, the one who agreed
on_block: list[Callable[[User, User], None]] = []  # blocker, blocked
