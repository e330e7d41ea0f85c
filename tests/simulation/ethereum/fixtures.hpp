// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fakes/aws_world.hpp>
#include <fakes/sealing_kms.hpp>
#include <fakes/validator_requests.hpp>
#include <redoubt/access/grant.hpp>
#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/crypto/bls.hpp>
#include <redoubt/ethereum/signing_request.hpp>

#include "oracle.hpp"

namespace redoubt::simulation::ethereum {

/// What a client may want signed.
enum class Kind : std::uint8_t {
    Vote,
    Block,
    Randao,
    SelectionProof,
    SyncMessage,
    Aggregate,
    Registration,
    Exit,
    List  // no message: which keys there are
};

/// One message; equal choices are equal bytes.
struct Choice {
    std::size_t key = 0;
    Kind kind{};
    int source = 0;   // of a vote
    int target = 0;   // an epoch or a slot, as its kind has it
    int content = 0;  // of votes and blocks; of a registration whether payments go elsewhere
    auto operator<=>(const Choice&) const = default;
};

/// How a request comes that has to be refused, whatever it asks for.
enum class Flaw : std::uint8_t {
    None,
    NoToken,
    HalfAToken,
    UnknownToken,
    AnotherSecret,
    AnotherRoot,
    AnotherNetwork,
    UnknownType,
    NoJson,
    UnknownKey
};
inline constexpr std::size_t flaws = 10;

/// A request ready to be sent, and what the oracle hears of it.
struct Prepared {
    http::Request request;
    Question question;
    Choice choice;
};

/// Who may ask: with all keys, with the first three, or with those that bear a tag.
struct Caller {
    std::string token;
    bool is_in_path = false;
    access::KeyScope keys;
    Json item;
};

/// What opens the keys: one KMS key, or any two of three. The first keys are under one wrap, the
/// last one is under another.
struct Sealing {
    explicit Sealing(unsigned kms_keys);

    test::AwsWorld world;
    test::SealingKms kms{world.clock};
    std::vector<aws::KeyArn> wrapping_keys;
    std::vector<sealed::WrapId> ids;
    std::vector<Json> wraps;                               // their items
    std::vector<ethereum_adapters::SealedSecret> secrets;  // in the keys' order
};

/// Keys, callers and messages. Made once and used by all worlds of a thread: arithmetic is slow, so
/// each signature that is compared with is made once.
class Fixtures {
public:
    Fixtures();

    static constexpr std::size_t keys = 4;
    static constexpr const char* table_name = "validators";
    /// Of payments.
    static constexpr const char* recipient = "0x1111111111111111111111111111111111111111";
    /// Epochs, slots: short ones, so that a world sees many.
    static constexpr int slots_per_epoch = 4;
    static constexpr std::int64_t slot_ms = 4'000;
    /// The first epoch that a world sees.
    static constexpr int first_epoch = 1'000;

    [[nodiscard]] const redoubt::ethereum::Network& network() const { return network_; }
    [[nodiscard]] const std::string& key_text(std::size_t key) const { return key_texts_[key]; }
    [[nodiscard]] const std::vector<std::string>& key_texts() const { return key_texts_; }
    [[nodiscard]] const std::vector<Caller>& callers() const { return callers_; }
    /// Of exits alone.
    [[nodiscard]] const Caller& leaver() const { return leaver_; }
    [[nodiscard]] Sealing& sealing(bool is_shared) { return is_shared ? shared_ : alone_; }

    [[nodiscard]] Prepared prepare(const Choice& choice, const Caller& caller,
                                   Flaw flaw = Flaw::None);
    [[nodiscard]] Prepared prepare_list(const Caller& caller) const;
    /// Whether a text is the signature of just that. There is one of each message.
    [[nodiscard]] bool is_signature(const Choice& choice, const std::string& text);
    /// What stands for a root; `base64` as a row has it.
    [[nodiscard]] int number_of_root(const std::string& base64);

private:
    struct Message {
        Json body;
        redoubt::ethereum::Root root{};
        std::string signature = {};  // once it was asked for
    };
    [[nodiscard]] Message& message(const Choice& choice);
    [[nodiscard]] Json body_of(const Choice& choice) const;
    [[nodiscard]] Question question_of(const Choice& choice, const Caller& caller);

    redoubt::ethereum::Network network_;
    test::ValidatorRequests requests_{network_};
    std::vector<crypto::bls::SecretKey> secrets_;
    std::vector<std::string> key_texts_;
    Sealing alone_{1};
    Sealing shared_{3};
    std::vector<Caller> callers_;
    Caller leaver_;
    std::map<Choice, Message> messages_;
    std::map<std::string, int> roots_;  // by base64
};

}  // namespace redoubt::simulation::ethereum
