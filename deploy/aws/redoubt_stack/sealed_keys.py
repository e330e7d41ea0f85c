# SPDX-License-Identifier: Apache-2.0
"""The tz4 keys of a stack: made by its operator function, which can't open them again, and then
served by its signer, which is asked for a proof before anybody is told to rely on them."""

import time
from dataclasses import dataclass
from typing import Any

from redoubt_stack import bls, commands, live
from redoubt_stack.aws import Aws
from redoubt_stack.console import Stop, step
from redoubt_stack.journal import Journal
from redoubt_stack.stack import Stack
from redoubt_stack.tezos import PublicKey
from redoubt_stack.working import Working

# Of one call: the consensus key and its companion; asked for again they are the same keys.
BATCH, COUNT = "consensus", 2
VARIABLE = "PROVE_POSSESSION"
# New rights take a while until all of AWS knows them.
SETTLING_SECONDS = 60
RETRIED = ("kms_refused", "table_refused")


@dataclass(frozen=True)
class SealedKeys:
    aws: Aws
    stack: Stack
    journal: Journal
    threshold: int | None = None  # of several wrapping keys

    def served(self) -> list[PublicKey]:
        """By the stack's parameter; or those that were made, and that a run which was cut off, or a
        stack that was deleted, left in the table."""
        note = self.journal.read()
        named = self.stack.parameters().get("SealedKeys", "")
        return [bls.key(text) for text in named.split(",") if text] or [
            bls.key(text) for text in (note.sealed if note else ())
        ]

    def made(self) -> list[PublicKey]:
        """Those that are served; if there are none, new ones."""
        if found := self.served():
            return found
        more = {} if self.threshold is None else {"threshold": self.threshold}
        told = self._ask("create_key", count=COUNT, batch=BATCH, **more).members["keys"]
        keys = [_checked(member) for member in told]
        note = self.journal.known()
        self.journal.write(
            note,
            note.state,
            sealed=tuple(key.text for key in keys),
            proofs=tuple(str(member.get("proof") or "") for member in told),
        )
        step(f"made {', '.join(key.address for key in keys)}, sealed")
        return keys

    def remember(self, keys: list[PublicKey]) -> None:
        """Those that are served, for a stack that is deleted and made again."""
        note, proofs = self.journal.known(), self.proofs()
        served = tuple(key.text for key in keys)
        if served != note.sealed:
            proven = tuple(proofs.get(text, "") for text in served)
            self.journal.write(note, note.state, sealed=served, proofs=proven)

    def wraps(self) -> int:
        """How many seal the keys that are served."""
        served = {key.text for key in self.served()}
        keys = self._ask("list_keys").members["keys"]
        return max(1, len({key["wrap"] for key in keys if key["public_key"] in served}))

    def proofs(self) -> dict[str, str]:
        """By public key, as they were made."""
        note = self.journal.read()
        known = zip(note.sealed, note.proofs, strict=False) if note else ()
        return {key: proof for key, proof in known if proof}

    def prove(self) -> str:
        """That a signer has opened each key, by a proof of possession that only it can make; what
        was seen, in words. For this the signer answers for a moment what it otherwise would not."""
        outputs, keys, proofs = self.stack.outputs(), self.served(), self.proofs()
        working = Working(self.aws, self.stack)
        function = outputs["SignerFunction"]
        if working.is_stopped(function):
            return "the signer is stopped: whether it opens the sealed keys is not known"
        before = live.variables(live.configuration(self.aws, function)).get(VARIABLE, "")
        url = live.url(self.aws, outputs)
        live.change_variable(self.aws, function, VARIABLE, lambda now: _changed(now, "on"))
        try:
            for key in keys:
                working.proves(url, key.address, proofs.get(key.text, ""))
        finally:
            live.change_variable(self.aws, function, VARIABLE, lambda now: _changed(now, before))
        return f"the signer has opened {', '.join(key.address for key in keys)}"

    def _ask(self, command: str, **fields: Any) -> commands.Answer:
        function = self.stack.outputs()["OperatorFunction"]
        deadline = time.monotonic() + SETTLING_SECONDS
        while True:
            answer = commands.ask(self.aws, function, command, **fields)
            if answer.ok:
                return answer
            if answer.code not in RETRIED or time.monotonic() > deadline:
                raise Stop(
                    f"`{command}` was refused: {answer.reason}\n  Mend the reason and run this "
                    "again"
                )
            time.sleep(5)


def _changed(now: str, wanted: str) -> str | None:
    return None if now == wanted else wanted


def _checked(member: dict[str, Any]) -> PublicKey:
    """The address follows from the key."""
    try:
        key = bls.key(str(member["public_key"]))
    except ValueError as error:
        raise Stop(f"`create_key` answered a key that {error}") from error
    if member.get("pkh") != key.address:
        raise Stop(f"`create_key` answered {key.text} with another address: {member.get('pkh')}")
    return key
