# SPDX-License-Identifier: Apache-2.0
"""Bakers that ask for everything at once while everything breaks. The oracle writes it down."""

import json
import os
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from support.aws import Answer
from support.fault_proxy import Forward
from support.host import SIGNER, Chain, Host
from support.keys import PublicKey
from support.oracle import Asked, Oracle, Slot, WatchedClient, slot_of
from support.payloads import KINDS, MAX_INT32, attestation

START = 1_000_000
FENCE = START + 100_000  # no run gets near it; what asks for more is far above
BAKERS = 10
PER_SLOT = 30  # requests to a chain, of all keys and kinds, until it moves on
HEADWAY = 200  # levels, besides one a second; the fence gives 300

# How far from the head a request is, in levels and rounds, and how often.
DISTANCES: dict[Slot, int] = {
    (0, 0): 70, (0, 1): 6, (1, 0): 4, (0, -1): 8, (-1, 0): 5, (-1, 3): 4, (-3, 0): 2,
    (1 << 20, 0): 2,
}  # fmt: skip
SALTS = {0: 70, 1: 20, 2: 10}
DAL = {None: 75, b"\x00": 20, b"\x80" + b"\xff" * 131 + b"\x01": 5}
REPEATED = 0.15  # of the requests: what somebody was given a signature for

KILLS = ["environment:kill@0.01", "environment:kill=3@0.02", "environment:kill=12@0.02"]
KMS_FAULTS = [
    *(f"kms:{kind}@0.4" for kind in ("throttle", "unavailable", "lost-answer", "reset")),
    *(f"kms:{kind}@0.4" for kind in ("half-answer", "close", "slow=100")),
    *(f"kms:{kind}@0.05" for kind in ("bad-signature", "wrong-key", "wrong-algorithm")),
    *(f"kms:{kind}@0.05" for kind in ("denied", "disabled", "expired")),
    *("kms:throttle@0.9", "kms:slow=1200@0.02", "kms:blackhole@0.02", "kms:high-s"),
]
TABLE_FAULTS = [
    *(f"dynamodb:{kind}@0.4" for kind in ("throttle", "unavailable", "reset", "conflict")),
    *(f"dynamodb:{kind}@0.4" for kind in ("half-answer", "close", "slow=100", "wrong-crc")),
    *("dynamodb:lost-answer@0.5", "dynamodb:lost-answer@0.5", "dynamodb:empty-body@0.4"),
    *(f"dynamodb:{kind}@0.05" for kind in ("wrong-body", "denied", "expired")),
    *("dynamodb:throttle@0.9", "dynamodb:slow=1200@0.02", "dynamodb:blackhole@0.02"),
]


def pick(dice: random.Random, weights: dict[Any, int]) -> Any:
    return dice.choices(list(weights), list(weights.values()))[0]


class Head:
    """How far a chain has come: after so many requests it moves on, to a round or to a level."""

    def __init__(self, chain: Chain, dice: random.Random) -> None:
        self.chain = chain
        self._dice = dice
        self._lock = threading.Lock()
        self._asked = 0
        self._started = time.monotonic()
        self._slot = (chain.level + 1, 0)

    def next(self) -> Slot:
        with self._lock:
            self._asked += 1
            level, round = self._slot
            elapsed = int(time.monotonic() - self._started)
            if self._asked % PER_SLOT == 0:
                on = self._dice.random() < 0.5 and level < self.chain.level + elapsed + HEADWAY
                self._slot = (level + 1, 0) if on else (level, round + 1)
            return self._slot

    def jump(self, slot: Slot) -> None:
        with self._lock:
            self._slot = max(self._slot, slot)


class Gremlin:
    """Sits before a table that knows no faults of its own. Its worst: a write that is done long
    after its sender was cut off."""

    def __init__(self, seed: str) -> None:
        self.done: Counter[str] = Counter()
        self._dice = random.Random(seed)
        self._late: list[threading.Timer] = []
        self._tricks = [
            self._late_write,
            self._lost_answer,
            self._lost_call,
            self._twice,
            self._error,
        ]

    def __call__(self, _: bytes, forward: Forward) -> Answer | None:
        if self._dice.random() < 0.5:
            return forward()
        trick = self._dice.choice(self._tricks)
        self.done[trick.__name__.strip("_")] += 1
        return trick(forward)

    def _late_write(self, forward: Forward) -> None:
        timer = threading.Timer(self._dice.uniform(0.0, 0.5), forward)
        self._late.append(timer)
        timer.start()

    @staticmethod
    def _lost_answer(forward: Forward) -> None:
        forward()

    @staticmethod
    def _lost_call(forward: Forward) -> None:
        pass

    @staticmethod
    def _twice(forward: Forward) -> Answer:
        forward()
        return forward()

    @staticmethod
    def _error(forward: Forward) -> Answer:
        kind = "com.amazonaws.dynamodb.v20120810#InternalServerError"
        return Answer(500, {}, json.dumps({"__type": kind}).encode())

    def rest(self) -> None:
        self._tricks = [self._twice]
        for timer in self._late:
            timer.join()


@dataclass
class Load:
    """All that goes on at once, from a seed; what meets what is up to the machine."""

    host: Host
    seed: str
    faults: list[str]
    all_rows: Callable[[], list[Any]]
    calm: Callable[[], None] = lambda: None  # ends what the faults do not
    heads: list[Head] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        print(f"REDOUBT_DISASTER_SEED={self.seed}")  # pytest shows it if the test fails
        self.oracle = Oracle(self.host.keys, FENCE)
        self.baker = WatchedClient(self.host.url, self.host.authorized, oracle=self.oracle)
        self._over = threading.Event()
        self._signed: deque[tuple[PublicKey, bytes]] = deque(maxlen=50)
        for _ in range(3):
            self._found()
        for head in self.heads[:2]:
            self._arm(head.chain)

    def dice(self, name: str) -> random.Random:
        return random.Random(f"{self.seed} {name}")

    def rows(self, *chains: Chain) -> list[Any]:
        """Those of our chains, or of these."""
        names = {chain.id for chain in chains or [head.chain for head in self.heads]}
        return [row for row in self.all_rows() if row["scope"].split("/")[0] in names]

    # The operator

    def _found(self) -> None:
        chain = Chain(self.host, os.urandom(4), START)
        self.heads.append(Head(chain, self.dice(f"head {len(self.heads)}")))

    def _arm(self, chain: Chain) -> None:
        """Row by row, if something fails: bakers may be signing before the last is there."""
        lift = self.oracle.arms(chain.id, START)
        for _ in self._tries():
            self.host.operate("arm", chain=chain.id, level=START)
            if len(self.rows(chain)) == 3 * len(self.host.keys):
                break
        self.oracle.has_lifted(lift)

    def _tries(self) -> Iterator[int]:
        for attempt in count():
            assert attempt < 100, "the operator got nowhere"
            yield attempt

    def _raise(self, head: Head, slot: Slot) -> None:
        lift = self.oracle.raises(head.chain.id, *slot)
        for _ in self._tries():
            told = self.host.operate(
                "raise", chain=head.chain.id, level=slot[0], round=slot[1], force=True
            )
            if told["ok"]:
                break
        self.oracle.has_lifted(lift)
        head.jump((slot[0] + 1, 0))
        self.events["raises"] += 1

    def _operator(self, seconds: float) -> None:
        """Raises, arms what is armed, and arms a chain that bakers ask for already."""
        first, second, late = self.heads
        self._over.wait(seconds / 5)
        self._arm(late.chain)
        self.events["arms"] += 1
        self._over.wait(seconds / 5)
        level, _ = first.next()
        self._raise(first, (level + 1, MAX_INT32))
        for level in (START, START + 50_000):
            assert self.host.operate("arm", chain=first.chain.id, level=level)["ok"] is False
        self._over.wait(seconds / 5)
        level, round = second.next()
        self._raise(second, (level, round + 2))

    # The bakers

    def _choose(self, dice: random.Random) -> tuple[PublicKey, bytes]:
        if self._signed and dice.random() < REPEATED:
            return dice.choice(list(self._signed))
        head = dice.choice(self.heads)
        (level, round), (levels, rounds) = head.next(), pick(dice, DISTANCES)
        more: dict[str, Any] = {"chain": head.chain.raw, "salt": pick(dice, SALTS)}
        kind = dice.choice(list(KINDS))
        if KINDS[kind] is attestation:
            more["dal"] = pick(dice, DAL)
        payload = KINDS[kind](level + levels, max(0, round + rounds), **more)
        return dice.choice(self.host.keys), payload

    def _bake(self, name: str) -> None:
        dice = self.dice(name)
        while not self._over.is_set():
            key, payload = self._choose(dice)
            if self.baker.sign(key, payload).status == 200:
                self._signed.append((key, payload))

    # The disasters

    def _storms(self) -> None:
        dice = self.dice("storms")
        while not self._over.wait(dice.uniform(0.1, 0.5)):
            chosen = dice.sample(self.faults, min(dice.randrange(5), len(self.faults)))
            self.host.control("POST", "/faults", [*chosen, *dice.sample(KILLS, 1)])
            self.events["storms"] += len(chosen)

    def _kill(self) -> None:
        """At any moment: at work, frozen, or while it starts."""
        dice = self.dice("kills")
        while not self._over.wait(dice.expovariate(4)):
            pid = dice.choice(self.host.environments())["pid"]
            with suppress(AssertionError):  # it was gone already
                self.host.control("POST", "/environments/kill", {"pid": pid})

    def _look(self) -> None:
        while not self._over.wait(0.2):
            self.oracle.looks(self.rows)

    # All of it

    def run(self, seconds: float) -> None:
        jobs: list[Callable[[], None]] = [self._storms, self._kill, self._look]
        jobs.append(partial(self._operator, seconds))
        jobs += [partial(self._bake, f"baker {n}") for n in range(BAKERS)]
        with ThreadPoolExecutor(len(jobs)) as pool:
            running = [pool.submit(job) for job in jobs]
            try:
                wait(running, seconds, FIRST_EXCEPTION)
            finally:
                self._over.set()
            for job in running:
                job.result()
        self.host.control("POST", "/faults", [])
        self.calm()

    def epilogue(self) -> None:
        """Nothing is stuck: what each row holds is signed again, and so is the next level."""
        self.oracle.looks(self.rows)
        known: dict[tuple[Any, str], Asked] = {(a.scope, a.digest): a for a in self.oracle.asked}
        for row in self.rows():
            held = known.get(((row["pkh"], row["scope"]), row.get("digest", "")))
            if held is not None:
                again = self.baker.sign(held.key, held.payload)
                assert again.status == 200, (row, again)
                self.events["held"] += 1
            later = self.baker.sign(*self._next_level(row))
            assert later.status == 200, (row, later)
        self.oracle.looks(self.rows)

    def _next_level(self, row: Any) -> tuple[PublicKey, bytes]:
        name, kind = row["scope"].split("/")
        chain = next(head.chain for head in self.heads if head.chain.id == name)
        key = next(key for key in self.host.keys if key.address == row["pkh"])
        return key, KINDS[kind](slot_of(row)[0] + 1, 0, chain=chain.raw)

    def ends(self) -> Counter[str]:
        """How the signer's processes ended, by the host's notes."""
        begin = f"{SIGNER}: environment "
        notes = [line.removeprefix(begin) for line in self.host.child.err if line.startswith(begin)]
        return Counter(note.split(",")[0] for note in notes)

    def repeated_calls(self) -> int:
        """Invocations that called AWS more than once for one thing."""
        lines = (json.loads(line) for line in self.host.log() if line.startswith("{"))
        return sum(max(li.get("sign_attempts", 0), li.get("table_calls", 0)) > 1 for li in lines)


@contextmanager
def told(load: Load) -> Iterator[None]:
    """Shows in figures what happened, whatever becomes of the test."""
    try:
        yield
    finally:
        load.events["looks"] = len(load.oracle.snapshots)
        load.events["repeated calls"] = load.repeated_calls()
        print(dict(load.oracle.tally()), dict(load.events), dict(load.ends()))
