#!/usr/bin/env python3
"""A loopback registry that does no more than ask for a password: `GET /v2/` with Basic authentication over HTTP.

Usage: registry-server.py USER PASSWORD LOG
Prints its port. Writes a line for each password that it receives to the file LOG: user, password, status. Ends with its
parent.
"""

import base64
import ctypes
import http.server
import signal
import sys

user, password, log = sys.argv[1:]


class Registry(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        scheme, _, text = self.headers.get("Authorization", "").partition(" ")
        given = base64.b64decode(text).decode() if scheme == "Basic" else None
        status = 200 if given == f"{user}:{password}" else 401
        if given is not None:
            name, _, secret = given.partition(":")
            with open(log, "a") as file:
                file.write(f"{name} {secret} {status}\n")
        self.send_response(status)
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="registry"')
        self.send_header("Content-Length", "2")
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
print(server.server_address[1], flush=True)
server.serve_forever()
