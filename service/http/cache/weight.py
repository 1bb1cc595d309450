"""How much memory something keeps alive by itself."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Final

import pyarrow as pa

from scoring.reference.releases.release import Release

_SHARED: Final = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType, Release, pa.Table)
"""What many hold together: it stays when one of them goes."""


def weigh(things: Iterable[Any]) -> int:
    """Bytes of everything that some objects hold, each counted once; without what all share, such as the release."""
    seen: set[int] = set()
    waiting, total = list(things), 0
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, _SHARED):
            continue
        seen.add(id(thing))
        total += sys.getsizeof(thing)
        if getattr(thing, "base", None) is not None and hasattr(thing, "nbytes"):
            waiting.append(thing.base)  # a view of an array holds the whole of it
        waiting += gc.get_referents(thing)
    return total
