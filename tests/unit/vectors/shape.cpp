// SPDX-License-Identifier: Apache-2.0
#include "shape.hpp"

namespace redoubt::test {
namespace {

const std::set<std::string> key_types = {"tz1", "tz2", "tz3", "tz4"};
const std::set<std::string> truth = {"true", "false"};

std::map<std::string, Shape> payload_shapes() {
    return {
        {"payloads",
         {.required = {"id", "kind", "key_types", "payload", "length", "expect", "chain_id",
                       "chain_id_hex", "level", "round", "digest", "payload_hash", "source",
                       "provenance"},
          .optional = {"slot", "branch", "payload_round", "locked_round", "predecessor_round",
                       "seed_nonce_hash", "votes_byte", "digest_b58", "block_hash", "signer",
                       "dal_attestation", "protocol", "onchain_signature", "operation_hash",
                       "note"},
          .values = {{"kind", {"block", "preattestation", "attestation", "attestation_with_dal"}},
                     {"key_types", key_types},
                     {"expect", {"accept"}}}}},
        {"refuse",
         {.required = {"id", "key_type", "payload", "length", "expect", "reason", "source"},
          .optional = {"base"},
          .values = {{"key_type", {"any", "tz1", "tz2", "tz3", "tz4"}}, {"expect", {"refuse"}}}}},
        {"payload_signatures",
         {.required = {"payload_id", "key_type", "public_key", "pkh", "signature", "signature_hex",
                       "deterministic", "valid", "source"},
          .optional = {"digest", "note"},
          .values = {{"key_type", key_types}, {"valid", {"true"}}, {"deterministic", truth}}}},
        {"watermark_sequences",
         {.required = {"id", "key_type", "steps"},
          .optional = {"note"},
          .values = {{"key_type", {"tz1", "tz2", "tz3"}}}}},
        {"malleability",
         {.required = {"payload_id", "public_key", "signature_1", "block_hash_1", "signature_2",
                       "block_hash_2", "note", "source"},
          .optional = {},
          .values = {}}},
    };
}

std::map<std::string, Shape> key_shapes() {
    return {
        {"keys",
         {.required = {"key_type", "public_key", "public_key_hex", "public_key_binary", "pkh",
                       "pkh_hex", "pkh_binary", "secret_key", "secret_key_hex", "source"},
          .optional = {},
          .values = {{"key_type", key_types}}}},
        {"signatures",
         {.required = {"key_type", "public_key", "message", "signature", "signature_hex", "valid",
                       "source", "digest"},
          .optional = {"note", "high_s"},
          .values = {{"key_type", {"tz1", "tz2", "tz3"}}, {"valid", truth}, {"high_s", truth}}}},
        {"bls",
         {.required = {"scheme", "dst", "key_type", "public_key", "public_key_hex", "message",
                       "hashed_input", "signature", "signature_hex", "valid", "source"},
          .optional = {"secret_key", "secret_key_hex_le"},
          .values = {{"key_type", {"tz4"}}, {"valid", truth}}}},
        {"authentication",
         {.required = {"id", "signer_pkh", "payload", "auth_message", "authorized_key",
                       "authorized_key_pkh", "authentication", "valid", "source"},
          .optional = {"auth_digest", "reason"},
          .values = {{"valid", truth}}}},
        {"base58",
         {.required = {"name", "prefix_hex", "payload_hex", "encoded", "string_prefix",
                       "encoded_length", "payload_length", "source"},
          .optional = {},
          .values = {}}},
        {"base58_refuse",
         {.required = {"encoded", "expected_kind", "expect", "reason", "source"},
          .optional = {},
          .values = {{"expected_kind", {"tz1", "Net", "sppk", "spsig1", "p2sig"}},
                     {"expect", {"refuse"}}}}},
    };
}

std::map<std::string, Shape> other_shapes() {
    return {
        {"kms.spki",
         {.required = {"key_type", "der", "public_key", "pkh", "source"},
          .optional = {},
          .values = {{"key_type", {"tz2", "tz3"}}}}},
        {"kms.der_signatures",
         {.required = {"id", "key_type", "public_key", "digest", "der", "der_is_high_s",
                       "raw_low_s_hex", "encoded_low_s", "source"},
          .optional = {"note"},
          .values = {{"key_type", {"tz2", "tz3"}}, {"der_is_high_s", truth}}}},
        {"kms.der_refuse",
         {.required = {"id", "key_type", "der", "expect", "reason", "source"},
          .optional = {},
          .values = {{"key_type", {"tz2", "tz3"}}, {"expect", {"refuse"}}}}},
        {"http.cases",
         {.required = {"id", "request", "response"},
          .optional = {"when"},
          .values = {{"when", {"authentication required", "authentication not required"}}}}},
    };
}

}  // namespace

const std::map<std::string, Shape>& shapes() {
    static const std::map<std::string, Shape> all = [] {
        auto collected = payload_shapes();
        collected.merge(key_shapes());
        collected.merge(other_shapes());
        return collected;
    }();
    return all;
}

}  // namespace redoubt::test
