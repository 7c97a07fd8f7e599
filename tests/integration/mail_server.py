# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mail server on the loopback that counts what it accepts, as far as SMTP goes."""

import contextlib
import socketserver
import threading


class Session(socketserver.StreamRequestHandler):
    """One connection; knows what Odoo says and nothing else."""

    def handle(self):
        self.answer("220 loopback")
        while line := self.rfile.readline().decode(errors="replace").strip():
            word = line.split()[0].upper()
            if word == "QUIT":
                return self.answer("221 bye")
            if word == "DATA":
                self.receive()
            elif word == "RCPT" and any(bad in line for bad in self.server.refused):
                self.answer("550 no such mailbox")
            else:
                self.answer("250 ok")

    def receive(self):
        self.answer("354 go on")
        lines = []
        while (line := self.rfile.readline().decode(errors="replace")) != ".\r\n":
            lines.append(line)
        self.server.accepted.append("".join(lines))
        self.answer("250 accepted")

    def answer(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Accepts every mail but those to refused addresses."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.accepted = []
        self.refused = set()

    @property
    def port(self):
        return self.server_address[1]


@contextlib.contextmanager
def serving():
    """Run a mail server for as long as the block lasts."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
