// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/ethereum/sealed_signer.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <redoubt/sealed/envelope.hpp>

namespace redoubt::ethereum_adapters {
namespace {

using crypto::bls::SecretKey;
using ethereum::PublicKey;
using ethereum::Root;

Error damaged_key(const PublicKey& key, std::string_view what) {
    return {Code::DamagedKey,
            key.text() + ": " + std::string(what) + ": bring the key in again from its backup"};
}

/// Signs and verifies: milliseconds, while the commit is under way.
class BlsExchange final : public io::LocalExchange {
public:
    BlsExchange(const ValidatorCache& cache, const PublicKey& key, const Root& root,
                const Clock& clock)
        : cache_(cache), key_(key), root_(root), clock_(clock) {}

    void compute() override {
        const SteadyTime started = clock_.steady();
        const crypto::Message message{root_, root_};
        const SecretKey secret = cache_.secret_key(key_);
        // A bit that flipped must not cost a vote.
        for (int i = 0; i < most_tries && !signature_; ++i) {
            signature_ = ethereum::UnreleasedSignature::verified(
                cache_.public_key(key_), message,
                secret.sign(message.bytes, crypto::bls::Domain::Message));
        }
        computed_ = clock_.steady() - started;
    }
    [[nodiscard]] io::CallStats stats() const override {
        io::CallStats stats;
        stats.computed = computed_;
        return stats;
    }

    /// Once, after it was run.
    [[nodiscard]] Result<ethereum::UnreleasedSignature> signature() {
        return std::move(signature_);
    }

private:
    static constexpr int most_tries = 2;

    const ValidatorCache& cache_;
    PublicKey key_;
    const Root& root_;
    const Clock& clock_;
    std::optional<io::CallStats::Spent> computed_;
    Result<ethereum::UnreleasedSignature> signature_ =
        fail(Code::Deadline, "there was no time left to sign");
};

class PendingBlsSignature final : public ethereum::PendingSignature {
public:
    PendingBlsSignature(const ValidatorCache& cache, const PublicKey& key, const Root& root,
                        const Clock& clock)
        : exchange_(cache, key, root, clock) {}

    [[nodiscard]] io::Exchange& exchange() override { return exchange_; }
    [[nodiscard]] Result<ethereum::UnreleasedSignature> outcome() override {
        return exchange_.signature();
    }

private:
    BlsExchange exchange_;
};

}  // namespace

std::optional<Error> SealedSigner::open(const PublicKey& key, SteadyTime deadline) {
    if (cache_.is_open(key)) return std::nullopt;
    const ValidatorCache::Entry* entry = cache_.find(key);
    if (entry == nullptr || !entry->sealed)
        return damaged_key(key, "the table has no secret of it");
    const SealedSecret& sealed = *entry->sealed;
    const auto wrap = wraps_.find(sealed.wrap, deadline);
    if (!wrap) return wrap.error();
    const auto bytes =
        sealed::unseal(**wrap, sealed.wrap, ethereum_purpose, key.bytes, sealed.bytes);
    if (!bytes) return bytes.error();
    const auto secret = SecretKey::parse(bytes->view());
    auto derived = secret ? std::optional(secret->public_key()) : std::nullopt;
    if (!derived || !std::ranges::equal(derived->encoded(), key.bytes)) {
        return damaged_key(key, "what is sealed for it is the secret of another key");
    }
    cache_.open(key, *secret, *std::move(derived));
    return std::nullopt;
}

std::unique_ptr<ethereum::PendingSignature> SealedSigner::begin(const PublicKey& key,
                                                                const Root& root) {
    return std::make_unique<PendingBlsSignature>(cache_, key, root, clock_);
}

}  // namespace redoubt::ethereum_adapters
