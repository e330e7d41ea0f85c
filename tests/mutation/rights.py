# SPDX-License-Identifier: Apache-2.0
"""Bugs in the policies, the template, and what `verify` looks at."""

from mutation.bug import Check, Mutant, pytest

POLICIES = "iam-policies"
TEMPLATE = "deploy/aws/template.yaml"
STACK = "deploy/aws/redoubt_stack"
CHECKS = f"{STACK}/checks"
TABLE = pytest("policies/test_table.py")
DRIFT = pytest("policies/test_drift.py")
PASTE = pytest("policies/test_paste.py")
SEAL = pytest("policies/test_seal.py")
RULES = pytest("stack/test_event_rules.py")
MADE = pytest("stack/test_template.py")
SEALED = pytest("stack/test_sealed_keys.py")
ALARMS = pytest("stack/test_alarms.py")
ZIP = (
    "import os, zipfile; folder = os.environ['REDOUBT_RELEASE']; "
    "zipfile.ZipFile(folder + '/redoubt.zip', 'w', zipfile.ZIP_DEFLATED)"
    ".write(folder + '/bootstrap', 'bootstrap')"
)
WARM = '      "Resource": "${WarmRoleArn}"'
BOUNDED = '{ "StringEquals": { "iam:PermissionsBoundary": "${BoundaryArn}" } }'


def verify(chosen: str) -> Check:
    """Some tamperings, in the emulator."""
    tests = ("build/venv/bin/pytest", "-x", "-q", "-c", "tests/pytest.ini",
             "tests/deployment/test_verify.py", "-k", chosen)  # fmt: skip
    zipped = ("build/venv/bin/python", "-c", ZIP)
    return Check(f"deployment/test_verify.py -k '{chosen}'", ("bootstrap",), (zipped, tests), 600)


MUTANTS = (
    # sealed keys
    Mutant("signer_opens_what_is_to_be_imported", f"{POLICIES}/signer-role.json",
           '"Null": { "kms:EncryptionContext:redoubt:share": "false" },\n', "", TABLE),
    Mutant("operator_opens_keys", f"{POLICIES}/operator-role.json",
           '"Action": "kms:Encrypt"', '"Action": ["kms:Decrypt", "kms:Encrypt"]', TABLE),
    Mutant("operator_puts_a_row", f"{POLICIES}/operator-role.json",
           '            "pending"\n', '            "pending", "lvl", "rnd", "digest", "sig", "at",'
           ' "pace", "until"\n', TABLE),
    Mutant("commit_overwrites_a_sealed_key", f"{POLICIES}/signer-role.json",
           '            "until"\n', '            "until",\n            "sealed"\n', TABLE),
    Mutant("wrapping_key_opens_for_any_purpose", f"{POLICIES}/wrapping-key-policy.json",
           '"StringNotEquals": { "kms:EncryptionContext:redoubt:purpose": "${Purpose}" }',
           '"StringEquals": { "kms:EncryptionContext:redoubt:purpose": "nothing" }', TABLE),
    Mutant("recovery_always_there", TEMPLATE,
           'Recovering: !And [!Condition All, !Condition Sealed, !Equals [!Ref Recovery, "on"]]',
           "Recovering: !And [!Condition All, !Condition Sealed]", SEALED),
    Mutant("decryption_by_anybody_unheard", TEMPLATE,
           "eventName: [Decrypt, ReEncrypt]", "eventName: [ReEncrypt]", RULES),
    Mutant("starts_explain_too_much", TEMPLATE,
           "FILL(decrypts, 0) - ${Wraps} * FILL(starts, 0)",
           "FILL(decrypts, 0) - 2 * ${Wraps} * FILL(starts, 0)", SEALED),
    Mutant("recovery_s_policy_printed_unasked", f"{STACK}/paste.py",
           "if name in policies.OF_SEALED and not", "if name not in policies.OF_SEALED and not",
           PASTE),
    Mutant("unsealed_stack_names_what_recovers", f"{STACK}/policies.py",
           "    if not (sealed or has_sealed_keys({**kind.implied})):\n",
           "    if sealed is None:\n", PASTE),
    # the policies
    Mutant("policy_replaced_by_anybody", f"{POLICIES}/table-policy.json",
           '["dynamodb:DeleteResourcePolicy", "dynamodb:PutResourcePolicy"]',
           '["dynamodb:DeleteResourcePolicy"]', TABLE),
    Mutant("warm_role_without_bounds", f"{POLICIES}/deployer.json",
           f'{WARM},\n      "Condition": {BOUNDED}\n', f"{WARM}\n", TABLE),
    Mutant("boundary_of_the_deployer_s_own", f"{POLICIES}/deployer.json",
           '"Action": ["iam:GetPolicy", "iam:GetPolicyVersion"],',
           '"Action": ["iam:GetPolicy", "iam:CreatePolicyVersion"],', TABLE),
    Mutant("bounded_role_replaces_rows", f"{POLICIES}/boundary.json",
           '["dynamodb:Query", "dynamodb:UpdateItem"]',
           '["dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]', TABLE),
    Mutant("bounded_role_signs_anywhere", f"{POLICIES}/boundary.json",
           '"ArnEquals": { "lambda:SourceFunctionArn": "${SignerFunctionArn}" }',
           '"ArnLike": { "lambda:SourceFunctionArn": "*" }', TABLE),
    Mutant("operator_looks_around", f"{POLICIES}/operator-role.json",
           '"Action": "kms:GetPublicKey"', '"Action": "kms:*"', TABLE),
    Mutant("boundary_printed_for_another_region", f"{STACK}/policies.py",
           'policy/{stack}-boundary-{region}', 'policy/{stack}-boundary', PASTE),
    Mutant("schedule_s_statements_always_printed", f"{STACK}/policies.py",
           '    "WarmRoleWithinBoundary": "WarmSchedule",\n', "", PASTE),
    Mutant("boundary_wider_than_the_stack", f"{STACK}/policies.py",
           '    "Interfaces": "VpcId",\n', "", PASTE),
    Mutant("options_of_policies_ignored", f"{STACK}/paste.py",
           "Ready(values, parameters | wanted, options.policies,",
           "Ready(values, wanted | parameters, options.policies,", PASTE),
    Mutant("seal_by_its_name", f"{STACK}/seal.py",
           "policies.statements(found).get(SEAL) == policies.statements(expected)[SEAL]",
           "SEAL in policies.statements(found)", SEAL),
    Mutant("adopted_roles_without_bounds", f"{STACK}/rollout.py",
           'bind(self.aws, found.roles, wanted.get(PARAMETER, ""))',
           'bind(self.aws, found.roles, "")', pytest("scripts/test_adoption.py")),
    # the template
    Mutant("policy_for_people_taken_down", TEMPLATE,
           "  AuditorPolicy:\n    Type: AWS::IAM::ManagedPolicy\n",
           "  AuditorPolicy:\n    Type: AWS::IAM::ManagedPolicy\n    Condition: All\n", MADE),
    Mutant("template_wider_than_its_policy", TEMPLATE,
           "Action: [dynamodb:Query, dynamodb:UpdateItem]",
           "Action: [dynamodb:Query, dynamodb:UpdateItem, dynamodb:PutItem]", DRIFT),
    Mutant("warm_role_calls_anything", TEMPLATE,
           "              - Sid: Warm\n                Effect: Allow\n"
           "                Action: lambda:InvokeFunction\n",
           "              - Sid: Warm\n                Effect: Allow\n"
           "                Action: lambda:*\n", DRIFT),
    Mutant("other_endpoint_binds_the_key", TEMPLATE,
           "              Condition:\n                StringNotEquals: "
           '{"aws:SourceVpce": !If [OwnKmsEndpoint, !Ref KmsEndpoint, !Ref KmsEndpointId]}',
           "              Condition:\n                StringNotEquals: "
           '{"aws:SourceVpce": !Ref KmsEndpointId}', DRIFT),
    Mutant("weaker_code_signing_unheard", TEMPLATE,
           "            - UpdateCodeSigningConfig\n", "", RULES),
    Mutant("another_s_code_signing_heard", TEMPLATE,
           "codeSigningConfigArn: [!Ref CodeSigning]",
           "codeSigningConfigArn: [!Ref AuthorizedKeys]", RULES),
    Mutant("warm_role_unwatched", TEMPLATE,
           '                  - !Sub "${AWS::StackName}-warm-${AWS::Region}"\n            - r',
           "            - r", RULES),
    Mutant("policies_for_people_unwatched", TEMPLATE,
           "                  - !Ref AuditorPolicy\n", "", RULES),
    Mutant("second_endpoint_of_one_name", TEMPLATE,
           "  KmsEndpoint:\n    Type: AWS::EC2::VPCEndpoint\n    Condition: OwnKmsEndpoint\n",
           "  KmsEndpoint:\n    Type: AWS::EC2::VPCEndpoint\n    Condition: Vpc\n", MADE),
    Mutant("secret_path_echoed", TEMPLATE, "    NoEcho: true\n", "", MADE),
    Mutant("small_bakers_cry_wolf", TEMPLATE,
           "    Default: 30\n    MinValue: 3\n", "    Default: 5\n    MinValue: 3\n", ALARMS),
    # what `verify` looks at
    Mutant("added_statement_unseen", f"{STACK}/policies.py",
           'words += [f"{sid} was added" for sid in right if sid not in left]', "words += []",
           verify("key and policy and name")),
    Mutant("boundary_not_compared", f"{CHECKS}/roles.py",
           'yield expect(name, "boundary", facts.boundary, boundary)',
           'yield expect(name, "boundary", boundary, boundary)', verify("Warm and boundary")),
    Mutant("managed_policies_not_compared", f"{CHECKS}/roles.py",
           'policies.difference(facts.policy(name), told["Document"])',
           'policies.difference(told["Document"], told["Document"])', verify("operator-user")),
    Mutant("doubled_permission_unseen", f"{CHECKS}/invoke_paths.py",
           "(Counter(map(_meaning, side)) for side in (expected, found))",
           "(Counter(set(map(_meaning, side))) for side in (expected, found))", verify("doubled")),
    Mutant("vanished_chain_unseen", f"{CHECKS}/watermarks.py",
           "kinds.keys() | set(facts.note.chains if facts.note else ())", "kinds.keys()",
           verify("vanished")),
    Mutant("mistaken_keys_untold", f"{CHECKS}/functions.py",
           "problems_of_keys(keys))", "problems_of_keys(keys[1:]))", verify("told and keys")),
    Mutant("stopped_signer_is_well", f"{CHECKS}/answers.py",
           'yield Row(name, WHAT, "" if chosen else STOPPED, STOPPED)',
           'yield Row(name, WHAT, "", STOPPED)', verify("stopped")),
    Mutant("replica_elsewhere_unseen", f"{CHECKS}/table.py",
           'yield expect("table", "replicas", sorted(facts.regions), sorted(replicas))',
           'yield expect("table", "replicas", [], [])', verify("told and replicas")),
    Mutant("what_cannot_be_seen_is_well", f"{CHECKS}/rows.py",
           'yield Row(subject, what, f"can\'t be seen: {reason}")', 'yield Row(subject, what, "")',
           verify("cannot_be_seen")),
)  # fmt: skip
