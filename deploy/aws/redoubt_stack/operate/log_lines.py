# SPDX-License-Identifier: Apache-2.0
"""Lines of a function's log, and how people read them. Members: docs/protocol.md (The log)."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from redoubt_stack.operate.places import Place
from redoubt_stack.operate.tables import printable
from redoubt_stack.operate.targets import Event

SEVERITIES = ("INFO", "WARN", "ERROR")
# Each verdict: docs/protocol.md (Codes); the last one is of a process that can't start.
CODES = (
    *("ok", "already_signed", "authentication_invalid", "authentication_missing", "bad_payload"),
    *("bad_request", "bad_signature", "below_watermark", "credentials_expired", "damaged_key"),
    *("damaged_row", "deadline", "handed_over", "internal", "kind_not_allowed", "kms_refused"),
    *("kms_unavailable", "method_not_allowed", "not_armed", "table_refused", "table_unavailable"),
    *("too_far_ahead", "too_large", "unknown_key", "unknown_route", "wrap_refused"),
    *("wrap_unavailable", "init_error"),
)
# Of Ethereum: docs/ethereum-signer.md (Codes); the two before the last are of commands alone.
VALIDATORS_CODES = (
    *("ok", "already_signed", "bad_request", "bad_signature", "below_watermark"),
    *("credentials_expired", "damaged_key", "damaged_row", "deadline", "internal", "key_disabled"),
    *("kms_unavailable", "method_not_allowed", "not_permitted", "past_until", "root_mismatch"),
    *("table_refused", "table_unavailable", "token_invalid", "token_missing", "too_far_ahead"),
    *("too_large", "unknown_key", "unknown_route", "unknown_type", "wrap_refused"),
    *("wrap_unavailable", "wrong_network", "handed_over", "kms_refused", "init_error"),
)
DUTY = ("slot", "source", "target", "epoch")  # what a validator's message says of its time

LAMBDAS_OWN = ("INIT_START ", "START RequestId: ", "END RequestId: ", "REPORT RequestId: ")


@dataclass(frozen=True)
class Line:
    ms: int
    text: str
    told: dict[str, Any] = field(default_factory=dict)  # empty: not of ours

    def word(self, name: str) -> str:
        """A member that is a text; else empty."""
        found = self.told.get(name)
        return found if isinstance(found, str) else ""

    def number(self, name: str) -> float:
        """A member that is a number; else 0."""
        found = self.told.get(name)
        return found if isinstance(found, (int, float)) else 0

    @property
    def code(self) -> str:
        """`ok`, a refusal's, or empty where nothing was asked."""
        return self.word("verdict")

    @property
    def severity(self) -> str:
        return self.word("level")

    @property
    def place(self) -> Place | None:
        """Of a request whose payload was read."""
        found = (self.word("pkh"), self.word("chain"), self.word("kind"))
        return found if all(found) and self.position else None

    @property
    def position(self) -> tuple[int, int] | None:
        level, round = self.told.get("block_level"), self.told.get("round")
        return (level, round) if isinstance(level, int) and isinstance(round, int) else None

    @property
    def failed_tries(self) -> list[str]:
        """AWS's codes."""
        found = self.told.get("upstream_codes")
        return [str(code) for code in found] if isinstance(found, list) else []

    @property
    def is_lambdas_own(self) -> bool:
        """platform.start, platform.report, ...; in its text form, too."""
        return not self.code and (
            self.word("type").startswith("platform.") or self.text.startswith(LAMBDAS_OWN)
        )


def read(event: Event) -> Line:
    """A line that is not as ours are, as a killed process leaves one, is kept as it is."""
    text = event.text.rstrip("\n")
    try:
        told = json.loads(text)
    except ValueError:
        told = {}
    return Line(event.ms, text, told if isinstance(told, dict) else {})


def readable(line: Line) -> str:
    time = datetime.fromtimestamp(line.ms / 1000, UTC)
    stamp = f"{time:%m-%d %H:%M:%S}.{line.ms % 1000:03}"
    if not line.code:
        words = "  ".join([line.word("message") or line.word("type") or line.text, *_opening(line)])
        return printable(f"{stamp}  {line.severity or '-':5}  {words}")
    about = [line.word("route") or f"command {line.word('command') or '?'}"]
    if line.position:
        about = [f"{line.word('kind')} {line.position[0]}, round {line.position[1]}"]
    elif line.word("type"):
        about = [_duty(line)]
    about += [line.word("pkh") or _short(line.word("key")), line.word("caller"), _times(line)]
    if line.code != "ok":
        about += [line.word("message"), line.word("detail")]
    if line.failed_tries:
        about.append(f"AWS: {', '.join(line.failed_tries)}")
    status = f"{line.number('status'):.0f} " if line.number("status") else ""
    words = "  ".join(part for part in about if part)
    return printable(f"{stamp}  {line.severity:5}  {status}{line.code}  {words}")


def _duty(line: Line) -> str:
    """Of a validator. By the root one tells the same message again from another one."""
    times = [f"{name} {line.number(name):.0f}" for name in DUTY if name in line.told]
    root = line.word("root")
    return f"{line.word('type')} {', '.join([*times, *([f'root {root[:8]}'] if root else [])])}"


def _short(key: str) -> str:
    return f"{key[:10]}…{key[-4:]}" if key else ""


def _opening(line: Line) -> list[str]:
    """Of sealed keys: those that opened, why others did not, and what was amiss though they did."""
    found = [str(address) for address in _list(line, "opened")]
    for name, whose in (("closed", "pkh"), ("missing_shares", "kms_key")):
        told = [one for one in _list(line, name) if isinstance(one, dict)]
        found += [f"{one.get(whose)}: {one.get('verdict')}: {one.get('message')}" for one in told]
    return found + [f"{key}: a wrong share" for key in _list(line, "wrong_shares")]


def _list(line: Line, name: str) -> list[Any]:
    found = line.told.get(name)
    return found if isinstance(found, list) else []


def _times(line: Line) -> str:
    signer = "sign" if "sign_ms" in line.told else "kms"  # where no KMS signed, its time is 0
    names = [name for name in (signer, "table") if f"{name}_ms" in line.told]
    parts = ", ".join(f"{name} {line.number(f'{name}_ms'):.1f}" for name in names)
    cold = ", cold start" if line.told.get("cold") is True else ""
    return f"{line.number('ms'):.1f} ms" + (f" ({parts})" if parts else "") + cold
