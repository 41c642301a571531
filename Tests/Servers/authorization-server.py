#!/usr/bin/env python3
"""A loopback HTTP server that keeps what it is sent: a registry of cargo, an API, or docker's daemon, as far as the
recipes need one.

Usage: authorization-server.py LOG [CERTIFICATE KEY | SOCKET]
With a certificate (PEM) it serves https, with a socket's path HTTP there. Prints its port, or 0. For each request it
appends method, path, `Authorization` and body, each as a JSON string in a list, to the file LOG. Ends with its parent.
"""

import ctypes
import http.server
import json
import signal
import socketserver
import ssl
import sys

log = sys.argv[1]
is_tls, socket = len(sys.argv) > 3, sys.argv[2] if len(sys.argv) == 3 else None


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def address_string(self):
        return ""

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path.endswith("/owners") or not self.path.endswith("config.json"):
            with open(log, "a") as file:
                file.write(json.dumps([self.command, self.path, self.headers.get("Authorization"), body]) + "\n")
        # cargo reads `dl`, `api` and `users`, docker `Id` and `ApiVersion`.
        status = 500 if self.path.endswith("/start") or "/attach" in self.path else 200
        url = f"http://127.0.0.1:{port}"
        text = json.dumps({"dl": url, "api": url, "users": [], "Id": "1", "ApiVersion": "1.41", "Warnings": []}).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.41")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_GET = do_POST = do_HEAD = do_DELETE = answer


if socket:
    server, port = socketserver.ThreadingUnixStreamServer(socket, Handler), 0
else:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
if is_tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
print(port, flush=True)
server.serve_forever()
