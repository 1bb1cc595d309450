"""How much memory something keeps alive by itself, and giving it back."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterable
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Final

import pyarrow as pa

from scoring.reference.releases.release import Release

_SHARED: Final = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType, Release, pa.Table)
"""What many hold together: it stays when one of them goes."""

_MANY: Final = 1000
"""Things in a list from which on it is weighed by a sample: rows of a table are much alike."""

_SAMPLE: Final = 50


def weigh(things: Iterable[Any]) -> int:
    """Bytes of everything that some objects hold, each counted once; without what all share, such as the release."""
    return _weigh(things, set())


def _weigh(things: Iterable[Any], seen: set[int]) -> int:
    waiting, total = list(things), 0
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, _SHARED):
            continue
        seen.add(id(thing))
        total += sys.getsizeof(thing)
        if getattr(thing, "base", None) is not None and hasattr(thing, "nbytes"):
            waiting.append(thing.base)  # a view of an array holds the whole of it
        if isinstance(thing, list) and len(thing) > _MANY:
            sample = thing[:: len(thing) // _SAMPLE]
            total += _weigh(sample, seen) * len(thing) // len(sample)
            continue
        waiting += gc.get_referents(thing)
    return total


def give_back() -> None:
    """Give freed memory back to the system; glibc keeps it for each thread apart, which adds up."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
