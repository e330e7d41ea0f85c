# SPDX-License-Identifier: Apache-2.0
"""Bugs in what tz4 keys have of their own: BLS, votes without a slot, versions, proofs."""

from mutation.bug import UNIT, Mutant

BLS = "src/crypto/bls.cpp"
PAYLOAD = "src/tezos/payload.cpp"
QUERY = "src/tezos/request_reading.cpp"
API = "src/tezos/remote_signer_api.cpp"
SIGN = "src/tezos/sign.cpp"

MUTANTS = (
    # the scheme
    Mutant("augmented_scheme", BLS, "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_",
           "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_AUG_", UNIT),
    Mutant("proof_is_a_signature", BLS, "BLS_POP_BLS12381G2", "BLS_SIG_BLS12381G2", UNIT),
    Mutant("public_key_outside_of_the_subgroup", BLS, " || !blst_p1_affine_in_g1(&point)", "",
           UNIT),
    Mutant("public_key_at_infinity", BLS, "blst_p1_affine_is_inf(&point) || ", "", UNIT),
    Mutant("secret_of_zero", BLS, "blst_sk_check(&s)", "blst_scalar_fr_check(&s)", UNIT),
    Mutant("scalar_left_on_the_stack", BLS, "use(scalar);\n    wipe(scalar.b);\n    wipe_stack();",
           "use(scalar);", UNIT),
    Mutant("seed_left_on_the_stack", BLS,
           "&scalar);\n    wipe(scalar.b);\n    wipe_stack();\n    return",
           "&scalar);\n    return", UNIT),
    Mutant("secret_text_the_wrong_way_round", "src/tezos/secret_key.cpp",
           "    std::ranges::reverse(scalar);\n", "", UNIT),
    Mutant("stored_signature_over_the_digest", "src/tezos/commit.cpp",
           "verified(key, proposal.message, stored->raw)",
           "verified(key, {proposal.message.digest, proposal.message.digest}, stored->raw)", UNIT),
    Mutant("authentication_over_the_digest", "src/tezos/authentication.cpp",
           "const Message message = crypto::message_of(bytes);",
           "Message message = crypto::message_of(bytes);\n    message.bytes = message.digest;",
           UNIT),
    Mutant("tz4_has_the_tag_of_tz3", "src/tezos/types.cpp",
           "Prefixes{SignatureScheme::Bls12381, 3,", "Prefixes{SignatureScheme::Bls12381, 2,",
           UNIT),
    # the layout
    Mutant("tz4_vote_with_a_slot", PAYLOAD, "case SignatureScheme::Bls12381: return 0;",
           "case SignatureScheme::Bls12381: return 2;", UNIT),
    Mutant("tz4_kinds_mixed_up", PAYLOAD, "if (is_bls_key) return tag == bls_attestation_tag;",
           "if (is_bls_key) return tag == bls_attestation_tag || tag == bls_preattestation_tag;",
           UNIT),
    Mutant("tz4_vote_of_the_others", PAYLOAD, "if (is_bls_key ? !is_other_tag : !is_bls_tag)",
           "if (is_bls_key || !is_bls_tag)", UNIT),
    # versions, opening, proofs
    Mutant("later_version_taken", QUERY, "*query.version == 2 || *query.version == 3",
           "*query.version >= 2", UNIT),
    Mutant("version_not_looked_at", API, "auto refused = refused_version(*query, key)",
           "auto refused = std::optional<Error>()", UNIT),
    Mutant("key_not_opened", SIGN, "const auto not_ready = ports.signer.prepare(key, deadline)",
           "const auto not_ready = std::optional<Error>()", UNIT),
    Mutant("key_opened_for_what_is_refused", SIGN,
           "if (const auto below = ports.store.refuses(position))",
           "static_cast<void>(ports.signer.prepare(key, deadline));\n"
           "    if (const auto below = ports.store.refuses(position))", UNIT),
    Mutant("proof_without_permission", API, " &&\n            settings_.prove_possession) {",
           ") {", UNIT),
    Mutant("proof_of_itself_only", QUERY, "if (!query.bls_pk) return key.public_key;",
           "return key.public_key;", UNIT),
    Mutant("proof_not_verified", API,
           "!crypto::bls::verify_possession(key.public_key, *named, *proof)", "proof->size() == 0",
           UNIT),
)  # fmt: skip
