"""A server with private tables over its release."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

from serverprocess import EXPOSURE, running

REFERENCE = Path(__file__).parents[2] / "data" / "reference"


def house(folder, **cells):
    with (REFERENCE / "revenue.csv").open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        row = next(r for r in reader if (r["company_id"], r["fiscal_year"]) == ("tokyo-electron", "2025"))
        header = list(reader.fieldnames or ())
    folder.mkdir(exist_ok=True)
    with (folder / "revenue.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerow(row | cells)
    return folder


def test_private_facts_are_served_and_marked(tmp_path, server):
    folder = house(tmp_path / "house", china_share="0.5", china_revenue="")
    with running(tmp_path / "log", EXPOSURE_OVERLAY=str(folder)) as private:
        reply = private.http.get("/v1/scores/8035.T", params={"explain": True})
        assert reply.headers["X-Exposure-Release"].endswith("+house")
        assert reply.json()["china_share"] == 0.5
        origins = {fact["origin"] for fact in reply.json()["explanation"]["facts"].values()}
        assert origins == {"release", "overlay house"}
        public = server.http.get("/v1/scores/8035.T", params={"explain": True})
        assert public.headers["ETag"] != reply.headers["ETag"]
        assert public.json()["china_share"] != 0.5
        pinned = reply.headers["X-Exposure-Release"].partition("+")[0]
        again = private.http.get("/v1/scores/8035.T", params={"release": pinned})
        assert again.json()["china_share"] == 0.5
        assert private.http.get("/v1/releases").status_code == 200


def test_a_server_does_not_start_with_an_offence(tmp_path):
    folder = house(tmp_path / "house", china_share="2")
    done = subprocess.run(
        [*EXPOSURE, "serve", "--port", "0", "--overlay", str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "revenue.csv:2: china_share" in done.stderr
