"""The client and the documents that it reads load nothing that computes or serves."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

CLIENT = Path(__file__).parents[3] / "service" / "client"


def test_the_client_is_light_to_import() -> None:
    text = "".join((CLIENT / name).read_text() for name in ("calls.py", "lookups.py"))
    documents = sorted(set(re.findall(r"^        from (scoring\.[\w.]+) import", text, re.M)))
    assert len(documents) > 6, "each is imported by the call that answers with it"
    code = (
        f"import sys, service.client, {', '.join(documents)}\n"
        "heavy = {'numpy', 'pandas', 'pyarrow', 'numba', 'sklearn', 'scipy', 'yaml', 'typer', 'fastapi'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
