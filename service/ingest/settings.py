"""Settings of downloads: the addresses of the sources, and how politely they are asked.

Each is an environment variable with the prefix ``EXPOSURE_DATA_``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.attempts import Patience

PREFIX: Final = "EXPOSURE_DATA_"


class DownloadSettings(BaseSettings):
    """Where sources are, and how they are asked."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    cache: Path = Field(Path("data/raw"), description="Folder of the files as they were fetched.")
    user_agent: str = Field(
        "",
        description="Who asks, with an address to write to, such as `Example Research data@example.com`. The SEC asks "
        "for it; without it nothing is fetched.",
    )
    attempts: int = Field(5, ge=1, le=20, description="Times that a file is asked for before it is given up.")
    longest_wait_seconds: float = Field(60.0, gt=0, description="Longest time between two attempts.")
    timeout_seconds: float = Field(60.0, gt=0, description="Time that a source has to answer.")
    pause_seconds: float = Field(
        0.2, ge=0, description="Time between two files of one source: the SEC allows ten a second."
    )
    largest_bytes: int = Field(4 * 2**30, ge=1, description="Largest file that is fetched.")

    webhook: str = Field("", description="Address that gets a POST of JSON with `text` after a nightly run.")
    mail_to: str = Field("", description="Address that gets a mail after a nightly run.")
    mail_from: str = Field("exposure@localhost", description="Sender of the mail.")
    smtp_host: str = Field("", description="Server that takes the mail; its port follows.")
    smtp_port: int = Field(587, ge=1, le=65_535, description="Port of the mail server.")
    smtp_user: str = Field("", description="User at the mail server; none is a server without users.")
    smtp_password: str = Field("", description="Password of the user.")

    sec_data_sets: str = Field(
        "https://www.sec.gov/files/dera/data/financial-statement-data-sets/{year}q{quarter}.zip",
        description="A quarter of the Financial Statement Data Sets.",
    )
    sec_symbols: str = Field("https://www.sec.gov/files/company_tickers.json", description="Filers with symbols.")
    ecb: str = Field(
        "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip", description="History of the reference rates."
    )
    ecfr: str = Field(
        "https://www.ecfr.gov/api/versioner/v1/full/{day}/title-15.xml?part=774",
        description="Commerce Control List on a day.",
    )
    federal_register: str = Field(
        "https://www.federalregister.gov/api/v1/documents.json?per_page=1000&order=oldest"
        "&conditions[agencies][]=industry-and-security-bureau&conditions[publication_date][gte]={since}",
        description="Documents of the Bureau of Industry and Security since a day.",
    )
    screening_list: str = Field(
        "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv",
        description="Consolidated Screening List.",
    )
    baci: str = Field(
        "https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_HS92_V202601.zip",
        description="Bilateral trade; its name bears the edition.",
    )
    wgi: str = Field(
        "https://api.worldbank.org/v2/country/all/indicator/{series}?source=3&format=json&per_page=20000"
        "&date={first}:{last}",
        description="One series of the Worldwide Governance Indicators in some years.",
    )
    gleif: str = Field(
        "https://goldencopy.gleif.org/api/v2/golden-copies/publishes/lei2/latest.csv",
        description="Golden copy of legal entities, Level 1, the newest.",
    )
    gleif_isins: str = Field(
        "https://mapping.gleif.org/api/v2/isin-lei/latest/download",
        description="Which ISIN is of which legal entity, the newest.",
    )

    @property
    def patience(self) -> Patience:
        """How often and how long a source is asked."""
        return Patience(self.attempts, self.longest_wait_seconds, self.timeout_seconds)
