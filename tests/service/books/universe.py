"""A small universe in which the codes of well-known companies clash as they do in the world."""

from __future__ import annotations

import numpy as np

from scoring.reference.identifiers.resolver import Resolver

_LISTED = """
allianz | Allianz SE | DE | XETR:ALV | DE0008404005
autoliv | Autoliv | SE | XNYS:ALV | US0528001094
roche | Roche Holding AG | CH | XSWX:ROG | CH0012032048
rogers | Rogers | US | XNYS:ROG | US7751331015
essilorluxottica | EssilorLuxottica Societe anonyme | FR | XPAR:EL | FR0000121667
estee-lauder | The Estée Lauder Companies | US | XNYS:EL | US5184391044
telenor | Telenor ASA | NO | XOSL:TEL | NO0010063308
te-connectivity | TE Connectivity plc | IE | XNYS:TEL | IE000IVNQZ81
merck-kgaa | Merck KGaA | DE | XETR:MRK | DE0006599905
merck | Merck & Co., Inc. (MSD) | US | XNYS:MRK | US58933Y1055
siemens-energy | Siemens Energy | DE | XETR:ENR | DE000ENER6Y0
energizer | Energizer Holdings | US | XNYS:ENR | US29272W1099
bae-systems | BAE Systems plc | GB | XLON:BA. | GB0002634946
boeing | Boeing | US | XNYS:BA | US0970231058
bunzl | Bunzl plc | GB | XLON:BNZL |
cooper-standard | Cooper-Standard | US | XNYS:CPS | US21676P1030
siemens-healthineers | Siemens Healthineers | DE | XETR:SHL | DE000SHL1006
sonic-healthcare | Sonic Healthcare Limited | AU | XASX:SHL |
keyence | Keyence Corp | JP | XTKS:6861 | JP3236200006
tokyo-electron | Tokyo Electron Ltd | JP | XTKS:8035 | JP3571400005
advantest | Advantest Corp | JP | XTKS:6857 | JP3122400009
kioxia | Kioxia Holdings Corp | JP | XTKS:285A |
bunka-shutter | Bunka Shutter Co., Ltd. | JP | XTKS:5930 |
samsung-electronics | Samsung Electronics | KR | XKRX:005930 | KR7005930003
tsmc | Taiwan Semiconductor Manufacturing Company (TSMC) | TW | XTAI:2330 XNYS:TSM | TW0002330008
prada | Prada | IT | XHKG:1913 | IT0003874101
asml | ASML Holding N.V. | NL | XAMS:ASML XNAS:ASML | NL0010273215 USN070592100
infineon | Infineon Technologies | DE | XETR:IFX | DE0006231004
apple | Apple Inc. | US | XNAS:AAPL | US0378331005
applied-materials | Applied Materials, Inc. | US | XNAS:AMAT | US0382221051
nvidia | NVIDIA Corporation | US | XNAS:NVDA | US67066G1040
lam-research | Lam Research Corporation | US | XNAS:LRCX | US5128071082
micron | Micron Technology, Inc. | US | XNAS:MU |
microsoft | Microsoft Corporation | US | XNAS:MSFT |
att | AT&T Inc. | US | XNYS:T |
alphabet | Alphabet Inc. | US | XNAS:GOOGL |
ford | Ford Motor | US | XNYS:F |
"""


class SmallUniverse:
    """Tables `companies` and `listings` of the companies above."""

    def __init__(self) -> None:
        companies, listings = [], []
        for line in _LISTED.strip().splitlines():
            company_id, name, country, codes, isins = (cell.strip() for cell in line.split("|"))
            companies.append({"company_id": company_id, "name": name, "country": country})
            numbers = [*isins.split(), None, None]
            for place, code in enumerate(codes.split()):
                mic, _, ticker = code.partition(":")
                isin = numbers[place]
                listings.append({"company_id": company_id, "mic": mic, "ticker": ticker, "isin": isin, "figi": None,
                                 "primary": place == 0, "listed_to": None})  # fmt: skip
        self._tables = {"companies": companies, "listings": listings}

    def columns(self, name: str) -> dict[str, np.ndarray]:
        if name == "company_names":
            return {key: np.empty(0, dtype=object) for key in ("company_id", "name", "kind", "until")}
        rows = self._tables[name]
        return {key: np.array([row[key] for row in rows], dtype=object) for key in rows[0]}


RESOLVER = Resolver(SmallUniverse())
