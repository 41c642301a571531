#!/usr/bin/env python3
"""Called by contrib/bench: times the commands of lockwise-pass, a look-up of git's and Debian's pass, in turn."""

import json
import os
import re
import statistics
import subprocess
import sys

from bench_timing import run_in_turn

as_json, runs, folder, work, sizes = sys.argv[1] == "1", int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5].split()


class Candidate:
    """The programs at one size, and their times."""

    def __init__(self, size):
        self.size = int(size)
        store = os.path.join(work, size, "store")
        self.environment = {
            **os.environ, "LOCKWISE_HOME": os.path.join(work, size, "vault"), "PASSWORD_STORE_DIR": store,
            "LC_ALL": "C.UTF-8",
        }
        own = os.path.join(folder, "lockwise-pass")
        names = subprocess.check_output([own, "ls", "--flat"], env=self.environment, text=True).splitlines()
        if len(names) != self.size:
            sys.exit(f"bench: error: lockwise-pass lists {len(names)} names of {size}")
        for name in names:
            path = os.path.join(store, name + ".gpg")
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            open(path, "w").close()
        self.request = os.path.join(work, size, "request")
        with open(self.request, "w") as file:
            file.write(f"protocol=https\nhost=host{self.size - 1:06}.example\n\n")
        self.programs = {
            "get": [os.path.join(folder, "git-credential-lockwise"), "get"],
            "show": [own, "show", names[-1]],
            "ls": [own, "ls"],
            "find": [own, "find", "host00000"],
            "flat": [own, "ls", "--flat"],
            "grep": [own, "grep", "user00000"],
            "pass ls": ["pass", "ls"],
            "pass find": ["pass", "find", "host00000"],
        }
        self.times = {name: [] for name in self.programs}
        # Debian's pass prints colours into a pipe as well.
        if self.output("ls") != re.sub(rb"\x1b\[[0-9;]*m", b"", self.output("pass ls")):
            sys.exit(f"bench: error: with {size} logins the two do not list the same")

    def output(self, name):
        return subprocess.run(
            self.programs[name], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout

    def peak_memory(self, name):
        """Kilobytes. Measured by time(1): a child of this process would inherit the peak of Python itself."""
        result = subprocess.run(
            ["/usr/bin/time", "-f", "%M", *self.programs[name]], env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
        return int(result.stderr.split()[-1])

    def row(self):
        times = {name: round(statistics.median(values), 3) for name, values in self.times.items()}
        peak = max(self.peak_memory(name) for name in ("show", "ls", "find", "flat", "grep"))
        return {"logins": self.size, "ms": times, "rss_kb": peak}


candidates = [Candidate(size) for size in sizes]
run_in_turn(candidates, runs)
rows = [candidate.row() for candidate in candidates]

LIMITS = [
    ("show", "get", 1.5), ("ls", "pass ls", 0.2), ("find", "pass find", 0.2), ("grep", "ls", 3), ("flat", "find", 1),
]
# A user waits for it at each tab.
FLAT_LIMIT = 5
for row in rows:
    row["ratios"] = {f"{one} / {other}": round(row["ms"][one] / row["ms"][other], 3) for one, other, _ in LIMITS}

if as_json:
    print(json.dumps({"rows": rows}))
else:
    names = list(candidates[0].programs)
    print(f"{'logins':>8} " + " ".join(f"{name + ' ms':>12}" for name in names) + f" {'memory KB':>10}")
    for row in rows:
        print(f"{row['logins']:>8} " + " ".join(f"{row['ms'][name]:>12.2f}" for name in names) + f" {row['rss_kb']:>10}")
    for one, other, limit in LIMITS:
        ratios = " ".join(f"{row['ratios'][f'{one} / {other}']:>8.2f}" for row in rows)
        print(f"{one + ' / ' + other:>18} {ratios}   at most {limit}")
    print(f"{'flat':>18} " + " ".join(f"{row['ms']['flat']:>8.2f}" for row in rows) + f"   at most {FLAT_LIMIT} ms")
    print(f"medians of {runs} runs each, in turn (pass: {max(1, runs // 10)}); flat is ls --flat, as completions use it")
