// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/sign.hpp>

#include <array>

#include <redoubt/crypto/hash.hpp>

namespace redoubt::tezos {
namespace {

/// One request on its way to a signature.
struct Order {
    const NamedKey& key;
    Slot slot;
    Digest digest;
};

template <class... Pending>
void run(const Ports& ports, SteadyTime deadline, Pending&... pending) {
    const std::array<http::Dialogue*, sizeof...(pending)> dialogues = {&pending...};
    ports.driver.run(dialogues, deadline);
}

/// Committing a vote before it is known to be signed is harmless: the same bytes may be signed
/// again.
Result<Signature> sign_vote(const Order& order, const Ports& ports, SteadyTime deadline,
                            Record& record) {
    const auto signing = ports.signer.begin(order.key, order.digest);
    const auto commit = ports.store.begin({order.key, order.slot, order.digest, std::nullopt});
    run(ports, deadline, *signing, *commit);  // the slower one first
    record.table = commit->effort();
    record.kms = signing->effort();
    auto committed = commit->outcome();
    if (committed) record.ahead = committed->ahead();
    auto fresh = signing->outcome();
    // Credentials that expired come first: a new process has to fetch others.
    if (!fresh && fresh.error().code == Code::CredentialsExpired) {
        return std::unexpected(fresh.error());
    }
    if (!committed) return std::unexpected(committed.error());
    if (!fresh) return std::unexpected(fresh.error());
    return release(std::move(*committed), std::move(*fresh));
}

/// A block may only ever have one signature, so the row keeps it, and it has to exist first.
Result<Signature> sign_block(const Order& order, const Ports& ports, SteadyTime deadline,
                             Record& record) {
    const auto signing = ports.signer.begin(order.key, order.digest);
    run(ports, deadline, *signing);
    record.kms = signing->effort();
    auto fresh = signing->outcome();
    if (!fresh) return std::unexpected(fresh.error());
    const auto commit = ports.store.begin(block_proposal(order.key, order.slot, *fresh));
    run(ports, deadline, *commit);
    record.table = commit->effort();
    auto committed = commit->outcome();
    if (committed) record.ahead = committed->ahead();
    if (!committed) return std::unexpected(committed.error());
    return release(std::move(*committed), std::move(*fresh));
}

}  // namespace

Result<Committed> PendingCommit::outcome() {
    const auto said = verdict();
    if (!said) return std::unexpected(said.error());
    return std::visit([this](const auto& verdict) { return Committed::from(proposal_, verdict); },
                      *said);
}

Result<Signature> sign(const Authenticated& request, const Ports& ports, SteadyTime deadline,
                       Record& record) {
    const auto message = parse_payload(request.payload());
    if (!message) return std::unexpected(message.error());
    record.message = *message;
    const NamedKey& key = request.key();
    const Slot slot{{key.hash, message->chain, message->kind}, message->at};
    if (auto refused = ports.store.refuses(slot)) return std::unexpected(*refused);
    const Order order{key, slot, crypto::blake2b_256(request.payload())};
    return message->kind == RowKind::Block ? sign_block(order, ports, deadline, record)
                                           : sign_vote(order, ports, deadline, record);
}

}  // namespace redoubt::tezos
