#!/usr/bin/env python3
"""Called by contrib/bench: times git with each of several credential helpers, and our helper's operations."""

import json
import os
import statistics
import subprocess
import sys
import time

from bench_timing import run

as_json, runs, bin_folder, work, sizes = sys.argv[1] == "1", int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5].split()
libsecret = sys.argv[6]
helper = os.path.join(os.path.abspath(bin_folder), "git-credential-lockwise")
git_core = subprocess.check_output(["git", "--exec-path"], text=True).strip()


class Size:
    """All candidates with a number of logins, the last of which is looked up."""

    def __init__(self, size):
        self.size = int(size)
        self.folder = os.path.join(work, size)
        self.daemons = []
        self.environment = {
            **os.environ, "LOCKWISE_HOME": os.path.join(self.folder, "vault"), "HOME": self.folder,
            "XDG_DATA_HOME": os.path.join(self.folder, "data"), "XDG_RUNTIME_DIR": os.path.join(self.folder, "run"),
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_CEILING_DIRECTORIES": work}
        for name in ("data/keyrings", "run"):
            os.makedirs(os.path.join(self.folder, name), mode=0o700, exist_ok=True)
        host = f"host{self.size - 1:06}.example"
        self.request = self.write("request", f"protocol=https\nhost={host}\n\n")
        known = self.output([helper, "get"], self.request)
        values = dict(line.split("=", 1) for line in known.splitlines())
        if "password" not in values:
            sys.exit(f"bench: error: no answer from the vault with {size} logins")
        password = values["password"]
        self.accounts = [(f"host{n:06}.example", f"user{n:06}") for n in range(self.size - 1)] + [(host, values["username"])]
        self.stored = self.write("stored", f"protocol=https\nhost={host}\n{known}\n")
        self.helpers = {"lockwise": helper, "store": self.store(password), "cache": self.cache(password)}
        if libsecret:
            self.helpers["libsecret"] = self.libsecret(password)
        for name in self.helpers:
            if password not in self.output(self.fill(name), self.request):
                sys.exit(f"bench: error: git gets no password from {name} with {size} logins")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            os.chmod(path, 0o600)
            file.write(text)
        return path

    def output(self, argv, request):
        with open(request) as file:
            return subprocess.run(argv, env=self.environment, stdin=file, capture_output=True, text=True, check=False).stdout

    def fill(self, name):
        return ["git", "-c", "credential.helper=", "-c", f"credential.helper={self.helpers[name]}", "credential", "fill"]

    def store(self, password):
        lines = (f"https://{user}:{password}@{host}\n" for host, user in self.accounts)
        return f"store --file {self.write('store', ''.join(lines))}"

    def cache(self, password):
        socket = os.path.join(self.folder, "run", "cache")
        cache = [os.path.join(git_core, "git-credential-cache"), "--timeout=3600", "--socket", socket]
        for host, user in self.accounts:
            text = f"protocol=https\nhost={host}\nusername={user}\npassword={password}\n\n"
            subprocess.run([*cache, "store"], env=self.environment, input=text, text=True, check=True)
        self.daemons.append(lambda: subprocess.run([*cache, "exit"], env=self.environment, check=False))
        return f"cache --timeout=3600 --socket {socket}"

    def libsecret(self, password):
        # A keyring without a password is a text file; filling it through the daemon would take minutes.
        text = ["[keyring]\ndisplay-name=bench\nctime=0\nmtime=0\nlock-on-idle=false\nlock-after=false\n"]
        for number, (host, user) in enumerate(self.accounts, 1):
            text.append(f"\n[{number}]\nitem-type=1\ndisplay-name=Git: https://{host}/\nsecret={password}\nmtime=0\nctime=0\n")
            attributes = {
                "protocol": "https", "server": host, "user": user, "xdg:schema": "org.gnome.keyring.NetworkPassword"}
            for index, (name, value) in enumerate(attributes.items()):
                text.append(f"\n[{number}:attribute{index}]\nname={name}\ntype=string\nvalue={value}\n")
        self.write("data/keyrings/bench.keyring", "".join(text))
        self.write("data/keyrings/default", "bench")
        daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"], env=self.environment,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        daemon.stdin.close()
        self.daemons.append(lambda: (daemon.terminate(), daemon.wait()))
        time.sleep(1.5)
        return libsecret

    def row(self):
        """Medians of everything, measured in turn."""
        programs = {f"{name}_fill": (self.fill(name), self.request) for name in self.helpers}
        programs["lockwise_get"] = ([helper, "get"], self.request)
        programs["lockwise_store"] = ([helper, "store"], self.stored)
        times = {name: [] for name in programs}
        for turn in range(runs + 3):
            for name, (argv, request) in programs.items():
                elapsed = run(argv, self.environment, request)
                if turn >= 3:
                    times[name].append(elapsed)
        row = {"logins": self.size}
        row.update({f"{name}_ms": round(statistics.median(values), 3) for name, values in times.items()})
        row["store_get_ratio"] = round(row["lockwise_store_ms"] / row["lockwise_get_ms"], 3)
        return row

    def close(self):
        for stop in self.daemons:
            stop()


rows = []
for number in sizes:
    one = Size(number)
    try:
        rows.append(one.row())
    finally:
        one.close()

if as_json:
    print(json.dumps({"rows": rows}))
else:
    names = ["lockwise", "store", "cache"] + (["libsecret"] if libsecret else [])
    print("git credential fill, ms".center(8 + 11 * len(names) + 9) + "helper alone, ms".center(30))
    print(f"{'logins':>8}" + "".join(f"{name:>11}" for name in names) + f"{'get':>15}{'store':>9}{'ratio':>8}")
    for row in rows:
        print(
            f"{row['logins']:>8}" + "".join(f"{row[name + '_fill_ms']:>11.2f}" for name in names)
            + f"{row['lockwise_get_ms']:>15.2f}{row['lockwise_store_ms']:>9.2f}{row['store_get_ratio']:>8.2f}")
    print(f"medians of {runs} runs each, in turn; store: of what is there already")
