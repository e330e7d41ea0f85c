// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/commit.hpp>

#include <stdexcept>

namespace redoubt::signing {

template class Committed<tezos::Chain>;
template class Signature<tezos::Chain>;
template class UnreleasedSignature<tezos::Chain>;
template Result<tezos::Signature> release(tezos::Committed, tezos::UnreleasedSignature);

}  // namespace redoubt::signing

namespace redoubt::tezos {

Proposal block_proposal(const KeyInfo& key, const SigningPosition& position, const Message& message,
                        const UnreleasedSignature& signature) {
    if (signature.digest() != message.digest) {
        throw std::logic_error("a block was to be committed with another one's signature");
    }
    return {key, position, message, Chain::text_of(signature)};
}

std::string Chain::text_of(const UnreleasedSignature& signature) { return signature.text(); }

Result<Committed> Chain::judge(const Proposal& proposal, const Applied& applied) {
    if (!holds(applied.row, proposal)) {
        return fail(Code::TableRefused,
                    "the table confirmed a write, but the row that it answers is not what was "
                    "written: look at the table and its endpoint before signing on");
    }
    if (!reaches(applied.row, proposal.position.at.level)) {
        return fail(Code::TableRefused,
                    "the table confirmed a write that its own row forbids (`until`): look at the "
                    "table and its endpoint before signing on");
    }
    return Committed(proposal.message.digest);
}

Result<Committed> Chain::judge(const Proposal& proposal, const Refused& refused) {
    const SigningPosition& position = proposal.position;
    if (!refused.row) return std::unexpected(not_armed(position));
    const RowComparison comparison = compare(position, proposal.message.digest, *refused.row);
    if (comparison != RowComparison::SameDigest) {
        return std::unexpected(refusal(comparison, position, *refused.row));
    }
    if (position.watermark.kind != ConsensusKind::Block) return Committed(proposal.message.digest);
    // This block was committed before: its one signature is in the row, and there is no other.
    const PublicKey& key = proposal.key.public_key;
    const auto stored = refused.row->signature ? parse_signature(*refused.row->signature)
                                               : std::optional<SignatureText>();
    if (stored && stored->scheme == key.scheme()) {
        auto signature = UnreleasedSignature::verified(key, proposal.message, stored->raw);
        if (signature) return Committed(proposal.message.digest, std::move(*signature));
    }
    return fail(Code::DamagedRow,
                "the row of this block at " + tezos::to_text(position.at) +
                    " holds no signature that verifies; a second one could be slashed, so the "
                    "block is not signed");
}

Result<Committed> PendingCommit::outcome() {
    const auto judged = verdict();
    if (!judged) return std::unexpected(judged.error());
    auto committed = std::visit(
        [this](const auto& verdict) { return Chain::judge(proposal_, verdict); }, *judged);
    const auto* applied = std::get_if<Applied>(&*judged);
    if (committed && applied != nullptr) ahead_ = applied->ahead;
    return committed;
}

}  // namespace redoubt::tezos
