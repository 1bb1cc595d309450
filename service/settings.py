"""Settings of the HTTP service: the one list of its options.

Each option is an environment variable with the prefix ``EXPOSURE_`` and an option of `exposure serve`; the
descriptions below are its help and its documentation.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX: Final = "EXPOSURE_"

MULTIPROCESS_DIRECTORY: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable that names the folder through which the workers of one server share their metrics."""


class Settings(BaseSettings):
    """Options of the HTTP service."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    host: str = Field("127.0.0.1", description="Address to bind. Any but loopback needs an API key.")
    port: int = Field(8000, ge=0, le=65_535, description="Port to bind; 0 takes a free one.")
    root_path: str = Field(
        "",
        pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="Path under which a proxy offers the service, such as /exposure.",
    )
    forwarded_from: str = Field(
        "", description="Addresses of proxies, comma-separated, or *, whose X-Forwarded-For and -Proto are believed."
    )
    workers: int = Field(1, ge=1, le=64, description="Worker processes.")
    release_store: str | None = Field(None, description="Folder or URL that holds releases. Default: the bundled ones.")
    release_key: str | None = Field(
        None,
        description="Public key of minisign, in base 64, that releases and their promotion must be signed with. "
        "Default: no signature is asked for.",
    )
    release: str | None = Field(None, description="Version to serve. Default: the newest, and newer ones as they come.")
    overlay: Path | None = Field(None, description="Folder of private tables laid over every release. Default: none.")
    proposals: Path | None = Field(
        None, description="Folder of proposals of `exposure data take`, shown under /data/review. Default: none."
    )
    poll_seconds: float = Field(30.0, gt=0, description="How often each worker looks for a newer release in the store.")
    key_file: Path | None = Field(
        None, description="File of API keys, made by `exposure key create`. Default: no keys, loopback only."
    )
    rate_limit: str = Field(
        "600/minute",
        pattern=r"^\d+ ?(/|per) ?(\d+ ?)?(second|minute|hour|day)s?$",
        description="Requests per API key, such as 600/minute.",
    )
    rate_limit_storage: str = Field(
        "memory://",
        description="Where requests are counted: memory:// (each worker for itself) or redis://HOST:PORT/DB "
        "(all workers and instances together).",
    )
    max_body_bytes: int = Field(8 * 2**20, ge=1024, description="Largest request body.")
    max_url_bytes: int = Field(8192, ge=256, description="Longest path with query string.")
    max_header_bytes: int = Field(32_768, ge=1024, description="Largest request head besides the URL.")
    max_tickers: int = Field(50_000, ge=1, description="Most tickers in one batch.")
    max_explained: int = Field(100, ge=0, description="Most tickers in one batch that asks for explanations.")
    max_ticker_length: int = Field(1000, ge=1, description="Longest ticker, in characters.")
    body_timeout_seconds: float = Field(30.0, gt=0, description="Time a client has to send its request body.")
    stall_seconds: float = Field(
        15.0,
        gt=0,
        description="Time a client has to send a request head, and to take some of a reply that waits for it.",
    )
    max_connections: int = Field(800, ge=1, description="Connections of each worker; more are answered with 503.")
    shutdown_seconds: int = Field(30, ge=0, description="Time that requests in flight have to finish on shutdown.")
    scorer_cache: int = Field(16, ge=1, description="Scorers kept, one per release, as-of date and methodology.")
    scorer_cache_bytes: int = Field(
        256 * 2**20, ge=0, description="Memory for scorers, per worker; the one used last is kept whatever it takes."
    )
    reply_cache_bytes: int = Field(
        32 * 2**20, ge=0, description="Memory for rendered GET replies, per worker; 0 keeps none."
    )
    batch_threads: int = Field(2, ge=1, description="Batches scored at the same time, per worker.")
    quick_threads: int = Field(4, ge=1, description="Smaller requests answered at the same time, per worker.")
    queue: int = Field(32, ge=0, description="Requests that may wait for each kind of thread; more are refused.")
    work_seconds: float = Field(60.0, gt=0, description="Time that a request may wait for a thread, and then take.")
    key_concurrency: int = Field(8, ge=1, description="Requests of one API key that are at work or wait.")
    jobs_folder: Path | None = Field(
        None, description="Folder of jobs and their results, shared by all workers. Default: none, and no jobs."
    )
    job_threads: int = Field(1, ge=1, description="Jobs computed at the same time, per worker.")
    job_seconds: float = Field(3600.0, gt=0, description="Time that a job may wait for a thread, and then take.")
    job_keep_hours: float = Field(48.0, gt=0, description="How long a job is kept after its last part was written.")
    long_batch: int = Field(50, ge=0, description="Tickers from which a batch is scored off the event loop.")
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Web origins that may read replies, separated by commas. Default: none."
    )
    otlp_endpoint: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="Collector that a span of each request is sent to, OTLP over HTTP, such as "
        "http://collector:4318/v1/traces; needs the extra `otel`. Default: none.",
    )
    guide: Path | None = Field(
        None,
        description="Folder of the documentation as a site, made by `make guide`, served at /guide/. Default: none.",
    )
    mcp: bool = Field(
        False, description="Also answer the Model Context Protocol at /mcp, with the same keys and limits."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe log line that is written; requests are logged at info."
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _separated(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the bound address."""
        return is_loopback(self.host)


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Whether a name or address always means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
