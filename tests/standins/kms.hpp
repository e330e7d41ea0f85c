// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <redoubt/base/json.hpp>

#include "faults.hpp"
#include "signing_key.hpp"
#include "symmetric_key.hpp"

namespace redoubt::standins {

/// The parts of KMS that sign, for the three schemes that Tezos shares with it, and that encrypt:
/// CreateKey, DescribeKey, GetPublicKey, Sign, Encrypt, Decrypt, GenerateRandom, DisableKey,
/// EnableKey, PutKeyPolicy, GetKeyPolicy and ListGrants (there are none). In all Regions at once: a
/// call finds the keys of that one which it is signed for.
class Kms {
public:
    /// Where a key is.
    struct Place {
        std::string region = "us-east-1";
        std::string account = "000000000000";
    };
    using Material = std::variant<SigningKey, SymmetricKey>;
    struct Key {
        std::string arn;
        Place place;
        Material material;
        std::atomic<bool> enabled = true;
        std::string policy = {};  // by the mutex

        [[nodiscard]] bool is_symmetric() const {
            return std::holds_alternative<SymmetricKey>(material);
        }
        [[nodiscard]] const SigningKey& signer() const { return std::get<SigningKey>(material); }
        /// Throws AwsException, which names the operation, if the key signs.
        [[nodiscard]] const SymmetricKey& sealer(std::string_view operation) const;
    };

    /// Throws AwsException. `faults` spoil the answers that hold signatures, ciphertexts or
    /// plaintexts. `region`: that which the call is signed for. From any thread.
    [[nodiscard]] Json operate(std::string_view operation, const Json& call,
                               const std::vector<Fault>& faults,
                               const std::string& region = "us-east-1");

    /// Makes a key and keeps it; its ARN. For those who look behind the service.
    std::string create(crypto::SignatureScheme scheme);
    std::string create_symmetric(const Place& place);
    [[nodiscard]] std::shared_ptr<const Key> key(std::string_view arn) const;

private:
    std::string keep(const std::string& id, const Place& place,
                     const std::function<Material(const std::string& id)>& make);
    Json create_key(const Json& call, const Place& place);
    Json sign(const Json& call, const Place& place, const std::vector<Fault>& faults) const;
    Json encrypt(const Json& call, const Place& place, const std::vector<Fault>& faults) const;
    Json decrypt(const Json& call, const Place& place, const std::vector<Fault>& faults) const;
    static Json generate_random(const Json& call, const std::vector<Fault>& faults);
    Json get_public_key(const Json& call, const Place& place,
                        const std::vector<Fault>& faults) const;
    Json set_enabled(const Json& call, const Place& place, bool enabled);
    Json put_policy(const Json& call, const Place& place);
    Json get_policy(const Json& call, const Place& place) const;
    [[nodiscard]] std::shared_ptr<Key> key_named(std::string_view id) const;
    /// By an ARN of that Region, or by the bare id of a key there.
    [[nodiscard]] std::shared_ptr<Key> key_of(const Json& call, const Place& place) const;
    /// The same, if it is enabled.
    [[nodiscard]] std::shared_ptr<Key> usable_key(const Json& call, const Place& place,
                                                  const std::vector<Fault>& faults) const;
    [[nodiscard]] static std::string answered_arn(const Key& key, const std::vector<Fault>& faults);

    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Key>, std::less<>> keys_;  // by id
};

}  // namespace redoubt::standins
