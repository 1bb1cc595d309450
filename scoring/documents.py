"""What methodology and scenario documents share: how YAML is read, and how their errors are worded."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import ValidationError

_FastLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times faster where it exists


class SafeLoader(_FastLoader):  # type: ignore[misc]
    """Safe loader that refuses a key written twice, where YAML silently takes the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Mapping of a node; the method of the base class that is refined."""
        keys = [self.construct_object(key) for key, _ in node.value]
        twice = [key for position, key in enumerate(keys) if key in keys[:position]]
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"the key {twice[0]} is written twice", node.start_mark)
        return super().construct_mapping(node, deep)


def first_problem(error: ValidationError) -> tuple[str, str]:
    """Field and problem of the first offence, with the names of the next few fields that offend."""
    problems = [_problem(item) for item in error.errors()]
    field, problem = problems[0]
    more = f" (and {len(problems) - 1} more: {', '.join(f for f, _ in problems[1:6])})" if problems[1:] else ""
    return field, problem + more


def _problem(item: Any) -> tuple[str, str]:
    field = ".".join(str(part) for part in item["loc"]) or "document"
    return field, str(item["msg"]).removeprefix("Value error, ")
