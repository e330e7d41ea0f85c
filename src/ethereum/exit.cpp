// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/exit.hpp>

#include <algorithm>

#include <redoubt/ethereum/domain.hpp>
#include <redoubt/ethereum/messages.hpp>

#include "fields.hpp"
#include "second_path.hpp"

namespace redoubt::ethereum {
namespace {

/// EIP-7044, found apart from exit_version(): Capella's version, whatever the epoch.
bool is_signed(const SignedExit& exit, const PublicKey& key, const Network& network,
               const ForkVersion& capella) {
    constexpr Byte exit_domain = 0x04;
    using namespace second_path;
    const Root object = hashed(padded(exit.epoch.value()), padded(exit.validator.value()));
    const auto signer = find_signer(key);
    return signer &&
           is_right(claim(*signer, object, {exit_domain, capella, network.genesis_validators_root},
                          exit.signature));
}

}  // namespace

Result<SignedExit> make_exit(const crypto::bls::SecretKey& secret, const Network& network,
                             Epoch epoch, ValidatorIndex validator) {
    SignedExit made{epoch, validator, {}};
    const Root object = hash_tree_root(VoluntaryExit{epoch, validator});
    const Domain domain = compute_domain(DomainType::VoluntaryExit, exit_version(network, epoch),
                                         network.genesis_validators_root);
    const auto signature = secret.sign(signing_root(object, domain), crypto::bls::Domain::Message);
    std::ranges::copy(signature, made.signature.begin());
    PublicKey key;
    std::ranges::copy(secret.public_key().encoded(), key.bytes.begin());
    if (auto mistake = check_exit(to_json(made), key, network)) {
        return std::unexpected(std::move(*mistake));
    }
    return made;
}

Json to_json(const SignedExit& exit) {
    return {{"message",
             {{"epoch", std::to_string(exit.epoch.value())},
              {"validator_index", std::to_string(exit.validator.value())}}},
            {"signature", prefixed_hex(exit.signature)}};
}

std::optional<Error> check_exit(const Json& exit, const PublicKey& key, const Network& network) {
    std::optional<Error> mistake;
    Fields top({exit, "exit"}, mistake);
    top.only({"message", "signature"});
    Fields message = top.object("message");
    message.only({"epoch", "validator_index"});
    const SignedExit read{Epoch(message.number("epoch")),
                          ValidatorIndex(message.number("validator_index")),
                          top.bytes<96>("signature")};
    const auto capella = std::ranges::find(network.forks, ForkName::Capella, &Fork::name);
    if (capella == network.forks.end()) {
        top.refuse("signature", "would not stay valid: " + network.name + " has no Capella yet");
    } else if (!top.failed() && !is_signed(read, key, network, capella->version)) {
        top.refuse("signature", "is not the key's, of this message on " + network.name);
    }
    return mistake;
}

}  // namespace redoubt::ethereum
