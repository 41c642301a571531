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


def run_in_turn(candidates, runs):
    """Fills the times of candidates: of each of their programs, in turn, after three runs that do not count. `get` reads
    the candidate's request. Debian's pass is slow, and its median needs fewer runs."""
    for turn in range(runs + 3):
        order = candidates[turn % len(candidates):] + candidates[:turn % len(candidates)]
        for candidate in order:
            for name, program in candidate.programs.items():
                if name.startswith("pass ") and turn % 10 != 3:
                    continue
                elapsed = run(program, candidate.environment, candidate.request if name == "get" else os.devnull)
                if turn >= 3:
                    candidate.times[name].append(elapsed)
