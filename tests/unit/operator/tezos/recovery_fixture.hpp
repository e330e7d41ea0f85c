// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/tezos/base58.hpp>

#include "sealed_fixture.hpp"

namespace redoubt::test {

/// What KMS was given on an operator's machine, and how; as for the fixture's key, unless a test
/// says otherwise.
struct Blob {
    std::string text = {};
    std::string public_key = {};
    std::string table = {};
    unsigned kms_key = 1;
};

/// A key that comes from outside.
class Recovery : public SealedOperator {
protected:
    static crypto::bls::SecretKey secret_of(Byte seed) {
        return crypto::bls::SecretKey::generate(Bytes(32, seed));
    }
    static std::string text_of_secret(ByteView big_endian) {
        Bytes written = {0x03, 0x96, 0xc0, 0x28};
        written.insert(written.end(), big_endian.rbegin(), big_endian.rend());
        return tezos::to_base58check(written);
    }
    [[nodiscard]] Bytes bytes_of_secret() const {
        return {secret.big_endian().begin(), secret.big_endian().end()};
    }

    std::string encrypted(Blob blob = {}) {
        if (blob.text.empty()) blob.text = text_of_secret(bytes_of_secret());
        if (blob.public_key.empty()) blob.public_key = key.public_key_text;
        if (blob.table.empty()) blob.table = table_name;
        const auto arn = aws::parse_key_arn(wrapping_arn(blob.kms_key)).value();
        aws::Operation operation = aws::kms::encrypt(world.kms, arn, bytes_of(blob.text),
                                                     {{"redoubt:import", blob.public_key},
                                                      {"redoubt:purpose", "tezos-consensus"},
                                                      {"redoubt:table", blob.table}});
        world.run(operation);
        world.runner.calls.clear();
        return to_base64(aws::kms::read_ciphertext(operation.outcome().value(), arn).value());
    }
    Json event_of_import(const Json& more = Json::object()) {
        Json event = {{"command", "import_key"},
                      {"public_key", key.public_key_text},
                      {"kms_key", wrapping_arn(1)},
                      {"chain", mainnet},
                      {"level", 1000}};
        event.update(more);
        if (!event.contains("ciphertext")) event["ciphertext"] = encrypted();
        if (event.contains("kms_keys") || sealing.wrapping_keys.size() == 1) return event;
        if (!event.contains("threshold")) event["threshold"] = 1;
        return event;
    }
    Json import(const Json& more = Json::object()) { return recover(event_of_import(more)); }

    static std::vector<std::string> outcomes(const Json& answer) {
        std::vector<std::string> out;
        for (const Json& row : answer.at("rows")) out.push_back(row.at("outcome"));
        return out;
    }

    const crypto::bls::SecretKey secret = secret_of(7);
    const tezos::KeyInfo key{secret.public_key()};
};

}  // namespace redoubt::test
