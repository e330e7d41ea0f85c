# SPDX-License-Identifier: Apache-2.0
"""Whether a signer works: that it answers its URL, and its operator function a command. An update
that CloudFormation calls complete may have left functions that do not start."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from redoubt_stack import commands, function_url, live
from redoubt_stack.aws import Aws
from redoubt_stack.console import Progress, Stop
from redoubt_stack.kinds import TEZOS, Kind
from redoubt_stack.stack import Stack

# New rights, and a new URL's name, take a while until all of AWS knows them.
SETTLING_SECONDS = 60
PAUSE_SECONDS = 5
# In a row: an environment may fall, a function whose every one does is broken.
CRASHES = 3


@dataclass(frozen=True)
class Problem:
    words: str
    is_final: bool = False  # waiting does not mend it
    is_crash: bool = False  # the function did not start, or died
    is_guard: bool = False  # IAM turned the question away, and the function did not hear it


@dataclass(frozen=True)
class Working:
    aws: Aws
    stack: Stack
    kind: Kind = TEZOS

    def check(self) -> str:
        """What was seen, in words; a stop if either function does not work."""
        return f"{self.check_operator()}; {self.check_signer()}"

    def check_operator(self) -> str:
        function = self.stack.outputs()["OperatorFunction"]
        self._settled(lambda: self.operator(function))
        return "the operator answers `status`"

    def check_signer(self) -> str:
        outputs = self.stack.outputs()
        if self.is_stopped(outputs["SignerFunction"]):
            return "the signer is stopped (reserved concurrency 0)"
        url = live.url(self.aws, outputs)
        if self._settled(lambda: self.signer(url)):
            return (
                "whether the signer answers can't be seen, as its URL is guarded by IAM and you "
                "may not call it"
            )
        return f"the signer answers GET {self.kind.health}"

    def _settled(self, problem: Callable[[], Problem | None]) -> Problem | None:
        """One that is left is none of the function's."""
        deadline, crashes = time.monotonic() + SETTLING_SECONDS, 0
        with Progress("waiting for the functions to answer") as progress:
            while (found := problem()) and not found.is_guard:
                crashes = crashes + 1 if found.is_crash else 0
                if found.is_final or crashes > CRASHES or time.monotonic() > deadline:
                    raise Stop(
                        f"THE SIGNER DOES NOT WORK after this update: {found.words}\n  Mend the "
                        "reason and run this again; or go back to what ran before: the parameters "
                        "of then, and --zip with the release of then"
                    )
                progress.show()
                time.sleep(PAUSE_SECONDS)
        return found

    def operator(self, function: str) -> Problem | None:
        try:
            answer = commands.ask(self.aws, function, "status")
        except commands.NoAnswer as reason:
            return Problem(str(reason), reason.is_mistaken)
        return None if answer.ok else Problem(f"`status` was refused: {answer.reason}")

    def signer(self, url: str) -> Problem | None:
        try:
            reply = self.health(url)
        except Stop as stop:
            return Problem(str(stop))
        if reply.status == 200:
            return None
        told = reply.headers.get("x-redoubt-error") or reply.text[:500]
        is_guard = self.is_guarded and reply.status == 403
        # Of its own refusals each has a code.
        is_crash = reply.status == 502 and "x-redoubt-error" not in reply.headers
        words = f"GET {self.kind.health} answers {reply.status} {told}"
        return Problem(words, is_crash=is_crash, is_guard=is_guard)

    def health(self, url: str) -> function_url.Reply:
        return self._get(url + self.kind.health)

    def proves(self, url: str, address: str, proof: str) -> None:
        """A stop if the signer does not open this key. BLS has one signature of a message, so it is
        the proof that was made with the key, if that is known."""
        self._settled(lambda: self._unproven(f"{url}/bls_prove_possession/{address}", proof))

    def _unproven(self, asked: str, proof: str) -> Problem | None:
        reply = self._get(asked)
        # Of its own refusals each has a code.
        told = reply.headers.get("x-redoubt-error") or reply.text[:500]
        words = f"GET {asked.rpartition('/bls_')[2]} answers {reply.status} {told}"
        if reply.status != 200:
            return Problem(words, is_guard=self.is_guarded and reply.status == 403)
        found = str(json.loads(reply.text).get("bls_prove_possession", ""))
        if proof and found != proof:
            return Problem("the signer proves another key than the one that was made", True)
        return None

    def _get(self, asked: str) -> function_url.Reply:
        request = AWSRequest("GET", asked)
        if self.is_guarded:
            SigV4Auth(self.aws.credentials, "lambda", self.aws.region).add_auth(request)
        return function_url.request(request.url, headers=dict(request.headers.items()))

    @property
    def is_guarded(self) -> bool:
        return self.stack.parameters().get("UrlAuthType") == "AWS_IAM"

    def is_stopped(self, function: str) -> bool:
        client = self.aws.client("lambda")
        told = client.get_function_concurrency(FunctionName=function)
        return told.get("ReservedConcurrentExecutions") == 0
