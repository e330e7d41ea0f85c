# SPDX-License-Identifier: Apache-2.0
"""Tries on AWS what no emulator can show: that what is forbidden is refused, that the URL carries
bodies and errors, that metrics and alarms arrive. It changes nothing, whatever the answers are;
one alarm is raised by hand, to see that somebody hears it."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from botocore.exceptions import ClientError

from redoubt_stack import commands, console, function_url, live
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws, code_of, unless_missing
from redoubt_stack.checks.rows import Row, gather, report
from redoubt_stack.console import Stop
from redoubt_stack.stack import Stack

DENIED = ("AccessDeniedException", "AccessDenied", "KMSInvalidStateException")


@dataclass(frozen=True)
class FirstRun:
    aws: Aws
    stack: Stack

    @cached_property
    def outputs(self) -> dict[str, str]:
        return self.stack.outputs()

    def refused(self, subject: str, what: str, call: Callable[[], Any], *codes: str) -> Row:
        """Whether AWS refuses this to whoever runs this, with a code that says so."""
        try:
            call()
        except ClientError as error:
            code = code_of(error)
            return Row(subject, what, "" if code in (codes or DENIED) else f"answered {code}")
        return Row(subject, what, "was NOT refused")

    def key(self) -> Iterator[Row]:
        """DryRun tells what would have happened. Root and the break-glass role may put a policy."""
        kms, arn = self.aws.client("kms"), self.outputs.get("KeyArn")
        yield from self.wrapping_keys()
        if arn is None:
            return
        raw = kms.describe_key(KeyId=arn)["KeyMetadata"]["SigningAlgorithms"]
        algorithm = "ED25519_SHA_512" if "ED25519_SHA_512" in raw else "ECDSA_SHA_256"
        kind = "RAW" if algorithm == "ED25519_SHA_512" else "DIGEST"
        message = {"Message": bytes(32), "MessageType": kind, "SigningAlgorithm": algorithm}
        yield self.refused("key", "you sign", lambda: kms.sign(KeyId=arn, DryRun=True, **message))
        grant = {"GranteePrincipal": self.outputs["SignerRoleArn"], "Operations": ["Sign"]}
        yield self.refused(
            "key", "you grant", lambda: kms.create_grant(KeyId=arn, DryRun=True, **grant)
        )
        policy = kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
        same = {"PolicyName": "default", "Policy": policy}  # as it is already
        yield self.refused(
            "key", "you change its policy", lambda: kms.put_key_policy(KeyId=arn, **same)
        )

    def wrapping_keys(self) -> Iterator[Row]:
        """What an administrator may seal, he may not open again."""
        for arn in filter(None, self.outputs.get("WrappingKeys", "").split(",")):
            kms = self.aws.client("kms", arn.split(":")[3])
            context = {"redoubt:purpose": "tezos-consensus", "redoubt:share": "1/1"}
            sealed = kms.encrypt(KeyId=arn, Plaintext=bytes(33), EncryptionContext=context)
            asked = {"KeyId": arn, "CiphertextBlob": sealed["CiphertextBlob"]}
            yield self.refused(
                f"wrapping key {arn}",
                "you open",
                partial(kms.decrypt, EncryptionContext=context, **asked),
            )

    def table(self) -> Iterator[Row]:
        """Writes that could not happen even if they were allowed: their condition never holds."""
        dynamodb, name = self.aws.client("dynamodb"), self.outputs["TableName"]
        never = "attribute_exists(pkh) AND attribute_not_exists(pkh)"
        row = {"pkh": {"S": "nobody"}, "scope": {"S": "nothing"}}
        common = {"TableName": name, "ConditionExpression": never}
        yield self.refused("table", "you put a row", lambda: dynamodb.put_item(Item=row, **common))
        yield self.refused(
            "table", "you delete a row", lambda: dynamodb.delete_item(Key=row, **common)
        )
        arn = self.outputs["TableArn"]
        same = {
            "ResourceArn": arn,
            "Policy": dynamodb.get_resource_policy(ResourceArn=arn)["Policy"],
        }
        yield self.refused(
            "table",
            "you replace its policy",
            lambda: dynamodb.put_resource_policy(ExpectedRevisionId="0", **same),
        )

    def functions(self) -> Iterator[Row]:
        """The conditions on the function's own calls let it work."""
        answer = commands.ask(self.aws, self.outputs["OperatorFunction"], "status")
        yield Row("operator", "reads the rows", "" if answer.ok else answer.reason)
        found = live.configuration(self.aws, self.outputs["SignerFunction"])
        signing = self.aws.client("lambda").get_function_code_signing_config(
            FunctionName=found["FunctionName"]
        )
        if signing.get("CodeSigningConfigArn"):
            yield self.refused(
                "signer",
                "unsigned code",
                lambda: self.aws.client("lambda").update_function_code(
                    FunctionName=found["FunctionName"], ZipFile=unsigned_zip(), DryRun=True
                ),
                "CodeVerificationFailedException",
            )

    def url(self) -> Iterator[Row]:
        address = self._address()
        yield self._answers("GET", "/healthz", None, 200, "")
        yield self._answers("GET", "/nowhere", None, 404, "unknown_route")
        yield self._answers("GET", f"/keys/{address}", None, 200, "")
        vote = ("13" + "7a06a770" + "00" * 32 + "15" + "00" * 42).encode()
        chunks = [b'"', vote, b'"\n']
        yield self._answers("POST", f"/keys/{address}", chunks, 401, "authentication_missing")

    def _address(self) -> str:
        return self.stack.parameters()["KeyHashes"].split(",")[0]

    def _answers(
        self, method: str, path: str, chunks: list[bytes] | None, status: int, code: str
    ) -> Row:
        """A body in chunks, as octez-client sends it; an error's body must come through."""
        url = live.url(self.aws, self.outputs)
        sent = {"Content-Type": "application/json"} if chunks else {}
        answer = function_url.request(url + path, method, sent, chunks)
        text = answer.text
        found = (answer.status, answer.headers.get("x-redoubt-error", ""), code in text)
        problem = "" if found == (status, code, True) else f"answered {answer.status} {text[:200]}"
        return Row("URL", f"{method} {path}", problem)

    def watching(self) -> Iterator[Row]:
        cloudwatch, function = self.aws.client("cloudwatch"), self.outputs["SignerFunction"]
        dimension = {"Name": "function", "Value": function}
        listed = cloudwatch.list_metrics(Namespace="Redoubt", Dimensions=[dimension])["Metrics"]
        names = {metric["MetricName"] for metric in listed}
        problem = (
            "" if "ms" in names else "none yet: they take some minutes after the first request"
        )
        yield Row("metrics", "in CloudWatch", problem)
        prefix = f"{self.stack.name}-"
        found = cloudwatch.describe_alarms(
            AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        alarms = [*found["MetricAlarms"], *found["CompositeAlarms"]]
        yield Row("alarms", "exist", "" if alarms else "none")
        topic = self.outputs["AlarmTopic"]
        heard = self.aws.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        yield Row("alarms", "somebody listens", "" if heard else f"nobody subscribes to {topic}")
        name = f"{prefix}conflict"
        there = unless_missing(
            lambda: cloudwatch.set_alarm_state(
                AlarmName=name, StateValue="ALARM", StateReason="raised by hand to see it arrive"
            ),
            "ResourceNotFound",
        )
        yield Row("alarms", f"{name} was raised: did it reach you?", "" if there else "not there")


def unsigned_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr("bootstrap", "nothing")
    return made.getvalue()


def main(arguments: list[str]) -> int:
    parser = console.arguments("deploy/aws/first-run-checks", __doc__ or "")
    options = parser.parse_args(arguments)
    aws = Aws(options.region, options.profile)
    stack = Stack(aws, Artifacts(aws), options.stack)
    if "SignerFunction" not in stack.outputs():
        raise Stop(f"there is no stack {options.stack} with functions here")
    run = FirstRun(aws, stack)
    checks = {
        "key": run.key,
        "table": run.table,
        "functions": run.functions,
        "URL": run.url,
        "watching": run.watching,
    }
    return int(report(gather(checks)) > 0)


if __name__ == "__main__":
    console.run(main)
