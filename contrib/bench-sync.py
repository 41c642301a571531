#!/usr/bin/env python3
"""Called by contrib/bench: times pulls and pushes against the sandbox and prints a table.

The floor is one run of curl that fetches the same bytes, and one run of openssl that decrypts as many.
"""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request

as_json, binaries, work, sizes = sys.argv[1] == "1", sys.argv[2], sys.argv[3], sys.argv[4].split()
sync = os.path.join(binaries, "lockwise-sync")
password = "not a secret"
email = "bench@example.org"


class Sandbox:
    """A sandbox with a number of logins, and a vault of them."""

    def __init__(self, size):
        self.folder = os.path.join(work, f"sync-{size}")
        os.mkdir(self.folder)
        port_file = os.path.join(self.folder, "port")
        self.process = subprocess.Popen(
            [os.path.join(binaries, "lockwise-sandbox"), "--account", email, "--password-stdin", "--generate", str(size),
             "--port-file", port_file, "--exit-with-parent", "--quiet"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.process.stdin.write(password + "\n")
        self.process.stdin.close()
        while not (os.path.exists(port_file) and os.path.getsize(port_file)):
            time.sleep(0.05)
        with open(port_file) as file:
            self.url = f"http://127.0.0.1:{file.read().strip()}"
        self.sign_in("vault")

    def sign_in(self, vault):
        """Signs in to a vault of this name."""
        self.environment = {
            **os.environ, "HOME": self.folder, "LOCKWISE_HOME": os.path.join(self.folder, vault), "LOCKWISE_PINENTRY": ""}
        self.run(["login", "--server", self.url, "--password-stdin", "--key-file", os.path.join(self.folder, "key"),
                  "--no-pull", email],
                 password + "\n")

    def first_pull(self, gzip):
        """The first pull into a vault of its own, with responses compressed in this way (the switch http.gzip)."""
        self.control("POST", "switches", {"http.gzip": gzip})
        self.sign_in("vault-" + gzip)
        result = self.run(["pull"])
        subprocess.run([sync, "lock"], env=self.environment, stderr=subprocess.DEVNULL)
        return result

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + "/__sandbox__/" + path, data, method=method)
        with urllib.request.urlopen(request) as response:
            return response.read()

    def run(self, arguments, text=""):
        """Runs lockwise-sync: seconds, peak memory in MB, requests to the storage server and kB of its responses."""
        self.control("DELETE", "requests")
        start = time.perf_counter()
        result = subprocess.run(
            ["/usr/bin/time", "-f", "%M", sync, *arguments], env=self.environment, input=text, capture_output=True, text=True)
        elapsed = time.perf_counter() - start
        if result.returncode != 0:
            sys.exit(f"bench: error: lockwise-sync {arguments[0]}: {result.stderr}")
        log = [json.loads(line) for line in self.control("GET", "requests").splitlines()]
        sizes = [entry["bytesOut"] for entry in log if entry["path"].startswith("/storage")]
        return elapsed, int(result.stderr.split()[-1]) / 1024, len(sizes), sum(sizes) / 1000

    def floor(self, size):
        """Seconds: curl fetches the collection in one run, openssl decrypts its ciphertexts in one run."""
        token = self.credentials()
        path = urllib.parse.urlparse(token["api_endpoint"]).path + "/storage/passwords?full=1"
        url = self.url + path
        timestamp, nonce = str(int(time.time())), base64.urlsafe_b64encode(os.urandom(8)).decode()
        host, port = urllib.parse.urlparse(self.url).netloc.split(":")
        text = f"hawk.1.header\n{timestamp}\n{nonce}\nGET\n{path}\n{host}\n{port}\n\n\n"
        mac = base64.b64encode(hmac.new(token["key"].encode(), text.encode(), hashlib.sha256).digest()).decode()
        header = f'Authorization: Hawk id="{token["id"]}", ts="{timestamp}", nonce="{nonce}", mac="{mac}"'
        body = os.path.join(self.folder, "body")
        start = time.perf_counter()
        subprocess.run(["curl", "--silent", "--fail", "--output", body, "--header", header, url], check=True)
        fetched = time.perf_counter() - start
        with open(body) as file:
            records = json.load(file)
        if len(records) != size:
            sys.exit(f"bench: error: curl got {len(records)} records of {size}")
        # One text of the same length, since openssl accepts one key and one IV a run.
        length = sum(len(base64.b64decode(json.loads(record["payload"])["ciphertext"])) for record in records)
        clear, cipher = os.path.join(self.folder, "clear"), os.path.join(self.folder, "cipher")
        with open(clear, "wb") as file:
            file.write(bytes(length - 1))
        key = ["-K", "00" * 32, "-iv", "00" * 16]
        subprocess.run(["openssl", "enc", "-aes-256-cbc", *key, "-in", clear, "-out", cipher], check=True)
        start = time.perf_counter()
        subprocess.run(["openssl", "enc", "-d", "-aes-256-cbc", *key, "-in", cipher, "-out", os.devnull], check=True)
        return fetched + time.perf_counter() - start

    def credentials(self):
        """Storage credentials of an access token of our own, through the public routes of the servers."""
        salt = b"identity.mozilla.com/picl/v1/"

        def derive(secret, info, length):
            block = hmac.new(bytes(32), secret, hashlib.sha256).digest()
            output, last = b"", b""
            for counter in range(1, -(-length // 32) + 1):
                last = hmac.new(block, last + salt + info + bytes([counter]), hashlib.sha256).digest()
                output += last
            return output[:length]

        def call(path, body=None, authorization=None, extra=()):
            headers = {"Content-Type": "application/json", **dict(extra)}
            if authorization:
                headers["Authorization"] = authorization
            data = None if body is None else json.dumps(body).encode()
            request = urllib.request.Request(self.url + path, data, headers, method="GET" if body is None else "POST")
            with urllib.request.urlopen(request) as response:
                return json.load(response)

        stretched = hashlib.pbkdf2_hmac("sha256", password.encode(), salt + b"quickStretch:" + email.encode(), 1000)
        proof = derive(stretched, b"authPW", 32).hex()
        session = call("/auth/v1/account/login", {"email": email, "authPW": proof})["sessionToken"]
        bearer = "Bearer fxs_" + derive(bytes.fromhex(session), b"sessionToken", 96)[:32].hex()
        scope = "https://identity.mozilla.com/apps/oldsync"
        client = "a2270f727f45f648"
        access = call("/auth/v1/oauth/token", {"client_id": client, "grant_type": "fxa-credentials", "scope": scope}, bearer)
        kid = json.loads(self.control("GET", "state"))["accounts"][0]["kid"]
        return call("/token/1.0/sync/1.5", None, "Bearer " + access["access_token"], [("X-KeyID", kid)])

    def edit(self, count):
        edits = []
        for number in range(count):
            record = {
                "id": f"bench{number:07}", "hostname": f"https://bench{number}.example", "formSubmitURL": None,
                "httpRealm": "bench", "username": "u", "password": "changed", "timeCreated": 1, "timePasswordChanged": 1}
            edits.append({"collection": "passwords", "id": record["id"], "cleartext": record})
        self.control("POST", "edit", {"edits": edits})

    def stop(self):
        subprocess.run([sync, "lock"], env=self.environment, stderr=subprocess.DEVNULL)
        self.process.kill()
        self.process.wait()


rows = []
for size in map(int, sizes):
    sandbox = Sandbox(size)
    forced = {"first pull, gzip forced": sandbox.first_pull("always"), "first pull, no gzip": sandbox.first_pull("never")}
    sandbox.control("POST", "switches", {"http.gzip": None})
    sandbox.sign_in("vault")
    steps = {"first pull": sandbox.run(["pull"]), **forced, "unchanged pull": sandbox.run(["pull"])}
    floor = sandbox.floor(size)
    sandbox.edit(10)
    steps["pull of 10 changes"] = sandbox.run(["pull"])
    changes = [
        {"hostname": f"https://push{number}.example", "httpRealm": "bench", "username": "u", "password": "p"}
        for number in range(1000)]
    steps["push of 1,000"] = sandbox.run(["put", "passwords"], json.dumps(changes))
    for step, (seconds, memory, requests, received) in steps.items():
        rows.append({
            "logins": size, "step": step, "seconds": round(seconds, 3), "memory_mb": round(memory, 1), "requests": requests,
            "received_kb": round(received),
            "floor_s": round(floor, 3) if step == "first pull" else None})
    sandbox.stop()

if as_json:
    print(json.dumps({"rows": rows}))
else:
    print(f"{'logins':>8}  {'step':<23} {'seconds':>8} {'floor':>7} {'ratio':>6} {'memory MB':>10} {'requests':>9} {'kB':>9}")
    for row in rows:
        floor = row["floor_s"]
        ratio = f"{row['seconds'] / floor:.2f}" if floor else ""
        print(f"{row['logins']:>8}  {row['step']:<23} {row['seconds']:>8.2f} {floor if floor else '':>7} {ratio:>6} "
              f"{row['memory_mb']:>10.1f} {row['requests']:>9} {row['received_kb']:>9}")
