#!/usr/bin/env python3
"""A loopback HTTP proxy that leads every https connection to one port of this machine.

Usage: connect-proxy.py PORT
Answers CONNECT for any host, so that a test can serve https://github.com. Prints its port and ends with its parent.
"""

import ctypes
import signal
import socket
import socketserver
import sys
import threading

target = int(sys.argv[1])


def copy(source, sink):
    """Copies bytes until the source ends."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Connection(socketserver.BaseRequestHandler):
    def handle(self):
        head = b""
        while b"\r\n\r\n" not in head:
            if not (data := self.request.recv(4096)):
                return
            head += data
        if not head.startswith(b"CONNECT "):
            self.request.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", target)) as server:
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=copy, args=(server, self.request))
            back.start()
            copy(self.request, server)
            back.join()


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True


# prctl(2): PR_SET_PDEATHSIG. A test that crashes leaves nothing behind.
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
proxy = Proxy(("127.0.0.1", 0), Connection)
print(proxy.server_address[1], flush=True)
proxy.serve_forever()
