#!/usr/bin/env python3
"""Called by contrib/bench: measures the start of the git helper, as page faults, instructions and time, and prints a table.

The page cache holds a file in small pages if it was read page by page, and in large ones if it was read ahead. The kernel
maps a whole large page on the first fault, so a program of the same bytes then has fewer faults. Both are measured.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time

as_json, runs, helper, work, sizes, before = (
    sys.argv[1] == "1", int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5].split(), sys.argv[6])
git_store = os.path.join(subprocess.check_output(["git", "--exec-path"], text=True).strip(), "git-credential-store")
# A look-up needs at most this multiple of the instructions of git's store. More is mostly the Swift runtime that searches
# the conformances of the program: for a type by its mangled name, or in a generic function that is not specialized.
LIMIT = 3
environment = {**os.environ, "LOCKWISE_HOME": os.path.join(work, sizes[0], "vault")}
name = f"host{int(sizes[0]) - 1:06}.example"
request = os.path.join(work, "request")
with open(request, "w") as file:
    file.write(f"protocol=https\nhost={name}\n\n")


def fill_page_cache(path, in_small_pages):
    """Drops a file from the page cache and reads it again: each page by itself and in no order, or all at once."""
    descriptor = os.open(path, os.O_RDONLY)
    size = os.fstat(descriptor).st_size
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    if in_small_pages:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)
        pages = list(range(0, size, 4096))
        random.Random(1).shuffle(pages)
        for page in pages:
            os.pread(descriptor, 4096, page)
    else:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        while os.read(descriptor, 1 << 20):
            pass
    os.close(descriptor)


def start(argv):
    """Milliseconds and minor faults of one run. wait4(2) counts those of this program alone."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, request, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    ]
    began = time.perf_counter_ns()
    pid = os.posix_spawn(argv[0], argv, environment, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"bench: error: {argv} ended with status {status}")
    return (time.perf_counter_ns() - began) / 1e6, usage.ru_minflt


def instructions(argv):
    """Instructions of one run in user space, counted by valgrind; None without valgrind."""
    if not shutil.which("valgrind"):
        return None
    with open(request) as file:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *argv], stdin=file, capture_output=True,
            text=True, env=environment, check=False)
    counts = [line.split()[-1] for line in run.stderr.splitlines() if "Collected" in line]
    return int(counts[0]) if counts else None


class Program:
    """A program, its name in the table, and its measurements, by the state of the page cache."""

    def __init__(self, title, argv, is_copied):
        self.title = title
        self.argv = list(argv)
        if is_copied:
            # A copy, so that nobody else uses its pages. git finds its command by its own name.
            folder = os.path.join(work, "copies", title)
            os.makedirs(folder)
            copy = os.path.join(folder, os.path.basename(argv[0]))
            shutil.copy(argv[0], copy)
            self.argv[0] = copy
        self.times = {False: [], True: []}
        self.faults = {False: [], True: []}
        self.instructions = instructions(self.argv)


store = os.path.join(work, "store")
answer = subprocess.run(
    [helper, "get"], env=environment, stdin=open(request), capture_output=True, text=True, check=True).stdout
known = dict(line.split("=", 1) for line in answer.splitlines())
with open(store, "w") as file:
    os.chmod(store, 0o600)
    for number in range(int(sizes[0]) - 1):
        file.write(f"https://user{number:06}:{known['password']}@host{number:06}.example\n")
    file.write(f"https://{known['username']}:{known['password']}@{name}\n")

programs = [Program("lockwise", [helper, "get"], True)]
if before:
    programs.insert(0, Program("lockwise before", [os.path.join(before, os.path.basename(helper)), "get"], True))
programs += [
    Program("store", [git_store, "--file", store, "get"], True),
    Program("true", ["/bin/true"], True),
]
for in_small_pages in (False, True):
    for program in programs:
        fill_page_cache(program.argv[0], in_small_pages)
    for turn in range(runs + 3):
        for program in programs:
            elapsed, faults = start(program.argv)
            if turn >= 3:
                program.times[in_small_pages].append(elapsed)
                program.faults[in_small_pages].append(faults)

rows = []
for program in programs:
    row = {"program": program.title, "instructions": program.instructions}
    for in_small_pages, state in ((False, "large"), (True, "small")):
        time_of_store = statistics.median(programs[-2].times[in_small_pages])
        row[f"{state}_faults"] = statistics.median(program.faults[in_small_pages])
        row[f"{state}_ms"] = round(statistics.median(program.times[in_small_pages]), 3)
        row[f"{state}_ratio"] = round(statistics.median(program.times[in_small_pages]) / time_of_store, 3)
    rows.append(row)
counts = {row["program"]: row["instructions"] for row in rows}
ratio = round(counts["lockwise"] / counts["store"], 2) if counts["lockwise"] and counts["store"] else None
if as_json:
    print(json.dumps({"rows": rows, "instructions_ratio": ratio, "instructions_limit": LIMIT}))
else:
    print(f"{'':<16} {'':>13} {'large pages':^26} {'small pages':^26}")
    print(f"{'program':<16} {'instructions':>13}" + f" {'faults':>8} {'ms':>8} {'ratio':>8}" * 2)
    for row in rows:
        count = "-" if row["instructions"] is None else f"{row['instructions']:,}"
        print(f"{row['program']:<16} {count:>13}" + "".join(
            f" {row[f'{state}_faults']:>8.0f} {row[f'{state}_ms']:>8.2f} {row[f'{state}_ratio']:>8.2f}"
            for state in ("large", "small")))
    print(f"medians of {runs} runs each, in turn; ratio to git's store")
    print(f"instructions of lockwise / store: {'-' if ratio is None else ratio}, at most {LIMIT}")
