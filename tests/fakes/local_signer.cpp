// SPDX-License-Identifier: Apache-2.0
#include "local_signer.hpp"

#include <stdexcept>

namespace redoubt::test {
namespace {

class PendingLocalSignature final : public tezos::PendingSignature, private io::LocalExchange {
public:
    PendingLocalSignature(LocalSigner& signer, const SecretKey& key, const tezos::Message& message)
        : signer_(signer), key_(key), message_(message) {}

    [[nodiscard]] io::Exchange& exchange() override { return *this; }
    [[nodiscard]] Result<tezos::UnreleasedSignature> outcome() override {
        if (!signature_) return fail(Code::Deadline, "never computed");
        if (signer_.trouble) return std::unexpected(*signer_.trouble);
        return tezos::UnreleasedSignature::verified(key_.named().public_key, message_, *signature_);
    }

private:
    void compute() override {
        ++signer_.signatures_asked;
        signature_ = key_.sign(message_);
    }
    [[nodiscard]] io::CallStats stats() const override { return {{}, signature_ ? 1 : 0}; }

    LocalSigner& signer_;
    const SecretKey& key_;
    tezos::Message message_;
    std::optional<tezos::RawSignature> signature_;
};

}  // namespace

std::optional<Error> LocalSigner::prepare(const tezos::KeyInfo& /*key*/, SteadyTime /*deadline*/) {
    ++times_prepared;
    return not_ready;
}

Result<tezos::RawSignature> LocalSigner::prove_possession(const tezos::KeyInfo& key,
                                                          const tezos::PublicKey& of) {
    if (not_ready) return std::unexpected(*not_ready);
    return held(key).prove_possession(proof_of.value_or(of));
}

const SecretKey& LocalSigner::held(const tezos::KeyInfo& key) const {
    for (const SecretKey& mine : keys) {
        if (mine.named().hash == key.hash) return mine;
    }
    throw std::logic_error("asked for a key that this signer does not hold");
}

std::unique_ptr<tezos::PendingSignature> LocalSigner::begin(const tezos::KeyInfo& key,
                                                            ByteView payload,
                                                            const tezos::Digest& digest) {
    return std::make_unique<PendingLocalSignature>(*this, held(key),
                                                   tezos::Message{payload, digest});
}

}  // namespace redoubt::test
