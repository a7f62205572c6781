"""A world as an HTTP forward proxy that answers by host, with a clock that is set from outside."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.world.world import CONTROL, Unreachable, World, moment, seconds

STATUS = {"timed out": 504}
"""What a proxy answers where it waited in vain; 502 where it was turned away or found no such name."""


def server(world: World, port: int = 0) -> ThreadingHTTPServer:
    """A proxy on loopback, not yet answering; port 0: any free one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        now = world.start

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def do_GET(self) -> None:
            """A page of the world."""
            parts = urlsplit(self.path)
            if parts.hostname == CONTROL:
                self._out(200, {"Content-Type": "application/json"}, json.dumps(self._clock()).encode())
                return
            try:
                status, headers, body = world.get(self.path, Handler.now)
            except Unreachable as error:
                status, headers, body = (
                    STATUS.get(str(error), 502),
                    {"Content-Type": "text/plain"},
                    f"{error}\n".encode(),
                )
            self._out(status, headers, body)

        do_HEAD = do_GET  # noqa: N815 - the name that the server looks for

        def do_PUT(self) -> None:
            """Sets the clock, at the control host's /now."""
            parts = urlsplit(self.path)
            told = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode().strip()
            if parts.hostname != CONTROL or parts.path != "/now":
                self._out(405, {}, b"")
                return
            try:
                Handler.now = seconds(told)
            except ValueError as error:
                self._out(400, {"Content-Type": "text/plain"}, f"{error}\n".encode())
                return
            self._out(200, {"Content-Type": "application/json"}, json.dumps(self._clock()).encode())

        def do_CONNECT(self) -> None:
            """There is plain http only."""
            self._out(502, {"Content-Type": "text/plain"}, b"plain http only\n")

        def _clock(self) -> dict[str, str]:
            return {"now": moment(Handler.now), "start": moment(world.start), "end": moment(world.end)}

        def _out(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    proxy = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    proxy.daemon_threads = True
    return proxy


def serve(world: World, port: int) -> None:
    """Answers until it is ended; says where on standard output."""
    proxy = server(world, port)
    print(
        json.dumps(
            {"proxy": f"http://127.0.0.1:{proxy.server_port}", "start": moment(world.start), "end": moment(world.end)}
        ),
        flush=True,
    )
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    threading.Event().wait()
