#!/usr/bin/env python3
"""A loopback HTTP server over git's own `git http-backend` that asks for a password.

Usage: git-server.py GIT ROOT [CERTIFICATE KEY]
Serves the repositories below ROOT; with a certificate (PEM) over TLS. Prints its port and that of its control, each
on a line, and ends with its parent.

The control is plain HTTP, JSON in and out:
  PUT /accounts {"": {"alice": "password"}, "one.git": {…}}   who may come in; the longest path that fits counts
  PUT /realm "name"       the realm of the challenge
  PUT /bearer ["token"]   tokens accepted for `Authorization: Bearer`
  GET /log                every request: method, path, scheme, username, password, status
  DELETE /log             forgets them
"""

import base64
import ctypes
import http.server
import json
import os
import signal
import ssl
import subprocess
import sys
import threading

git, root = sys.argv[1], sys.argv[2]
state = {"accounts": {}, "realm": "Test Git", "bearer": []}
log = []
lock = threading.Lock()


class Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Control(Quiet):
    def do_PUT(self):
        value = json.loads(self.body())
        with lock:
            state[self.path[1:]] = value
        self.answer(200, b"null")

    def do_GET(self):
        with lock:
            self.answer(200, json.dumps(log).encode())

    def do_DELETE(self):
        with lock:
            log.clear()
        self.answer(200, b"null")


class Repositories(Quiet):
    def credential(self):
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return scheme, None, value or None
        username, _, password = base64.b64decode(value).decode().partition(":")
        return scheme, username, password

    def is_let_in(self, scheme, username, password):
        if scheme.lower() == "bearer":
            return password in state["bearer"]
        path = self.path.lstrip("/")
        places = [place for place in state["accounts"] if path.startswith(place)]
        return bool(places) and username is not None and (
            state["accounts"][max(places, key=len)].get(username) == password
        )

    def serve(self):
        body = self.body()
        scheme, username, password = self.credential()
        with lock:
            good, realm = self.is_let_in(scheme, username, password), state["realm"]
            entry = {"method": self.command, "path": self.path, "scheme": scheme, "username": username}
            log.append(entry | {"password": password, "status": 200 if good else 401})
        if not good:
            return self.answer(401, b"", [("WWW-Authenticate", f'Basic realm="{realm}"')])
        path, _, query = self.path.partition("?")
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "GIT_PROJECT_ROOT": root, "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_NOSYSTEM": "1", "HOME": root, "REMOTE_USER": username or "bearer", "REMOTE_ADDR": "127.0.0.1",
            "REQUEST_METHOD": self.command, "PATH_INFO": path, "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        for name in ("GIT_EXEC_PATH", "GIT_TEMPLATE_DIR"):
            if name in os.environ:
                environment[name] = os.environ[name]
        result = subprocess.run([git, "http-backend"], input=body, env=environment, stdout=subprocess.PIPE, check=True)
        head, _, content = result.stdout.partition(b"\r\n\r\n")
        headers = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n") if line]
        status = next((int(value.split()[0]) for name, value in headers if name == "Status"), 200)
        self.answer(status, content, [(name, value) for name, value in headers if name != "Status"])

    do_GET = do_POST = serve


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


# prctl(2): PR_SET_PDEATHSIG. A test that crashes leaves nothing behind.
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
repositories, control = Server(("127.0.0.1", 0), Repositories), Server(("127.0.0.1", 0), Control)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    repositories.socket = context.wrap_socket(repositories.socket, server_side=True)
threading.Thread(target=control.serve_forever, daemon=True).start()
print(repositories.server_port, control.server_port, sep="\n", flush=True)
repositories.serve_forever()
