"""Bill of materials of the image: that of the wheel, and the packages of the image's Debian.

python .ci/image_sbom.py WHEEL.cdx.json DEBIAN.tsv > IMAGE.cdx.json; the second as `dpkg-query` prints it, a line of
name, version and architecture each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL


def component(line: str) -> dict[str, str]:
    """One package of Debian."""
    name, version, architecture = line.split("\t")
    purl = PackageURL("deb", "debian", name, version, {"arch": architecture}).to_string()
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def main(wheel: str, debian: str) -> None:
    """Print the bill, which must be valid."""
    bill = json.loads(Path(wheel).read_text())
    bill["components"] += [component(line) for line in sorted(Path(debian).read_text().splitlines())]
    bill["metadata"]["component"]["type"] = "container"
    text = json.dumps(bill, indent=2, ensure_ascii=False)
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"not CycloneDX: {problem}")
    print(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
