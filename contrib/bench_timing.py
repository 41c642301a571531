"""How contrib/bench times a program."""

import os
import sys
import time


def run(argv, environment, request):
    """Milliseconds from the start to the end of a program that reads the file `request`."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, request, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    ]
    start = time.perf_counter_ns()
    pid = os.posix_spawnp(argv[0], argv, environment, file_actions=actions)
    status = os.waitpid(pid, 0)[1]
    elapsed = (time.perf_counter_ns() - start) / 1e6
    if status != 0:
        sys.exit(f"bench: error: {argv} ended with status {status}")
    return elapsed
