"""A server with private tables over its release."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest

from tests.service.serverprocess import EXPOSURE, running

REFERENCE = Path(__file__).parents[3] / "data" / "reference"


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
    # The share of a fiscal year; methodology 2026.2 sums the four quarters that are known since.
    asked = {"methodology": "2026.1"}
    with running(tmp_path / "log", EXPOSURE_OVERLAY=str(folder)) as private:
        reply = private.http.get("/v1/scores/8035.T", params={"explain": True, **asked})
        assert reply.headers["X-Exposure-Release"].endswith("+house")
        assert reply.json()["china_share"] == 0.5
        origins = {fact["origin"] for fact in reply.json()["explanation"]["facts"].values()}
        assert origins == {"release", "overlay house"}
        public = server.http.get("/v1/scores/8035.T", params={"explain": True, **asked})
        assert public.headers["ETag"] != reply.headers["ETag"]
        assert public.json()["china_share"] != 0.5
        pinned = reply.headers["X-Exposure-Release"].partition("+")[0]
        again = private.http.get("/v1/scores/8035.T", params={"release": pinned, **asked})
        assert again.json()["china_share"] == 0.5
        current = [one["version"] for one in private.http.get("/v1/releases").json() if one["is_current"]]
        assert current == [pinned]


def test_a_reply_names_a_release_that_can_be_asked_for(tmp_path):
    with running(tmp_path / "log", "--overlay", str(house(tmp_path / "house"))) as private:
        for version in ("2026.11.0", "2026.11.1"):
            asked = {"as_of": "2026-07-01", "methodology": "2026.1"}
            reply = private.http.get("/v1/scores/8035.T", params={"release": version, **asked})
            named = reply.headers["X-Exposure-Release"]
            assert named == f"{version}+house"
            # The folder may change under its name.
            assert "immutable" not in reply.headers["Cache-Control"]
            assert private.http.get("/v1/scores/8035.T", params={"release": named, **asked}).json() == reply.json()
            typed = private.http.get(f"/v1/scores/8035.T?release={named}&as_of=2026-07-01&methodology=2026.1")
            assert typed.json() == reply.json()
            document = private.http.get(f"/v1/releases/{named}")
            assert document.json()["version"] == named
            assert "immutable" not in document.headers["Cache-Control"]
        assert private.http.get("/v1/releases/2026.11.1+garden").status_code == 404


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_does_not_start_with_an_offence(tmp_path, workers):
    folder = house(tmp_path / "house", china_share="2")
    done = subprocess.run(
        [*EXPOSURE, "serve", "--port", "0", "--workers", workers, "--overlay", str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "revenue.csv:2: china_share" in done.stderr
    assert len(done.stderr.splitlines()) == 1
