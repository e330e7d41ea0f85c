# SPDX-License-Identifier: Apache-2.0
"""What `tests/tools/rebuild` left in build/shipped."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from support.child import ROOT

SHIPPED = ROOT / "build" / "shipped"


@dataclass(frozen=True)
class Shipped:
    """What a release holds for one architecture."""

    architecture: str

    @property
    def zip(self) -> Path:
        (path,) = SHIPPED.glob(f"redoubt-*-{self.architecture}.zip")
        return path

    @property
    def bootstrap(self) -> Path:
        return self.zip.with_suffix("") / "bootstrap"

    @property
    def sbom(self) -> Path:
        return self.zip.with_suffix(".cdx.json")


@pytest.fixture(params=["x86_64", "arm64"])
def shipped(request: pytest.FixtureRequest) -> Shipped:
    return Shipped(request.param)


@pytest.fixture
def shipped_here() -> Shipped:
    """For the architecture of build/release."""
    return Shipped("x86_64")
