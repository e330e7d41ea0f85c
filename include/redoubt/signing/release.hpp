// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <redoubt/base/result.hpp>
#include <redoubt/base/secret.hpp>
#include <redoubt/crypto/public_key.hpp>

/// The order "commit, then release" as types, for one chain each: a Signature comes only from
/// `release`, which takes a Committed; a Committed comes only from the chain's own rule.
///
/// `Chain` is a type that has, and needs no object of itself:
///
///     static std::string to_text(crypto::SignatureScheme, const crypto::RawSignature&);
///
/// `Chain` is a friend of the three: its private functions, and whom it befriends, decide what is
/// committed. Types of two chains do not mix. Each chain instantiates the three and `release` once,
/// `extern template` beside its own names for them: so nobody else can put anything in their place.
namespace redoubt::signing {

template <class Chain>
class Committed;
template <class Chain>
class Signature;
template <class Chain>
class UnreleasedSignature;

/// The fresh signature, or the one that was committed before. Error: internal, if the two are not
/// of one digest.
template <class Chain>
[[nodiscard]] Result<Signature<Chain>> release(Committed<Chain> committed,
                                               UnreleasedSignature<Chain> fresh);

/// A signature that was verified but must not leave yet. Wiped when it goes (of the texts around
/// it, such as KMS's answer, copies may remain in the process's memory).
template <class Chain>
class UnreleasedSignature {
public:
    /// Error: bad_signature. The s of an ECDSA signature must be low.
    [[nodiscard]] static Result<UnreleasedSignature> verified(const crypto::PublicKey& key,
                                                              const crypto::Message& message,
                                                              const crypto::RawSignature& raw) {
        if (!key.verify(message, raw, crypto::HighS::Refused)) {
            return fail(Code::BadSignature, "the signature does not verify against the public key");
        }
        return UnreleasedSignature(key.scheme(), message.digest, raw);
    }
    UnreleasedSignature(const UnreleasedSignature&) = delete;
    UnreleasedSignature& operator=(const UnreleasedSignature&) = delete;
    UnreleasedSignature(UnreleasedSignature&& other) noexcept
        : scheme_(other.scheme_), digest_(other.digest_), raw_(other.raw_) {
        other.wipe();
    }
    UnreleasedSignature& operator=(UnreleasedSignature&& other) noexcept {
        if (this != &other) {
            scheme_ = other.scheme_;
            digest_ = other.digest_;
            raw_ = other.raw_;
            other.wipe();
        }
        return *this;
    }
    ~UnreleasedSignature() { wipe(); }

    [[nodiscard]] const crypto::Digest& digest() const { return digest_; }

private:
    // The text goes where the chain keeps it, or out by `release`, and nowhere else.
    friend Chain;
    friend Result<Signature<Chain>> release<Chain>(Committed<Chain>, UnreleasedSignature);
    [[nodiscard]] std::string text() const { return Chain::to_text(scheme_, raw_); }
    UnreleasedSignature(crypto::SignatureScheme scheme, const crypto::Digest& digest,
                        const crypto::RawSignature& raw)
        : scheme_(scheme), digest_(digest), raw_(raw) {}
    void wipe() noexcept { redoubt::wipe({raw_.data(), raw_.size()}); }

    crypto::SignatureScheme scheme_;
    crypto::Digest digest_;
    crypto::RawSignature raw_;
};

/// The table holds this very digest at this position.
template <class Chain>
class Committed {
public:
    Committed(const Committed&) = delete;
    Committed& operator=(const Committed&) = delete;
    Committed(Committed&&) = default;
    Committed& operator=(Committed&&) = default;
    ~Committed() = default;

private:
    friend Chain;
    friend Result<Signature<Chain>> release<Chain>(Committed, UnreleasedSignature<Chain>);
    /// `stored`: what the table had with it already, which is released in the fresh one's place.
    explicit Committed(const crypto::Digest& digest,
                       std::optional<UnreleasedSignature<Chain>> stored = std::nullopt)
        : digest_(digest), stored_(std::move(stored)) {}

    crypto::Digest digest_;
    std::optional<UnreleasedSignature<Chain>> stored_;
};

/// What may be written to an answer. Only `release` makes one.
template <class Chain>
class Signature {
public:
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    friend Result<Signature> release<Chain>(Committed<Chain>, UnreleasedSignature<Chain>);
    explicit Signature(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

template <class Chain>
Result<Signature<Chain>> release(Committed<Chain> committed, UnreleasedSignature<Chain> fresh) {
    if (committed.digest_ != fresh.digest()) {
        return fail(Code::Internal, "commit and signature are of different digests");
    }
    return Signature<Chain>(committed.stored_ ? committed.stored_->text() : fresh.text());
}

}  // namespace redoubt::signing
