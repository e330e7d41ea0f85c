# SPDX-License-Identifier: Apache-2.0
"""Bugs in what reads bytes from outside, seen by replaying the corpora of tests/fuzz."""

from mutation.bug import Mutant, corpus

MUTANTS = (
    Mutant(
        "negative_round_read",
        "src/tezos/payload.cpp",
        'if (!is_int31(round)) return bad("round");\n    if (with_dal',
        "if (with_dal",
        corpus("payload"),
    ),
    Mutant(
        "chunk_line_without_limit",
        "src/http/response_parser.cpp",
        "rest().substr(0, max_line_bytes).find(line_end)",
        "rest().find(line_end)",
        corpus("http_response"),
    ),
    Mutant(
        "scalar_may_be_the_order",
        "src/crypto/ecdsa.cpp",
        "if (value >= order)",
        "if (value > order)",
        corpus("der_signature"),
    ),
    Mutant(
        "padded_integer_read",
        "src/crypto/ecdsa.cpp",
        "bytes.size() < 2 || (bytes[1] & 0x80U) == 0",
        "bytes.size() < 2",
        corpus("der_signature"),
    ),
    Mutant(
        "hybrid_point_read",
        "src/crypto/public_key.cpp",
        "point[0] != 0x04 || !on_curve",
        "!on_curve",
        corpus("public_key"),
    ),
    Mutant(
        "longer_text_read",
        "src/tezos/types.cpp",
        "decoded.size() != prefix.size() + size",
        "decoded.size() < prefix.size() + size",
        corpus("base58"),
    ),
    Mutant(
        "loose_base64_read",
        "src/base/encoding.cpp",
        "if (to_base64(out) != text) return std::nullopt;",
        "",
        corpus("encoding"),
    ),
    Mutant(
        "member_twice_read", "src/base/json.cpp", "return is_new;", "return true;", corpus("json")
    ),
    Mutant(
        "token_in_the_log",
        "src/aws/error_code.cpp",
        "holds_part_of(text, credentials.session_token.expose())",
        "false",
        corpus("kms"),
    ),
    Mutant(
        "odd_region_quoted",
        "bootstrap/config/aws.cpp",
        "aws::is_region(region) && arn->region",
        "arn->region",
        corpus("configuration"),
    ),
)
