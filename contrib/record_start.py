#!/usr/bin/env python3
"""Called by contrib/record-start: prints the symbols that programs used, from the logs of valgrind's tool lackey.

The argument is a file of lines "PROGRAM LOG". Programs are static and not stripped. Names of Swift and C++ come first,
because each of their functions is a section of its own. A C library has one section for each source file, and SQLite's
would separate the others by a megabyte.
"""

import bisect
import subprocess
import sys

# Text, weak symbols and variables without a value. Those with a value save little and are many.
KINDS = set("twb")
# Shared libraries and the heap are above.
LIMIT = 0x4000000


def symbols(program):
    """The symbols with a size, as (address, size, kind, name), sorted."""
    lines = subprocess.check_output(["nm", "--numeric-sort", "--print-size", program], text=True).splitlines()
    parts = [line.split() for line in lines]
    return [(int(part[0], 16), int(part[1], 16), part[2].lower(), part[3]) for part in parts if len(part) == 4]


def addresses(log):
    """The addresses of instructions and data below the limit, each once, in the order of their first use."""
    found = {}
    with open(log) as file:
        for line in file:
            if line.startswith("==") or "," not in line:
                continue
            address = int(line[3:].split(",")[0], 16)
            if address < LIMIT:
                found.setdefault(address)
    return found


used = {}
with open(sys.argv[1]) as list_of_logs:
    for line in list_of_logs:
        program, log = line.split()
        table = symbols(program)
        starts = [symbol[0] for symbol in table]
        for address in addresses(log):
            index = bisect.bisect_right(starts, address) - 1
            if index >= 0 and address < table[index][0] + table[index][1] and table[index][2] in KINDS:
                used.setdefault(table[index][3])
first = [name for name in used if name.startswith(("$s", "_Z"))]
rest = [name for name in used if not name.startswith(("$s", "_Z"))]
print("\n".join(first + rest))
