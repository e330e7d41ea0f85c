// SPDX-License-Identifier: Apache-2.0
#include "baker.hpp"

#include <array>
#include <utility>

#include <redoubt/crypto/hash.hpp>

namespace redoubt::standins {

namespace {

constexpr std::uint32_t seed_every = 5;
/// Sizes of DAL content, from an attestation without to the longest of protocol 025.
constexpr std::array<std::size_t, 4> dal_sizes = {0, 1, 5, 133};

bool verifies(const tezos::KeyInfo& key, ByteView payload, const std::string& text) {
    const auto signature = tezos::parse_signature(text);
    if (!signature || (signature->scheme && *signature->scheme != key.hash.scheme)) return false;
    return key.public_key.verify(crypto::message_of(payload), signature->raw,
                                 crypto::HighS::Refused);
}

}  // namespace

bool Shown::as_expected() const {
    return made.reply.status == due.status && made.reply.code == due.code &&
           made.verified == (due.status == 200) &&
           (due.signature.empty() || made.reply.signature == due.signature);
}

Baker::Baker(Settings settings, const tezos::Keys& keys, const Companions& companions,
             const OctezClient& client, Pause& pause)
    : settings_(settings),
      keys_(keys),
      companions_(companions),
      client_(client),
      pause_(pause),
      slots_(settings.chain, settings.head, settings.start) {}

Summary Baker::run(const OnSignature& on_signature, const OnLevelEnd& on_level_end) {
    for (block_ = 0; block_ < settings_.blocks; ++block_) {
        const SteadyTime due = settings_.start + block_ * settings_.block;
        if (!pause_.until(due)) break;
        slots_.advance(due);
        bake(on_signature);
        on_level_end();
    }
    return summary_;
}

void Baker::bake(const OnSignature& on_signature) {
    const tezos::KeyInfo& proposer = keys_[block_ % keys_.size()];
    ask("block", proposer, block_payload(slot(), block_ % seed_every == 0), on_signature);
    for (const tezos::KeyInfo& key : keys_) {
        ask("preattestation", key, preattestation_payload(slot(), key.hash.scheme), on_signature);
    }
    for (std::size_t which = 0; which < keys_.size(); ++which) attest(which, on_signature);
}

void Baker::attest(std::size_t which, const OnSignature& on_signature) {
    const tezos::KeyInfo& key = keys_[which];
    const std::size_t dal = dal_sizes[block_ % dal_sizes.size()];
    const Bytes payload = attestation_payload(slot(), key.hash.scheme, dal);
    ask("attestation", key, payload, on_signature);
    const auto& companion = companions_[which];
    if (companion && dal > 0) ask("attestation", *companion, payload, on_signature);
}

void Baker::ask(const std::string& kind, const tezos::KeyInfo& key, Bytes payload,
                const OnSignature& on_signature) {
    const auto one = made(kind, slot(), key, std::move(payload));
    if (!one) return;
    const bool good = one->reply.status == 200 && one->verified;
    summary_.add(kind, good, one->reply.ms);
    if (good && kind == "attestation") vote_.emplace(*one);
    if (kind == "block") proposal_.reset();
    if (kind == "block" && good) proposal_.emplace(*one);
    on_signature(*one);
}

void Baker::contradict(const OnShown& on_shown, const std::function<void()>& kill_environments) {
    const auto show = [&](std::string what, const BakerSignature& of, Bytes payload,
                          Shown::Due due) {
        auto one = made(of.kind, of.slot, of.key, std::move(payload));
        if (!one) return;
        on_shown({.what = std::move(what), .due = std::move(due), .made = std::move(*one)});
    };
    if (vote_) {
        show("a vote for another block", *vote_,
             attestation_payload(vote_->slot, vote_->key.hash.scheme, 0),
             {.status = 409, .code = "already_signed"});
        show("the same vote again", *vote_, vote_->payload, {});
    }
    if (proposal_) {
        kill_environments();
        show("the block, after kill -9", *proposal_, proposal_->payload,
             {.signature = proposal_->reply.signature});
    }
}

/// What came of a request; nothing, if the pause ended it.
std::optional<BakerSignature> Baker::made(const std::string& kind, const Slot& slot,
                                          const tezos::KeyInfo& key, Bytes payload) const {
    if (pause_.ended()) return std::nullopt;
    SignReply reply = client_.sign(key.hash, payload);
    if (pause_.ended()) return std::nullopt;
    const bool verified = verifies(key, payload, reply.signature);
    return BakerSignature{.slot = slot,
                          .kind = kind,
                          .key = key,
                          .payload = std::move(payload),
                          .reply = std::move(reply),
                          .verified = verified};
}

}  // namespace redoubt::standins
