// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/sign.hpp>

#include <array>

#include <redoubt/crypto/hash.hpp>

namespace redoubt::tezos {
namespace {

/// One request on its way to a signature.
struct Order {
    const KeyInfo& key;
    ByteView payload;
    SigningPosition position;
    Digest digest;
};

SignOutcome refused(const Error& error, SigningTrace trace) {
    return {std::unexpected(error), std::move(trace)};
}

template <class... Pending>
void run(const Ports& ports, SteadyTime deadline, Pending&... pending) {
    const std::array<io::Exchange*, sizeof...(pending)> exchanges = {&pending.exchange()...};
    ports.runner.run(exchanges, deadline);
}

/// Committing a vote before it is known to be signed is harmless: the same bytes may be signed
/// again.
SignOutcome sign_vote(const Order& order, const Ports& ports, SteadyTime deadline,
                      SigningTrace trace) {
    const auto signing = ports.signer.begin(order.key, order.payload, order.digest);
    const auto commit = ports.store.begin({order.key, order.position, order.digest, std::nullopt});
    run(ports, deadline, *signing, *commit);  // the slower one first
    trace.table = commit->exchange().stats();
    trace.signer = signing->exchange().stats();
    auto committed = commit->outcome();
    trace.ahead = commit->ahead();
    auto fresh = signing->outcome();
    // Credentials that expired come first: a new process has to fetch others.
    if (!fresh && fresh.error().code == Code::CredentialsExpired) {
        return refused(fresh.error(), std::move(trace));
    }
    if (!committed) return refused(committed.error(), std::move(trace));
    if (!fresh) return refused(fresh.error(), std::move(trace));
    return {release(std::move(*committed), std::move(*fresh)), std::move(trace)};
}

/// A block may only ever have one signature, so the row keeps it, and it has to exist first.
SignOutcome sign_block(const Order& order, const Ports& ports, SteadyTime deadline,
                       SigningTrace trace) {
    const auto signing = ports.signer.begin(order.key, order.payload, order.digest);
    run(ports, deadline, *signing);
    trace.signer = signing->exchange().stats();
    auto fresh = signing->outcome();
    if (!fresh) return refused(fresh.error(), std::move(trace));
    const auto commit = ports.store.begin(block_proposal(order.key, order.position, *fresh));
    run(ports, deadline, *commit);
    trace.table = commit->exchange().stats();
    auto committed = commit->outcome();
    trace.ahead = commit->ahead();
    if (!committed) return refused(committed.error(), std::move(trace));
    return {release(std::move(*committed), std::move(*fresh)), std::move(trace)};
}

SignOutcome sign_authenticated(const Authenticated& command, const Ports& ports,
                               SteadyTime deadline, SigningTrace trace) {
    const KeyInfo& key = command.key();
    const auto message = parse_payload(command.payload(), key.public_key.scheme());
    if (!message) return refused(message.error(), std::move(trace));
    trace.message = *message;
    const SigningPosition position{{key.hash, message->chain, message->kind}, message->at};
    if (const auto below = ports.store.refuses(position)) return refused(*below, std::move(trace));
    const Order order{key, command.payload(), position, crypto::blake2b_256(command.payload())};
    return message->kind == ConsensusKind::Block
               ? sign_block(order, ports, deadline, std::move(trace))
               : sign_vote(order, ports, deadline, std::move(trace));
}

}  // namespace

SignOutcome sign(SignCommand command, const Keys& authorized, const Ports& ports,
                 SteadyTime deadline) {
    const SteadyTime started = ports.clock.steady();
    const auto authenticated = authenticate(std::move(command), authorized);
    if (!authenticated) return refused(authenticated.error(), {});
    SigningTrace trace;
    trace.authentication = ports.clock.steady() - started;
    return sign_authenticated(*authenticated, ports, deadline, std::move(trace));
}

SignOutcome sign(const Authenticated& command, const Ports& ports, SteadyTime deadline) {
    return sign_authenticated(command, ports, deadline, {});
}

}  // namespace redoubt::tezos
