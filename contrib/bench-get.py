#!/usr/bin/env python3
"""Called by contrib/bench: times look-ups in vaults and in git's plain-text store, in turn, and prints a table."""

import json
import os
import statistics
import subprocess
import sys
import time

as_json, runs, helper, work, sizes = sys.argv[1] == "1", int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5].split()
git_store = os.path.join(subprocess.check_output(["git", "--exec-path"], text=True).strip(), "git-credential-store")
request = os.path.join(work, "request")


def run(argv, environment):
    """Milliseconds from the start to the end of a program."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, request, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    ]
    start = time.perf_counter_ns()
    pid = os.posix_spawn(argv[0], argv, environment, file_actions=actions)
    status = os.waitpid(pid, 0)[1]
    elapsed = (time.perf_counter_ns() - start) / 1e6
    if status != 0:
        sys.exit(f"bench: error: {argv[0]} ended with status {status}")
    return elapsed


def answer(argv, environment):
    with open(request) as file:
        return subprocess.run(argv, env=environment, stdin=file, capture_output=True, text=True, check=True).stdout


def peak_memory(argv, environment):
    """Kilobytes. Measured by time(1): a child of this process would inherit the peak of Python itself."""
    with open(request) as file:
        result = subprocess.run(
            ["/usr/bin/time", "-f", "%M", *argv], env=environment, stdin=file, capture_output=True, text=True, check=True)
    return int(result.stderr.split()[-1])


rows = []
floor = []
for size in sizes:
    environment = {**os.environ, "LOCKWISE_HOME": os.path.join(work, size, "vault")}
    store = os.path.join(work, size, "store")
    ours, theirs = [helper, "get"], [git_store, "--file", store, "get"]
    # The last one is asked for, the worst case of a file that is read from its beginning.
    last = f"host{int(size) - 1:06}.example"
    with open(request, "w") as file:
        file.write(f"protocol=https\nhost={last}\n\n")
    known = dict(line.split("=", 1) for line in answer(ours, environment).splitlines())
    if "password" not in known:
        sys.exit(f"bench: error: no answer from the vault with {size} logins")
    with open(store, "w") as file:
        os.chmod(store, 0o600)
        for number in range(int(size) - 1):
            file.write(f"https://user{number:06}:{known['password']}@host{number:06}.example\n")
        file.write(f"https://{known['username']}:{known['password']}@{last}\n")
    if answer(ours, environment) != answer(theirs, environment):
        sys.exit(f"bench: error: with {size} logins the two do not answer the same")
    for argv in (ours, theirs):
        for _ in range(5):
            run(argv, environment)
    lockwise, plain = [], []
    for _ in range(runs):
        lockwise.append(run(ours, environment))
        plain.append(run(theirs, environment))
        floor.append(run(["/bin/true"], environment))
    a, b = statistics.median(lockwise), statistics.median(plain)
    rows.append({
        "logins": int(size), "lockwise_ms": round(a, 3), "store_ms": round(b, 3), "ratio": round(a / b, 3),
        "rss_kb": peak_memory(ours, environment)})

if as_json:
    print(json.dumps({"rows": rows}))
else:
    print(f"{'logins':>8} {'lockwise ms':>12} {'store ms':>10} {'ratio':>7} {'memory KB':>10}")
    for row in rows:
        print(f"{row['logins']:>8} {row['lockwise_ms']:>12.2f} {row['store_ms']:>10.2f} {row['ratio']:>7.2f} {row['rss_kb']:>10}")
    print(f"medians of {runs} runs each, in turn; an empty program (/bin/true) takes {statistics.median(floor):.2f} ms")
