// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include <redoubt/adapters/ethereum/access_table.hpp>
#include <redoubt/aws/service.hpp>
#include <redoubt/base/clock.hpp>
#include <redoubt/io/exchange.hpp>

namespace redoubt::ethereum_adapters {

/// Who is let in, by what the table says. An item is read once a minute, eventually consistent (so
/// a thousand cold starts do not have to be told by one replica); that there is none is remembered
/// as long, expiry is judged each time. So what is revoked ends within a minute, and the second or
/// so that replicas take. What could not be read is not remembered.
class Callers {
public:
    static constexpr Milliseconds lasts{60'000};
    /// Each way in. Who has rights is pushed out by others who have, and by no stranger; whoever is
    /// not remembered costs a read each time.
    static constexpr std::size_t most_remembered = 1000;

    /// All outlive it.
    Callers(aws::Service& dynamodb, io::ExchangeRunner& runner, const std::string& table)
        : dynamodb_(dynamodb), runner_(runner), table_(table) {}

    /// Errors: token_invalid; damaged_row; those of the table.
    [[nodiscard]] Result<access::Caller> admit(const access::PresentedToken& presented,
                                               SteadyTime deadline);
    /// Errors: not_permitted; damaged_row; those of the table.
    [[nodiscard]] Result<access::Caller> admit(const access::RoleArn& role, SteadyTime deadline);

private:
    template <class Value>
    struct Remembered {
        std::optional<Value> value;  // nothing: the table has none
        Moment read_at;
    };
    /// By id.
    template <class Value>
    using Cache = std::map<std::string, Remembered<Value>, std::less<>>;

    template <class Value, class Parse>
    [[nodiscard]] Result<const Value*> find(Cache<Value>& cache, const aws::dynamodb::ItemKey& key,
                                            const Parse& parse, SteadyTime deadline);
    [[nodiscard]] Result<Json> read(const aws::dynamodb::ItemKey& key, SteadyTime deadline);

    aws::Service& dynamodb_;
    io::ExchangeRunner& runner_;
    const std::string& table_;
    Cache<access::Token> tokens_;
    Cache<access::Principal> principals_;
};

}  // namespace redoubt::ethereum_adapters
