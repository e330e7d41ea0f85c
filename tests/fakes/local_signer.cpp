// SPDX-License-Identifier: Apache-2.0
#include "local_signer.hpp"

#include <stdexcept>

namespace redoubt::test {
namespace {

class PendingLocalSignature final : public tezos::PendingSignature, private io::LocalExchange {
public:
    PendingLocalSignature(LocalSigner& signer, const SecretKey& key, const tezos::Digest& digest)
        : signer_(signer), key_(key), digest_(digest) {}

    [[nodiscard]] io::Exchange& exchange() override { return *this; }
    [[nodiscard]] Result<tezos::UnreleasedSignature> outcome() override {
        if (!signature_) return fail(Code::Deadline, "never computed");
        if (signer_.trouble) return std::unexpected(*signer_.trouble);
        return tezos::UnreleasedSignature::verified(key_.named().public_key, digest_, *signature_);
    }

private:
    void compute() override {
        ++signer_.signatures_asked;
        signature_ = key_.sign(digest_);
    }
    [[nodiscard]] io::CallStats stats() const override { return {{}, signature_ ? 1 : 0}; }

    LocalSigner& signer_;
    const SecretKey& key_;
    tezos::Digest digest_;
    std::optional<tezos::RawSignature> signature_;
};

}  // namespace

std::unique_ptr<tezos::PendingSignature> LocalSigner::begin(const tezos::KeyInfo& key,
                                                            ByteView /*payload*/,
                                                            const tezos::Digest& digest) {
    for (const SecretKey& mine : keys) {
        if (mine.named().hash == key.hash) {
            return std::make_unique<PendingLocalSignature>(*this, mine, digest);
        }
    }
    throw std::logic_error("asked for a key that this signer does not hold");
}

}  // namespace redoubt::test
