"""A TCP proxy that spoils connections on purpose: slow, silent, or torn."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST


class FaultProxy:
    """Forwards to a port of this machine. What it does to data can be changed while connections are open.

    `delay` holds every piece back so many seconds. `silent` takes everything and passes nothing on, in both directions,
    as a half-open connection or a black hole does. `shut` refuses new connections. `reset` tears the open ones.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.delay = 0.0
        self.silent = False
        self.shut = False
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._guard = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def heal(self) -> None:
        """Whoever was kept in silence is torn away: what was swallowed is missing in the middle."""
        spoilt = self.silent
        self.delay, self.silent, self.shut = 0.0, False, False
        if spoilt:
            self.reset()

    def cut(self) -> None:
        """As when the cable is pulled: nothing passes, nobody is told, and nobody new gets through."""
        self.silent = True

    def refuse(self) -> None:
        self.shut = True
        self.reset()

    def reset(self) -> None:
        with self._guard:
            pairs = list(self._pairs)
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def end(self) -> None:
        self._listener.close()
        self.reset()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                if self.shut:
                    raise ConnectionRefusedError
                server = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                with contextlib.suppress(OSError):
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                client.close()
                continue
            server.settimeout(None)
            pair = (client, server)
            for end in pair:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._guard:
                self._pairs.add(pair)
            for source, sink in (pair, pair[::-1]):
                threading.Thread(target=self._pass_on, args=[source, sink, pair], daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, pair: tuple[socket.socket, socket.socket]) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                if self.delay:
                    time.sleep(self.delay)
                if not self.silent:
                    sink.sendall(piece)
            if not self.silent:
                sink.shutdown(socket.SHUT_WR)
                return
        if self.silent:
            return  # nobody hears of the end either
        with self._guard:
            self._pairs.discard(pair)
        for end in pair:
            end.close()
