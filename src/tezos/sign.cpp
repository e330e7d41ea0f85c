// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/sign.hpp>

#include <array>

namespace redoubt::tezos {
namespace {

/// One request on its way to a signature.
struct SigningJob {
    const KeyInfo& key;
    SigningPosition position;
    Message message;
};

std::unique_ptr<PendingSignature> begin_signing(const SigningJob& job, const Ports& ports) {
    return ports.signer.begin(job.key, job.message.bytes, job.message.digest);
}

template <class... Pending>
void run(const Ports& ports, SteadyTime deadline, Pending&... pending) {
    const std::array<io::Exchange*, sizeof...(pending)> exchanges = {&pending.exchange()...};
    ports.runner.run(exchanges, deadline);
}

/// Committing a vote before it is known to be signed is harmless: the same bytes may be signed
/// again.
Result<Signature> sign_vote(const SigningJob& job, const Ports& ports, SteadyTime deadline,
                            SigningTrace& trace) {
    const auto signing = begin_signing(job, ports);
    const auto commit = ports.store.begin({job.key, job.position, job.message, std::nullopt});
    run(ports, deadline, *signing, *commit);  // the slower one first
    trace.table = commit->exchange().stats();
    trace.signer = signing->exchange().stats();
    auto committed = commit->outcome();
    trace.ahead = commit->ahead();
    auto fresh = signing->outcome();
    // Credentials that expired come first: the process ends on them, and a new one has fresh ones.
    if (!fresh && fresh.error().code == Code::CredentialsExpired) {
        return std::unexpected(fresh.error());
    }
    if (!committed) return std::unexpected(committed.error());
    if (!fresh) return std::unexpected(fresh.error());
    return release(std::move(*committed), std::move(*fresh));
}

/// A block may only ever have one signature, so the row keeps it, and it has to exist first.
Result<Signature> sign_block(const SigningJob& job, const Ports& ports, SteadyTime deadline,
                             SigningTrace& trace) {
    const auto signing = begin_signing(job, ports);
    run(ports, deadline, *signing);
    trace.signer = signing->exchange().stats();
    auto fresh = signing->outcome();
    if (!fresh) return std::unexpected(fresh.error());
    const auto commit =
        ports.store.begin(block_proposal(job.key, job.position, job.message, *fresh));
    run(ports, deadline, *commit);
    trace.table = commit->exchange().stats();
    auto committed = commit->outcome();
    trace.ahead = commit->ahead();
    if (!committed) return std::unexpected(committed.error());
    return release(std::move(*committed), std::move(*fresh));
}

Result<Signature> sign_authenticated(const Authenticated& command, const Ports& ports,
                                     SteadyTime deadline, SigningTrace& trace) {
    const KeyInfo& key = command.key();
    const auto message = parse_payload(command.payload(), key.public_key.scheme());
    if (!message) return std::unexpected(message.error());
    trace.message = *message;
    const SigningPosition position{{key.hash, message->chain, message->kind}, message->at};
    if (const auto below = ports.store.refuses(position)) return std::unexpected(*below);
    const SigningJob job{key, position, crypto::message_of(command.payload())};
    if (const auto not_ready = ports.signer.prepare(key, deadline)) {
        return std::unexpected(*not_ready);
    }
    trace.digest = job.message.digest;
    return message->kind == ConsensusKind::Block ? sign_block(job, ports, deadline, trace)
                                                 : sign_vote(job, ports, deadline, trace);
}

}  // namespace

Result<RawSignature> Signer::prove_possession(const KeyInfo& /*key*/, const PublicKey& /*of*/) {
    return fail(Code::UnknownRoute, "no key of this signer can prove possession");
}

SignOutcome sign(SignCommand command, const Keys& authorized, const Ports& ports,
                 SteadyTime deadline) {
    const SteadyTime started = ports.clock.steady();
    const auto authenticated = authenticate(std::move(command), authorized);
    if (!authenticated) return {std::unexpected(authenticated.error()), {}};
    SigningTrace trace;
    trace.authentication = ports.clock.steady() - started;
    trace.authorized_key = authenticated->signed_by().address;
    auto signature = sign_authenticated(*authenticated, ports, deadline, trace);
    return {std::move(signature), std::move(trace)};
}

SignOutcome sign(const Authenticated& command, const Ports& ports, SteadyTime deadline) {
    SigningTrace trace;
    auto signature = sign_authenticated(command, ports, deadline, trace);
    return {std::move(signature), std::move(trace)};
}

}  // namespace redoubt::tezos
