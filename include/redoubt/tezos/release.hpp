// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <redoubt/base/result.hpp>
#include <redoubt/tezos/watermark.hpp>

/// The order "commit, then release" as types: a Signature comes only from `release`, which takes a
/// Committed; a Committed comes only from the table's own answer.
namespace redoubt::tezos {

/// A signature that was verified but must not leave yet. Wiped when it goes (of the texts around
/// it, such as KMS's answer, copies may remain in the process's memory).
class UnreleasedSignature {
public:
    /// Errors: bad_signature. The s of an ECDSA signature must be low.
    [[nodiscard]] static Result<UnreleasedSignature> verified(const PublicKey& key,
                                                              const Digest& digest,
                                                              const RawSignature& raw);
    UnreleasedSignature(const UnreleasedSignature&) = delete;
    UnreleasedSignature& operator=(const UnreleasedSignature&) = delete;
    UnreleasedSignature(UnreleasedSignature&& other) noexcept;
    UnreleasedSignature& operator=(UnreleasedSignature&& other) noexcept;
    ~UnreleasedSignature() { wipe(); }

    [[nodiscard]] const Digest& digest() const { return digest_; }

private:
    // The text goes into a block's row, or out by `release`, and nowhere else.
    friend Proposal block_proposal(const KeyInfo& key, const SigningPosition& position,
                                   const UnreleasedSignature& signature);
    friend Result<class Signature> release(class Committed committed, UnreleasedSignature fresh);
    [[nodiscard]] std::string text() const { return to_text(scheme_, raw_); }
    UnreleasedSignature(SignatureScheme scheme, const Digest& digest, const RawSignature& raw)
        : scheme_(scheme), digest_(digest), raw_(raw) {}
    void wipe() noexcept;

    SignatureScheme scheme_;
    Digest digest_;
    RawSignature raw_;
};

/// What commits a block together with its one signature.
[[nodiscard]] Proposal block_proposal(const KeyInfo& key, const SigningPosition& position,
                                      const UnreleasedSignature& signature);

/// What the table said to a proposal, before anything is made of it.
struct Applied {
    Row row;  // as it stands now
    /// How far the proposal's pace is beyond the row's: more than nothing only if the write needed
    /// the slack. Then the watermark runs ahead of the clock.
    Milliseconds ahead{0};
};
struct Refused {
    std::optional<Row> row;
};

/// The table holds this very digest at this position.
class Committed {
public:
    Committed(const Committed&) = delete;
    Committed& operator=(const Committed&) = delete;
    Committed(Committed&&) = default;
    Committed& operator=(Committed&&) = default;
    ~Committed() = default;

    /// Applied::ahead, if it was committed just now; nothing if the row held it before.
    [[nodiscard]] std::optional<Milliseconds> ahead() const { return ahead_; }

private:
    friend class PendingCommit;
    friend Result<class Signature> release(Committed committed, UnreleasedSignature fresh);

    /// Errors: table_refused, if the row that the table answers is not the one proposed.
    [[nodiscard]] static Result<Committed> from(const Proposal& proposal, const Applied& applied);
    /// A refusal whose row holds the same position and digest is a commit, too; for a block it must
    /// come with the stored signature. Errors: the four of the watermark, damaged_row.
    [[nodiscard]] static Result<Committed> from(const Proposal& proposal, const Refused& refused);
    Committed(const Digest& digest, std::optional<UnreleasedSignature> stored,
              std::optional<Milliseconds> ahead = std::nullopt)
        : digest_(digest), stored_(std::move(stored)), ahead_(ahead) {}

    Digest digest_;
    std::optional<UnreleasedSignature> stored_;  // the block's signature that the row already had
    std::optional<Milliseconds> ahead_;
};

/// What may be written to an answer. Only `release` makes one.
class Signature {
public:
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    friend Result<Signature> release(Committed committed, UnreleasedSignature fresh);
    explicit Signature(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

/// The fresh signature, or the one that the block's row already had. Error: internal, if the two
/// are not of one digest.
[[nodiscard]] Result<Signature> release(Committed committed, UnreleasedSignature fresh);

}  // namespace redoubt::tezos
