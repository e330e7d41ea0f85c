# SPDX-License-Identifier: Apache-2.0
"""What to type on the baker's machine."""


def import_key(name: str, url: str, address: str) -> str:
    return f"octez-client import secret key {name} {url}/{address}"


def set_key(role: str, name: str, proof: str = "", delegate: str = "<delegate>") -> str:
    """`role`: consensus or companion. A tz4 key needs a proof of possession: without one here,
    octez-client asks the signer for it."""
    proven = f" --{role}-key-pop {proof}" if proof else ""
    return f"octez-client set {role} key for {delegate} to {name}{proven}"


def run(*names: str) -> str:
    return f"octez-baker-<protocol> run ... {' '.join(names)}"
