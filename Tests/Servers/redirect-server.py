#!/usr/bin/env python3
"""A loopback HTTP server that sends every request on to another address.

Usage: redirect-server.py URL
Prints its port, and ends with its parent.
"""

import ctypes
import http.server
import signal
import sys


class Redirect(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.send_response(302)
        self.send_header("Location", sys.argv[1] + self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()


# prctl(2): PR_SET_PDEATHSIG. A test that crashes leaves nothing behind.
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirect)
print(server.server_port, flush=True)
server.serve_forever()
