# SPDX-License-Identifier: Apache-2.0
"""The list of what is in a bootstrap is well-formed, and says what was linked, all and no more."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing
from packageurl import PackageURL

from conftest import Shipped
from support.child import RELEASE, ROOT

COMPONENTS = {
    "blst": {"libblst.a"},
    "c-ares": {"libcares.a"},
    "curl": {"libcurl.a"},
    "glibc": {"libc.a", "libm.a"},
    "libb64": {"libb64.a"},
    "libgcc": {"libgcc.a", "libgcc_eh.a"},
    "libsecp256k1": {"libsecp256k1.a"},
    "libsodium": {"libsodium.a"},
    "libstdc++": {"libstdc++.a"},
    "nlohmann-json": set(),
    "openssl": {"libcrypto.a", "libssl.a"},
}


def components(sbom: Path) -> dict[str, dict]:
    listed = json.loads(sbom.read_text())["components"]
    named = {component["name"]: component for component in listed}
    assert len(named) == len(listed)
    return named


def archives(component: dict) -> set[str]:
    return {archive["name"] for archive in component.get("components", [])}


def test_is_cyclonedx(shipped: Shipped) -> None:
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(shipped.sbom.read_text())
    assert error is None, error


@pytest.mark.parametrize(
    ("right", "wrong"), [('"SHA-256"', '"SHA-255"'), ('"type"', '"typ"'), ('"ref"', '"of"')]
)
def test_what_is_not_cyclonedx_is_seen(shipped_here: Shipped, right: str, wrong: str) -> None:
    text = shipped_here.sbom.read_text().replace(right, wrong, 1)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is not None


def test_licences_are_spdx(shipped: Shipped) -> None:
    for component in components(shipped.sbom).values():
        for licence in component["licenses"]:
            if "expression" in licence:
                assert not get_spdx_licensing().validate(licence["expression"]).errors
            else:
                assert licence["license"] == {"name": "Public domain"}


def test_names_the_bootstrap(shipped: Shipped) -> None:
    subject = json.loads(shipped.sbom.read_text())["metadata"]["component"]
    content = hashlib.sha256(shipped.bootstrap.read_bytes()).hexdigest()
    assert subject["hashes"] == [{"alg": "SHA-256", "content": content}]


def test_names_what_is_known_to_be_in(shipped: Shipped) -> None:
    """Whoever adds a library, or a header of one, has to think of it here."""
    found = {name: archives(each) for name, each in components(shipped.sbom).items()}
    if shipped.architecture == "x86_64":  # where libm.a is two, by name
        found["glibc"] = {name.replace("libm-2.36.a", "libm.a") for name in found["glibc"]}
    assert found == COMPONENTS


def test_names_what_fills_the_program_by_the_linkers_map(shipped_here: Shipped) -> None:
    """By the map's other half: not which members were asked for, but which bytes are there."""
    layout = (RELEASE / "bootstrap.map").read_text().split("\nLinker script and memory map\n")[1]
    bytes_of = re.findall(r" 0x[0-9a-f]+ +0x(?!0\s)[0-9a-f]+ (\S+[.]a)\(", layout)
    outside = {Path(path).name for path in bytes_of if "/third_party/" in path}
    assert outside == set().union(*map(archives, components(shipped_here.sbom).values()))


def test_nothing_is_linked_but_ours_and_what_is_pinned() -> None:
    loaded = re.findall(r"^LOAD (/\S+)$", (RELEASE / "bootstrap.map").read_text(), re.MULTILINE)
    pinned = ROOT / "build" / "third_party"
    strangers = {path for path in loaded if not Path(path).is_relative_to(pinned)}
    assert loaded and all(re.search(r"[.]ltrans\d+[.]ltrans[.]o$", path) for path in strangers)


def test_hashes_and_versions_are_those_fetched(shipped: Shipped) -> None:
    files = ROOT / "build" / "third_party" / shipped.architecture / "files"
    for component in components(shipped.sbom).values():
        fetched = files / component["bom-ref"]
        content = hashlib.sha256(fetched.read_bytes()).hexdigest()
        assert component["hashes"] == [{"alg": "SHA-256", "content": content}]
        purl = PackageURL.from_string(component["purl"])
        if purl.type == "cargo":
            assert fetched.name == f"{purl.name}-{purl.version}.crate"
            assert purl.version == component["version"]
            continue
        assert fetched.name.startswith(f"{purl.name}_{purl.version}")
        assert purl.version.startswith(f"{component['version']}-")
