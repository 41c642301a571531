#!/usr/bin/env python3
"""A loopback HTTP proxy that asks for a user name and a password.

Usage: http-proxy.py USER PASSWORD
Forwards requests for http URLs. Prints its port and that of its control, each on a line, and ends with its parent.

The control is plain HTTP, JSON out:
  GET /    every request: method, URL, user name and password as `user:password` or null, status
"""

import base64
import ctypes
import http.client
import http.server
import json
import signal
import sys
import threading
import urllib.parse

wanted = ":".join(sys.argv[1:3])
log = []


class Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Control(Quiet):
    def do_GET(self):
        self.answer(200, json.dumps(log).encode())


class Proxy(Quiet):
    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        scheme, _, value = self.headers.get("Proxy-Authorization", "").partition(" ")
        given = base64.b64decode(value).decode() if scheme.lower() == "basic" else None
        if given != wanted:
            log.append([self.command, self.path, given, 407])
            return self.answer(407, headers=[("Proxy-Authenticate", 'Basic realm="Proxy"')])
        url = urllib.parse.urlsplit(self.path)
        headers = {
            name: value for name, value in self.headers.items()
            if name.lower() not in ("proxy-authorization", "proxy-connection", "content-length")
        }
        connection = http.client.HTTPConnection(url.netloc)
        connection.request(self.command, url.path + (url.query and "?" + url.query), body or None, headers)
        response = connection.getresponse()
        content = response.read()
        log.append([self.command, self.path, given, response.status])
        kept = [(n, v) for n, v in response.getheaders() if n.lower() not in (
            "content-length", "transfer-encoding", "connection", "date", "server")]
        self.answer(response.status, content, kept)

    do_GET = do_POST = forward


ctypes.CDLL(None).prctl(1, signal.SIGKILL)
servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) for kind in (Proxy, Control)]
for server in servers:
    threading.Thread(target=server.serve_forever).start()
    print(server.server_address[1], flush=True)
