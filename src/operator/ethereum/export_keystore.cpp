// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/backup/age.hpp>
#include <redoubt/base/random.hpp>
#include <redoubt/ethereum/keystore.hpp>
#include <redoubt/operator/ethereum/recovery.hpp>

#include "fields.hpp"
#include "new_validators.hpp"
#include "opened_keys.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

using ethereum_adapters::Validator;

/// 26 letters a digit: 32 of them are 150 bits.
GuardedBytes make_password() {
    GuardedBytes password(32);
    for (Byte& letter : password.bytes()) {
        do {
            fill_with_random({&letter, 1});
        } while (letter >= 234);  // 9 times 26: so that none is more likely
        letter = static_cast<Byte>('a' + letter % 26);
    }
    return password;
}

/// All off, so that the chain never sees two signers of one.
std::optional<Error> demand_off(const std::vector<Validator>& validators) {
    const auto on = std::ranges::find_if(validators, &Validator::is_on);
    if (on == validators.end()) return std::nullopt;
    return Error{Code::BadRequest,
                 on->key.text() +
                     " is on: a key that signs in two places is slashed. Switch it off by "
                     "`set_keys` first, and give its interchange to whoever gets it",
                 {}};
}

operators::CommandResult run_export(const Context& context, const Json& fields,
                                    SteadyTime deadline) {
    const std::string* text = string_member(fields, "recipient");
    const auto recipient = text == nullptr ? std::nullopt : backup::Recipient::parse(*text);
    if (!recipient) {
        return operators::failed(
            bad_request("`recipient` must be who may open the passwords, an age recipient "
                        "(age1..., as `age-keygen -y` prints it)")
                .error());
    }
    const auto keys = read_keys(fields);
    if (!keys) return operators::failed(keys.error());
    const auto validators = read_validators(context, *keys, Tables::Ours, deadline);
    if (!validators) return operators::failed(validators.error());
    if (auto error = demand_off(*validators)) return operators::failed(std::move(*error));
    const OpenedKeys opened = open_keys(context, *validators, deadline);
    for (const auto& secret : opened.secrets) {
        if (!secret) return operators::failed(secret.error());
    }
    // What is slow, once for all of them.
    const GuardedBytes password = make_password();
    const auto writer =
        ethereum::KeystoreWriter::begin(text_of(password.view()), ethereum::KeystoreKdf::Scrypt);
    if (!writer) return operators::failed(writer.error());
    Json out = Json::array();
    for (std::size_t i = 0; i < keys->size(); ++i) {
        const auto keystore = writer->write(*opened.secrets[i], key_path);
        if (!keystore) return operators::failed(keystore.error());
        out.push_back({{"public_key", (*keys)[i].text()},
                       {"keystore", parse_json(*keystore).value_or(Json())}});
    }
    auto encrypted = backup::encrypt(password.view(), {{*recipient}});
    if (!encrypted) return operators::failed(encrypted.error());
    return {.members = {{"keys", std::move(out)},
                        {"password", std::move(*encrypted)},
                        {"note",
                         "`delete_keys` tells what these keys signed here: give it to the signer "
                         "that gets them, and let them stay off here"}}};
}

}  // namespace

operators::Command export_keystore(const Context& context) {
    return {"export_keystore",
            {"keys", "recipient"},
            [&context](const Json& fields, SteadyTime deadline) {
                return run_export(context, fields, deadline);
            }};
}

}  // namespace redoubt::ethereum_operator
