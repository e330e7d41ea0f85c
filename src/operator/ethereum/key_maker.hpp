// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/aws/dynamodb/transaction.hpp>

#include "new_validators.hpp"

/// The writes of `create_keys`. Each of its transactions is whole: keys with their deposits and
/// backups, the batch that lists just those keys, and, with the first, their wrap and its mention
/// in `network`. So whatever cuts a call off, the batch says what there is, and the next call makes
/// the rest.
namespace redoubt::ethereum_operator {

/// What `create_keys` was asked for.
struct Asked {
    std::string batch;
    std::size_t count = 0;
    bool keystores = false;  // as well
    Terms terms;
    std::string fields;  // what has to be the same for a batch to be the same
};

/// A key as it is answered.
struct ShownKey {
    // Nothing: its secret was deleted.
    std::optional<std::string> deposit = {};
    std::optional<sealed::WrapId> wrap = {};
    std::optional<std::string> backup = {};
    std::optional<bool> is_backed_up = {};  // whether there ever was one; nothing: not known
    std::optional<Keystore> keystore = {};  // if it was asked for
};
using ShownKeys = std::map<ethereum::PublicKey, ShownKey>;

/// That the same call again goes on: deadline.
[[nodiscard]] Error out_of_time();

/// What one call makes, some at a time. Context and `asked` outlive it.
class KeyMaker {
public:
    KeyMaker(const Context& context, const Asked& asked) : context_(context), asked_(asked) {}

    /// Random bytes and a wrap for so many, and the password of keystores. Nothing is written yet.
    /// Errors: bad_request, deadline, those of KMS.
    [[nodiscard]] std::optional<Error> prepare(std::size_t missing, SteadyTime deadline);

    /// Makes the next ones, and writes them with all that belongs to them. False: another call has
    /// written meanwhile, so this one has not. Errors: bad_request, wrong_network, deadline, those
    /// of the table.
    [[nodiscard]] Result<bool> add_some(ethereum_adapters::Batch& batch, SteadyTime deadline);

    [[nodiscard]] const ShownKeys& written() const { return written_; }
    /// Null if nothing was written.
    [[nodiscard]] Json wrap() const;

private:
    /// For so many keys.
    [[nodiscard]] ByteView next_random(std::size_t count);
    [[nodiscard]] aws::dynamodb::Transaction transaction(const ethereum_adapters::Batch& before,
                                                         const ethereum_adapters::Batch& after,
                                                         std::size_t count) const;
    [[nodiscard]] Result<bool> judge(const aws::dynamodb::Cancellation& refused) const;
    void conclude(std::size_t count);

    const Context& context_;
    const Asked& asked_;
    GuardedBytes random_;  // of KMS
    std::size_t drawn_ = 0;
    std::optional<sealed_operator::NewWrap> wrap_;
    std::optional<NewKeystores> keystores_;  // if they are asked for
    bool is_wrap_written_ = false;
    std::vector<NewValidator> ready_;  // made, and not written
    ShownKeys written_;
};

}  // namespace redoubt::ethereum_operator
