#!/usr/bin/env python3
"""A loopback IMAP server (RFC 9051) that rejects every login.

Usage: imap-server.py LOG
Prints its port. Appends the lines that it receives to the file LOG. Ends with its parent.
"""

import ctypes
import signal
import socketserver
import sys


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        while line := self.rfile.readline():
            with open(sys.argv[1], "ab") as file:
                file.write(line)
            tag, verb = line.split()[:2]
            if verb.upper() == b"LOGIN":
                self.wfile.write(tag + b" NO rejected\r\n")
            else:
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK\r\n")


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
print(server.server_address[1], flush=True)
server.serve_forever()
