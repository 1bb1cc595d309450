"""What the address of a page may hold: the whole state of a page is its address."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from service.http.options import WhatIf


class PageOptions(WhatIf):
    """Date, release, methodology and scenario of a page; an empty field of a form is one that is not given."""

    @model_validator(mode="before")
    @classmethod
    def _filled_in(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value != ""}

    @property
    def state(self) -> dict[str, str]:
        """What is given of the versions and the scenario, for the links of the page."""
        return {name: value for name in WhatIf.model_fields if (value := getattr(self, name)) is not None}
