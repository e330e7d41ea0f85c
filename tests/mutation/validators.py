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
ALARMS = pytest("stack/test_ethereum_alarms.py")
DOCUMENTS = pytest("policies/test_documents.py")
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
        "validators_signer_reads_backups",
        f"{OWN}/signer-role.json",
        '"principal/*", "network"]',
        '"principal/*", "backup/*", "network"]',
        TABLE,
    ),
    Mutant(
        "token_widened_in_its_place",
        f"{OWN}/operator-role.json",
        '["0x*", "batch/*", "network"]',
        '["0x*", "batch/*", "token/*", "network"]',
        TABLE,
    ),
    Mutant(
        "maker_of_keys_gets_a_url",
        f"{OWN}/deployer.json",
        '"Resource": "${SignerFunctionArn}"',
        '"Resource": ["${SignerFunctionArn}", "${OperatorFunctionArn}"]',
        TABLE,
    ),
    Mutant(
        "commit_names_a_secret",
        "src/adapters/ethereum/validator_commit.cpp",
        'name_all(update, {"src", "tgt", "aroot"});',
        'name_all(update, {"src", "tgt", "aroot", "sealed"});',
        DOCUMENTS,
    ),
    Mutant(
        "url_behind_iam_open_to_all",
        MADE,
        "PublicUrl: !And [!Condition All, !Equals [!Ref UrlAuthType, NONE]]",
        "PublicUrl: !And [!Condition All, !Condition All]",
        TEMPLATE,
    ),
    Mutant(
        "what_could_be_slashed_unheard",
        MADE,
        "MetricName: slashable_refusals",
        "MetricName: refused_ahead",
        ALARMS,
    ),
    Mutant("chance_rings", MADE, "Threshold: 31.5", "Threshold: 15", ALARMS),
    Mutant("a_silent_sixth_unheard", MADE, "0.94 * before", "0.8 * before", ALARMS),
    Mutant(
        "lone_validator_rings",
        MADE,
        "    Default: 13\n",
        "    Default: 12\n",
        ALARMS,
    ),
    Mutant(
        "thief_hides_behind_a_start",
        MADE,
        'Expression: "FILL(decrypts, 0) - FILL(openings, 0)"',
        'Expression: "FILL(decrypts, 0) - 8 * FILL(openings, 0)"',
        ALARMS,
    ),
    Mutant(
        "openings_under_another_name",
        "bootstrap/handlers/sealed_log.cpp",
        '.add_number("asked",',
        '.add_number("wraps",',
        ALARMS,
    ),
    Mutant(
        "validator_on_no_list",
        MADE,
        "max(target) as epoch, count(*) as signed by key",
        "max(target) as epoch, count(*) as signed by type",
        ALARMS,
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
