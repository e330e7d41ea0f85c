// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/sign.hpp>

#include <array>

#include <redoubt/crypto/hash.hpp>

namespace redoubt::tezos {
namespace {

/// One request on its way to a signature.
struct Order {
    const KeyInfo& key;
    SigningPosition position;
    Digest digest;
};

template <class... Pending>
void run(const Ports& ports, SteadyTime deadline, Pending&... pending) {
    const std::array<http::Exchange*, sizeof...(pending)> exchanges = {&pending...};
    ports.runner.run(exchanges, deadline);
}

/// Committing a vote before it is known to be signed is harmless: the same bytes may be signed
/// again.
Result<Signature> sign_vote(const Order& order, const Ports& ports, SteadyTime deadline,
                            RequestTrace& trace) {
    const auto signing = ports.signer.begin(order.key, order.digest);
    const auto commit = ports.store.begin({order.key, order.position, order.digest, std::nullopt});
    run(ports, deadline, *signing, *commit);  // the slower one first
    trace.table = commit->stats();
    trace.kms = signing->stats();
    auto committed = commit->outcome();
    if (committed) trace.ahead = committed->ahead();
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
                             RequestTrace& trace) {
    const auto signing = ports.signer.begin(order.key, order.digest);
    run(ports, deadline, *signing);
    trace.kms = signing->stats();
    auto fresh = signing->outcome();
    if (!fresh) return std::unexpected(fresh.error());
    const auto commit = ports.store.begin(block_proposal(order.key, order.position, *fresh));
    run(ports, deadline, *commit);
    trace.table = commit->stats();
    auto committed = commit->outcome();
    if (committed) trace.ahead = committed->ahead();
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
                       RequestTrace& trace) {
    const auto message = parse_payload(request.payload());
    if (!message) return std::unexpected(message.error());
    trace.message = *message;
    const KeyInfo& key = request.key();
    const SigningPosition position{{key.hash, message->chain, message->kind}, message->at};
    if (auto refused = ports.store.refuses(position)) return std::unexpected(*refused);
    const Order order{key, position, crypto::blake2b_256(request.payload())};
    return message->kind == ConsensusKind::Block ? sign_block(order, ports, deadline, trace)
                                                 : sign_vote(order, ports, deadline, trace);
}

}  // namespace redoubt::tezos
