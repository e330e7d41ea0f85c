# SPDX-License-Identifier: Apache-2.0
"""The two functions: what runs, with which settings, and who may call it."""

import hashlib
import io
import json
import urllib.request
import zipfile
from typing import Any

from redoubt_stack import live, policies
from redoubt_stack.aws import unless_missing
from redoubt_stack.checks.facts import Facts, Row, Rows, expect

MISSING = "ResourceNotFoundException"


def check(facts: Facts) -> Rows:
    for kind in live.FUNCTIONS:
        yield from _code(facts, kind)
        yield from _settings(facts, kind)
        yield from _ways_in(facts, kind)


def _code(facts: Facts, kind: str) -> Rows:
    """Code signing changes the zip, so the member is compared, and that there is no other."""
    name = facts.outputs[f"{kind}Function"]
    told = facts.aws.client("lambda").get_function(FunctionName=name)
    with urllib.request.urlopen(told["Code"]["Location"], timeout=60) as answer:
        deployed = answer.read()
    yield expect(name, "code", digests(facts.package.read_bytes()), digests(deployed))


def digests(package: bytes) -> dict[str, str]:
    """SHA-256 of each file of a zip, but for what AWS Signer adds."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {
            name: hashlib.sha256(opened.read(name)).hexdigest()
            for name in opened.namelist()
            if not name.startswith("META-INF/")
        }


def _settings(facts: Facts, kind: str) -> Rows:
    name = facts.outputs[f"{kind}Function"]
    client = facts.aws.client("lambda")
    found = client.get_function_configuration(FunctionName=name)
    parameters = facts.parameters
    yield expect(name, "runtime", parameters["Runtime"], found["Runtime"])
    yield expect(name, "architecture", [parameters["Architecture"]], found["Architectures"])
    yield expect(name, "handler", kind.lower(), found["Handler"])
    yield expect(name, "role", facts.outputs[f"{kind}RoleArn"], found["Role"])
    yield expect(name, "layers", [], [layer["Arn"] for layer in found.get("Layers") or []])
    yield expect(name, "log format", "JSON", found.get("LoggingConfig", {}).get("LogFormat"))
    if kind == "Signer":
        yield expect(name, "memory", int(parameters["MemorySize"]), found["MemorySize"])
        yield expect(name, "timeout", int(parameters["Timeout"]), found["Timeout"])
        yield from _reserved(facts, name)
    by_stack: dict[str, str] = json.loads(facts.outputs[f"{kind}Variables"])
    now = live.variables(found)
    authorized = [v.get("AUTHORIZED_KEYS", "") for v in (by_stack, now)]
    yield expect(name, "authorized keys", *[sorted(live.as_set(keys)) for keys in authorized])
    changed = [
        n
        for n in sorted(by_stack.keys() | now.keys())
        if by_stack.get(n) != now.get(n) and n != "AUTHORIZED_KEYS"
    ]
    # BASE_PATH is a secret: names only.
    yield Row(
        name, "variables", "not as the stack made them: " + ", ".join(changed) if changed else ""
    )
    if parameters.get("SigningProfileVersionArn"):
        yield from _code_signing(facts, name)


def _code_signing(facts: Facts, name: str) -> Rows:
    client = facts.aws.client("lambda")
    arn = client.get_function_code_signing_config(FunctionName=name).get("CodeSigningConfigArn")
    if not arn:
        yield Row(name, "code signing", "is off")
        return
    found = client.get_code_signing_config(CodeSigningConfigArn=arn)["CodeSigningConfig"]
    policy = found["CodeSigningPolicies"]["UntrustedArtifactOnDeployment"]
    yield expect(name, "code signing", "Enforce", policy)
    wanted = facts.parameters["SigningProfileVersionArn"].split(",")
    profiles = found["AllowedPublishers"]["SigningProfileVersionArns"]
    yield expect(name, "signing profiles", sorted(wanted), sorted(profiles))


def _reserved(facts: Facts, name: str) -> Rows:
    told = facts.aws.client("lambda").get_function_concurrency(FunctionName=name)
    wanted = facts.parameters.get("ReservedConcurrency", "")
    now = str(told.get("ReservedConcurrentExecutions", ""))
    yield expect(name, "reserved concurrency", wanted, now)


def _ways_in(facts: Facts, kind: str) -> Rows:
    name = facts.outputs[f"{kind}Function"]
    client = facts.aws.client("lambda")
    urls = client.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"]
    wanted = [facts.parameters["UrlAuthType"]] if kind == "Signer" else []
    yield expect(name, "URLs", wanted, [url["AuthType"] for url in urls])
    sources = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    yield expect(name, "event sources", [], [source["EventSourceArn"] for source in sources])

    told = unless_missing(lambda: client.get_policy(FunctionName=name), MISSING)
    found: list[Any] = json.loads(told["Policy"])["Statement"] if told else []
    public = [s for s in found if _opens_direct_invoke(s)]
    yield Row(
        name,
        "direct invocation",
        f"ANYBODY may invoke it without the URL: {[s.get('Sid') for s in public]}"
        if public
        else "",
    )
    expected = []
    if kind == "Signer" and wanted == ["NONE"]:
        expected = facts.policy("url-policy")["Statement"]
    yield Row(name, "policy", _differs(expected, found))


def _differs(expected: list[Any], found: list[Any]) -> str:
    """Statements, whatever their names are: CloudFormation makes them up."""
    left, right = ({_meaning(s): s for s in side} for side in (expected, found))
    words = [f"lacks {json.dumps(s)}" for meaning, s in left.items() if meaning not in right]
    words += [f"has {json.dumps(s)}" for meaning, s in right.items() if meaning not in left]
    return "; ".join(words)


def _meaning(statement: dict[str, Any]) -> str:
    named = {k: v for k, v in statement.items() if k != "Sid"}
    return json.dumps(policies.canonical(named), sort_keys=True)


def _opens_direct_invoke(statement: dict[str, Any]) -> bool:
    """Lets everybody call `Invoke` itself, with any event that he likes."""
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    everybody = "*" in (named if isinstance(named, list) else [named])
    actions = statement.get("Action", [])
    actions = actions if isinstance(actions, list) else [actions]
    invokes = any(
        a.lower() in ("*", "lambda:*", "lambda:invoke*", "lambda:invokefunction") for a in actions
    )
    condition = {k.lower(): v for k, v in statement.get("Condition", {}).get("Bool", {}).items()}
    by_url = str(condition.get("lambda:invokedviafunctionurl", "")).lower() == "true"
    return statement.get("Effect") == "Allow" and everybody and invokes and not by_url
