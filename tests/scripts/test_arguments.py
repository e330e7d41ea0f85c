# SPDX-License-Identifier: Apache-2.0
"""What `deploy` is asked for and can't be right is refused before AWS hears anything, with `--plan`
and without."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from redoubt_stack import arguments, chains, console, deploy, options, tezos
from redoubt_stack.aws import Aws
from redoubt_stack.console import BadUsage, Stop
from redoubt_stack.template import Template

from support.child import ROOT
from support.keys import Curve, SecretKey

TEMPLATE = Template((ROOT / "deploy/aws/template.yaml").read_text())
KEYS = {curve: str(SecretKey.generate(curve).public) for curve in Curve}
KEY = KEYS[Curve.ED25519]
OTHER = KEYS[Curve.P256]
LIKELY = chains.find("mainnet").likely_head(datetime.now(UTC))
GIVEN = ["--region", "eu-west-1", "--authorized-keys", KEY]
START = ["--chain", "mainnet", "--level", str(LIKELY)]


def mistyped(text: str) -> str:
    return text[:-1] + ("2" if text[-1] != "2" else "3")


def parameter(text: str) -> list[str]:
    return [*GIVEN, "--parameter", text]


# What is asked for, and what is said about it.
NONSENSE: dict[str, tuple[list[str], str]] = {
    "the docs' example": (["--region=eu-west-1", "--authorized-keys", "edpk…"], "docs' example"),
    "an address": (["--region=eu-west-1", "--authorized-keys", "tz1VSUr8wwNhLAz"], "is an address"),
    "a secret key": (["--region=eu-west-1", "--authorized-keys", "edsk3gUfUPy"], "is a secret key"),
    "half a BLS key": (
        ["--region=eu-west-1", "--authorized-keys", "BLpk1w1wkESXN9"],
        "checksum is wrong",
    ),
    "a BLS secret": (["--region=eu-west-1", "--authorized-keys", "BLsk1w1wk"], "is a secret key"),
    "a mistyped key": (["--region=eu-west-1", "--authorized-keys", mistyped(KEY)], "checksum"),
    "one key twice": (["--region=eu-west-1", "--authorized-keys", f"{KEY},{KEY}"], "given twice"),
    "no second key": (["--region=eu-west-1", "--authorized-keys", f"{KEY},"], "key 2: is empty"),
    "two lists": (parameter(f"AuthorizedKeys={OTHER}"), "differ"),
    "a chain misspelt": ([*GIVEN, "--chain", "Mainet", "--level", "5"], "did you mean mainnet?"),
    "a chain unknown": ([*GIVEN, "--chain", "dalphanet", "--level", "5"], "chain's id"),
    "a chain id mistyped": (
        [*GIVEN, "--chain", "NetXdQprcVkpaWV", "--level", "5"],
        "checksum",
    ),
    "a negative level": ([*GIVEN, "--chain", "ghostnet", "--level", "-4"], "from 1"),
    "level nothing": ([*GIVEN, "--chain", "mainnet", "--level", "0"], "from 1"),
    "two zeros too many": (
        [*GIVEN, "--chain", "mainnet", "--level", f"{LIKELY}00", "--accept-level"],
        "can't have reached",
    ),
    "far off, in a script": ([*GIVEN, "--chain", "mainnet", "--level", "5"], "--accept-level"),
    "a parameter's case": (parameter("alarmemail=a@b"), "did you mean AlarmEmail?"),
    "a parameter unknown": (parameter("Colour=red"), "no such parameter"),
    "no value": (parameter("MemorySize"), "NAME=VALUE"),
    "a parameter twice": ([*parameter("MemorySize=512"), "--parameter=MemorySize=256"], "twice"),
    "a number in words": (parameter("MemorySize=huge"), "whole number"),
    "a number too small": (parameter("MemorySize=64"), "from 128 to 10240"),
    "a choice that is none": (parameter("Architecture=arm"), "is one of arm64, x86_64"),
    "a schedule of bananas": (parameter("WarmSchedule=rate(banana)"), "rate(4 minutes)"),
    "a schedule of never": (parameter("WarmSchedule=rate(0 minutes)"), "rate(4 minutes)"),
    "a schedule of five fields": (parameter("WarmSchedule=cron(0 * * * *)"), "six fields"),
    "two zeros": (parameter("ReservedConcurrency=00"), "without zeros"),
    "a pattern": (parameter("AlarmEmail=nobody"), "is not of this form"),
    "what deploy fills in": (parameter("Parts=kept"), "fills it in itself"),
    "a stack's name": ([*GIVEN, "--stack", "my redoubt"], "--stack"),
    "a stack's long name": ([*GIVEN, "--stack", "r" * 60], "characters at most"),
    "a Region": (["--region", "eu-west-9", "--authorized-keys", KEY], "did you mean eu-west-"),
    "no such zip": ([*GIVEN, "--zip", "/nowhere/redoubt.zip"], "--zip /nowhere/redoubt.zip"),
    "no such template": ([*GIVEN, "--template", "/nowhere.yaml"], "--template /nowhere.yaml"),
    "no such policies": ([*GIVEN, "--policies", "/nowhere"], "--policies /nowhere"),
    "a node without a level": ([*GIVEN, "--node", "http://localhost:8732"], "--chain and --level"),
    "a node that is no URL": ([*GIVEN, *START, "--node", "localhost:8732"], "give a node's URL"),
}


@pytest.fixture(autouse=True)
def new_region(monkeypatch: pytest.MonkeyPatch) -> str:
    """Which AWS has a name for, and this botocore does not know."""

    def look_up(name: str, _: int) -> list[str]:
        if name != "lambda.eu-west-7.amazonaws.com":
            raise OSError("no such name")
        return ["an address"]

    monkeypatch.setattr(arguments.socket, "getaddrinfo", look_up)
    return "eu-west-7"


def test_a_region_that_is_newer_than_this_program_is_one(new_region: str) -> None:
    assert new_region not in arguments.regions()
    assert arguments.region_mistakes(new_region) == []
    for name in ("eu-west-9", "", "eu-west-7.amazonaws.com", "EU-WEST-7", "localhost"):
        assert len(arguments.region_mistakes(name)) == 1


@pytest.fixture
def no_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("AWS was asked")

    monkeypatch.setattr(Aws, "client", refuse)


@pytest.mark.usefixtures("no_aws")
@pytest.mark.parametrize("more", [[], ["--plan"]], ids=["", "plan"])
@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_refused_before_aws_is_asked(name: str, more: list[str]) -> None:
    given, words = NONSENSE[name]
    with pytest.raises(BadUsage) as refused:
        deploy.main([*given, *more])
    assert words in str(refused.value)


@pytest.mark.usefixtures("no_aws")
def test_all_mistakes_are_told_at_once() -> None:
    given = [*parameter("MemorySize=huge"), "--parameter=timeout=3", "--stack=a b"]
    given += ["--region=eu-west-9", "--chain=mainet", "--level=5"]
    given[given.index(KEY)] = mistyped(KEY)
    with pytest.raises(BadUsage) as refused:
        deploy.main(given)
    for words in (
        "MemorySize",
        "mean Timeout?",
        "checksum",
        "--stack",
        "mean eu-west-",
        "mainnet?",
    ):
        assert words in str(refused.value)


@pytest.mark.parametrize("secret", ["edsk3gUfUPyBSfrS9CCgmCiQsTCHGkvi", "/p q"])
def test_secrets_are_not_repeated(secret: str) -> None:
    given = {"AuthorizedKeys": secret, "BasePath": secret}
    for mistake in arguments.parameter_mistakes(TEMPLATE, given):
        assert secret not in mistake


def test_what_is_right_has_no_mistakes() -> None:
    """Each parameter's default, and keys of each curve, blanks after commas as in the function."""
    given = arguments.requested(["Timeout=5"], f"{KEY}, {OTHER},{KEYS[Curve.SECP256K1]}")
    assert given["AuthorizedKeys"].count(" ") == 0
    own = {n: v for n, v in TEMPLATE.defaults.items() if n not in arguments.OURS}
    assert arguments.parameter_mistakes(TEMPLATE, own | given) == []
    assert arguments.rule_mistakes(TEMPLATE, TEMPLATE.defaults | given) == []
    for name, values in {
        "ReservedConcurrency": ("", "0", "7", "1000"),
        "WarmSchedule": ("", "rate(1 minute)", "rate(4 minutes)", "cron(0/4 * ? * MON-FRI *)"),
    }.items():
        for value in values:
            assert arguments.parameter_mistakes(TEMPLATE, {name: value}) == [], value
    assert arguments.stack_mistakes("redoubt-2", "ap-southeast-1") == []
    for region in ("us-east-1", "eu-central-2", "us-gov-west-1", "cn-north-1"):
        assert arguments.region_mistakes(region) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"SecondRegion": "us-east-2"}, "SecondRegion and ThirdRegion"),
        ({"VpcId": "vpc-1"}, "VpcSubnetIds"),
        ({"AlarmEmail": "a@b", "AlarmTopicArn": "arn:aws:sns:eu-west-1:1:x"}, "AlarmTopicArn"),
        ({"ExistingKeyArn": "arn:x", "MultiRegionKey": "true"}, "MultiRegionKey"),
    ],
)
def test_parameters_that_do_not_go_together(given: dict[str, str], words: str) -> None:
    (mistake,) = arguments.rule_mistakes(TEMPLATE, TEMPLATE.defaults | given)
    assert words in mistake


# --- Keys -----------------------------------------------------------------------------------------
def with_point(curve: str, point: bytes) -> str:
    return tezos.base58check(tezos.CURVES[curve].key_prefix + point)


@pytest.mark.parametrize(
    ("curve", "point"),
    [
        ("ECC_NIST_EDWARDS25519", bytes(32)),  # of order 4
        ("ECC_NIST_EDWARDS25519", b"\1" + bytes(31)),  # the neutral one
        ("ECC_NIST_EDWARDS25519", b"\2" + bytes(31)),  # not on the curve
        ("ECC_NIST_EDWARDS25519", b"\xff" * 32),  # not below the prime
        ("ECC_SECG_P256K1", b"\2" + bytes(31) + b"\5"),  # no such x
        ("ECC_SECG_P256K1", b"\4" + bytes(31) + b"\1"),  # not compressed
        ("ECC_NIST_P256", b"\3" + b"\xff" * 32),
    ],
)
def test_what_is_no_point_is_no_key(curve: str, point: bytes) -> None:
    assert "not a point" in tezos.problem_of_key(with_point(curve, point))


def test_a_key_of_another_length_is_none() -> None:
    for size in (31, 33):
        text = with_point("ECC_NIST_EDWARDS25519", bytes(size))
        assert tezos.problem_of_key(text) != ""


def test_keys_of_each_curve_are_points() -> None:
    for curve in Curve:
        for _ in range(20):
            assert tezos.problem_of_key(str(SecretKey.generate(curve).public)) == ""


# --- Questions ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("typed", "goes_on"), [("5", True), ("", False), ("yes", False)])
def test_a_doubt_is_asked_back_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, typed: str, goes_on: bool
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: typed)
    told = options.read_options([*GIVEN, "--chain", "mainnet", "--level", "5"])
    if goes_on:
        assert options.read_start(told) is not None
    else:
        with pytest.raises(Stop, match="nothing was changed"):
            options.read_start(told)


@pytest.mark.parametrize("text", ["12x", "16,000,000", "16_000_000", " 5", "head", "1e6", "٣"])
def test_what_is_no_level_is_told_so(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        options.read_options([*GIVEN, "--chain", "mainnet", "--level", text])
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert f"{text} is not a level: give digits alone" in told and "octez-client rpc" in told


def test_a_script_says_it_by_an_option() -> None:
    told = options.read_options([*GIVEN, "--chain", "mainnet", "--level", "5", "--accept-level"])
    assert options.read_start(told) is not None


def test_bad_usage_ends_with_2_and_a_stop_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    def ends(error: BaseException) -> object:
        def main(_: list[str]) -> int:
            raise error

        with pytest.raises(SystemExit) as ended:
            console.run(main)
        return ended.value.code

    assert ends(BadUsage("no")) == 2
    assert "stopped: no" in capsys.readouterr().err
    assert ends(Stop("no")) == 1
    assert "stopped: no" in capsys.readouterr().err
    assert ends(KeyboardInterrupt()) != 0
    assert ends(EOFError()) != 0


def test_a_path_is_a_file_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert arguments.file_mistakes(zip=tmp_path / "file", policies=tmp_path, template=None) == []
    assert len(arguments.file_mistakes(zip=tmp_path, policies=tmp_path / "file")) == 2
