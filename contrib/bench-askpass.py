#!/usr/bin/env python3
"""Called by contrib/bench: times answers of lockwise-askpass and a look-up of git-credential-lockwise, in turn."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time

from bench_timing import run

as_json, runs, folder, work, sizes = sys.argv[1] == "1", int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5].split()
askpass = os.path.join(folder, "lockwise-askpass")
# The program that asks for a key: timeout(1) under the name of ssh-add.
asker = os.path.join(work, "ssh-add")
shutil.copy(shutil.which("timeout"), asker)
key = os.path.join(work, "id_bench")
subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "not a secret", "-f", key], check=True)
ACCOUNT = "marie@host.example"


class Candidate:
    """The questions at one size, and their times."""

    def __init__(self, size):
        self.size = int(size)
        self.home = os.path.join(work, size, "vault")
        self.environment = {**os.environ, "LOCKWISE_HOME": self.home, "SSH_ASKPASS_REQUIRE": "never", "SHELL": "/bin/sh"}
        last = f"host{self.size - 1:06}.example"
        self.request = os.path.join(work, size, "request")
        with open(self.request, "w") as file:
            file.write(f"protocol=https\nhost={last}\n\n")
        for arguments in (["key", key], ["ssh", ACCOUNT]):
            subprocess.run(
                [askpass, "save", *arguments], env=self.environment, input="not a secret\n", text=True, check=True,
                stderr=subprocess.DEVNULL)
        helper = [os.path.join(folder, "git-credential-lockwise"), "get"]
        with open(self.request) as file:
            answer = subprocess.run(helper, env=self.environment, stdin=file, capture_output=True, text=True, check=True)
        known = dict(line.split("=", 1) for line in answer.stdout.splitlines())
        if "password" not in known:
            sys.exit(f"bench: error: no answer from the vault with {size} logins")
        # The same login: the prompt names the user.
        with open(self.request, "w") as file:
            file.write(f"protocol=https\nhost={last}\nusername={known['username']}\n\n")
        through = [asker, "--foreground", "9"]
        self.programs = {
            "get": helper,
            "git": [askpass, f"Password for 'https://{known['username']}@{last}': "],
            "key": [*through, askpass, f"Enter passphrase for {key}: "],
            "timeout": [*through, "/bin/true"],
            "true": ["/bin/true"],
            "ssh": self.connection(f"{askpass} \"{ACCOUNT}'s password: \" >{work}/answer"),
            "ssh alone": self.connection("/bin/true >/dev/null"),
        }
        self.times = {name: [] for name in self.programs}
        self.time("ssh")
        with open(os.path.join(work, "answer")) as file:
            if file.read() != "not a secret\n":
                sys.exit("bench: error: no answer for ssh")

    @staticmethod
    def connection(command):
        """ssh that runs a command in place of a connection, and so asks with its own process."""
        script = os.path.join(work, "proxy-" + os.path.basename(command.split()[0]))
        with open(script, "w") as file:
            # ssh ends when the output is closed.
            file.write(f"#!/bin/sh\n{command}\n")
        os.chmod(script, 0o700)
        return ["ssh", "-F", "none", "-o", "BatchMode=yes", "-o", f"ProxyCommand={script}", ACCOUNT]

    def time(self, name):
        """Milliseconds. Each run is the first of its process, as for ssh and git."""
        try:
            os.truncate(os.path.join(self.home, "askpass-tries"), 0)
        except FileNotFoundError:
            pass
        if not name.startswith("ssh"):
            return run(self.programs[name], self.environment, self.request)
        start = time.perf_counter_ns()
        subprocess.run(
            self.programs[name], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=False)
        return (time.perf_counter_ns() - start) / 1e6

    def row(self):
        median = {name: statistics.median(values) for name, values in self.times.items()}
        # What the program that asks takes is not the answer's time.
        times = {
            "get": median["get"], "git": median["git"], "key": median["key"] - median["timeout"] + median["true"],
            "ssh": median["ssh"] - median["ssh alone"],
        }
        return {"logins": self.size, "ms": {name: round(value, 3) for name, value in times.items()}}


candidates = [Candidate(size) for size in sizes]
for turn in range(runs + 3):
    order = candidates[turn % len(candidates):] + candidates[:turn % len(candidates)]
    for candidate in order:
        names = list(candidate.programs)
        # What runs after ssh is slower than what runs after a small program.
        for name in names[turn % len(names):] + names[:turn % len(names)]:
            elapsed = candidate.time(name)
            if turn >= 3:
                candidate.times[name].append(elapsed)
rows = [candidate.row() for candidate in candidates]

LIMITS = [("git", "get", 1.25), ("key", "get", 1.25)]
for row in rows:
    row["ratios"] = {f"{one} / {other}": round(row["ms"][one] / row["ms"][other], 3) for one, other, _ in LIMITS}

if as_json:
    print(json.dumps({"rows": rows}))
else:
    names = list(rows[0]["ms"])
    print(f"{'logins':>8} " + " ".join(f"{name + ' ms':>9}" for name in names))
    for row in rows:
        print(f"{row['logins']:>8} " + " ".join(f"{row['ms'][name]:>9.2f}" for name in names))
    for one, other, limit in LIMITS:
        ratios = " ".join(f"{row['ratios'][f'{one} / {other}']:>8.2f}" for row in rows)
        print(f"{one + ' / ' + other:>18} {ratios}   at most {limit}")
    print(f"medians of {runs} runs each, in turn; ssh contains one run of ssh -G")
