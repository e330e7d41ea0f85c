# SPDX-License-Identifier: Apache-2.0
"""tz4 keys in a deployment: what is asked for, what is made, what the baker is told."""

import json
from argparse import Namespace
from types import SimpleNamespace
from typing import Any

import pytest
from redoubt_stack import (
    closing,
    console,
    deploy,
    function_url,
    key_types,
    live,
    points,
    sealed_keys,
    tezos,
    working,
    wrapping_keys,
)
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.console import Stop
from redoubt_stack.journal import Journal
from redoubt_stack.key_types import asked, backup_mistakes, chosen, consequences
from redoubt_stack.sealed_keys import SealedKeys
from redoubt_stack.bls import key as bls_key
from redoubt_stack.tezos import base58check
from redoubt_stack.watermarks import Operator, Start, Watermarks

from cloud import KINDS, STACK, Answers, Clock, Cloud, Table, armed_row, now, refusal

# A published test key; the others are well-formed, and no more.
KNOWN = (
    "BLpk1ur5XXicWYMMzCVZZWyLZhybtyX8Zot2uCzDCZW8KcC5BdZiLVXRZvZzi4GuZYL9SarUvKpE",
    "tz4TFJdv9Jd44FtBMAxi3KQT7AtazhVyaPa6",
)
CHAIN = "NetXdQprcVkpaWU"
RECIPIENT = "age1ehhas7p6jx6yveqw9c0e2kvakd0ysjsqwx7jrq4nkcxssykpp3cq0wk9nt"


def key(n: int) -> str:
    return base58check(bytes([6, 149, 135, 204]) + bytes([n]) * 48)


FIRST, SECOND = bls_key(key(1)), bls_key(key(2))


def options(**given: Any) -> Namespace:
    return Namespace(**{"key_type": None, "backup_recipient": [], "no_backup": False, **given})


# --- What is asked for ----------------------------------------------------------------------------
def test_options_are_parameters() -> None:
    told, wrong = asked(options(key_type="tz4", backup_recipient=[RECIPIENT]), {})
    assert (told, wrong) == ({"KeyType": "tz4", "BackupRecipients": RECIPIENT}, [])
    told, wrong = asked(options(key_type="tz1", no_backup=True), {"MemorySize": "512"})
    assert wrong == [] and told == {
        "KeyType": "kms",
        "KeySpec": "ECC_NIST_EDWARDS25519",
        "Backup": "none",
        "MemorySize": "512",
    }


@pytest.mark.parametrize(
    ("given", "parameters", "words"),
    [
        ({"key_type": "tz4"}, {"KeyType": "both"}, "KeyType=both and an option that means tz4"),
        ({"key_type": "tz2"}, {"KeySpec": "ECC_NIST_P256"}, "KeySpec=ECC_NIST_P256 and an option"),
        ({"backup_recipient": ["age1x"]}, {}, "age1x: is mistyped"),
        ({"backup_recipient": [RECIPIENT[:-1] + "w"]}, {}, "is mistyped, copy it again"),
        ({"backup_recipient": ["ssh-ed25519 AAAA"]}, {}, "is not an age recipient"),
        ({"backup_recipient": ["AGE-SECRET-KEY-1QQ"]}, {}, "this is a secret identity"),
        ({}, {"BackupRecipients": f"{RECIPIENT},age1"}, "age1: is mistyped"),
    ],
)
def test_what_contradicts_or_is_mistyped_is_told(
    given: dict[str, Any], parameters: dict[str, str], words: str
) -> None:
    (wrong,) = asked(options(**given), parameters)[1]
    assert words in wrong, wrong
    assert "AGE-SECRET-KEY-1QQ" not in wrong


def test_a_new_stack_has_the_default_and_an_old_one_keeps_what_it_has() -> None:
    default = key_types.TYPES[key_types.DEFAULT]
    assert chosen({}, {}, None, adopts=False) == default
    for name in key_types.CHOOSE:
        assert chosen({name: "x"}, {}, None, adopts=False) == {name: "x"}
    assert chosen({}, {"KeySpec": "ECC_SECG_P256K1"}, None, adopts=False) == {}
    note: Any = SimpleNamespace(settings=("KeyType=tz4", "WrappingKeyArns=a,b"))
    assert chosen({"KeyType": "both"}, {}, note, adopts=True) == {
        "KeyType": "both",
        "WrappingKeyArns": "a,b",
    }
    assert chosen({}, {}, None, adopts=True) == {}


def test_a_backup_or_none_has_to_be_said_once() -> None:
    silent = backup_mistakes({"KeyType": "tz4"}, {})
    assert len(silent) == 1 and "--no-backup" in silent[0] and "--key-type tz2" in silent[0]
    for said in ({"Backup": "none"}, {"BackupRecipients": RECIPIENT}):
        assert backup_mistakes({"KeyType": "both"} | said, {}) == []
    assert backup_mistakes({"KeyType": "tz4"}, {"KeyType": "tz4"}) == []
    assert backup_mistakes({"KeyType": "kms"}, {}) == []


def test_consequences_say_where_it_lies_and_who_can_restore_it() -> None:
    kept = " ".join(consequences({"BackupRecipients": RECIPIENT}))
    assert "in the memory of each running signer" in kept and RECIPIENT in kept
    assert "under a KMS key;" in kept and "NO BACKUP" not in kept
    several = {"Backup": "none", "WrappingKeyArns": "a,b"}
    lost = " ".join(consequences(several, 2))
    assert "NO BACKUP" in lost and "under 3 KMS keys, 2 of which open it" in lost


def test_how_many_must_open_has_to_be_said_of_several() -> None:
    sealed, three = {"KeyType": "tz4"}, {"KeyType": "tz4", "WrappingKeyArns": "a,b"}
    wrong = key_types.threshold_mistakes
    assert wrong(None, sealed, {}) == wrong(1, sealed, {}) == wrong(2, three, {}) == []
    assert "--threshold 1 to 3" in wrong(None, three, {})[0]
    for number in (0, 4):
        assert "there are 3 wrapping keys" in wrong(number, three, {})[0]
    assert wrong(None, three, sealed) == [], "what is made already is as it is"
    assert wrong(None, {"WrappingKeyArns": "a,b"}, {}) == []


ARN = "arn:aws:kms:eu-west-1:111122223333:key/{}"
WRAPS = {"KeyUsage": "ENCRYPT_DECRYPT", "KeySpec": "SYMMETRIC_DEFAULT", "KeyState": "Enabled"}


def wrapping(told: Any, *arns: str, **values: str) -> list[str]:
    aws: Any = Answers(describe_key=told)
    aws.region, aws.partition = "eu-west-1", "aws"
    client = aws.client
    aws.client = lambda service, *_: client(service)
    named = {"KeyType": "tz4", "WrappingKeyArns": ",".join(arns), **values}
    return wrapping_keys.mistakes(aws, named)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (WRAPS, ""),
        (WRAPS | {"KeyUsage": "SIGN_VERIFY", "KeySpec": "ECC_SECG_P256K1"}, "is it the key that"),
        (WRAPS | {"KeyUsage": "GENERATE_VERIFY_MAC", "KeySpec": "HMAC_256"}, "it can't wrap"),
        (WRAPS | {"KeyState": "PendingDeletion"}, "enable it first"),
    ],
)
def test_a_key_that_cannot_wrap_is_told(told: dict[str, str], words: str) -> None:
    found = wrapping({"KeyMetadata": told}, ARN.format("a"))
    assert len(found) == (words != "") and all(words in one for one in found)


def test_more_of_them() -> None:
    whole = {"KeyMetadata": WRAPS}
    assert wrapping(whole, *(ARN.format(n) for n in "abcd")) == []
    assert "5 at most" in wrapping(whole, *(ARN.format(n) for n in "abcde"))[0]
    assert wrapping(whole, *(ARN.format(n) for n in "abcde"), NewWrappingKey="false") == []
    assert "given twice" in wrapping(whole, ARN.format("a"), ARN.format("a"))[0]
    elsewhere = ARN.format("a").replace("eu-west-1", "us-east-1")
    assert wrapping(whole, elsewhere) == []
    assert "from a VPC" in wrapping(whole, elsewhere, VpcId="vpc-01")[0]
    assert "partition" in wrapping(whole, ARN.format("a").replace("arn:aws:", "arn:aws-cn:"))[0]


@pytest.mark.parametrize(
    ("code", "words"), [("NotFoundException", "there is no key"), ("AccessDeniedException", "")]
)
def test_one_that_is_not_seen(code: str, words: str) -> None:
    """Of another account the deployer need not see anything."""
    found = wrapping(refusal(code, "DescribeKey"), ARN.format("a"))
    assert len(found) == (words != "") and all(words in one for one in found)


# --- What is made ---------------------------------------------------------------------------------
def made(number: int, **other: Any) -> dict[str, Any]:
    found = bls_key(key(number))
    return {
        "public_key": found.text,
        "pkh": found.address,
        "proof": f"BLsig{number}",
        "wrap": "00" * 16,
        "backup": "",
        **other,
    }


class Function:
    """The operator's, as far as it is asked here."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def __call__(self, _aws: Any, _function: str, command: str, **fields: Any) -> Any:
        self.asked.append({"command": command, **fields})
        told = self.answers.pop(0)
        error = told.get("error", {})
        return SimpleNamespace(
            ok="error" not in told,
            code=error.get("id", ""),
            reason=str(error),
            members=told,
        )


def sealed(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, function: Function) -> SealedKeys:
    monkeypatch.setattr(sealed_keys.commands, "ask", function)
    monkeypatch.setattr(sealed_keys.time, "sleep", lambda _: None)
    stack: Any = SimpleNamespace(
        outputs=lambda: {"OperatorFunction": "operator"}, parameters=lambda: cloud.parameters
    )
    return SealedKeys(cloud, stack, Journal(cloud, Artifacts(cloud), STACK))  # type: ignore[arg-type]


def with_note(state: str = "created", **more: Any) -> Cloud:
    cloud = Cloud()
    cloud.table = Table("first", now())
    text = {"state": state, "time": now().isoformat(), "table": "first", **more}
    cloud.objects[f"{STACK}/arming.json"] = [json.dumps(text).encode()]
    return cloud


def note(cloud: Cloud) -> dict[str, Any]:
    return dict(json.loads(cloud.objects[f"{STACK}/arming.json"][-1]))


def test_a_key_and_its_companion_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = with_note()
    function = Function({"error": {"id": "kms_refused"}}, {"keys": [made(1), made(2)]})
    keys = sealed(cloud, monkeypatch, function)
    assert keys.made() == [FIRST, SECOND] == keys.made()
    assert function.asked == [{"command": "create_key", "count": 2, "batch": "consensus"}] * 2
    assert note(cloud)["sealed"] == [FIRST.text, SECOND.text]
    assert keys.proofs() == {FIRST.text: "BLsig1", SECOND.text: "BLsig2"}
    cloud.parameters = {"SealedKeys": SECOND.text}
    assert keys.made() == [SECOND], "the stack says which are served"


def test_a_stack_that_is_made_again_serves_what_was_served_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cloud = with_note(sealed=[FIRST.text, SECOND.text], proofs=["BLsig1", "BLsig2"])
    keys, third = sealed(cloud, monkeypatch, Function()), bls_key(key(3))
    keys.remember([SECOND, third])
    assert keys.made() == [SECOND, third] and keys.proofs() == {SECOND.text: "BLsig2"}
    written = len(cloud.objects[f"{STACK}/arming.json"])
    keys.remember([SECOND, third])
    assert len(cloud.objects[f"{STACK}/arming.json"]) == written


def test_keys_that_are_named_no_more_are_told() -> None:
    now = {"SealedKeys": f"{FIRST.text},{SECOND.text}"}
    assert key_types.dropped({"SealedKeys": SECOND.text}, now) == [FIRST.address]
    assert key_types.dropped({"SealedKeys": key(3)}, now) == [FIRST.address, SECOND.address]
    more = {"SealedKeys": f"{key(3)},{SECOND.text},{FIRST.text}"}
    assert key_types.dropped(more, now) == key_types.dropped({}, now) == []
    assert key_types.dropped({"SealedKeys": FIRST.text}, {}) == []


def test_an_older_release_reads_the_note_of_a_stack_without_sealed_keys() -> None:
    cloud = with_note("armed", chains=[CHAIN])
    journal = Journal(cloud, Artifacts(cloud), STACK)  # type: ignore[arg-type]
    journal.write(journal.read(), "armed")
    assert not {"sealed", "proofs", "unarmed", "settings"} & note(cloud).keys()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"keys": [made(1, pkh=SECOND.address), made(2)]}, "with another address"),
        ({"keys": [made(1, public_key="edpk1"), made(2)]}, "is not the public key of a tz4 key"),
        ({"error": {"id": "bad_request"}}, "`create_key` was refused"),
    ],
)
def test_what_is_no_key_is_remembered_nowhere(
    answer: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = with_note()
    with pytest.raises(Stop, match=words):
        sealed(cloud, monkeypatch, Function(answer)).made()
    assert len(cloud.objects[f"{STACK}/arming.json"]) == 1


def test_wraps_are_those_of_the_keys_that_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = with_note()
    listed = [made(n, wrap=wrap) for n, wrap in ((1, "a"), (2, "a"), (3, "b"), (4, "c"))]
    for served, expected in (((1, 2), 1), ((1, 3), 2), ((1, 3, 4), 3), ((9,), 1)):
        cloud.parameters = {"SealedKeys": ",".join(key(n) for n in served)}
        assert sealed(cloud, monkeypatch, Function({"keys": listed})).wraps() == expected


# --- Rows of several keys -------------------------------------------------------------------------
def test_keys_that_came_later_are_armed_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = "tz2old", FIRST.address
    cloud = with_note("armed", chains=[CHAIN], unarmed=[new])
    rows = {old: {s: armed_row(old, s, 7) for s in (f"{CHAIN}/{kind}" for kind in KINDS)}}
    monkeypatch.setattr("redoubt_stack.watermarks.read_rows", reader(rows))
    asked_for: list[Any] = []
    operator: Any = SimpleNamespace(arm=lambda start, keys: asked_for.append((start, keys)))
    found = Watermarks(cloud, Journal(cloud, Artifacts(cloud), STACK), False)  # type: ignore[arg-type]
    found.check([old, new])
    waits = found.arm(operator, [old, new], None)
    assert f"{new}: not armed yet" in waits.words and asked_for == []
    start = Start(CHAIN, 1000)
    assert found.arm(operator, [old, new], start).is_as_asked
    assert asked_for == [(start, (new,))]
    assert "unarmed" not in note(cloud)
    with pytest.raises(Stop, match="rows are missing or damaged"):
        found.check([old, new])  # as `arm` is made up here, no row came of it


def test_a_key_that_was_imported_with_its_rows_is_not_armed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = ("tz2old", FIRST.address)
    cloud = with_note("armed", chains=[CHAIN], unarmed=[both[1]])
    scopes = [f"{CHAIN}/{kind}" for kind in KINDS]
    rows = {one: {scope: armed_row(one, scope, 7) for scope in scopes} for one in both}
    monkeypatch.setattr("redoubt_stack.watermarks.read_rows", reader(rows))
    found = Watermarks(cloud, Journal(cloud, Artifacts(cloud), STACK), False)  # type: ignore[arg-type]
    operator: Any = SimpleNamespace()
    assert found.arm(operator, list(both), None).is_as_asked
    assert "unarmed" not in note(cloud)


def reader(rows: dict[str, dict[str, Any]]) -> Any:
    from redoubt_stack import watermarks

    return lambda _aws, _table, address: [
        watermarks._row(item) for item in rows.get(address, {}).values()
    ]


def test_the_sealed_key_itself_is_no_row() -> None:
    item = {"pkh": {"S": FIRST.address}, "scope": {"S": "sealed"}, "sealed": {"B": b"x"}}
    cloud = Cloud()
    cloud.table = Table("first", now())
    cloud.table.rows = {"sealed": item}
    assert Operator is not None
    from redoubt_stack.watermarks import read_rows

    assert read_rows(cloud, f"{STACK}-watermarks", FIRST.address) == []  # type: ignore[arg-type]


# --- What the baker is told -----------------------------------------------------------------------
URL = "https://x.lambda-url.eu-west-1.on.aws"


def test_lines_register_the_key_and_its_companion_with_their_proofs() -> None:
    proofs = {FIRST.text: "BLsig1", SECOND.text: "BLsig2"}
    assert closing.octez_lines(URL, [FIRST, SECOND], proofs) == [
        f"octez-client import secret key redoubt-consensus {URL}/{FIRST.address}",
        f"octez-client import secret key redoubt-companion {URL}/{SECOND.address}",
        "octez-client set consensus key for <delegate> to redoubt-consensus "
        "--consensus-key-pop BLsig1",
        "octez-client set companion key for <delegate> to redoubt-companion "
        "--companion-key-pop BLsig2",
        "octez-baker-<protocol> run ... redoubt-consensus redoubt-companion",
    ]


def test_lines_of_a_kms_key_are_as_they_were() -> None:
    held: Any = SimpleNamespace(text="sppk1", address="tz2A", is_sealed=False)
    assert closing.octez_lines(URL, [held], {}) == [
        f"octez-client import secret key redoubt-consensus {URL}/tz2A",
        "octez-client set consensus key for <delegate> to redoubt-consensus",
        "octez-baker-<protocol> run ... redoubt-consensus",
    ]
    both = closing.octez_lines(URL, [held, FIRST, SECOND], {})
    assert both[0].endswith("/tz2A") and both[1].split()[4:] == [
        "redoubt-tz4",
        f"{URL}/{FIRST.address}",
    ]
    assert both[3] == "octez-client set consensus key for <delegate> to redoubt-tz4"
    assert both[-1].endswith("run ... redoubt-tz4 redoubt-companion")


def test_an_address_follows_from_the_key() -> None:
    with pytest.raises(ValueError, match="is not the public key of a tz4 key"):
        bls_key(KNOWN[1])
    with pytest.raises(ValueError, match="is not the public key of a tz4 key"):
        bls_key(FIRST.text[:-1] + ("a" if FIRST.text[-1] != "a" else "b"))
    assert bls_key(KNOWN[0]).address == KNOWN[1] == tezos.address_of(KNOWN[0])


def test_a_tz4_key_may_authorize_if_it_is_of_the_group() -> None:
    """As the function asks: infinity, and what is only on the curve, keep it from starting."""
    assert tezos.problem_of_key(KNOWN[0]) == ""
    curve = tezos.BLS.points
    prefix = tezos.BLS.key_prefix
    assert isinstance(curve, points.Bls12381)
    xs = (x for x in range(1, 50) if pow(x**3 + 4, (curve.p - 1) // 2, curve.p) == 1)
    off_group = next(xs) | 0b100 << 381
    off_curve = next(x for x in range(1, 50) if pow(x**3 + 4, (curve.p - 1) // 2, curve.p) != 1)
    for number in (off_group, off_curve | 0b100 << 381, 0b110 << 381):
        text = base58check(prefix + number.to_bytes(48, "big"))
        assert "is not a point of its curve" in tezos.problem_of_key(text), hex(number)


# --- That the signer has opened them --------------------------------------------------------------
class Signer:
    """Its variable, and what it answers to GET /bls_prove_possession/<address>."""

    def __init__(self, replies: dict[str, function_url.Reply]) -> None:
        self.replies = replies
        self.variables = {"PROVE_POSSESSION": ""}
        self.history: list[str] = []

    def configuration(self, *_: Any) -> dict[str, Any]:
        return {"Environment": {"Variables": self.variables}}

    def change(self, _aws: Any, _function: str, name: str, change: Any) -> None:
        value = change(self.variables[name])
        if value is not None:
            self.variables[name] = value
            self.history.append(value)

    def request(self, url: str, **_: Any) -> function_url.Reply:
        assert self.variables["PROVE_POSSESSION"] == "on", "it answers on the day of it only"
        return self.replies[url.rpartition("/")[2]]


def proving(
    monkeypatch: pytest.MonkeyPatch, replies: dict[str, function_url.Reply], stopped: bool = False
) -> tuple[SealedKeys, Signer]:
    cloud = with_note(sealed=[FIRST.text, SECOND.text], proofs=["BLsig1", "BLsig2"])
    keys, signer = sealed(cloud, monkeypatch, Function()), Signer(replies)
    keys.stack.outputs = lambda: {"SignerFunction": "signer", "SignerUrl": URL}  # type: ignore[method-assign]
    monkeypatch.setattr(live, "configuration", signer.configuration)
    monkeypatch.setattr(live, "change_variable", signer.change)
    monkeypatch.setattr(function_url, "request", signer.request)
    monkeypatch.setattr(working.Working, "is_stopped", lambda *_: stopped)
    clock = Clock()
    monkeypatch.setattr(working, "time", clock)
    monkeypatch.setattr(console, "time", clock)
    return keys, signer


def proof(text: str, status: int = 200) -> function_url.Reply:
    body = json.dumps({"bls_prove_possession": text}) if status == 200 else text
    return function_url.Reply(status, {} if status == 200 else {"x-redoubt-error": text}, body)


def test_a_signer_proves_each_key_and_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    replies = {FIRST.address: proof("BLsig1"), SECOND.address: proof("BLsig2")}
    keys, signer = proving(monkeypatch, replies)
    assert keys.prove() == f"the signer has opened {FIRST.address}, {SECOND.address}"
    assert signer.history == ["on", ""]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (proof("BLsig9"), "proves another key"),
        (proof("wrap_refused", 500), "wrap_refused"),
        (proof("wrap_unavailable", 502), "wrap_unavailable"),
    ],
)
def test_one_that_does_not_is_a_stop_and_is_as_it_was(
    reply: function_url.Reply, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, signer = proving(monkeypatch, {FIRST.address: proof("BLsig1"), SECOND.address: reply})
    with pytest.raises(Stop, match=words):
        keys.prove()
    assert signer.history == ["on", ""]


def test_a_stopped_signer_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    keys, signer = proving(monkeypatch, {}, stopped=True)
    assert "is stopped" in keys.prove() and signer.history == []


# --- A creation that is begun ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("parameters", "is_new"),
    [
        ({"KeyType": "kms"}, True),
        ({"KeyType": "kms", "ExistingKeyArn": ARN.format("a")}, False),
        ({"KeyType": "tz4"}, True),
        ({"KeyType": "both"}, True),
        ({"KeyType": "both", "ExistingKeyArn": ARN.format("a")}, False),
    ],
)
def test_only_keys_that_the_stack_makes_have_signed_nothing(
    parameters: dict[str, str], is_new: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []
    journal: Any = SimpleNamespace(table_id=lambda: None, begin_creation=begun.append)
    stack: Any = SimpleNamespace(parameters=dict, describe=lambda: None)
    monkeypatch.setattr(deploy, "refuse_remains", lambda *_: None)
    nothing: Any = SimpleNamespace()
    deployment = deploy.Deployment(nothing, nothing, nothing, stack, journal, nothing, None)
    deployment.create_or_adopt(parameters)
    assert begun == [is_new]
