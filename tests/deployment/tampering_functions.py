# SPDX-License-Identifier: Apache-2.0
"""What somebody does to the functions, and how it is undone. Each yields what `verify` finds."""

import io
import json
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from account import ZIP, Account, Signer

Tampering = Callable[[Account, Signer], Any]


def function(signer: Signer) -> str:
    return signer.outputs["SignerFunction"]


@contextmanager
def deployed(
    account: Account, signer: Signer, *more: tuple[str, bytes], kind: str = "Signer"
) -> Iterator[str]:
    """The release with these members besides."""
    of = signer.facts.function(kind)
    changed = io.BytesIO()
    with zipfile.ZipFile(ZIP) as release, zipfile.ZipFile(changed, "w") as opened:
        for name, content in (("bootstrap", release.read("bootstrap")), *more):
            with warnings.catch_warnings(action="ignore"):  # of two members of one name
                opened.writestr(name, content)
    client = account.client("lambda")
    client.update_function_code(FunctionName=of, ZipFile=changed.getvalue())
    yield f"{of}: code"
    client.update_function_code(FunctionName=of, ZipFile=ZIP.read_bytes())


@contextmanager
def configured(account: Account, signer: Signer, what: str, **change: Any) -> Iterator[str]:
    client = account.client("lambda")
    found = client.get_function_configuration(FunctionName=function(signer))
    client.update_function_configuration(FunctionName=function(signer), **change)
    yield f"{function(signer)}: {what}"
    # What is not set is not told, and unset by what is empty.
    empty = {"VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []}, "KMSKeyArn": ""}
    back = {name: found.get(name, empty.get(name)) for name in change}
    client.update_function_configuration(FunctionName=function(signer), **back)


def variable(name: str, value: str, what: str) -> Tampering:
    def tampering(account: Account, signer: Signer) -> Any:
        found = account.client("lambda").get_function_configuration(FunctionName=function(signer))
        variables = found["Environment"]["Variables"] | {name: value}
        return configured(account, signer, what, Environment={"Variables": variables})

    return tampering


@contextmanager
def permission(
    account: Account, signer: Signer, kind: str, what: str, **allowed: Any
) -> Iterator[str]:
    client, name = account.client("lambda"), signer.facts.function(kind)
    client.add_permission(FunctionName=name, StatementId="x", **allowed)
    yield f"{name}: {what}"
    client.remove_permission(FunctionName=name, StatementId="x")


@contextmanager
def a_shut_url(account: Account, signer: Signer) -> Iterator[str]:
    client, name = account.client("lambda"), function(signer)
    found = json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"]
    (sid,) = [s["Sid"] for s in found if s["Action"] == "lambda:InvokeFunctionUrl"]
    client.remove_permission(FunctionName=name, StatementId=sid)
    yield f"{name}: policy"
    client.add_permission(FunctionName=name, StatementId=sid, **OPEN_URL)


@contextmanager
def does_not_start(account: Account, signer: Signer, kind: str, keys: str) -> Iterator[str]:
    """As a slip in the list of keys does it: nothing else is wrong with the function."""
    client, name = account.client("lambda"), signer.facts.function(kind)
    found = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    changed = found | {"AUTHORIZED_KEYS": keys.format(found["AUTHORIZED_KEYS"])}
    client.update_function_configuration(FunctionName=name, Environment={"Variables": changed})
    yield f"{name}: answers"
    client.update_function_configuration(FunctionName=name, Environment={"Variables": found})


@contextmanager
def a_way_into_the_operator(account: Account, signer: Signer) -> Iterator[str]:
    client, name = account.client("lambda"), signer.outputs["OperatorFunction"]
    client.create_function_url_config(FunctionName=name, AuthType="NONE")
    yield f"{name}: URLs"
    client.delete_function_url_config(FunctionName=name)


@contextmanager
def a_version(account: Account, signer: Signer) -> Iterator[str]:
    client = account.client("lambda")
    made = client.publish_version(FunctionName=function(signer))["Version"]
    yield f"{function(signer)}: versions"
    client.delete_function(FunctionName=function(signer), Qualifier=made)


@contextmanager
def an_alias(account: Account, signer: Signer) -> Iterator[str]:
    client = account.client("lambda")
    client.create_alias(FunctionName=function(signer), Name="x", FunctionVersion="$LATEST")
    yield f"{function(signer)}: aliases"
    client.delete_alias(FunctionName=function(signer), Name="x")


@contextmanager
def another_url(account: Account, signer: Signer, before: Any, after: Any) -> Iterator[str]:
    client = account.client("lambda")
    client.update_function_url_config(FunctionName=function(signer), **after)
    yield f"{function(signer)}: URLs"
    client.update_function_url_config(FunctionName=function(signer), **before)


@contextmanager
def a_destination(account: Account, signer: Signer) -> Iterator[str]:
    client, name = account.client("lambda"), signer.outputs["OperatorFunction"]
    client.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
    yield f"{name}: asynchronous calls"
    client.delete_function_event_invoke_config(FunctionName=name)


@contextmanager
def code_signing(account: Account, signer: Signer) -> Iterator[str]:
    client = account.client("lambda")
    arn = "arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0a1b2c3d4e5f60718"
    client.put_function_code_signing_config(FunctionName=function(signer), CodeSigningConfigArn=arn)
    yield f"{function(signer)}: code signing"
    client.delete_function_code_signing_config(FunctionName=function(signer))


@contextmanager
def stopped(account: Account, signer: Signer, kind: str) -> Iterator[str]:
    client, name = account.client("lambda"), signer.facts.function(kind)
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    yield f"{name}: answers"
    client.delete_function_concurrency(FunctionName=name)


def logging(what: str, **change: str) -> Tampering:
    """As it is, but for the change."""
    log = {"LogFormat": "JSON", "LogGroup": "/aws/lambda/redoubt-signer"} | change
    return lambda a, s: configured(a, s, what, LoggingConfig=log)


OPEN_URL = {
    "Action": "lambda:InvokeFunctionUrl",
    "Principal": "*",
    "FunctionUrlAuthType": "NONE",
}
ANYBODY = {"Action": "lambda:InvokeFunction", "Principal": "*"}
A_SERVICE = {"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
NETWORK = {"SubnetIds": ["subnet-0a1b2c3d"], "SecurityGroupIds": ["sg-0a1b2c3d"]}
KEY = "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"
AUTHORIZED = "edpkuBknW28nW72KG6RoHtYW7p12T6GKc7nAbwYX5m8Wd9sDVC9yav"
MORE = "nothing else is set"

TAMPERINGS: dict[str, Tampering] = {
    "other code": lambda a, s: deployed(a, s, ("library.so", b"x")),
    "a second bootstrap": lambda a, s: deployed(a, s, ("bootstrap", b"x")),
    "code among the signatures": lambda a, s: deployed(a, s, ("META-INF/x.SF", b"x")),
    "other runtime": lambda a, s: configured(a, s, "runtime", Runtime="provided.al2"),
    "other role": lambda a, s: configured(a, s, "role", Role=s.outputs["OperatorRoleArn"]),
    "a network": lambda a, s: configured(a, s, "subnets", VpcConfig=NETWORK),
    "text logs": logging("log", LogFormat="Text"),
    "another log": logging("log", LogGroup="/aws/lambda/payroll"),
    "few lines": logging("log levels", ApplicationLogLevel="ERROR"),
    "few lines of Lambda": logging("log levels", SystemLogLevel="WARN"),
    "tracing": lambda a, s: configured(a, s, MORE, TracingConfig={"Mode": "Active"}),
    "another's key": lambda a, s: configured(a, s, MORE, KMSKeyArn=KEY),
    "an authorized key": variable("AUTHORIZED_KEYS", AUTHORIZED, "authorized keys"),
    "another table": variable("WATERMARK_TABLE", "empty", "variables"),
    "a variable more": variable("AWS_CA_BUNDLE", "/tmp/ca.pem", "variables"),
    "a version": a_version,
    "an alias": an_alias,
    "code signing": code_signing,
    "other code of the operator": lambda a, s: deployed(a, s, ("x", b"x"), kind="Operator"),
    "open invocation": lambda a, s: permission(a, s, "Signer", "direct invocation", **ANYBODY),
    "open commands": lambda a, s: permission(a, s, "Operator", "direct invocation", **ANYBODY),
    "a service that calls": lambda a, s: permission(a, s, "Signer", "policy", **A_SERVICE),
    "a service that commands": lambda a, s: permission(a, s, "Operator", "policy", **A_SERVICE),
    "a permission doubled": lambda a, s: permission(a, s, "Signer", "policy", **OPEN_URL),
    "a shut URL": a_shut_url,
    "a signer that does not start": lambda a, s: does_not_start(a, s, "Signer", "{0},{0}"),
    "an operator that does not start": lambda a, s: does_not_start(a, s, "Operator", "{0}x"),
    "a URL of the operator": a_way_into_the_operator,
    "a URL that streams": lambda a, s: another_url(
        a, s, {"InvokeMode": "BUFFERED"}, {"InvokeMode": "RESPONSE_STREAM"}
    ),
    "a URL for browsers": lambda a, s: another_url(
        a, s, {"Cors": {}}, {"Cors": {"AllowOrigins": ["*"]}}
    ),
    "a destination": a_destination,
    "stopped signer": lambda a, s: stopped(a, s, "Signer"),
    "stopped operator": lambda a, s: stopped(a, s, "Operator"),
}
