// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/json.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/lambda/event.hpp>

#include <inputs/inputs.hpp>
#include "measure.hpp"

namespace redoubt::bench {
namespace {

/// Ours refuses members named twice, depth and zero bytes.
void measure_parse(const std::string& name, const std::string& text) {
    measure("json_parse/" + name + "/ours", [text] { return parse_json(text); });
    measure("json_parse/" + name + "/library",
            [text] { return !Json::parse(text, nullptr, false).is_discarded(); });
}

void measure_dump(const std::string& name, const Json& value) {
    measure("json_dump/" + name + "/ours", [value] { return dump(value); });
    measure("json_dump/" + name + "/library", [value] { return value.dump(); });
}

}  // namespace

void measure_json() {
    const SecretKey key = consensus_key(SignatureScheme::Secp256k1);
    const Bytes message = payload(ConsensusKind::Attestation);
    const auto digest = crypto::blake2b_256(message);
    const auto text =
        authentication(authorized_key(SignatureScheme::Secp256k1), key.named().hash, message);
    const std::string event = post_event(key.named().address, text, message);
    measure_parse("event", event);
    measure_parse("kms", kms_answer(key, digest).body);
    measure_parse("dynamodb", committed_answer(key, ConsensusKind::Attestation).body);
    const Json signature = {
        {"signature", tezos::to_text(key.scheme(), key.sign_reproducibly(digest))}};
    measure_dump(
        "answer",
        lambda::to_answer({200,
                           {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
                           dump(signature)},
                          lambda::HeaderForm::Values));
}

}  // namespace redoubt::bench
