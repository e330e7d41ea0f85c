// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fakes/sealed_world.hpp>
#include <fakes/secret_key.hpp>
#include <redoubt/aws/endpoint.hpp>
#include <redoubt/http/message.hpp>
#include <redoubt/tezos/remote_signer_api.hpp>

#include "oracle.hpp"

namespace redoubt::simulation::tezos {

/// What a baker may send for one key and chain.
enum class Kind { Block, Preattestation, Attestation, AttestationWithDal };
inline constexpr std::array kinds = {Kind::Block, Kind::Preattestation, Kind::Attestation,
                                     Kind::AttestationWithDal};

/// One request's content; equal choices are equal bytes.
struct Choice {
    std::size_t key = 0;
    std::size_t chain = 0;
    Kind kind{};
    std::uint32_t level = 0;
    std::uint32_t round = 0;
    int content = 0;
    auto operator<=>(const Choice&) const = default;
};

/// A request ready to be sent, and what the oracle hears of it.
struct Prepared {
    http::Request request;
    std::optional<redoubt::tezos::Authenticated> authenticated;  // unless it must be refused
    Question question;
};

/// A tz4 key and its companion, sealed by these KMS keys under one wrap.
using Sealing = test::SealedWorld;

/// Keys, what is signed with them, and how. Made once and used by all worlds of a thread: real
/// signatures are slow, so those of KMS are made when first asked for, a few for each digest.
class Fixtures {
public:
    Fixtures();

    [[nodiscard]] const redoubt::tezos::ApiSettings& settings() const { return settings_; }
    [[nodiscard]] const std::map<redoubt::tezos::KeyHash, aws::KeyArn>& arns() const {
        return arns_;
    }
    [[nodiscard]] const std::vector<std::string>& arn_texts() const { return arn_texts_; }
    [[nodiscard]] std::size_t keys() const { return secrets_.size(); }
    /// The tz4 key, which is followed by its companion; before them are those of KMS.
    [[nodiscard]] std::size_t sealed_key() const { return arns_.size(); }
    /// By one KMS key, or by any two of three.
    [[nodiscard]] Sealing& sealing(bool is_shared) { return is_shared ? shared_ : alone_; }

    [[nodiscard]] const Prepared& prepare(const Choice& choice);
    /// Of the kinds that must be refused before anything is called; any number will do.
    [[nodiscard]] const Prepared& illegitimate(std::size_t number);

    /// `<address> <chain id>/<kind>`, as the oracle names a row.
    [[nodiscard]] std::string scope_name(std::size_t key, std::size_t chain, Kind kind) const;
    [[nodiscard]] static std::string chain_text(std::size_t chain);

    /// As KMS answers; each of the few variants is another valid signature over the digest.
    [[nodiscard]] const Bytes& sign(std::size_t key, const redoubt::tezos::Digest& digest,
                                    unsigned variant);
    /// Whether a text is the signature of what was prepared.
    [[nodiscard]] bool verifies(const Choice& choice, const std::string& signature);

    static constexpr unsigned variants = 3;
    static constexpr std::size_t chains = 2;

private:
    struct Signed {
        std::array<Bytes, variants> as_kms;
    };
    void make_illegitimate();
    [[nodiscard]] Bytes payload_of(const Choice& choice) const;

    std::vector<test::SecretKey> secrets_;
    Sealing alone_{1};
    Sealing shared_{3};
    test::SecretKey baker_;
    redoubt::tezos::ApiSettings settings_;
    std::map<redoubt::tezos::KeyHash, aws::KeyArn> arns_;
    std::vector<std::string> arn_texts_;
    std::map<Choice, Prepared> prepared_;
    std::vector<Prepared> illegitimate_;
    std::map<std::pair<std::size_t, redoubt::tezos::Digest>, Signed> signed_;
    std::map<std::pair<std::size_t, std::string>, redoubt::tezos::Digest> verified_;
};

}  // namespace redoubt::simulation::tezos
