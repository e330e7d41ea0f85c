# SPDX-License-Identifier: Apache-2.0
"""The code of a function: that it is the release's, that there is no other, and whose it may be."""

import hashlib
import io
import urllib.request
import zipfile
from functools import partial

from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each, expect

# What AWS Signer adds: this file, perhaps with its folder, and nothing else. No document names it;
# it is said to be spelt with an underscore, and a hyphen is what one would expect.
SIGNATURES = ("META_INF/aws_signer_signature_v1.0.SF", "META-INF/aws_signer_signature_v1.0.SF")


def check(facts: Facts, kind: str) -> Rows:
    yield from each(
        facts.function(kind),
        {
            "code": partial(_code, facts, kind),
            "code signing": partial(_signing, facts, kind),
            "versions": partial(_versions, facts, kind),
            "aliases": partial(_aliases, facts, kind),
        },
    )


def _code(facts: Facts, kind: str) -> Rows:
    """Code signing changes the zip, so of one that is another the members are compared."""
    name, ours = facts.function(kind), facts.package.read_bytes()
    told = facts.aws.client("lambda").get_function(FunctionName=name)
    with urllib.request.urlopen(told["Code"]["Location"], timeout=60) as answer:
        deployed = answer.read()
    if deployed == ours:
        yield Row(name, "code", "")
    else:
        yield expect(name, "code", members(ours), without_signature(members(deployed)))


def members(package: bytes) -> list[tuple[str, str]]:
    """Name and SHA-256 of each; a name that is there twice is there twice."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return sorted(
            (member.filename, hashlib.sha256(opened.read(member)).hexdigest())
            for member in opened.infolist()
        )


def without_signature(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    signature = next((name for name, _ in found if name in SIGNATURES), None)
    if signature is None:
        return found
    folder = signature.partition("/")[0] + "/"
    empty = (folder, hashlib.sha256().hexdigest())
    rest = [member for member in found if member[0] != signature and member != empty]
    once = sum(name == signature for name, _ in found) == 1 and found.count(empty) <= 1
    return rest if once else found


def _signing(facts: Facts, kind: str) -> Rows:
    name = facts.function(kind)
    client = facts.aws.client("lambda")
    arn = client.get_function_code_signing_config(FunctionName=name).get("CodeSigningConfigArn", "")
    wanted = facts.parameters.get("SigningProfileVersionArn")
    if not wanted:
        yield expect(name, "code signing", "", arn)
        return
    if not arn:
        yield Row(name, "code signing", "is off")
        return
    found = client.get_code_signing_config(CodeSigningConfigArn=arn)["CodeSigningConfig"]
    policy = found["CodeSigningPolicies"]["UntrustedArtifactOnDeployment"]
    yield expect(name, "code signing", "Enforce", policy)
    profiles = found["AllowedPublishers"]["SigningProfileVersionArns"]
    yield expect(name, "signing profiles", sorted(wanted.split(",")), sorted(profiles))


def _versions(facts: Facts, kind: str) -> Rows:
    """A published version keeps its code and variables, whatever $LATEST becomes."""
    name = facts.function(kind)
    pages = facts.aws.client("lambda").get_paginator("list_versions_by_function")
    found = [v["Version"] for page in pages.paginate(FunctionName=name) for v in page["Versions"]]
    yield expect(name, "versions", ["$LATEST"], found)


def _aliases(facts: Facts, kind: str) -> Rows:
    name = facts.function(kind)
    pages = facts.aws.client("lambda").get_paginator("list_aliases")
    found = [a["Name"] for page in pages.paginate(FunctionName=name) for a in page["Aliases"]]
    yield expect(name, "aliases", [], found)
