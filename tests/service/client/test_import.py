"""Importing the client loads nothing that computes: what an answer needs is loaded with the answer."""

from __future__ import annotations

import subprocess
import sys


def test_the_client_is_light_to_import() -> None:
    code = (
        "import sys, service.client\n"
        "heavy = {'numpy', 'pandas', 'pyarrow', 'numba', 'sklearn', 'scipy', 'fastapi'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
