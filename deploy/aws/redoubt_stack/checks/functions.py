# SPDX-License-Identifier: Apache-2.0
"""The settings of the two functions."""

from functools import partial
from typing import Any

from redoubt_stack import live
from redoubt_stack.aws import unless_missing
from redoubt_stack.checks import code, invoke_paths
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each, expect
from redoubt_stack.tezos import problem_of_key, problems_of_keys

# What has a row of its own, or is no setting but what AWS tells of it.
LOOKED_AT = {
    "FunctionName",
    "FunctionArn",
    "Runtime",
    "Role",
    "Handler",
    "Timeout",
    "MemorySize",
    "Architectures",
    "Layers",
    "VpcConfig",
    "LoggingConfig",
    "Environment",
    "CodeSize",
    "CodeSha256",
    "ConfigSha256",
    "Description",
    "LastModified",
    "Version",
    "RevisionId",
    "State",
    "StateReason",
    "StateReasonCode",
    "LastUpdateStatus",
    "LastUpdateStatusReason",
    "LastUpdateStatusReasonCode",
    "SigningProfileVersionArn",
    "SigningJobArn",
    "RuntimeVersionConfig",
    "ResponseMetadata",
}
DEFAULTS: dict[str, Any] = {
    "EphemeralStorage": {"Size": 512},
    "PackageType": "Zip",
    "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
    "TracingConfig": {"Mode": "PassThrough"},
}
# Others would leave out lines that the alarms count.
APPLICATION_LEVELS = (None, "INFO", "DEBUG", "TRACE")
SYSTEM_LEVELS = (None, "INFO", "DEBUG")


def check(facts: Facts) -> Rows:
    if facts.has_sealed_keys and not facts.is_recovering:
        gone = {"function": partial(_no_function, facts, live.RECOVERY)}
        yield from each(facts.function(live.RECOVERY), gone)
    for kind in facts.kinds:
        yield from code.check(facts, kind)
        yield from each(
            facts.function(kind),
            {
                "settings": partial(_settings, facts, kind),
                "reserved concurrency": partial(_reserved, facts, kind),
            },
        )
        yield from invoke_paths.check(facts, kind)


def _no_function(facts: Facts, kind: str) -> Rows:
    """It may open what the operator can't: while it is not chosen, nobody may have made one."""
    name, client = facts.function(kind), facts.aws.client("lambda")
    look = partial(client.get_function_configuration, FunctionName=name)
    told = unless_missing(look, "ResourceNotFoundException")
    yield expect(name, "function", "not there", "there" if told else "not there")


def _settings(facts: Facts, kind: str) -> Rows:
    name = facts.function(kind)
    found = live.configuration(facts.aws, name)
    parameters = facts.parameters
    yield expect(name, "runtime", parameters["Runtime"], found["Runtime"])
    yield expect(name, "architecture", [parameters["Architecture"]], found["Architectures"])
    yield expect(name, "handler", facts.kind.handlers[kind], found["Handler"])
    yield expect(name, "role", facts.role_arn(kind), found["Role"])
    yield expect(name, "memory", facts.number(kind, "MemorySize"), found["MemorySize"])
    yield expect(name, "timeout", facts.number(kind, "Timeout"), found["Timeout"])
    yield expect(name, "layers", [], [layer["Arn"] for layer in found.get("Layers") or []])
    yield from _network(facts, kind, found.get("VpcConfig") or {})
    yield from _logging(facts, kind, found.get("LoggingConfig") or {})
    yield from _variables(facts, kind, live.variables(found))
    more = [n for n, v in found.items() if n not in LOOKED_AT and v and v != DEFAULTS.get(n)]
    problem = ", ".join(f"{n} is {found[n]!r}" for n in sorted(more))
    yield Row(name, "nothing else is set", problem)


def _network(facts: Facts, kind: str, found: dict[str, Any]) -> Rows:
    subnets = facts.parameters.get("VpcSubnetIds", "") if kind == "Signer" else ""
    groups = [facts.stack.resource("SignerSecurityGroup")] if subnets else []
    name = facts.function(kind)
    wanted = sorted(live.as_set(subnets))
    yield expect(name, "subnets", wanted, sorted(found.get("SubnetIds") or []))
    yield expect(name, "security groups", groups, found.get("SecurityGroupIds") or [])


def _logging(facts: Facts, kind: str, found: dict[str, Any]) -> Rows:
    name = facts.function(kind)
    yield expect(
        name,
        "log",
        {"LogFormat": "JSON", "LogGroup": facts.log_group(kind)},
        {n: found.get(n) for n in ("LogFormat", "LogGroup")},
    )
    application, system = (found.get(f"{of}LogLevel") for of in ("Application", "System"))
    enough = application in APPLICATION_LEVELS and system in SYSTEM_LEVELS
    problem = "" if enough else f"leaves out lines: {application} of ours, {system} of Lambda's"
    yield Row(name, "log levels", problem)


def _variables(facts: Facts, kind: str, now: dict[str, str]) -> Rows:
    name, wanted = facts.function(kind), facts.variables(kind)
    if "AUTHORIZED_KEYS" in wanted:
        yield from _authorized(name, wanted, now)
    changed = [
        n
        for n in sorted(wanted.keys() | now.keys())
        if wanted.get(n) != now.get(n) and n not in ("AUTHORIZED_KEYS", live.SECRET)
    ]
    # AWS tells nobody what the stack has; both functions were given the same.
    if kind != "Signer" and live.SECRET in wanted:
        signer = live.variables(live.configuration(facts.aws, facts.function("Signer")))
        if signer.get(live.SECRET, "") != now.get(live.SECRET, ""):
            changed.append(f"{live.SECRET}, which is not the signer's")
    problem = "not what the parameters say: " + ", ".join(changed) if changed else ""
    yield Row(name, "variables", problem)


def _authorized(name: str, wanted: dict[str, str], now: dict[str, str]) -> Rows:
    keys = [sorted(live.as_set(v.get("AUTHORIZED_KEYS", ""))) for v in (wanted, now)]
    # To be read by somebody who knows them: whoever may update the stack may choose them.
    shown = [[_shown(key) for key in side] for side in keys]
    yield expect(name, "authorized keys", *shown, note=", ".join(shown[1]))
    yield Row(name, "authorized keys are keys", _mistakes(now.get("AUTHORIZED_KEYS", "")))


def _shown(key: str) -> str:
    """What is no public key may be a secret one."""
    return key if not problem_of_key(key) else "(no public key)"


def _mistakes(value: str) -> str:
    keys = [key.strip(" ") for key in value.split(",")]
    return "; ".join(f"key {i} {problem}" for i, problem in problems_of_keys(keys))


def _reserved(facts: Facts, kind: str) -> Rows:
    name = facts.function(kind)
    told = facts.aws.client("lambda").get_function_concurrency(FunctionName=name)
    wanted = facts.parameters.get("ReservedConcurrency", "") if kind == "Signer" else ""
    now = str(told.get("ReservedConcurrentExecutions", ""))
    yield expect(name, "reserved concurrency", wanted, now)
