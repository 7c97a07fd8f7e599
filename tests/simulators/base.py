# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A party that answers over HTTP, and what may go wrong with its answers.

A simulator overrides ``answer``. ``faults`` holds what is to go wrong with the next
calls, in order; ``chaos`` (a random.Random and a share of calls) makes it go wrong at
random. ``calls`` is what arrived.
"""

import json
import random
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Request:
    """What arrived; ``path`` is still percent-encoded."""

    method: str
    path: str
    query: dict
    headers: dict
    raw: bytes
    at: float = field(default_factory=time.time)

    @property
    def body(self):
        """The JSON that was sent, None without."""
        return json.loads(self.raw) if self.raw else None


@dataclass
class Answer:
    """What goes back; ``body`` is JSON-typed, or bytes to send as they are."""

    status: int = 200
    body: object = None
    headers: dict = field(default_factory=dict)

    @property
    def raw(self):
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass
class Fault:
    """One thing that goes wrong.

    kind: "answer" (another answer instead), "drop" (the line breaks before the work is
    done), "lose" (the work is done, its answer is lost), "half" (done, half an answer),
    "garbage" (done, answered with a page for people), "slow" (done, but late).
    """

    kind: str
    answer: Answer | None = None
    seconds: float = 0.0


BUSY = Fault("answer", Answer(429, {"message": "Server is busy"}, {"Retry-After": "0"}))
BROKEN = Fault("answer", Answer(503, b"<html>Service Unavailable</html>"))
ANY = (Fault("drop"), Fault("lose"), Fault("half"), Fault("garbage"), BUSY, BROKEN)


class Simulator:
    """Serve on a free (or the given) port of the loopback interface."""

    def __init__(self, port=0):
        self.faults = deque()
        self.chaos = None
        self.calls = []
        self.lock = threading.RLock()
        self.clock = time.time
        handler = type("Handler", (_Handler,), {"simulator": self})
        self._server = _Server(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self):
        self._server.serve_forever(poll_interval=0.01)

    def start(self):
        self._thread.start()
        return self

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_details):
        self.stop()

    def answer(self, request):
        """Hook: do what is asked and return the Answer."""
        return Answer(404, {"message": "nothing here"})

    def go_wrong(self, *faults):
        """Let this go wrong with the next calls, one each; None is a good call."""
        self.faults.extend(faults)

    def make_chaos(self, seed, share, faults=ANY):
        """From now on let a share of the calls go wrong at random."""
        self.chaos = (random.Random(seed), share, faults)

    def make_peace(self):
        self.chaos = None
        self.faults.clear()

    def next_fault(self):
        with self.lock:
            if self.faults:
                return self.faults.popleft()
            if self.chaos and self.chaos[0].random() < self.chaos[1]:
                return self.chaos[0].choice(self.chaos[2])
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A client that hangs up is no news here."""


class _Handler(BaseHTTPRequestHandler):
    simulator = None
    protocol_version = "HTTP/1.1"
    # Headers and body leave apart; else the body waits 40 ms for the client's word.
    disable_nagle_algorithm = True

    def log_message(self, *_arguments):
        """Nothing on the console."""

    def _handle(self):
        request = self._read()
        fault = self.simulator.next_fault()
        kind = fault.kind if fault else ""
        with self.simulator.lock:
            self.simulator.calls.append(request)
            if kind == "drop":
                answer = None
            elif kind == "answer":
                answer = fault.answer
            else:
                answer = self.simulator.answer(request)
        if kind == "slow":
            time.sleep(fault.seconds)
        if kind == "garbage":
            answer = Answer(200, b"<html>We are back soon</html>")
        if kind in ("drop", "lose"):
            self.close_connection = True
        else:
            self._write(answer, half=kind == "half")

    def _read(self):
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        return Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            raw=self.rfile.read(length),
        )

    def _write(self, answer, half):
        raw = answer.raw
        self.send_response(answer.status)
        for name, value in {
            "Content-Type": "application/json",
            **answer.headers,
        }.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw[: len(raw) // 2] if half and raw else raw)
        if half:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle
