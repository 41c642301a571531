#!/usr/bin/env python3
"""A loopback SMTP server (RFC 5321) that takes mail after AUTH PLAIN or LOGIN (RFC 4954) only.

Usage: smtp-server.py USER PASSWORD
Prints its port and that of its log, each on a line, and ends with its parent. Each connection to the log is answered by
HTTP with a JSON list: {"username", "password", "good"} for an AUTH, {"to", "text"} for a mail.
"""

import base64
import ctypes
import http.server
import json
import signal
import socketserver
import sys
import threading

user, password = sys.argv[1], sys.argv[2]
log = []


class Mail(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def line(self):
        return self.rfile.readline().decode().rstrip("\r\n")

    def asked(self, prompt):
        self.say("334 " + base64.b64encode(prompt).decode())
        return base64.b64decode(self.line()).decode()

    def authenticate(self, words):
        if words[1].upper() == "LOGIN":
            name, secret = self.asked(b"Username:"), self.asked(b"Password:")
        else:
            text = base64.b64decode(words[2]).decode() if len(words) > 2 else self.asked(b"")
            _, name, secret = text.split("\0")
        good = (name, secret) == (user, password)
        log.append({"username": name, "password": secret, "good": good})
        self.say("235 Authentication successful" if good else "535 Authentication credentials invalid")
        return good

    def handle(self):
        is_in, to = False, []
        self.say("220 localhost")
        while line := self.line():
            words = line.split()
            verb = words[0].upper()
            if verb == "EHLO":
                self.say("250-localhost")
                self.say("250 AUTH PLAIN LOGIN")
            elif verb == "AUTH":
                is_in = self.authenticate(words)
            elif verb == "QUIT":
                return self.say("221 Bye")
            elif not is_in:
                self.say("530 Authentication required")
            elif verb == "RCPT":
                to.append(line[8:].strip("<> "))
                self.say("250 OK")
            elif verb == "DATA":
                self.say("354 Go on")
                text = []
                while (part := self.line()) != ".":
                    text.append(part)
                log.append({"to": to, "text": "\n".join(text)})
                self.say("250 OK")
            else:
                self.say("250 OK")


class Log(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(log).encode())


# prctl(2): PR_SET_PDEATHSIG. A test that crashes leaves nothing behind.
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
socketserver.ThreadingTCPServer.daemon_threads = True
mail = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
told = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Log)
threading.Thread(target=told.serve_forever, daemon=True).start()
print(mail.server_address[1], told.server_port, sep="\n", flush=True)
mail.serve_forever()
