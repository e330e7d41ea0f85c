# SPDX-License-Identifier: Apache-2.0
"""The stack as ministack can have it. What it lacks is dropped here, by name, and nothing else.

| dropped or changed                             | because ministack                             |
|------------------------------------------------|-----------------------------------------------|
| conditions on kms:, lambda: and iam: keys      | does not know these keys, and so never allows |
| role sessions beside roles in aws:PrincipalArn | gives this key the session, not the role      |
| Get- and PutResourcePolicy are allowed on *    | asks for them on no resource                  |
| the auditor has PutFunctionConcurrency         | asks for it when the concurrency is read      |
| the auditor has FilterLogEvents on *           | asks for it on the group, AWS on `group:*`    |
| GlobalTable becomes Table                      | ignores a GlobalTable's deletion protection   |
| the table's recovery, the roles' boundary:     | ignores them in a template                    |
|   later                                        |                                               |
| denials by kms:EncryptionContext               | takes for those of any context                |
| AlarmNoVote, CodeSigning, Starts, Openings     | has no composite alarms, no code signing, no  |
|                                                | metric filters                                |
| alarms with `Metrics`                          | has no metric math                            |
| a variable AWS_ENDPOINT_URL                    | is not where AWS is                           |
"""

import json
from pathlib import Path
from typing import Any

from redoubt_stack.template import load

from support.child import ROOT
from support.cloudformation import TEMPLATE

POLICIES = ROOT / "iam-policies"
ROLES = ("signer", "operator", "recovery")
UNKNOWN_KEYS = ("kms:", "lambda:", "dynamodb:", "iam:", "aws:ResourceAccount")
LOOKS = [
    "dynamodb:GetResourcePolicy",
    "lambda:PutFunctionConcurrency",
    "logs:FilterLogEvents",
]
SEALS = ["dynamodb:GetResourcePolicy", "dynamodb:PutResourcePolicy"]
# By document.
ADDED = {
    "auditor": LOOKS,
    "boundary": SEALS[:1],
    "deployer": SEALS,
    "operator-role": SEALS[:1],
}
LACKING = ("AlarmNoVote", "CodeSigning", "Starts", "Openings")


def write_template(path: Path, endpoint: str, source: Path = TEMPLATE) -> Path:
    template = load(source.read_text())
    resources = template["Resources"]
    for name in (n.capitalize() for n in ROLES if f"{n.capitalize()}Function" in resources):
        for document in _rights_of(resources, name):
            _drop_conditions(document)
        function = resources[f"{name}Function"]["Properties"]
        function["Environment"]["Variables"]["AWS_ENDPOINT_URL"] = endpoint
        if told := template["Outputs"].get(f"{name}Variables"):
            _add_variable(told, endpoint)
        del function["CodeSigningConfigArn"]
    for name in {"Key", "WrappingKey"} & resources.keys():
        _drop_conditions(resources[name]["Properties"]["KeyPolicy"])
    _drop_conditions(resources["RecoveryUserPolicy"]["Properties"]["PolicyDocument"])
    for name, document in (("Auditor", "auditor"), ("Operator", "operator-role")):
        policy = resources[f"{name}Policy"]["Properties"]["PolicyDocument"]
        _add_actions(policy, ADDED[document])
    dropped = [
        name
        for name, resource in resources.items()
        if name in LACKING or "Metrics" in resource.get("Properties", {})
    ]
    for name in dropped:
        del resources[name]
    if "Dashboard" in resources:
        dashboard = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
        for name in dropped:
            dashboard[0] = dashboard[0].replace(f"${{{name}.Arn}}", name)
        dashboard[1]["AlarmsOfKeys"] = ""
    _make_plain_table(resources["Table"])
    _name_sessions(resources)
    path.write_text(json.dumps(template))
    return path


def _rights_of(resources: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Of a role that goes again, they are its own."""
    if f"{name}Policy" in resources:
        return [resources[f"{name}Policy"]["Properties"]["PolicyDocument"]]
    return [
        policy["PolicyDocument"] for policy in resources[f"{name}Role"]["Properties"]["Policies"]
    ]


def write_policies(folder: Path) -> Path:
    for source in POLICIES.rglob("*.json"):
        target = folder / source.relative_to(POLICIES)
        target.parent.mkdir(parents=True, exist_ok=True)
        document = json.loads(source.read_text())
        if source.stem != "url-policy":
            _drop_conditions(document)
        _name_sessions(document)
        _add_actions(document, ADDED.get(source.stem, []))
        target.write_text(json.dumps(document))
    return folder


def _name_sessions(value: Any) -> None:
    """Besides each role that a condition names, its sessions."""
    if isinstance(value, list):
        for item in value:
            _name_sessions(item)
    elif isinstance(value, dict):
        for key, found in value.items():
            if key == "aws:PrincipalArn":
                named = found if isinstance(found, list) else [found]
                value[key] = named + [session for item in named for session in _sessions(item)]
            else:
                _name_sessions(found)


def _sessions(named: Any) -> list[Any]:
    for kind in ROLES:
        role = f"{kind.capitalize()}Role"
        if named == {"Fn::GetAtt": [role, "Arn"]}:
            return [{"Fn::Sub": f"arn:aws:sts::${{AWS::AccountId}}:assumed-role/${{{role}}}/*"}]
        if f":role/${{AWS::StackName}}-{kind}-" in str(named):
            session = f"arn:aws:sts::${{AWS::AccountId}}:assumed-role/${{AWS::StackName}}-{kind}-"
            return [{"Fn::Sub": session + "${AWS::Region}/*"}]  # also where no key is sealed
        if named == f"${{{role}Arn}}":
            return [f"arn:aws:sts::${{Account}}:assumed-role/${{StackName}}-{kind}-${{Region}}/*"]
    return []


def _drop_conditions(document: dict[str, Any]) -> None:
    """From what is allowed; a denial under a condition that never holds denies nothing, and one
    that holds of what has no encryption context would deny everything."""
    document["Statement"] = [
        one for one in document["Statement"] if "kms:EncryptionContext" not in _denied_by(one)
    ]
    for statement in document["Statement"]:
        if "Fn::If" in statement:
            _drop_conditions({"Statement": statement["Fn::If"][1:2]})
        elif statement["Effect"] == "Allow":
            conditions = statement.pop("Condition", {})
            kept = {
                operator: {k: v for k, v in keys.items() if not k.startswith(UNKNOWN_KEYS)}
                for operator, keys in conditions.items()
            }
            if any(kept.values()):
                statement["Condition"] = {op: keys for op, keys in kept.items() if keys}


def _denied_by(statement: dict[str, Any]) -> str:
    return str(statement.get("Condition")) if statement.get("Effect") == "Deny" else ""


def _add_actions(document: dict[str, Any], actions: list[str]) -> None:
    for action in actions:
        document["Statement"].append({"Effect": "Allow", "Action": action, "Resource": "*"})


def _add_variable(output: dict[str, Any], endpoint: str) -> None:
    shape = output["Value"]["Fn::Sub"]
    shape[0] = shape[0][:-1] + f',"AWS_ENDPOINT_URL":"{endpoint}"' + "}"


def _make_plain_table(table: dict[str, Any]) -> None:
    table["Type"] = "AWS::DynamoDB::Table"
    properties = table["Properties"]
    replica = properties.pop("Replicas")[0]
    for name in ("MultiRegionConsistency", "GlobalTableWitnesses"):
        properties.pop(name, None)
    properties["DeletionProtectionEnabled"] = replica["DeletionProtectionEnabled"]


def settle(account: Any, signer: Any) -> None:
    """What ministack's CloudFormation ignores, its DynamoDB and IAM have."""
    settle_table(account, signer.outputs["TableName"])
    settle_roles(account, signer.facts)


def settle_table(account: Any, name: str) -> None:
    account.client("dynamodb").update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def settle_roles(account: Any, facts: Any) -> None:
    scheduled = ["Warm"] if facts.parameters.get("WarmSchedule") else []
    roles = dict.fromkeys(("Signer", "Operator", *facts.kinds, *scheduled))
    for kind in roles if facts.boundary else ():
        account.client("iam").put_role_permissions_boundary(
            RoleName=facts.role(kind), PermissionsBoundary=facts.boundary
        )
