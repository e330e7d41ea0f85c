// SPDX-License-Identifier: Apache-2.0
// Answers one request of each kind while callgrind counts; `bench/instructions/check` runs it.
#include <sodium/core.h>
#include <valgrind/callgrind.h>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <vector>

#include <redoubt/base/json.hpp>
#include <redoubt/crypto/hash.hpp>

#include <inputs/inputs.hpp>
#include "signer.hpp"

namespace redoubt::bench {
namespace {

/// One request, and how the two services answer it.
struct Case {
    std::string name;
    std::string event;
    http::Response kms;
    http::Response dynamodb;
    int status = 200;
};

Case signing(ConsensusKind kind, SignatureScheme scheme) {
    const SecretKey key = consensus_key(scheme);
    const auto& [public_key, hash, address, text] = key.named();
    const Bytes message = payload(kind, scheme);
    const bool is_by_kms = scheme != SignatureScheme::Bls12381;
    return {std::string(tezos::name(kind)) + "/" + address.substr(0, 3),
            post_event(address,
                       authentication(authorized_key(SignatureScheme::Secp256k1), hash, message),
                       message),
            is_by_kms ? kms_answer(key, crypto::blake2b_256(message)) : http::Response(),
            committed_answer(key, kind)};
}

Case already_signed() {
    Case refused = signing(ConsensusKind::Attestation, SignatureScheme::Secp256k1);
    refused.name = "already_signed/tz2";
    refused.dynamodb =
        refused_answer(consensus_key(SignatureScheme::Secp256k1), ConsensusKind::Attestation);
    refused.status = 409;
    return refused;
}

std::vector<Case> all_cases() {
    std::vector<Case> cases;
    for (ConsensusKind kind :
         {ConsensusKind::Attestation, ConsensusKind::Preattestation, ConsensusKind::Block}) {
        for (SignatureScheme scheme : test::schemes) cases.push_back(signing(kind, scheme));
    }
    cases.push_back(already_signed());
    cases.push_back({"authorized_keys", get_event("/authorized_keys"), {}, {}});
    return cases;
}

/// What fails early is cheap, and nothing to be proud of.
void demand(const Case& one, const std::string& answer) {
    const auto parsed = parse_json(answer);
    if (!parsed || parsed->at("statusCode") != one.status) {
        throw std::runtime_error(one.name + " was answered with " + answer);
    }
}

void count(const Case& one) {
    const Signer signer(one.kms, one.dynamodb);
    // A warm environment's request: what libraries do once is done, and the heap has its shape.
    for (int i = 0; i < 3; ++i) demand(one, signer.answer(one.event).text);
    CALLGRIND_START_INSTRUMENTATION;
    const auto answer = signer.answer(one.event);
    CALLGRIND_STOP_INSTRUMENTATION;
    CALLGRIND_DUMP_STATS_AT(one.name.c_str());
    demand(one, answer.text);
}

}  // namespace
}  // namespace redoubt::bench

int main() {
    try {
        // As `bootstrap` does: libsodium looks at the processor here.
        if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used here");
        for (const auto& one : redoubt::bench::all_cases()) redoubt::bench::count(one);
    } catch (const std::exception& exception) {
        static_cast<void>(std::fprintf(stderr, "redoubt-path: %s\n", exception.what()));
        return 1;
    }
}
