#!/usr/bin/env python3
"""Called by contrib/test: prints how its parts ended, from what they left in a folder.

The file `parts` has a line for each part: name, exit status, seconds. PART.log is the output of a part, and PART.xml
the results of `swift test` in the format of JUnit. Exit status 1: a part failed.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree

SKIPPED = 77
MESSAGE_LINES = 6
LOG_LINES = 40


class Part:
    def __init__(self, folder, line):
        self.name, status, seconds = line.split()
        self.status, self.seconds = int(status), int(seconds)
        self.log_path = folder / f"{self.name}.log"
        self.log = self.log_path.read_text(errors="replace").splitlines() if self.log_path.exists() else []
        self.cases = []
        # Swift Testing may add its name to that of the file.
        for path in sorted(folder.glob(f"{self.name}*.xml")):
            try:
                self.cases += xml.etree.ElementTree.parse(path).iter("testcase")
            except xml.etree.ElementTree.ParseError:
                pass  # The process ended while it was written; the log shows where.

    def failures(self):
        """The tests that failed: name and messages."""
        for case in self.cases:
            messages = [failure.get("message") or failure.text or "" for failure in case.iter("failure")]
            if messages:
                yield test_name(case), messages

    def last_lines(self):
        """The last lines of the log, without those that say that a test has started."""
        return [line for line in self.log if not line.startswith("\u25c7")][-LOG_LINES:]


def test_name(case):
    return f"{case.get('classname')}/{case.get('name')}"


def repeat(part, name):
    """The command that repeats a test."""
    variable = "LOCKWISE_TEST_LINK=shared " if part.name == "shared" else ""
    # Dots stand for the slashes between nested suites, too.
    return f"{variable}swift test --filter '^{name.partition('(')[0]}'"


def print_skipped(parts):
    lines = []
    for part in parts:
        if part.status == SKIPPED:
            lines.append(f"  {part.name}: {part.log[-1] if part.log else 'cannot run here'}")
        for line in part.log:
            if match := re.match(r"\S+ (?:Test|Suite) (.+?) skipped(?:: \"?(.*?)\"?)?$", line):
                lines.append(f"  {match[1]}: {match[2] or 'no reason given'}")
    if lines:
        print("\nskipped:")
        print("\n".join(dict.fromkeys(lines)))


def print_failures(part):
    print(f"\nFAILED: {part.name} (exit status {part.status}; log: {part.log_path})")
    failures = list(part.failures())
    for name, messages in failures:
        print(f"  {name}")
        lines = [line for message in messages for line in message.splitlines()]
        for line in lines[:MESSAGE_LINES]:
            print(f"    {line[:400]}")
        if len(lines) > MESSAGE_LINES:
            print(f"    ({len(lines) - MESSAGE_LINES} more lines in the log)")
        print(f"    repeat: {repeat(part, name)}")
    if not failures:
        print("  last lines of the log:")
        for line in part.last_lines():
            print(f"    {line[:400]}")
        print(f"    repeat: contrib/test {part.name}")


def main(folder):
    folder = pathlib.Path(folder)
    parts = [Part(folder, line) for line in (folder / "parts").read_text().splitlines()]
    print_skipped(parts)
    print("\nparts, in seconds:")
    for part in parts:
        state = {0: "", SKIPPED: "skipped"}.get(part.status, "FAILED")
        count = f"{len(part.cases)} tests" if part.cases else ""
        print(f"{part.seconds:7}  {part.name:<10} {count:<11} {state}".rstrip())
    failed = [part for part in parts if part.status not in (0, SKIPPED)]
    for part in failed:
        print_failures(part)
    print("\nall tests passed" if not failed else f"\nFAILED: {' '.join(part.name for part in failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
