# SPDX-License-Identifier: Apache-2.0
"""The cost of a month: its sums, what it counts in the template, and the tables in the docs."""

import re
from pathlib import Path

import pytest
from redoubt_stack import cost
from redoubt_stack.ethereum import cost as of_validators
from redoubt_stack.template import load

ROOT = Path(__file__).resolve().parents[2]
DOCS = (ROOT / "docs/cost.md").read_text()


def found(*arguments: str) -> dict[str, float]:
    told = cost.read_options(list(arguments))
    return {line.what: line.dollars for line in cost.lines(told, told.sheet)}


def test_a_vote_of_each_kind_at_each_level_of_six_seconds() -> None:
    """docs/cost.md: 28,800 signatures a day."""
    seen = found("--architecture", "x86_64")
    assert seen["KMS, Sign"] == pytest.approx(28_800 * 365 / 12 * 0.15 / 10_000)
    assert seen["KMS, Sign"] == pytest.approx(13, abs=0.2)
    assert seen["KMS, the key"] == 1
    assert seen["DynamoDB, a write a signature"] == pytest.approx(0.55, abs=0.005)
    compute = seen["Lambda, a GET and a POST a signature"] + seen["Lambda, 512 MB"]
    assert compute == pytest.approx(0.46, abs=0.01)
    # bench/run machines: dollars per million signatures
    assert compute / (28_800 * 365 / 12) * 1e6 == pytest.approx(0.53, abs=0.005)


def test_the_sum_is_that_of_the_lines() -> None:
    told = cost.read_options(["--second-trail", "--vpc-zones", "3", "--table-regions", "3"])
    lines = cost.lines(told, told.sheet)
    last = cost.table(lines)[-1]
    assert last == f"| **sum** | | | **{sum(line.dollars for line in lines):.2f}** |"
    assert len(cost.table(lines)) == len(lines) + 3


def test_what_is_added_is_added() -> None:
    plain = found()
    assert found("--keys", "3") == pytest.approx({w: 3 * d for w, d in plain.items()})
    assert found("--curve", "tz1") == plain
    tz4 = found("--curve", "tz4", "--wrapping-keys", "3")
    assert "KMS, Sign" not in tz4 and tz4["KMS, the wrapping key"] == 3
    assert tz4["KMS, Decrypt"] < 0.01
    saved = sum(plain.values()) - sum(found("--curve", "tz4").values())
    assert saved == pytest.approx(plain["KMS, Sign"], abs=0.5)
    assert tz4["Lambda, 512 MB"] == pytest.approx(plain["Lambda, 512 MB"] * (6 + 2) / (14 + 2))
    assert found("--curve", "tz4", "--vote-ms", "13.8")["Lambda, 512 MB"] == plain["Lambda, 512 MB"]
    extra = found("--second-trail", "--vpc-zones", "2", "--key-replicas", "1")
    signs = plain["KMS, Sign"] / 0.15 * 10_000
    assert extra["CloudTrail, a second copy of each Sign"] == pytest.approx(signs / 100_000 * 2)
    assert extra["VPC, KMS endpoint in 2 zones"] == pytest.approx(2 * 730 * 0.01)
    assert extra["KMS, the key"] == 2
    three = found("--table-regions", "3")["DynamoDB, a write a signature, in 3 Regions"]
    assert three == pytest.approx(3 * plain["DynamoDB, a write a signature"])
    blocks = found("--votes-per-level", "0", "--blocks-a-day", "144")
    assert blocks["KMS, Sign"] == pytest.approx(144 * 365 / 12 * 0.15 / 10_000)


def test_a_price_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert found("--price", "kms-sign=0.30")["KMS, Sign"] == pytest.approx(2 * found()["KMS, Sign"])
    assert cost.PRICES["kms-sign"].dollars == 0.15
    for wrong in ("kms=1", "kms-sign", "kms-sign=much"):
        with pytest.raises(SystemExit):
            cost.read_options(["--price", wrong])
    assert cost.main(["--region", "eu-west-1", "--price", "log=0.57"]) == 0
    told = capsys.readouterr().out
    assert "Only us-east-1's prices are known" in told and "$0.57 per GB |" in told


def test_every_price_has_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert cost.main(["--prices"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert len(listed) == len(cost.PRICES)
    assert all(re.search(r"\$\d+\.\d{2,} per .+  \S+\.(com|dev|io)\b", line) for line in listed), (
        listed
    )


def properties_in(template: str, kind: str) -> list[dict]:
    resources = load((ROOT / template).read_text())["Resources"].values()
    return [r["Properties"] for r in resources if r["Type"] == kind]


def metrics_of(alarms: list[dict]) -> int:
    return sum(sum("MetricStat" in m for m in a.get("Metrics", [])) or 1 for a in alarms)


def test_it_counts_what_the_template_has() -> None:
    resources = load((ROOT / "deploy/aws/template.yaml").read_text())["Resources"].values()

    def properties(kind: str) -> list[dict]:
        return properties_in("deploy/aws/template.yaml", kind)

    endpoints = properties("AWS::EC2::VPCEndpoint")
    # Two are of a day each, and a stack has one of the two that look at the key.
    for kind in ("KmsSigns", "OwnKeyOpens"):
        alarms = [
            r["Properties"]
            for r in resources
            if r["Type"] == "AWS::CloudWatch::Alarm" and r["Condition"] in ("All", kind)
        ]
        assert metrics_of(alarms) == cost.ALARM_METRICS, kind
    assert len(properties("AWS::Logs::MetricFilter")) == cost.TZ4_METRICS
    assert len(properties("AWS::CloudWatch::CompositeAlarm")) == cost.COMPOSITE_ALARMS
    assert len(properties("AWS::CloudWatch::Dashboard")) == cost.DASHBOARDS
    interfaces = [e for e in endpoints if e["VpcEndpointType"] == "Interface"]
    assert len(interfaces) == cost.INTERFACE_ENDPOINTS


# --- Of validators --------------------------------------------------------------------------------
def month(*arguments: str) -> dict[str, cost.Line]:
    told = of_validators.read_options([*arguments])
    return {line.what: line for line in of_validators.lines(told, told.sheet)}


def test_a_validator_s_month() -> None:
    """225 epochs a day of 384 s, of a million validators: 2.07 requests in each, 1.00003 of them
    written."""
    requests, writes = of_validators.duties(of_validators.read_options([]))
    epochs = 225 * 365 / 12
    assert requests / epochs == pytest.approx(2.07, abs=0.005)
    assert writes / epochs == pytest.approx(1.00003, abs=0.00001)
    found = month("--validators", "1000")
    assert found["Lambda, requests"].quantity == pytest.approx(1000 * requests)
    assert found["DynamoDB, a write a vote or block"].dollars == pytest.approx(4.28, abs=0.01)
    gnosis = of_validators.duties(of_validators.read_options(["--network", "gnosis"]))
    assert gnosis[1] == pytest.approx(writes * 384 / 80, rel=0.001)


def test_a_slot_s_environments_each_open_each_wrap() -> None:
    opened = {n: month("--validators", n)["KMS, Decrypt"].quantity for n in ("32", "320")}
    assert opened["32"] == pytest.approx(24 * 365 / 12)
    assert opened["320"] == pytest.approx(10 * 4 * opened["32"])
    one = month("--validators", "320", "--wraps", "1", "--wrapping-keys", "3")["KMS, Decrypt"]
    assert one.quantity == pytest.approx(10 * 3 * opened["32"])


def test_it_counts_what_the_stack_of_validators_has() -> None:
    template = "deploy/aws/ethereum/template.yaml"
    alarms = properties_in(template, "AWS::CloudWatch::Alarm")
    lasting = [a for a in alarms if "recovery" not in str(a["AlarmName"])]
    assert metrics_of(lasting) == of_validators.ALARM_METRICS
    source = (ROOT / "bootstrap/handlers/ethereum_log.cpp").read_text()
    (own,) = re.findall(r"std::array<Metric, (\d+)> ethereum_metrics", source)
    filters = properties_in(template, "AWS::Logs::MetricFilter")
    assert int(own) + len(filters) == of_validators.METRICS
    assert len(properties_in(template, "AWS::CloudWatch::CompositeAlarm")) == cost.COMPOSITE_ALARMS
    assert len(properties_in(template, "AWS::CloudWatch::Dashboard")) == cost.DASHBOARDS


def test_the_docs_have_the_months_of_validators() -> None:
    rows = re.findall(r"^\| ([\d,]+)((?: \| [\d,.]+)+) \|$", DOCS, re.MULTILINE)
    assert [int(many.replace(",", "")) for many, _ in rows] == [1, 100, 1000, 10_000]
    for many, cells in rows:
        validators = many.replace(",", "")
        told = sum(line.dollars for line in month("--validators", validators).values())
        once = month("--validators", validators, "--wraps", "1").values()
        shown = [float(cell.replace(",", "")) for cell in cells.split(" | ")[1:]]
        sealed_once = sum(line.dollars for line in once)
        expected = [told, told / int(validators), sealed_once]
        assert shown == [round(dollars, 2) for dollars in expected], many
    options = of_validators.read_options(["--validators", "1000"])
    assert "\n".join(cost.table(of_validators.lines(options, options.sheet))) in DOCS


def test_the_docs_have_its_tables() -> None:
    told = cost.read_options([])
    assert "\n".join(cost.table(cost.lines(told, told.sheet))) in DOCS
    rows = re.findall(r"^\| `(--[^`]+)` \|.*\| ([\d.]+) \|$", DOCS, re.MULTILINE)
    assert len(rows) >= 6
    for options, dollars in rows:
        assert f"{sum(found(*options.split()).values()):.2f}" == dollars, options
