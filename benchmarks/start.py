"""What one answer costs from the shell, as multiples of an interpreter that does nothing.

CPU time of the child process, user and system, the median of several runs taken in turns.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

RUNS = 15
# Byte code is what an installed package runs from; some containers forbid writing it.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
TUTORIAL = Path(__file__).parents[1] / "fixtures" / "tutorial"
ASSUME = [
    str(Path(sys.executable).with_name("iamsim")),
    "assume",
    "--as=arn:aws:iam::111111111111:user/alice",
    "--role-arn=arn:aws:iam::222222222222:role/deploy",
    "--policy=alice.json",
]
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "iamsim assume, allowed (clean JSON)": [*ASSUME, "--trust=trust-root.json"],
    "iamsim assume, denied (excerpt by lark, cached grammar)": [*ASSUME, "--trust=trust-mfa.json"],
    "iamsim assume, document refused": [*ASSUME, "--trust=trust-broken.json"],
    "iamsim --version": [ASSUME[0], "--version"],
}


def cpu_seconds(command: list[str]) -> float:
    """Return the CPU time of one run of a command."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, cwd=TUTORIAL, env=ENVIRONMENT, check=False, capture_output=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a table of medians and ratios."""
    for command in COMMANDS.values():
        cpu_seconds(command)  # writes byte code and the cached grammar
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            taken[name].append(cpu_seconds(command))
    base = statistics.median(taken["python -c pass"])
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        print(f"{name:58} {median * 1000:7.1f} ms  {median / base:5.1f}")


if __name__ == "__main__":
    main()
