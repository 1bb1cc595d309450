"""A command that is killed at a random moment, looked at, and run again: the engine of the campaigns of kills.

Every step is the command itself in a process of its own, forked from this one so that a moment is seldom lost on
imports, and killed between its start and a little after its usual end.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from service.cli import main as main_of_command


@dataclass(frozen=True)
class Step:
    """One command: what it is run with, what is put back before it, and whether its work is done."""

    name: str
    arguments: list[str]
    put_back: Callable[[], None]
    is_done: Callable[[], bool]


@dataclass
class Trials:
    """What came of the kills so far.

    Attributes
    ----------
    look : callable
        Raises one of `faults` where something that is to be seen is half there.
    """

    look: Callable[[], None]
    faults: tuple[type[Exception], ...]
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def of(self, steps: Sequence[Step], count: int, dice: random.Random) -> None:
        """Break the steps off as often together, while at work; every step leaves its work for the next."""
        for number, step in enumerate(steps):
            usual = self._measured(step)
            left = count * (number + 1) // len(steps) - count * number // len(steps)
            while left:
                if self._kill(step, usual, dice):
                    left -= 1
                else:
                    usual *= 0.9  # the first time was slower than those that follow
            print(f"{step.name} takes {usual:.1f} s", flush=True)

    def _measured(self, step: Step) -> float:
        """Seconds that the whole step takes."""
        step.put_back()
        begin = time.perf_counter()
        run(step.arguments)
        if not step.is_done():
            self.failures.append(f"{step.name} did not do its work")
        return time.perf_counter() - begin

    def _kill(self, step: Step, usual: float, dice: random.Random) -> bool:
        """Break one step off and look; then run it to its end. Whether it was still at work."""
        step.put_back()
        moment = dice.uniform(0, 1.05 * usual)
        child = _begun(step.arguments)
        time.sleep(moment)
        ended, _ = os.waitpid(child, os.WNOHANG)
        if ended:
            self.outcomes[f"{step.name}: was done before"] += 1
        else:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            self.outcomes[f"{step.name}: killed"] += 1
        label = f"{step.name} after {moment:.3f} s"
        self._look(label)
        if step.is_done():
            self.outcomes[f"{step.name}: its work was there"] += 1
            return not ended
        status = run(step.arguments)
        if status or not step.is_done():
            self.failures.append(f"{label}: again ends with {status}")
        self._look(f"{label}, done again")
        return not ended

    def _look(self, label: str) -> None:
        try:
            self.look()
        except self.faults as error:
            self.failures.append(f"{label}: {error}")


def run(arguments: list[str]) -> int:
    """Run the command to its end; its status."""
    return os.waitstatus_to_exitcode(os.waitpid(_begun(arguments), 0)[1])


def _begun(arguments: list[str]) -> int:
    """Start the command in a process of its own; its number."""
    child = os.fork()
    if child == 0:
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        sys.argv = ["exposure", *arguments]
        try:
            main_of_command()
        except SystemExit as ending:
            os._exit(ending.code if isinstance(ending.code, int) else int(ending.code is not None))
        except BaseException:
            os._exit(70)
        os._exit(0)
    return child


def tally(outcomes: Counter[str], failures: Sequence[str]) -> int:
    """Print the figures of a campaign; 1 if anything failed."""
    for name, count in sorted(outcomes.items()):
        print(f"{count:8,} {name}")
    for failure in failures[:20]:
        print(failure)
    print(f"{len(failures)} failures")
    return 1 if failures else 0
