// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <redoubt/aws/service.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/http/exchange.hpp>
#include <redoubt/tezos/keys.hpp>
#include <redoubt/tezos/watermark.hpp>

namespace redoubt::adapters {

/// What an operator may ask: `{"redoubt":{"command":"..."}}`. Watermarks can only be raised.
class OperatorCommands {
public:
    struct Settings {
        std::string version;
        std::string table;
        std::vector<std::string> key_arns;  // in the order of `consensus_keys`
        tezos::Keys consensus_keys;
        tezos::Keys authorized_keys;
    };

    OperatorCommands(Settings settings, aws::Service& dynamodb, http::ExchangeRunner& runner);

    /// `{"redoubt":{"ok":...}}`, and the error if it is not.
    struct Answered {
        Json answer;
        std::optional<Error> error;
    };
    [[nodiscard]] Answered answer(const Json& event, SteadyTime deadline) const;

private:
    [[nodiscard]] Answered status(const Json& command, SteadyTime deadline) const;
    [[nodiscard]] Answered arm(const Json& command, SteadyTime deadline) const;
    [[nodiscard]] Answered raise(const Json& command, SteadyTime deadline) const;

    Settings settings_;
    aws::Service& dynamodb_;
    http::ExchangeRunner& runner_;
};

/// `{"redoubt":{"ok":true, ...}}`
[[nodiscard]] Json operator_answer(Json fields);
/// `{"redoubt":{"ok":false,"error":{"id","msg"}}}`
[[nodiscard]] Json operator_error(const Error& error);

}  // namespace redoubt::adapters
