"""What of the documents is not run as it stands there, and why. An entry that nothing needs is an error."""

from __future__ import annotations

ELSEWHERE = {
    "pip install": ("asks a package index", "tests/e2e/test_wheel.py", "test_the_other_commands_need_no_other_extra"),
    ".venv/bin/pip install": ("asks a package index", "tests/e2e/test_wheel.py", "test_the_client_alone_is_small"),
    "python3 -m venv .venv": ("is for what pip installs", "tests/e2e/installation.py", "venv.create"),
    "export PATH": ("is for what pip installs", "tests/e2e/test_wheel.py", 'environment / "bin"'),
    ".venv/bin/pre-commit install": ("changes the working copy", ".pre-commit-config.yaml", "make check"),
    "exposure release build": (
        "trains all estimates", "tests/service/cli/test_release_command.py", 'run("build", "--store"',
    ),
    "dask": ("stays until it is stopped", "tests/e2e/documents/conftest.py", '"scheduler", "--host"'),
    ".venv/bin/python -m benchmarks": ("measures for minutes", "Makefile", "python -m benchmarks"),
    "make": ("installs, and runs all tests", ".ci/run", "make test"),
}  # fmt: skip
"""Beginning of a command -> why no test runs it as written, the file that runs what it is made of, and words of it."""

KINDS_ELSEWHERE = {
    "powerquery": ("tests/service/formats/test_report.py", "test_power_query_gets_what_the_page_says"),
    "json": ("tests/e2e/documents/test_assistants.py", "test_an_assistant_is_set_up_as_the_page_says"),
}
"""Kind of block -> the test that runs it, and its name."""

TEXT = {
    "docs/architecture.md": ("data/reference/*.csv", "errors, vocabulary"),
    "docs/guide.md": ("control loss",),
    "docs/methodology.md": ("r_fj(t,s)", "excess", "R_supply", "L_mj(t)", "λ_j(t)", "u(x; h)", "ΔC"),
}
"""Document -> beginnings of its blocks that nobody runs: equations and drawings."""

STATUS = {
    "exposure portfolio data/examples/book.csv": 3,
    "exposure coverage data/examples/book.csv": 3,
    "exposure workbook data/examples/book.csv -o report.xlsx": 3,
}
"""Command -> its exit status, where that is not 0: the book has typos on purpose."""

SMALLER = {
    "--nworkers 8": "--nworkers 1",
    "--draws 16384": "--draws 128",
    "--draws 4096": "--draws 256",
    "--start 2006-01-01": "--start 2026-06-01",
    "--start 2016-01-01": "--start 2025-06-01",
    "--start 2020-01-01": "--start 2026-01-01",
    "--start 2022-01-01": "--start 2025-07-01",
    "exposure report": "exposure report --release 2026.11.1",
    "exposure panel book.csv --events": "exposure panel book.csv --events --release 2026.11.1",
    "exposure changes --from 2024-07-31": "exposure changes --release 2026.11.1 --from 2024-07-31",
    "exposure changes --to-methodology": "exposure changes --release 2026.11.1 --to-methodology",
}
"""What takes minutes of a processor or a cluster -> the same over fewer days, draws or companies."""
