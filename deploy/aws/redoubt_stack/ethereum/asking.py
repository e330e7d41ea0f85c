# SPDX-License-Identifier: Apache-2.0
"""A validator client at work: each duty is asked for when it is due, many at once, over connections
that stay open. What holds another's signature waits for it."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from redoubt_stack.ethereum.duties import Duties, Duty, Fields, Id
from redoubt_stack.ethereum.roots import signing_root

CONNECTIONS = 32
SECONDS = 30  # for an answer, late as it may be
WHOLE = 10_000  # ten-thousandths of a slot


@dataclass(frozen=True)
class Outcome:
    """Of one duty. `ms`: from when it was due to its answer; of what no slot waits for, from when
    it was sent."""

    duty: Duty
    ms: float
    signature: str = ""  # 0x and hex
    refusal: str = ""  # what the signer, or the network, said instead
    is_late: bool = False

    @property
    def is_missed(self) -> bool:
        return self.is_late or not self.signature


class Refused(Exception):
    """What was said instead of a signature."""


class Signer:
    """By its URL, for one who has a token. Each thread has a connection of its own."""

    def __init__(self, url: str, token: str) -> None:
        self._where = urlsplit(url).netloc
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        self._kept = threading.local()

    def sign(self, key: str, request: Fields) -> str:
        body = json.dumps(request).encode()
        try:
            answer, text = self._post(f"/api/v1/eth2/sign/{key}", body)
        except (OSError, http.client.HTTPException) as error:
            raise Refused(f"no answer ({error or type(error).__name__})") from error
        if answer.status == 200:
            return str(json.loads(text)["signature"])
        code = answer.headers.get("X-Redoubt-Error") or text[:100].decode(errors="replace")
        raise Refused(f"{answer.status} {code}")

    def _post(self, path: str, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        """Over the connection of before, or a new one if that was closed meanwhile."""
        is_kept = hasattr(self._kept, "connection")
        if not is_kept:
            self._kept.connection = http.client.HTTPConnection(self._where, timeout=SECONDS)
        connection: http.client.HTTPConnection = self._kept.connection
        try:
            connection.request("POST", path, body, self._headers)
            answer = connection.getresponse()
            return answer, answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            del self._kept.connection
            if is_kept and isinstance(error, ConnectionError):
                return self._post(path, body)
            raise


class Signatures:
    """Those that were asked for: who looks one up waits for it."""

    def __init__(self) -> None:
        self.asked: dict[Id, Future[Outcome]] = {}

    def __getitem__(self, id: Id) -> str:
        outcome = self.asked[id].result()
        if not outcome.signature:
            raise Refused(f"{id[0]}, which it holds, was not signed")
        return outcome.signature


class Client:
    def __init__(self, duties: Duties, signer: Signer, slot_seconds: float) -> None:
        self._duties, self._signer = duties, signer
        self._slot_seconds = slot_seconds
        self._signatures = Signatures()
        self._pool = ThreadPoolExecutor(CONNECTIONS)

    def start(self) -> list[Outcome]:
        """What a client asks for first, which no slot waits for."""
        asked = [self._ask(duty, None, None) for duty in self._duties.at_start()]
        return [future.result() for future in asked]

    def slots(self) -> Iterator[tuple[int, list[Outcome]]]:
        """Each slot, when it is over, with what came of its duties by then."""
        begin = time.monotonic()
        for i, slot in enumerate(self._duties.slots):
            start = begin + i * self._slot_seconds
            end = start + self._slot_seconds
            asked = []
            for at, due in groupby(self._duties.of(slot), lambda duty: duty.at):
                when = start + at / WHOLE * self._slot_seconds
                time.sleep(max(0.0, when - time.monotonic()))
                asked += [(duty, self._ask(duty, when, end)) for duty in due]
            wait([future for _, future in asked], max(0.0, end - time.monotonic()))
            yield slot, [_by_now(duty, future) for duty, future in asked]

    def outcomes(self) -> list[Outcome]:
        """Of all, those as well that came late."""
        return [future.result() for future in self._signatures.asked.values()]

    def _ask(self, duty: Duty, due: float | None, end: float | None) -> Future[Outcome]:
        """What it needs was asked for before, so some thread is at it, or is done."""
        future = self._pool.submit(self._outcome, duty, due, end)
        self._signatures.asked[duty.id] = future
        return future

    def _outcome(self, duty: Duty, due: float | None, end: float | None) -> Outcome:
        since = time.monotonic() if due is None else due
        signature = refusal = ""
        try:
            if end is not None and time.monotonic() > end:
                raise Refused("its slot was over before it could be asked for")
            signature = self._signer.sign(duty.key, self.request(duty))
        except Refused as refused:
            refusal = str(refused)
        now = time.monotonic()
        is_late = end is not None and now > end
        return Outcome(duty, (now - since) * 1000, signature, refusal, is_late)

    def request(self, duty: Duty) -> Fields:
        """As it is sent."""
        return self.with_root(duty.request(self._duties.network, self._signatures))

    def with_root(self, request: Fields) -> Fields:
        root = signing_root(self._duties.network, request)
        return request | {"signingRoot": "0x" + root.hex()}


def _by_now(duty: Duty, future: Future[Outcome]) -> Outcome:
    return future.result() if future.done() else Outcome(duty, 0.0, "", "no answer in its slot")
