// SPDX-License-Identifier: Apache-2.0
#include "opened_keys.hpp"

#include <algorithm>

#include <redoubt/sealed/envelope.hpp>

#include "fields.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

using crypto::bls::SecretKey;
using ethereum_adapters::Validator;

std::vector<sealed::WrapId> wraps_of(const std::vector<Validator>& validators) {
    std::vector<sealed::WrapId> ids;
    for (const Validator& validator : validators) {
        if (validator.sealed && std::ranges::find(ids, validator.sealed->wrap) == ids.end()) {
            ids.push_back(validator.sealed->wrap);
        }
    }
    return ids;
}

Result<SecretKey> open_key(const Validator& validator, const sealed_adapters::OpenWraps& wraps) {
    if (!validator.sealed) {
        return bad_request(validator.key.text() + " was deleted: it has no secret here");
    }
    const sealed::WrapId& id = validator.sealed->wrap;
    const auto& wrap = wraps.at(id.text());
    if (!wrap) return std::unexpected(wrap.error());
    const auto bytes = sealed::unseal(wrap->key, id, ethereum_adapters::ethereum_purpose,
                                      validator.key.bytes, validator.sealed->bytes);
    if (!bytes) return std::unexpected(bytes.error());
    auto secret = SecretKey::parse(bytes->view());
    if (!secret || name_of(secret->public_key()) != validator.key) {
        return fail(Code::DamagedKey, "what is sealed for " + validator.key.text() +
                                          " is the secret of another key: bring it in again from "
                                          "its backup");
    }
    return std::move(*secret);
}

}  // namespace

ethereum::PublicKey name_of(const crypto::PublicKey& key) {
    ethereum::PublicKey out;
    std::ranges::copy(key.encoded(), out.bytes.begin());
    return out;
}

OpenedKeys open_keys(const Context& context, const std::vector<Validator>& validators,
                     SteadyTime deadline) {
    const auto wraps =
        sealed_adapters::open_wraps(tools_of(context).sources, ethereum_adapters::wrap_layout,
                                    wraps_of(validators), {}, deadline);
    OpenedKeys out;
    for (const Validator& validator : validators) {
        out.secrets.push_back(open_key(validator, wraps));
    }
    for (const auto& [id, wrap] : wraps) {
        if (wrap) std::ranges::copy(wrap->wrong, std::back_inserter(out.wrong_shares));
    }
    return out;
}

}  // namespace redoubt::ethereum_operator
