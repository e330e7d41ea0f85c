// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/backup/age.hpp>
#include <redoubt/operator/ethereum/recovery.hpp>

#include "fields.hpp"
#include "new_keystores.hpp"
#include "new_validators.hpp"
#include "opened_keys.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

using ethereum_adapters::Validator;

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
    auto keystores = begin_keystores({{*recipient}});
    if (!keystores) return operators::failed(keystores.error());
    Json out = Json::array();
    for (std::size_t i = 0; i < keys->size(); ++i) {
        const auto keystore = keystores->writer.write(*opened.secrets[i], key_path);
        if (!keystore) return operators::failed(keystore.error());
        out.push_back({{"public_key", (*keys)[i].text()},
                       {"keystore", parse_json(*keystore).value_or(Json())}});
    }
    return {.members = {{"keys", std::move(out)},
                        {"password", std::move(keystores->password)},
                        {"note",
                         "`delete_keys` tells what these keys signed here: give it to the signer "
                         "that gets them, and let them stay off here"}}};
}

}  // namespace

operators::Command export_keystore(const Context& context) {
    return operators::bound("export_keystore", {"keys", "recipient"}, context, run_export);
}

}  // namespace redoubt::ethereum_operator
