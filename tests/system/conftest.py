# SPDX-License-Identifier: Apache-2.0
"""A chain of its own for each test that wants to sign."""

import pytest

from asking import Asking
from support.host import Chain, Host
from support.keys import Curve, PublicKey
from support.payloads import KINDS

START = 1_000_000


@pytest.fixture
def chain(host: Host) -> Chain:
    """All keys armed on a fresh chain; the tight commit holds from the first request on."""
    armed = host.arm(START)
    armed.loosen_pace()
    return armed


@pytest.fixture(params=list(Curve), ids=lambda curve: curve.address)
def key(request: pytest.FixtureRequest, host: Host) -> PublicKey:
    return host.key(request.param)


@pytest.fixture(params=["block", "attestation"])
def payload(request: pytest.FixtureRequest, chain: Chain) -> bytes:
    return KINDS[request.param](*chain.slot(), chain=chain.raw)


@pytest.fixture
def asking(host: Host, chain: Chain) -> Asking:
    return Asking(host, chain, host.key(Curve.SECP256K1))
