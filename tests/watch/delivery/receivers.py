"""Far sides on loopback: an HTTP receiver that answers as it is told, and a mail server."""

import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Receiver:
    """What arrived, and what is answered: each of `answers` once, then 200 for ever. A status of 0 hangs up."""

    port: int = 0
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    hang: bool = False
    """Whether it takes requests and answers none, until it is closed."""
    arrived: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)

    @property
    def bodies(self) -> list[Any]:
        """JSON bodies, oldest first."""
        return [json.loads(body) for _, _, body in self.requests]

    @property
    def ids(self) -> list[str]:
        """The messages' identities, oldest first."""
        return [headers["webhook-id"] for _, headers, _ in self.requests]


@contextmanager
def http_receiver(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.requests.append((self.path, dict(self.headers), body))
            receiver.arrived.set()
            if receiver.hang:
                receiver.closed.wait()
                return
            status, headers = receiver.answers.pop(0) if receiver.answers else (200, {})
            if not status:
                self.close_connection = True
                return
            self.send_response_only(status)
            for name, value in ({"Content-Length": "0"} | headers).items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with _serving(server, tls):
        receiver.port = server.server_port
        yield receiver
        receiver.closed.set()


@dataclass
class MailBox:
    """Mails that arrived; `replies[command]` is what is answered instead of yes."""

    port: int = 0
    replies: dict[str, str] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None) -> Iterator[MailBox]:
    """Speaks as much of SMTP (RFC 5321) as a client without TLS needs."""
    box = MailBox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 mail.example")
            while line := self.rfile.readline().decode().strip():
                command = line.split(" ")[0].upper()
                if command in box.replies:
                    self._say(box.replies[command])
                elif command == "DATA":
                    self._say("354 go on")
                    self._take()
                elif command == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    box.recipients += [line] if command == "RCPT" else []
                    self._say("250 yes")

        def _take(self) -> None:
            lines = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            box.mails.append(message_from_bytes(b"".join(lines), _class=EmailMessage, policy=policy.default))
            self._say("250 taken")

        def _say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler), tls) as server:
        box.port = server.server_address[1]
        yield box


@contextmanager
def _serving(server: Any, tls: ssl.SSLContext | None) -> Iterator[Any]:
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a client that trusts no certificate hangs up
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certified(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS for `localhost`; whoever trusts it is told so by the file `folder`/certificate.pem."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "both.pem").write_bytes(private + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context
