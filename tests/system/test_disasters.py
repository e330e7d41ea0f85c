# SPDX-License-Identifier: Apache-2.0
"""Real processes, killed and started again, over services that fail in every way: whatever
happens, an oracle finds nothing wrong with what left the host.

REDOUBT_DISASTER_SEED repeats a run's choices, REDOUBT_DISASTER_SECONDS makes each longer.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest

from load import KMS_FAULTS, TABLE_FAULTS, Gremlin, Load, told
from support.aws import Answer, Server
from support.fault_proxy import FaultProxy, Forward
from support.host import Host, running

SECONDS = float(os.environ.get("REDOUBT_DISASTER_SECONDS", "20"))
SEED = os.environ.get("REDOUBT_DISASTER_SEED") or str(random.SystemRandom().randrange(10**9))
ENVIRONMENTS = 8
# Besides the answers: time to wait for a free environment, when some hang on a silent service.
OPTIONS = ("--environments", str(ENVIRONMENTS), "--timeout-ms", "10000")

patient = pytest.mark.timeout(SECONDS * 2 + 120)


def live_through(load: Load) -> None:
    """Two chains, and one that is armed under way."""
    with told(load):
        load.run(SECONDS)
        load.epilogue()
        violations = load.oracle.violations()
        assert not violations, "\n".join([f"{len(violations)} in all:", *violations[:20]])


def has_lived(load: Load) -> None:
    """The run was what it says: enough of everything. It makes several times as much."""
    tally, ends = load.oracle.tally(), load.ends()
    assert len(load.oracle.released) >= 8 * SECONDS
    assert ends["killed by signal 9"] >= SECONDS
    assert load.repeated_calls() >= min(SECONDS, 100)  # the log forgets old lines
    assert load.events["storms"] >= SECONDS
    assert len(load.oracle.snapshots) >= SECONDS
    for code in ("already_signed", "below_watermark", "not_armed", "too_far_ahead"):
        assert tally[409, code] >= 3, code
    for code in ("kms_unavailable", "table_unavailable"):
        assert tally[502, code] >= 3, code
    assert (load.events["raises"], load.events["arms"]) == (2, 1)
    assert load.events["held"] >= 5
    # A process ends by a signal, which is Lambda's 502, or for fresh credentials; never else.
    assert tally[502, ""] <= ends["killed by signal 9"]
    assert ends["exited with 1"] <= tally[502, "credentials_expired"]
    early = "killed by signal 9 before it was ready"
    assert set(ends) <= {"killed by signal 9", early, "exited with 1"}


@pytest.fixture
def host() -> Iterator[Host]:
    with running(*OPTIONS) as started:
        yield started


@patient
def test_nothing_is_signed_twice_and_nothing_is_lost(host: Host) -> None:
    load = Load(host, SEED, KMS_FAULTS + TABLE_FAULTS, host.rows)
    load.heads[0].chain.loosen_pace()  # one chain that is behind its time, one that is ahead of it
    live_through(load)
    has_lived(load)


def using_table(url: str) -> AbstractContextManager[Host]:
    """KMS is the host's, with its faults; the table is another."""
    return running(*OPTIONS, "--env", f"AWS_ENDPOINT_URL_DYNAMODB={url}")


def read_rows(server: Server, table: str) -> list[Any]:
    """As the host shows those of its own table."""
    items = server.client.scan(TableName=table, ConsistentRead=True)["Items"]
    return [{name: plain(attribute) for name, attribute in item.items()} for item in items]


def plain(attribute: dict[str, Any]) -> int | str:
    """A number, a text, or bytes in hex."""
    [(kind, value)] = attribute.items()
    return int(value) if kind == "N" else value.hex() if kind == "B" else str(value)


@patient
def test_amazons_own_table_keeps_the_promise_too(local_dynamodb: Server) -> None:
    gremlin = Gremlin(SEED)
    with FaultProxy(local_dynamodb, gremlin) as between, using_table(between.url) as host:
        rows = partial(read_rows, local_dynamodb, host.setup["table"])
        load = Load(host, SEED, KMS_FAULTS, rows, gremlin.rest)
        live_through(load)
        has_lived(load)
        print(dict(gremlin.done))
        assert "UpdateItem" not in host.calls()["dynamodb"]["calls"]
    assert len(gremlin.done) == 5
    assert min(gremlin.done.values()) >= SECONDS
    # An honest table is never called damaged, nor dishonest.
    assert not {(500, "damaged_row"), (500, "table_refused")} & set(load.oracle.tally())


def forgetful(body: bytes, forward: Forward) -> Answer | None:
    """A table that confirms the commits it refused: no signer can see through it, an oracle can."""
    answer, call = forward(), json.loads(body)
    values = call["ExpressionAttributeValues"]
    if answer.status == 200 or b'"Item"' not in answer.body or ":d" not in values:
        return answer
    names = {":l": "lvl", ":r": "rnd", ":d": "digest", ":s": "sig", ":now": "at"}
    row = {names[name]: value for name, value in values.items() if name in names}
    row |= call["Key"] | {"pace": answer.json()["Item"]["pace"]}
    return Answer(200, answer.headers, json.dumps({"Attributes": row}).encode())


@patient
def test_the_oracle_finds_a_table_that_forgets() -> None:
    """What the two tests above would see if the commit decided nothing."""
    with FaultProxy() as between, using_table(between.url) as host:
        between.upstream = host.server("dynamodb")
        load = Load(host, SEED, [], host.rows)
        between.twist = forgetful
        with told(load):
            load.run(4)
        found = Counter(violation.split(": ")[0] for violation in load.oracle.violations())
    print(dict(found))
    assert found["two digests"] >= 5
    assert found["two signatures of one block"] >= 5
    assert found["the row is not what was released"] >= 5
    assert sum(n for name, n in found.items() if name.startswith("released after")) >= 5
