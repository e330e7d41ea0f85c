// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/release.hpp>

#include <sodium/utils.h>

namespace redoubt::tezos {

Result<UnreleasedSignature> UnreleasedSignature::verified(const PublicKey& key,
                                                          const Digest& digest,
                                                          const RawSignature& raw) {
    if (!key.verify(digest, raw, crypto::HighS::Refused)) {
        return fail(Code::BadSignature,
                    "the signature does not verify against the public key; if PUBLIC_KEYS is set, "
                    "compare it with KMS_KEY_ID, entry by entry");
    }
    return UnreleasedSignature(key.scheme(), digest, raw);
}

UnreleasedSignature::UnreleasedSignature(UnreleasedSignature&& other) noexcept
    : scheme_(other.scheme_), digest_(other.digest_), raw_(other.raw_) {
    other.wipe();
}

UnreleasedSignature& UnreleasedSignature::operator=(UnreleasedSignature&& other) noexcept {
    if (this != &other) {
        scheme_ = other.scheme_;
        digest_ = other.digest_;
        raw_ = other.raw_;
        other.wipe();
    }
    return *this;
}

void UnreleasedSignature::wipe() noexcept { sodium_memzero(raw_.data(), raw_.size()); }

Proposal block_proposal(const KeyInfo& key, const SigningPosition& position,
                        const UnreleasedSignature& signature) {
    return {key, position, signature.digest(), signature.text()};
}

Result<Committed> Committed::from(const Proposal& proposal, const Applied& applied) {
    const Row& row = applied.row;
    if (row.at != proposal.position.at || row.digest != proposal.digest ||
        row.signature != proposal.signature) {
        return fail(Code::TableRefused,
                    "the table confirmed a write, but the row that it answers is not what was "
                    "written: look at the table and its endpoint before signing on");
    }
    return Committed(proposal.digest, std::nullopt, applied.ahead);
}

Result<Committed> Committed::from(const Proposal& proposal, const Refused& refused) {
    const SigningPosition& position = proposal.position;
    if (!refused.row) return std::unexpected(not_armed(position));
    const RowComparison stands = compare(position, proposal.digest, *refused.row);
    if (stands != RowComparison::SameDigest) {
        return std::unexpected(refusal(stands, position, *refused.row));
    }
    if (position.watermark.kind != ConsensusKind::Block)
        return Committed(proposal.digest, std::nullopt);
    // This block was committed before: its one signature is in the row, and there is no other.
    const PublicKey& key = proposal.key.public_key;
    const auto stored = refused.row->signature ? parse_signature(*refused.row->signature)
                                               : std::optional<SignatureText>();
    if (stored && stored->scheme == key.scheme()) {
        auto signature = UnreleasedSignature::verified(key, proposal.digest, stored->raw);
        if (signature) return Committed(proposal.digest, std::move(*signature));
    }
    return fail(Code::DamagedRow,
                "the row of this block at " + to_text(position.at) +
                    " holds no signature that verifies; a second one could be slashed, so the "
                    "block is not signed");
}

Result<Signature> release(Committed committed, UnreleasedSignature fresh) {
    if (committed.digest_ != fresh.digest()) {
        return fail(Code::Internal, "commit and signature are of different digests");
    }
    return Signature(committed.stored_ ? committed.stored_->text() : fresh.text());
}

}  // namespace redoubt::tezos
