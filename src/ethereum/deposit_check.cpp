// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <vector>

#include <redoubt/ethereum/deposit.hpp>

#include "fields.hpp"
#include "second_path.hpp"

namespace redoubt::ethereum {
namespace {

constexpr std::size_t max_file = std::size_t{1} << 20U;
constexpr std::size_t max_entries = 1000;
constexpr std::size_t max_version_text = 32;

/// An entry, its form right.
struct Entry {
    PublicKey key;
    Root credentials{};
    std::uint64_t amount = 0;
    SignatureBytes signature{};
    Root message_root{};
    Root data_root{};
    ForkVersion version{};
    std::string network;
};

Entry read_entry(Fields& fields) {
    fields.only({"pubkey", "withdrawal_credentials", "amount", "signature", "deposit_message_root",
                 "deposit_data_root", "fork_version", "network_name", "deposit_cli_version"});
    const std::size_t size = fields.text("deposit_cli_version").size();
    if (size == 0 || size > max_version_text) {
        fields.refuse("deposit_cli_version", "is not of 1 to 32 characters");
    }
    return {{fields.bare_bytes<48>("pubkey")},
            fields.bare_bytes<32>("withdrawal_credentials"),
            fields.integer("amount", {}),
            fields.bare_bytes<96>("signature"),
            fields.bare_bytes<32>("deposit_message_root"),
            fields.bare_bytes<32>("deposit_data_root"),
            fields.bare_bytes<4>("fork_version"),
            fields.text("network_name")};
}

void check_network(const Entry& entry, const Network& network, Fields& fields) {
    if (entry.version != genesis_version(network)) {
        fields.refuse("fork_version", "is not that of " + network.name +
                                          ": the deposit is for "
                                          "another network");
    }
    if (entry.network != network.name) {
        fields.refuse("network_name", "is not " + network.name + ", which the fork version is of");
    }
}

void check_credentials(const Entry& entry, Fields& fields) {
    constexpr std::string_view name = "withdrawal_credentials";
    const ByteView credentials = entry.credentials;
    const auto is_zero = [](Byte byte) { return byte == 0; };
    if (credentials[0] != 0x01 && credentials[0] != 0x02) {
        fields.refuse(name, "are not of type 01 or 02");
    } else if (!std::ranges::all_of(credentials.subspan(1, 11), is_zero)) {
        fields.refuse(name, "have not eleven zeros behind the type");
    } else if (std::ranges::all_of(credentials.subspan(12), is_zero)) {
        fields.refuse(name, "name the address zero, which is nobody's");
    }
}

/// The deposit contract's way: DepositData is hashed in two halves, of which the first is shared
/// with DepositMessage.
void check_roots(const Entry& entry, Fields& fields) {
    using namespace second_path;
    const Root first = hashed(root_of_key(entry.key), entry.credentials);
    const Root amount = padded(entry.amount);
    if (entry.message_root != hashed(first, hashed(amount, Root{}))) {
        fields.refuse("deposit_message_root", "is not the root of key, credentials and amount");
    }
    const ByteView signature = entry.signature;
    const Root signature_root = hashed(hashed(signature.first(32), signature.subspan(32, 32)),
                                       hashed(signature.subspan(64), Root{}));
    if (entry.data_root != hashed(first, hashed(amount, signature_root))) {
        fields.refuse("deposit_data_root",
                      "is not the root of key, credentials, amount and signature");
    }
}

/// What an entry claims, all else of it being right; or a mistake.
std::optional<second_path::Claim> check_entry(Fields fields, const Network& network) {
    constexpr Byte deposit_domain = 0x03;
    const Entry entry = read_entry(fields);
    if (fields.failed()) return std::nullopt;
    check_network(entry, network, fields);
    const auto signer = second_path::find_signer(entry.key);
    if (!signer) fields.refuse("pubkey", "is not a point of the group");
    check_credentials(entry, fields);
    if (entry.amount < min_deposit.value() || entry.amount > max_deposit.value()) {
        fields.refuse("amount", "is not from 1 to 2048 ETH, in gwei");
    }
    check_roots(entry, fields);
    if (fields.failed()) return std::nullopt;
    return second_path::claim(*signer, entry.message_root, {deposit_domain, entry.version, Root{}},
                              entry.signature);
}

/// Together first; if that fails, one after the other, so that the wrong one is named.
void check_signatures(const std::vector<second_path::Claim>& claims, std::span<Fields> entries) {
    if (claims.size() > 1 && second_path::are_right(claims)) return;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        if (second_path::is_right(claims[i])) continue;
        entries[i].refuse("signature", "is not the key's, of this message on this network");
    }
}

}  // namespace

std::optional<Error> check_deposit(const Json& entry, const Network& network) {
    std::optional<Error> mistake;
    Fields fields({entry, "deposit"}, mistake);
    if (const auto claim = check_entry(fields, network)) check_signatures({*claim}, {&fields, 1});
    return mistake;
}

std::optional<Error> check_deposits(std::span<const Json> deposits, const Network& network) {
    std::optional<Error> mistake;
    std::vector<Fields> entries;
    std::vector<second_path::Claim> claims;
    std::set<Bytes> keys;
    for (const Json& deposit : deposits) {
        const std::string name = "deposit " + std::to_string(entries.size() + 1);
        Fields& entry = entries.emplace_back(json::Place{deposit, name}, mistake);
        auto claim = check_entry(entry, network);
        if (!claim) return mistake;
        if (!keys.insert(claim->signer.encoded()).second) {
            entry.refuse("pubkey", "is in the file twice");
        }
        claims.push_back(std::move(*claim));
    }
    if (!mistake) check_signatures(claims, entries);
    return mistake;
}

std::optional<Error> check_deposit_file(std::string_view text, const Network& network) {
    const auto refuse = [](std::string why) { return Error{Code::BadRequest, std::move(why)}; };
    if (text.size() > max_file) return refuse("the deposit file has more than 1 MB");
    const auto file = parse_json(text);
    if (!file) return refuse("the deposit file is not JSON");
    if (!file->is_array() || file->empty() || file->size() > max_entries) {
        return refuse("the deposit file is not a list of 1 to " + std::to_string(max_entries) +
                      " deposits");
    }
    const auto& entries = file->get_ref<const Json::array_t&>();
    return check_deposits(entries, network);
}

}  // namespace redoubt::ethereum
