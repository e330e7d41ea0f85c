// SPDX-License-Identifier: Apache-2.0
#include "local_signer.hpp"

#include <stdexcept>

namespace redoubt::test {
namespace {

class PendingLocalSignature final : public tezos::PendingSignature {
public:
    PendingLocalSignature(LocalSigner& signer, const SecretKey& key, const tezos::Digest& digest)
        : signer_(signer), key_(key), digest_(digest) {}

    std::optional<Next> next() override {
        if (!asked_) ++signer_.signatures_asked;
        asked_ = true;
        return std::nullopt;
    }
    void on_response(const http::ResponseOrError& /*answer*/) override {}
    [[nodiscard]] http::CallStats stats() const override { return {{}, asked_ ? 1 : 0}; }

    [[nodiscard]] Result<tezos::UnreleasedSignature> outcome() override {
        if (!asked_) return fail(Code::Deadline, "never driven");
        if (signer_.trouble) return std::unexpected(*signer_.trouble);
        return tezos::UnreleasedSignature::verified(key_.named().public_key, digest_,
                                                    key_.sign(digest_));
    }

private:
    LocalSigner& signer_;
    const SecretKey& key_;
    tezos::Digest digest_;
    bool asked_ = false;
};

}  // namespace

std::unique_ptr<tezos::PendingSignature> LocalSigner::begin(const tezos::KeyInfo& key,
                                                            const tezos::Digest& digest) {
    for (const SecretKey& mine : keys) {
        if (mine.named().hash == key.hash) {
            return std::make_unique<PendingLocalSignature>(*this, mine, digest);
        }
    }
    throw std::logic_error("asked for a key that this signer does not hold");
}

}  // namespace redoubt::test
