# SPDX-License-Identifier: Apache-2.0
"""The remote-signer surface over HTTP, and what the configuration changes of it."""

from collections.abc import Iterator

import pytest

from asking import Counted, is_error
from support.authentication import authenticate
from support.host import Host, running
from support.keys import Curve, SecretKey
from support.octez import OctezClient
from support.payloads import attestation, block

START = 1_000_000


class TestReading:
    def test_authorized_keys_are_listed(self, host: Host) -> None:
        reply = host.baker.get("/authorized_keys")
        assert reply.json() == {"authorized_keys": [host.authorized.public.address]}
        assert reply.headers["content-type"] == "application/json"

    def test_public_keys_are_told(self, host: Host) -> None:
        for key in host.keys:
            assert host.baker.get(f"/keys/{key.address}").json() == {"public_key": str(key)}

    def test_unknown_key_is_none(self, host: Host) -> None:
        address = SecretKey.generate(Curve.P256).public.address
        is_error(host.baker.get(f"/keys/{address}"), 404, "unknown_key")

    def test_health_is_told(self, host: Host) -> None:
        assert host.baker.get("/healthz").status == 200

    def test_known_keys_are_not_told_unless_enabled(self, host: Host) -> None:
        is_error(host.baker.get("/known_keys"), 404, "unknown_route")

    def test_reading_costs_no_call(self, host: Host) -> None:
        with Counted(host) as made:
            for path in ("/authorized_keys", "/healthz", f"/keys/{host.keys[0].address}"):
                assert host.baker.get(path).status == 200
        assert made.calls == {}

    @pytest.mark.parametrize("path", ["//authorized_keys", "/authorized_keys/", "///healthz//"])
    def test_repeated_slashes_are_one(self, host: Host, path: str) -> None:
        assert host.baker.get(path).status == 200


BASE = "/a-secret/of-two-parts"


@pytest.fixture(scope="module")
def authorized() -> list[SecretKey]:
    return [SecretKey.generate(curve) for curve in Curve]


@pytest.fixture(scope="module")
def other(authorized: list[SecretKey]) -> Iterator[Host]:
    keys = ",".join(str(key.public) for key in authorized)
    with running(
        *("--env", "KNOWN_KEYS=on"),
        *("--env", f"BASE_PATH={BASE}"),
        *("--env", f"AUTHORIZED_KEYS={keys}"),
    ) as host:
        yield host


@pytest.fixture
def url(other: Host) -> str:
    return other.origin + BASE


class TestSetUpOtherwise:
    """A host with all that is optional: known keys, base path, an authorized key of each curve."""

    def test_each_authorized_key_may_ask(
        self, other: Host, url: str, authorized: list[SecretKey]
    ) -> None:
        chain = other.arm(START)
        for secret in authorized:
            baker = OctezClient(url, secret)
            for key in other.keys:
                for make in (attestation, block):
                    payload = make(*chain.slot(), chain=chain.raw)
                    assert key.verifies(baker.sign(key, payload).signature, payload)

    def test_high_s_of_p256_is_taken(
        self, other: Host, url: str, authorized: list[SecretKey]
    ) -> None:
        """octez does not normalise it; half of its authentications look so."""
        chain = other.arm(START)
        secret = next(key for key in authorized if key.curve is Curve.P256)
        key = other.keys[0]
        for generic in (False, True):
            payload = attestation(*chain.slot(), chain=chain.raw)
            proof = authenticate(secret, key, payload, high_s=True, generic=generic)
            reply = OctezClient(url, secret).request(
                "POST",
                f"/keys/{key.address}?authentication={proof}",
                chunks=[f'"{payload.hex()}"'.encode()],
            )
            assert key.verifies(reply.signature, payload)

    def test_all_are_listed_in_their_order(self, url: str, authorized: list[SecretKey]) -> None:
        told = OctezClient(url, authorized[0]).get("/authorized_keys").json()
        assert told == {"authorized_keys": [key.public.address for key in authorized]}

    def test_known_keys_are_told(self, other: Host, url: str, authorized: list[SecretKey]) -> None:
        told = OctezClient(url, authorized[0]).get("/known_keys").json()
        assert told == {"known_keys": [key.address for key in other.keys]}

    @pytest.mark.parametrize(
        "path",
        [
            "/authorized_keys",
            "/healthz",
            "/known_keys",
            "/a-secret",
            "/a-secret/of-two-parts",
            "/a-secret/of-two-part/healthz",
            "/a-secret/of-two-partsx/healthz",
            "/A-secret/of-two-parts/healthz",
            "/x/a-secret/of-two-parts/healthz",
        ],
    )
    def test_nothing_is_found_beside_the_base_path(
        self, url: str, authorized: list[SecretKey], path: str
    ) -> None:
        root = OctezClient(url.removesuffix(BASE), authorized[0])
        is_error(root.get(path), 404, "unknown_route")

    def test_slashes_in_the_base_path_may_repeat(
        self, url: str, authorized: list[SecretKey]
    ) -> None:
        root = OctezClient(url.removesuffix(BASE), authorized[0])
        assert root.get("//a-secret///of-two-parts//healthz").status == 200
