# SPDX-License-Identifier: Apache-2.0
"""How each validator client is told where its signer is, and who it is. Read in their sources:
Lighthouse initialized_validators.rs, Teku HttpClientExternalSignerFactory and PublicKeyLoader,
Prysm remote-web3signer/internal/client.go, Nimbus conf.nim, Lodestar externalSignerClient.ts."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

USER = "redoubt"  # any: the token says who asks


@dataclass(frozen=True)
class Client:
    """`lines` hold {basic}, the URL with the token as its password; {path}, with it before all
    paths; or {key}."""

    name: str
    where: str
    lines: tuple[str, ...]
    needs_tls: bool = False  # to send a token at all

    @property
    def is_by_path(self) -> bool:
        """Whether its token is one that was made for the path."""
        return any("{path}" in line for line in self.lines)

    def told(self, url: str, token: str, key: str) -> list[str]:
        """Of a signer without a base path."""
        parts = urlsplit(url)
        basic = f"{parts.scheme}://{USER}:{token}@{parts.netloc}"
        path = f"{parts.scheme}://{parts.netloc}/t/{token}"
        return [line.format(basic=basic, path=path, key=key) for line in self.lines]


CLIENTS = (
    Client(
        "Lighthouse",
        "in validator_definitions.yml, for each key",
        (
            "- enabled: true",
            '  voting_public_key: "{key}"',
            "  type: web3signer",
            '  url: "{basic}"',
        ),
    ),
    Client(
        "Teku",
        "options",
        (
            "--validators-external-signer-url={basic}",
            "--validators-external-signer-public-keys=external-signer",
        ),
        needs_tls=True,
    ),
    Client(
        "Prysm",
        "options",
        (
            "--validators-external-signer-url={basic}",
            "--validators-external-signer-public-keys={basic}/api/v1/eth2/publicKeys",
        ),
    ),
    Client("Nimbus", "option", ("--web3-signer-url={basic}",)),
    Client(
        "Lodestar",
        "options",
        ("--externalSigner.url={path}", "--externalSigner.fetch"),
    ),
)


def shown(url: str, token: str, path_token: str, key: str) -> Iterator[str]:
    """For a terminal: what to copy, of each."""
    for client in CLIENTS:
        note = ""
        if client.needs_tls and urlsplit(url).scheme != "https":
            note = "; it sends a token over https alone, so put something with TLS before this URL"
        yield f"{client.name} ({client.where}{note}):"
        for line in client.told(url, path_token if client.is_by_path else token, key):
            yield f"    {line}"
