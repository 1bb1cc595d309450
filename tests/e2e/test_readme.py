"""What the README shows is what the project does."""

from __future__ import annotations

import re
import shlex

from tests.e2e.command import ROOT, exposure

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_commands_print_what_the_readme_shows():
    shown = re.findall(r"^    \$ exposure (.*)\n\n((?:    .*\n|\n)+?)(?=\n?\S|\n    \$)", README, flags=re.M)
    assert len(shown) == 2
    for arguments, block in shown:
        printed = [line.rstrip() for line in exposure(*shlex.split(arguments)).stdout.decode().splitlines()]
        lines = [line.removeprefix("    ").rstrip() for line in block.rstrip("\n").split("\n")]
        if lines[-1].lstrip().startswith("..."):
            left_out = int(re.search(r"\.\.\. (\d+) more facts", lines.pop()).group(1))
            facts = [line for line in printed if re.match(r"  \[\d+\]", line)]
            assert left_out == len(facts) - sum(line in facts for line in lines)
        assert lines == printed[: len(lines)]


def test_python_example_runs():
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.S)
    names: dict[str, object] = {}
    exec(code, names)
    assert names["frame"]["score"].round(1).tolist() == [49.5, 37.5, 48.0]
    assert names["tree"].score > 49
