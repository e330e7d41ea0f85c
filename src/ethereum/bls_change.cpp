// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/bls_change.hpp>

#include <algorithm>

#include <redoubt/ethereum/domain.hpp>
#include <redoubt/ethereum/messages.hpp>

#include "fields.hpp"
#include "format_version.hpp"
#include "second_path.hpp"

namespace redoubt::ethereum {
namespace {

/// Three fields, padded to four.
bool is_signed(const BlsChange& change, const second_path::Signer& signer, const Network& network) {
    using namespace second_path;
    constexpr Byte change_domain = 0x0a;
    const Root object = hashed(hashed(padded(change.validator.value()), root_of_key(change.from)),
                               hashed(padded(change.to.bytes), Root{}));
    return is_right(
        claim(signer, object,
              {change_domain, network.forks.front().version, network.genesis_validators_root},
              change.signature));
}

void check_metadata(Fields metadata, const Network& network) {
    metadata.only({"network_name", "genesis_validators_root", "deposit_cli_version"});
    static_cast<void>(metadata.text("deposit_cli_version"));
    if (metadata.text("network_name") != network.name) {
        metadata.refuse("network_name", "is not " + network.name);
    }
    if (metadata.bytes<32>("genesis_validators_root") != network.genesis_validators_root) {
        metadata.refuse("genesis_validators_root", "is not that of " + network.name);
    }
}

}  // namespace

Result<BlsChange> make_bls_change(const crypto::bls::SecretKey& withdrawal_key,
                                  const Network& network, ValidatorIndex validator,
                                  const Address& to) {
    BlsChange made{validator, {}, to, {}};
    std::ranges::copy(withdrawal_key.public_key().encoded(), made.from.bytes.begin());
    const Root object = hash_tree_root(BlsToExecutionChange{validator, made.from, to});
    const Domain domain = compute_domain(DomainType::BlsToExecutionChange, genesis_version(network),
                                         network.genesis_validators_root);
    const auto signature =
        withdrawal_key.sign(signing_root(object, domain), crypto::bls::Domain::Message);
    std::ranges::copy(signature, made.signature.begin());
    if (auto mistake = check_bls_change(to_json(made, network), network)) {
        return std::unexpected(std::move(*mistake));
    }
    return made;
}

Json to_json(const BlsChange& change, const Network& network) {
    return {{"message",
             {{"validator_index", std::to_string(change.validator.value())},
              {"from_bls_pubkey", change.from.text()},
              {"to_execution_address", prefixed_hex(change.to.bytes)}}},
            {"signature", prefixed_hex(change.signature)},
            {"metadata",
             {{"network_name", network.name},
              {"genesis_validators_root", prefixed_hex(network.genesis_validators_root)},
              {"deposit_cli_version", format_version}}}};
}

std::optional<Error> check_bls_change(const Json& change, const Network& network) {
    std::optional<Error> mistake;
    Fields top({change, "change"}, mistake);
    top.only({"message", "signature", "metadata"});
    check_metadata(top.object("metadata"), network);
    Fields message = top.object("message");
    message.only({"validator_index", "from_bls_pubkey", "to_execution_address"});
    const BlsChange read{ValidatorIndex(message.number("validator_index")),
                         message.public_key("from_bls_pubkey"),
                         {message.bytes<20>("to_execution_address")},
                         top.bytes<96>("signature")};
    if (top.failed()) return mistake;
    if (read.to == Address{}) message.refuse("to_execution_address", "is zero, which is nobody's");
    const auto signer = second_path::find_signer(read.from);
    if (!signer) message.refuse("from_bls_pubkey", "is not a point of the group");
    if (!top.failed() && !is_signed(read, *signer, network)) {
        top.refuse("signature", "is not the key's, of this message on " + network.name);
    }
    return mistake;
}

}  // namespace redoubt::ethereum
