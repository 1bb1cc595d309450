"""What the client asks of reference data: companies, lists, releases, scenarios and methodologies."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal, Unpack
from urllib.parse import quote

from service.client.flow import Asking, Flow
from service.client.options import Versions, WhatIf, given
from service.client.tables import Table

if TYPE_CHECKING:
    from scoring.lookup.result import Company, Threat

Kind = Literal["rules", "countermeasures", "minerals", "events"]


class Lookups(Asking[Table]):
    """Calls for reference data; errors and options as in `service.client.calls.Calls`."""

    def companies(
        self, /, q: str = "", *, country: str | None = None, sector: str | None = None, limit: int = 50, **options: Any
    ) -> Flow[Table]:
        """Search companies; `options` are those of ``GET /v1/companies``."""
        asked = given(q=q, country=country, sector=sector, limit=limit, **options)
        return (yield from self.table("GET", "/v1/companies", asked))

    def company(self, /, company_id: str, **versions: Unpack[Versions]) -> Flow[Company]:
        """Every fact about a company that was known by the date."""
        from scoring.lookup.result import Company

        return (yield from self.document(Company, "GET", f"/v1/companies/{quote(company_id)}", given(**versions)))

    def reference(self, /, kind: Kind, **versions: Unpack[WhatIf]) -> Flow[Table]:
        """A table of reference data as known by the date, and how many companies each row touches."""
        return (yield from self.table("GET", f"/v1/{kind}", given(**versions)))

    def touched(self, /, kind: Kind, key: str, **versions: Unpack[WhatIf]) -> Flow[Table]:
        """Companies that one row of such a table touches, most first."""
        return (yield from self.table("GET", f"/v1/{kind}/{quote(key, safe='')}/companies", given(**versions)))

    def leverage(self, /, **versions: Unpack[WhatIf]) -> Flow[Table]:
        """China's leverage over each country through each mineral, what it is made of, and what is in force."""
        return (yield from self.table("GET", "/v1/minerals/leverage", given(**versions)))

    def threat(self, /, country: str, **versions: Unpack[Versions]) -> Flow[Threat]:
        """Latent threat of coercive acts toward a country."""
        from scoring.lookup.result import Threat

        return (yield from self.document(Threat, "GET", f"/v1/threat/{quote(country, safe='')}", given(**versions)))

    def scenarios(self) -> Flow[list[dict[str, Any]]]:
        """The library of scenarios: id, title, description and hash."""
        return (yield from self.json("GET", "/v1/scenarios"))

    def scenario(self, /, scenario_id: str) -> Flow[dict[str, Any]]:
        """A scenario of the library as a document, and its hash."""
        return (yield from self.json("GET", f"/v1/scenarios/{quote(scenario_id, safe='')}"))

    def methodology(self, /, version: str) -> Flow[dict[str, Any]]:
        """A methodology as a document, and its hash."""
        return (yield from self.json("GET", f"/v1/methodologies/{quote(version, safe='')}"))

    def releases(self) -> Flow[list[dict[str, Any]]]:
        """Releases that the service has, oldest first, and which one is current."""
        return (yield from self.json("GET", "/v1/releases"))

    def release(self, /, version: str) -> Flow[dict[str, Any]]:
        """A release: its dates, its hash, and the hash of every table."""
        return (yield from self.json("GET", f"/v1/releases/{quote(version, safe='')}"))

    def release_diff(
        self,
        /,
        old: str,
        new: str,
        *,
        as_of: str | dt.date | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Flow[dict[str, Any]]:
        """Facts that changed from one release to another, and the scores that moved with them; counts are of all."""
        url = f"/v1/releases/{quote(old, safe='')}/diff/{quote(new, safe='')}"
        return (yield from self.json("GET", url, given(as_of=as_of, limit=limit, offset=offset)))
