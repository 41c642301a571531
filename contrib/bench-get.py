#!/usr/bin/env python3
"""Called by contrib/bench: times look-ups in vaults and in git's plain-text store, in turn, and prints a table."""

import json
import os
import statistics
import subprocess
import sys

from bench_timing import run

as_json, runs, helper, work, sizes = sys.argv[1] == "1", int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5].split()
git_store = os.path.join(subprocess.check_output(["git", "--exec-path"], text=True).strip(), "git-credential-store")


class Candidate:
    """The two programs at one size, and their times."""

    def __init__(self, size):
        self.size = int(size)
        self.environment = {**os.environ, "LOCKWISE_HOME": os.path.join(work, size, "vault")}
        store = os.path.join(work, size, "store")
        # The last one is looked up: the worst case for a file that is read from its beginning.
        last = f"host{self.size - 1:06}.example"
        self.request = os.path.join(work, size, "request")
        with open(self.request, "w") as file:
            file.write(f"protocol=https\nhost={last}\n\n")
        self.programs = {"lockwise": [helper, "get"], "store": [git_store, "--file", store, "get"]}
        self.times = {"lockwise": [], "store": []}
        known = dict(line.split("=", 1) for line in self.answer("lockwise").splitlines())
        if "password" not in known:
            sys.exit(f"bench: error: no answer from the vault with {size} logins")
        with open(store, "w") as file:
            os.chmod(store, 0o600)
            for number in range(self.size - 1):
                file.write(f"https://user{number:06}:{known['password']}@host{number:06}.example\n")
            file.write(f"https://{known['username']}:{known['password']}@{last}\n")
        if self.answer("lockwise") != self.answer("store"):
            sys.exit(f"bench: error: with {size} logins the two do not answer the same")

    def answer(self, name):
        with open(self.request) as file:
            return subprocess.run(
                self.programs[name], env=self.environment, stdin=file, capture_output=True, text=True, check=True).stdout

    def peak_memory(self, name):
        """Kilobytes. Measured by time(1): a child of this process would inherit the peak of Python itself."""
        with open(self.request) as file:
            result = subprocess.run(
                ["/usr/bin/time", "-f", "%M", *self.programs[name]], env=self.environment, stdin=file,
                capture_output=True, text=True, check=True)
        return int(result.stderr.split()[-1])

    def row(self):
        ours, theirs = (statistics.median(self.times[name]) for name in ("lockwise", "store"))
        return {
            "logins": self.size, "lockwise_ms": round(ours, 3), "store_ms": round(theirs, 3),
            "ratio": round(ours / theirs, 3), "rss_kb": self.peak_memory("lockwise")}


candidates = [Candidate(size) for size in sizes]
floor = []
for turn in range(runs + 3):
    # The order changes each time. Otherwise the same size would always follow the store that reads the largest file.
    order = candidates[turn % len(candidates):] + candidates[:turn % len(candidates)]
    for name in ("lockwise", "store"):
        run(["/bin/true"], order[0].environment, os.devnull)
        for candidate in order:
            elapsed = run(candidate.programs[name], candidate.environment, candidate.request)
            if turn >= 3:
                candidate.times[name].append(elapsed)
    floor.append(run(["/bin/true"], order[0].environment, os.devnull))
rows = [candidate.row() for candidate in candidates]

if as_json:
    print(json.dumps({"rows": rows}))
else:
    print(f"{'logins':>8} {'lockwise ms':>12} {'store ms':>10} {'ratio':>7} {'memory KB':>10}")
    for row in rows:
        print(f"{row['logins']:>8} {row['lockwise_ms']:>12.2f} {row['store_ms']:>10.2f} {row['ratio']:>7.2f} {row['rss_kb']:>10}")
    print(f"medians of {runs} runs each, in turn; an empty program (/bin/true) takes {statistics.median(floor):.2f} ms")
