"""What goes wrong on two nodes. Each lasts a moment, and leaves the cables mended but the clients confused."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import httpx

from .sites import Redis, TwoNodes, in_parallel, within
from .storm import Storm

Nemesis = Callable[[Storm, TwoNodes], None]
MOMENT = 4.0  # seconds a fault lasts


def kill_one_node(storm: Storm, site: TwoNodes) -> None:
    """F1: everybody moves to the other node, and work goes on without the first."""
    node = storm.dice.choice(site.web)
    node.kill()
    storm.until_acknowledged(10, seconds=20)
    node.start()
    node.ready()


def kill_all_nodes(storm: Storm, site: TwoNodes) -> None:
    """F2"""
    in_parallel(*(node.kill for node in site.web))
    for node in site.web:
        node.start()
    for node in site.web:
        node.ready()


def stop_one_node(storm: Storm, site: TwoNodes) -> None:
    """F5: as a deployment does, with a signal and time to finish."""
    node = storm.dice.choice(site.web)
    node.stop()
    node.start()
    node.ready()


def kill_worker(storm: Storm, site: TwoNodes) -> None:
    """F4: in the middle of whatever it was doing."""
    site.restart_worker()


def kill_redis(storm: Storm, site: TwoNodes) -> None:
    """F6: it comes back empty."""
    site.redis.end()
    time.sleep(1)
    site.redis = Redis(site.folder, site.redis.port)


def flush_redis(storm: Storm, site: TwoNodes) -> None:
    """F7"""
    site.redis_client().flushall()


def slow_redis(storm: Storm, site: TwoNodes) -> None:
    """F8: every answer comes two seconds late."""
    for node in site.web:
        node.redis.delay = 2
    time.sleep(MOMENT)


def freeze_redis(storm: Storm, site: TwoNodes) -> None:
    """F8: it holds its connections and says nothing."""
    site.redis.process.send_signal(signal.SIGSTOP)
    time.sleep(MOMENT)
    site.redis.process.send_signal(signal.SIGCONT)


def reset_redis_connections(storm: Storm, site: TwoNodes) -> None:
    """F12"""
    for _ in range(5):
        storm.dice.choice(site.web).redis.reset()
        time.sleep(MOMENT / 10)


def cut_node_from_redis(storm: Storm, site: TwoNodes) -> None:
    """F15: what others say reaches its sockets by heads."""
    storm.dice.choice(site.web).redis.cut()
    time.sleep(MOMENT)


def cut_node_from_database(storm: Storm, site: TwoNodes) -> None:
    """F16: it says within five seconds that it is not ready, and acknowledges nothing."""
    node = storm.dice.choice(site.web)
    node.database.cut()

    def not_ready() -> bool:
        return httpx.get(f"http://127.0.0.1:{node.rest}/readyz", timeout=30).status_code == 503

    began = time.monotonic()
    assert within(30, not_ready), "a node without its database says that it is ready"
    assert time.monotonic() - began < 5
    time.sleep(1)


def break_client_links(storm: Storm, site: TwoNodes) -> None:
    """F17: half-open for longer than a client believes in a silent socket."""
    for node in site.web:
        node.front.cut()
    time.sleep(MOMENT)


def reset_client_links(storm: Storm, site: TwoNodes) -> None:
    for node in site.web:
        node.front.reset()
        node.door.reset()


def end_database_sessions(storm: Storm, site: TwoNodes) -> None:
    """F9, as the web nodes see it: every connection is cut by the server in the middle of a statement."""
    site.administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{site.name}'")


ALL: list[Nemesis] = [
    kill_one_node,
    kill_all_nodes,
    stop_one_node,
    kill_worker,
    kill_redis,
    flush_redis,
    slow_redis,
    freeze_redis,
    reset_redis_connections,
    cut_node_from_redis,
    cut_node_from_database,
    break_client_links,
    reset_client_links,
    end_database_sessions,
]
EACH_COMMIT: list[Nemesis] = [kill_one_node, kill_worker, kill_redis, freeze_redis, cut_node_from_redis]
IS_LONG = os.environ.get("FAULTS") == "all"
