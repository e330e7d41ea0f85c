// SPDX-License-Identifier: Apache-2.0
#include "memory_validators.hpp"

#include <algorithm>

namespace redoubt::test {
namespace {

using namespace ethereum;

/// Commits when it is run, so that the order of calls is the product's.
class PendingMemoryWrite final : public PendingCommit, private io::LocalExchange {
public:
    PendingMemoryWrite(MemoryValidators& store, Proposal proposal)
        : PendingCommit(std::move(proposal)), store_(store) {}

    [[nodiscard]] io::Exchange& exchange() override { return *this; }

private:
    void compute() override {
        ++store_.calls;
        if (store_.trouble) {
            answer_ = std::unexpected(*store_.trouble);
        } else {
            answer_ = store_.commit(proposal());
        }
    }
    [[nodiscard]] io::CallStats stats() const override { return {{}, 1}; }
    [[nodiscard]] Result<Verdict> verdict() override { return answer_; }

    MemoryValidators& store_;
    Result<Verdict> answer_ = fail(Code::Deadline, "never run");
};

class PendingOpenSignature final : public PendingSignature, private io::LocalExchange {
public:
    PendingOpenSignature(const crypto::bls::SecretKey* secret, const Root& root)
        : secret_(secret), root_(root) {}

    [[nodiscard]] io::Exchange& exchange() override { return *this; }
    [[nodiscard]] Result<UnreleasedSignature> outcome() override { return std::move(signature_); }

private:
    void compute() override {
        if (secret_ == nullptr) return;
        signature_ =
            UnreleasedSignature::verified(secret_->public_key(), {root_, root_},
                                          secret_->sign(root_, crypto::bls::Domain::Message));
    }
    [[nodiscard]] io::CallStats stats() const override { return {}; }

    const crypto::bls::SecretKey* secret_;
    const Root& root_;
    Result<UnreleasedSignature> signature_ = fail(Code::DamagedKey, "no such secret");
};

bool share_a_tag(const std::set<std::string>& asked, const std::set<std::string>& there) {
    return asked.empty() ||
           std::ranges::any_of(asked, [&](const std::string& tag) { return there.contains(tag); });
}

}  // namespace

std::unique_ptr<PendingCommit> MemoryValidators::begin(Proposal proposal) {
    return std::make_unique<PendingMemoryWrite>(*this, std::move(proposal));
}

Verdict MemoryValidators::commit(const Proposal& proposal) {
    const auto found = rows.find(proposal.key);
    if (found == rows.end()) return Refused{};
    ValidatorRow& row = found->second;
    const bool may_sign = row.is_on && share_a_tag(proposal.tags.any_of, row.tags) &&
                          (!row.until || proposal.epoch < *row.until);
    if (!may_sign) return Refused{row};
    if (const auto* block = std::get_if<BlockDuty>(&proposal.duty)) {
        const bool is_same = block->slot == row.slot && row.block_root == proposal.root;
        if (!is_same && block->slot <= row.slot) return Refused{row};
        row.slot = block->slot;
        row.block_root = proposal.root;
        return Applied{row};
    }
    const auto& vote = std::get<AttestationDuty>(proposal.duty);
    const bool is_same = vote.target == row.target && vote.source == row.source &&
                         row.attestation_root == proposal.root;
    if (!is_same && (vote.source < row.source || vote.target <= row.target)) return Refused{row};
    row.source = vote.source;
    row.target = vote.target;
    row.attestation_root = proposal.root;
    return Applied{row};
}

ReadRow MemoryValidators::read(const PublicKey& key, Freshness /*freshness*/,
                               SteadyTime /*deadline*/) {
    ++calls;
    if (trouble) return {std::unexpected(*trouble)};
    const auto found = rows.find(key);
    return {found == rows.end() ? std::nullopt : std::optional(found->second)};
}

Result<std::vector<KeyTags>> MemoryValidators::list(SteadyTime /*deadline*/) {
    ++calls;
    std::vector<KeyTags> out;
    for (const auto& [key, row] : rows) {
        if (row.is_on) out.push_back({key, row.tags});
    }
    return out;
}

void OpenSigner::add(crypto::bls::SecretKey secret) {
    PublicKey key;
    const Bytes encoded = secret.public_key().encoded();
    std::ranges::copy(encoded, key.bytes.begin());
    keys.emplace(key, std::move(secret));
}

std::optional<Error> OpenSigner::open(const PublicKey& /*key*/, SteadyTime /*deadline*/) {
    return std::nullopt;
}

std::unique_ptr<PendingSignature> OpenSigner::begin(const PublicKey& key, const Root& root) {
    const auto found = keys.find(key);
    return std::make_unique<PendingOpenSignature>(found == keys.end() ? nullptr : &found->second,
                                                  root);
}

}  // namespace redoubt::test
