#!/usr/bin/env python3
"""Called by contrib/bench: times commands of lockwise-env, a look-up of git's and Debian's pass, in turn."""

import json
import os
import statistics
import subprocess
import sys

from bench_timing import run_in_turn

as_json, runs, folder, work, sizes = sys.argv[1] == "1", int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5].split()
VALUES = 20


class Candidate:
    """The programs at one size, and their times."""

    def __init__(self, size):
        self.size = int(size)
        self.environment = {**os.environ, "LOCKWISE_HOME": os.path.join(work, size, "vault")}
        references = [
            f"lockwise://host{number:06}.example/user{number:06}"
            for number in (self.size - 1 - index % self.size for index in range(VALUES))]
        file = os.path.join(work, size, "references")
        with open(file, "w") as output:
            output.writelines(f"NAME{index}={reference}\n" for index, reference in enumerate(references))
        self.request = os.path.join(work, size, "request")
        with open(self.request, "w") as output:
            output.write(f"protocol=https\nhost=host{self.size - 1:06}.example\n\n")
        own = os.path.join(folder, "lockwise-env")
        self.programs = {
            "get": [os.path.join(folder, "git-credential-lockwise"), "get"],
            "read": [own, "read", references[0]],
            "export": [own, "export", "-f", file],
            "run": [own, "run", "-f", file, "--", "/bin/true"],
            "ref": [own, "ref"],
            "true": ["/bin/true"],
            "pass show": ["pass", "show", "entry"],
        }
        self.times = {name: [] for name in self.programs}
        password = dict(line.split("=", 1) for line in self.output("get").splitlines())["password"]
        if self.output("read") != password + "\n" or self.output("export").count("export NAME") != VALUES:
            sys.exit(f"bench: error: with {size} logins the answers differ")
        # The first run stores the names for the others.
        if self.output("ref").count("\n") != self.size:
            sys.exit(f"bench: error: with {size} logins there are other references")
        printed = subprocess.run(
            [own, "run", "-f", file, "--", "/usr/bin/printenv", "NAME0"], env=self.environment, capture_output=True,
            text=True, check=True).stdout
        if printed != password + "\n":
            sys.exit(f"bench: error: with {size} logins the command got another password")

    def output(self, name):
        with open(self.request) as request:
            return subprocess.run(
                self.programs[name], env=self.environment, stdin=request, capture_output=True, text=True,
                check=True).stdout

    def row(self):
        times = {name: round(statistics.median(values), 3) for name, values in self.times.items()}
        return {"logins": self.size, "ms": times}


def make_store():
    """An entry of Debian's pass, for a key without a passphrase."""
    os.environ["GNUPGHOME"] = os.path.join(work, "gnupg")
    os.environ["PASSWORD_STORE_DIR"] = os.path.join(work, "store")
    os.mkdir(os.environ["GNUPGHOME"], 0o700)
    gpg = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "bench@example.org", "default"]
    for command in (gpg, ["pass", "init", "bench@example.org"], ["pass", "insert", "-m", "entry"]):
        subprocess.run(command, input="not a secret\n", text=True, check=True, capture_output=True)


make_store()
candidates = [Candidate(size) for size in sizes]
run_in_turn(candidates, runs)
subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=False)
rows = [candidate.row() for candidate in candidates]

LIMITS = [("read", lambda ms: 1.3 * ms["get"]), ("export", lambda ms: min(2.5 * ms["get"], 3)),
          ("run", lambda ms: 2 * ms["get"] + ms["true"]), ("ref", lambda ms: 5)]
for row in rows:
    row["limits"] = {name: round(limit(row["ms"]), 3) for name, limit in LIMITS}

if as_json:
    print(json.dumps({"rows": rows}))
else:
    names = list(candidates[0].programs)
    print(f"{'logins':>8} " + " ".join(f"{name + ' ms':>12}" for name in names))
    for row in rows:
        print(f"{row['logins']:>8} " + " ".join(f"{row['ms'][name]:>12.2f}" for name in names))
    for name, _ in LIMITS:
        print(f"{name:>18} at most " + " ".join(f"{row['limits'][name]:>8.2f}" for row in rows) + " ms")
    print(f"medians of {runs} runs each, in turn (pass: {max(1, runs // 10)}); export and run have {VALUES} references")
