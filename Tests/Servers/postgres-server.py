#!/usr/bin/env python3
"""A loopback PostgreSQL server that asks for the password in clear and rejects it (PostgreSQL's documentation,
"Message Formats").

Usage: postgres-server.py LOG
Prints its port. Appends user and password to the file LOG. Ends with its parent.
"""

import ctypes
import signal
import socketserver
import struct
import sys


class Session(socketserver.StreamRequestHandler):
    def message(self):
        size = struct.unpack("!i", self.rfile.read(4))[0]
        return self.rfile.read(size - 4)

    def handle(self):
        start = self.message()
        while struct.unpack("!i", start[:4])[0] != 3 << 16:
            # Neither TLS nor GSSAPI.
            self.wfile.write(b"N")
            start = self.message()
        words = start[4:].split(b"\0")
        user = dict(zip(words[::2], words[1::2])).get(b"user", b"")
        self.wfile.write(b"R" + struct.pack("!ii", 8, 3))
        if self.rfile.read(1) == b"p":
            with open(sys.argv[1], "ab") as file:
                file.write(user + b" " + self.message().rstrip(b"\0") + b"\n")
            text = b"SFATAL\0C28P01\0Mrejected\0\0"
            self.wfile.write(b"E" + struct.pack("!i", len(text) + 4) + text)


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
print(server.server_address[1], flush=True)
server.serve_forever()
