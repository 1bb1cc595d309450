"""What is asked of one scorer again and again, computed once, kept with the scorer and forgotten with it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import update_wrapper
from threading import Lock
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from scoring.scorer import Scorer

P = ParamSpec("P")
T = TypeVar("T")
_Kept = OrderedDict[Hashable, "Future[T]"]


def remembered(
    size: int = 1,
) -> Callable[[Callable[Concatenate[Scorer, P], T]], Callable[Concatenate[Scorer, P], T]]:
    """Make a function of a scorer remember its last answers.

    Several threads that ask for the same wait for one answer. An error is not remembered. The answers are attributes of
    the scorer, and so weighed with it where scorers are kept by what they hold.

    Parameters
    ----------
    size : int
        Answers kept for each scorer, by the other arguments; the least recently used goes first.
    """

    def decorate(function: Callable[Concatenate[Scorer, P], T]) -> Callable[Concatenate[Scorer, P], T]:
        name, lock = f"{function.__module__}.{function.__qualname__}", Lock()

        def answer(scorer: Scorer, /, *args: P.args, **kwargs: P.kwargs) -> T:
            key: Hashable = (args, tuple(sorted(kwargs.items())))
            with lock:
                kept: _Kept[T] = vars(scorer).setdefault(name, OrderedDict())
                future = kept.get(key)
                is_mine = future is None
                if future is None:
                    future = kept[key] = Future()
                    if len(kept) > size:
                        kept.popitem(last=False)
                kept.move_to_end(key)
            if not is_mine:
                return future.result()
            try:
                future.set_result(function(scorer, *args, **kwargs))
            except BaseException as error:
                with lock:
                    kept.pop(key, None)
                future.set_exception(error)
                raise
            return future.result()

        update_wrapper(answer, function)
        return answer

    return decorate
