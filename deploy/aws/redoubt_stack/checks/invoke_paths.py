# SPDX-License-Identifier: Apache-2.0
"""Who may call a function, and how."""

import json
from collections import Counter
from functools import partial
from typing import Any

from redoubt_stack import policies
from redoubt_stack.aws import unless_missing
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each, expect

MISSING = "ResourceNotFoundException"


def check(facts: Facts, kind: str) -> Rows:
    yield from each(
        facts.function(kind),
        {
            "URLs": partial(_urls, facts, kind),
            "event sources": partial(_sources, facts, kind),
            "asynchronous calls": partial(_asynchronous, facts, kind),
            "policy": partial(_policy, facts, kind),
        },
    )


def _urls(facts: Facts, kind: str) -> Rows:
    """One, of the function itself and not of a version; without streaming, and for no browser."""
    name = facts.function(kind)
    told = facts.aws.client("lambda").list_function_url_configs(FunctionName=name)
    found = [
        {
            "FunctionUrl": url["FunctionUrl"],
            "FunctionArn": url["FunctionArn"],
            "AuthType": url["AuthType"],
            "InvokeMode": url.get("InvokeMode", "BUFFERED"),
            "Cors": url.get("Cors") or {},
        }
        for url in told["FunctionUrlConfigs"]
    ]
    wanted = {
        "FunctionUrl": facts.stack.outputs().get("SignerUrl"),
        "FunctionArn": facts.function_arn(kind),
        "AuthType": facts.parameters.get("UrlAuthType"),
        "InvokeMode": "BUFFERED",
        "Cors": {},
    }
    note = ", ".join(url["FunctionUrl"] for url in found)
    yield expect(name, "URLs", [wanted] if kind == "Signer" else [], found, note)


def _sources(facts: Facts, kind: str) -> Rows:
    name = facts.function(kind)
    told = facts.aws.client("lambda").list_event_source_mappings(FunctionName=name)
    found = [source["EventSourceArn"] for source in told["EventSourceMappings"]]
    yield expect(name, "event sources", [], found)


def _asynchronous(facts: Facts, kind: str) -> Rows:
    """A destination would be told what was asked and answered."""
    name = facts.function(kind)
    told = facts.aws.client("lambda").list_function_event_invoke_configs(FunctionName=name)
    found = [config["FunctionArn"] for config in told["FunctionEventInvokeConfigs"]]
    yield expect(name, "asynchronous calls", [], found)


def _policy(facts: Facts, kind: str) -> Rows:
    name = facts.function(kind)
    client = facts.aws.client("lambda")
    told = unless_missing(lambda: client.get_policy(FunctionName=name), MISSING)
    found: list[Any] = policies.listed(json.loads(told["Policy"])["Statement"]) if told else []
    public = [s.get("Sid") for s in found if _opens_direct_invoke(s)]
    problem = f"ANYBODY may invoke it without the URL: {public}" if public else ""
    yield Row(name, "direct invocation", problem)
    expected = []
    if kind == "Signer" and facts.parameters["UrlAuthType"] == "NONE":
        expected = facts.policy("url-policy")["Statement"]
    yield Row(name, "policy", _differs(expected, found))


def _differs(expected: list[Any], found: list[Any]) -> str:
    """Statements, whatever their names are: CloudFormation makes them up."""
    left, right = (Counter(map(_meaning, side)) for side in (expected, found))
    words = [f"lacks {meaning}" for meaning in (left - right).elements()]
    words += [f"has {meaning}" for meaning in (right - left).elements()]
    return "; ".join(words)


def _meaning(statement: dict[str, Any]) -> str:
    named = {k: v for k, v in statement.items() if k != "Sid"}
    return json.dumps(policies.canonical(named), sort_keys=True)


def _opens_direct_invoke(statement: dict[str, Any]) -> bool:
    """Lets everybody call `Invoke` itself, with any event that he likes."""
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    everybody = "*" in policies.listed(named)
    invokes = any(
        a.lower() in ("*", "lambda:*", "lambda:invoke*", "lambda:invokefunction")
        for a in policies.listed(statement.get("Action", []))
    )
    condition = {k.lower(): v for k, v in statement.get("Condition", {}).get("Bool", {}).items()}
    by_url = str(condition.get("lambda:invokedviafunctionurl", "")).lower() == "true"
    return statement.get("Effect") == "Allow" and everybody and invokes and not by_url
