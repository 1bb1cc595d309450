"""Settings of alerts.

Each is an environment variable with the prefix ``EXPOSURE_ALERT_``.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from scoring.errors import InputError
from service.attempts import Patience

PREFIX: Final = "EXPOSURE_ALERT_"


class AlertSettings(BaseSettings):
    """Where alerts go, and how they are signed and tried again."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    webhook: str = Field("", description="Address that gets alerts unless a command names another.")
    secret: SecretStr = Field(
        SecretStr(""), description="Secret of both sides, by which the receiver knows the sender; none is no signature."
    )
    attempts: int = Field(5, ge=1, le=20, description="Times that an alert is sent before it is given up.")
    longest_wait_seconds: float = Field(60.0, gt=0, description="Longest time between two attempts.")
    timeout_seconds: float = Field(10.0, gt=0, description="Time that the receiver has to answer.")

    @property
    def patience(self) -> Patience:
        """How often and how long a receiver is asked."""
        return Patience(self.attempts, self.longest_wait_seconds, self.timeout_seconds)


def read_alert_settings() -> AlertSettings:
    """Settings from the environment.

    Raises
    ------
    InputError
        A variable has a value that it cannot have.
    """
    try:
        return AlertSettings()
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(PREFIX + str(first["loc"][0]).upper(), first["msg"], "give another or leave it out") from None
