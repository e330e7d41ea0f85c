# SPDX-License-Identifier: Apache-2.0
"""Bugs around the stack of validators' keys: its policies, its template, and what puts it there."""

from mutation.bug import Mutant, pytest

OWN = "iam-policies/ethereum"
MADE = "deploy/aws/ethereum/template.yaml"
STACK = "deploy/aws/redoubt_stack"
TABLE = pytest("policies/test_table.py")
DRIFT = pytest("policies/test_drift_of_ethereum.py")
PASTE = pytest("policies/test_paste.py")
TEMPLATE = pytest("stack/test_ethereum.py")
ASSEMBLY = pytest("stack/test_assembly.py")
COMMANDS = pytest("scripts/test_eth_deploy.py")

MUTANTS = (
    Mutant(
        "maker_of_keys_opens_them",
        f"{OWN}/operator-role.json",
        '"Action": "kms:Encrypt"',
        '"Action": ["kms:Decrypt", "kms:Encrypt"]',
        TABLE,
    ),
    Mutant(
        "boundary_lets_the_operator_open",
        f"{OWN}/boundary.json",
        '"lambda:SourceFunctionArn": ["${SignerFunctionArn}", "${RecoveryFunctionArn}"]',
        '"lambda:SourceFunctionArn": ["${SignerFunctionArn}", "${OperatorFunctionArn}",'
        ' "${RecoveryFunctionArn}"]',
        TABLE,
    ),
    Mutant(
        "commit_moves_payments",
        f"{OWN}/signer-role.json",
        '            "tags"\n',
        '            "tags",\n            "fee"\n',
        TABLE,
    ),
    Mutant(
        "recovery_puts_over_watermarks",
        f"{OWN}/recovery-role.json",
        '"dynamodb:LeadingKeys": ["wrap/*", "backup/0x*", "deposit/0x*"]',
        '"dynamodb:LeadingKeys": ["wrap/*", "backup/0x*", "deposit/0x*", "0x*"]',
        TABLE,
    ),
    Mutant("releaser_invokes", f"{OWN}/deployer.json", '"lambda:InvokeFunction",\n', "", TABLE),
    Mutant("author_releases", f"{OWN}/author.json", ', "lambda:*"]', "]", TABLE),
    Mutant(
        "unsigned_function_made",
        f"{OWN}/deployer.json",
        '"Condition": { "Null": { "lambda:CodeSigningConfigArn": "false" } }',
        '"Condition": { "Null": { "lambda:Layer": "true" } }',
        TABLE,
    ),
    Mutant(
        "new_table_takes_any_item",
        f"{OWN}/table-policy-new.json",
        '"ForAnyValue:StringNotEquals": { "dynamodb:LeadingKeys": "network" }',
        '"ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "network" }',
        TABLE,
    ),
    Mutant(
        "validators_table_has_other_rights",
        MADE,
        'dynamodb:LeadingKeys: ["0x*", "backup/0x*",',
        'dynamodb:LeadingKeys: ["*",',
        DRIFT,
    ),
    Mutant(
        "validators_sealed_for_tezos",
        MADE,
        '              StringNotEquals: {"kms:EncryptionContext:redoubt:purpose":'
        " ethereum-validator}",
        '              StringNotEquals: {"kms:EncryptionContext:redoubt:purpose": tezos-consensus}',
        DRIFT,
    ),
    Mutant(
        "index_without_tags",
        MADE,
        "ProjectionType: INCLUDE, NonKeyAttributes: [tags]",
        "ProjectionType: KEYS_ONLY",
        TEMPLATE,
    ),
    Mutant(
        "validators_recovery_always_there",
        MADE,
        'Recovering: !And [!Condition All, !Equals [!Ref Recovery, "on"]]',
        "Recovering: !And [!Condition All, !Condition All]",
        TEMPLATE,
    ),
    Mutant(
        "decryption_nobody_may_unheard",
        MADE,
        'OpensUnseen: !And [!Condition OwnKeyOpens, !Not [!Equals [!Ref Recovery, "on"]]]',
        'OpensUnseen: !And [!Condition OwnKeyOpens, !Equals [!Ref Recovery, "on"]]',
        TEMPLATE,
    ),
    Mutant(
        "template_edited_beside_its_fragments",
        "deploy/aws/fragments/shared/log-group.yaml",
        "UpdateReplacePolicy: Retain",
        "UpdateReplacePolicy: Delete",
        ASSEMBLY,
    ),
    Mutant(
        "fragment_at_the_margin",
        f"{STACK}/assemble.py",
        "made += [found[1] + one if one.strip() else one for one in below]",
        "made += below",
        ASSEMBLY,
    ),
    Mutant(
        "tezos_documents_printed_for_validators",
        f"{STACK}/kinds.py",
        "return own if own.is_file() else",
        "return",
        PASTE,
    ),
    Mutant(
        "another_network_s_table_taken",
        f"{STACK}/ethereum/networks.py",
        "if any(found.get(name) != value for name, value in wanted.items()):",
        "if not found:",
        COMMANDS,
    ),
    Mutant(
        "network_written_over",
        f"{STACK}/ethereum/networks.py",
        'ConditionExpression="attribute_not_exists(id)",\n            ',
        "",
        COMMANDS,
    ),
    Mutant(
        "signer_s_stack_becomes_another",
        f"{STACK}/ethereum/place.py",
        'and "Network" not in stack.parameters()',
        'and "KeyType" not in stack.parameters()',
        COMMANDS,
    ),
    Mutant(
        "new_network_on_an_old_table",
        f"{STACK}/ethereum/preflight.py",
        'FIXED = ("Network", "NewWrappingKey")',
        'FIXED = ("NewWrappingKey",)',
        COMMANDS,
    ),
    Mutant(
        "threshold_left_unsaid",
        f"{STACK}/ethereum/preflight.py",
        "known = {**ETHEREUM.implied, **now} if now else {}",
        "known = {**ETHEREUM.implied, **now}",
        COMMANDS,
    ),
    Mutant(
        "lost_table_made_anew",
        f"{STACK}/ethereum/deploy.py",
        "    if is_new and not adopts:\n        check.refuse_lost_table()\n",
        "",
        COMMANDS,
    ),
)
