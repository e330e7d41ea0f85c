// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <redoubt/operator/tezos/commands.hpp>
#include <redoubt/operator/tezos/sealed_contents.hpp>
#include <redoubt/tezos/watermark.hpp>

#include "questions.hpp"
#include "report.hpp"

namespace redoubt::tezos_operator::doctor {

/// A key of KMS_KEY_ID. Asked for first, judged afterwards.
class KeyCheck {
public:
    KeyCheck(const Context& context, std::size_t position, Questions& questions);
    void judge(const Questions& questions, Report& report) const;

private:
    [[nodiscard]] bool judge_description(const Json& key, Report& report) const;
    void judge_public_key(const aws::Reply& reply, Report& report) const;
    void judge_policy(std::string_view policy, Report& report) const;

    const std::string& arn_;
    const tezos::KeyInfo& key_;
    std::size_t description_;
    std::size_t public_key_;
    std::size_t policy_;
    std::size_t grants_;
};

/// A key of WRAPPING_KEYS, in its own Region. Asked for first, judged afterwards.
class WrappingKeyCheck {
public:
    WrappingKeyCheck(const Context& context, const aws::KeyArn& arn, Questions& questions);
    void judge(const Questions& questions, Report& report) const;

private:
    void judge_description(const Json& key, Report& report) const;
    void judge_policy(std::string_view policy, Report& report) const;

    const std::string& arn_;
    std::size_t description_;
    std::size_t policy_;
    std::size_t grants_;
};

/// The table of watermarks. Its policy is known by an ARN that the first answer has.
class TableCheck {
public:
    TableCheck(const Context& context, Questions& questions);
    /// Whether there is a table. What is asked for next is added to the questions.
    [[nodiscard]] bool judge(Questions& questions, Report& report);
    void judge_policy(const Questions& questions, Report& report) const;

private:
    void judge_description(const Json& table, Report& report) const;

    const Context& context_;
    std::size_t description_;
    std::size_t backups_;
    std::size_t expiry_;
    std::optional<std::size_t> policy_;
    std::string arn_;
};

/// The head of a chain, by a node.
struct Head {
    tezos::ChainId chain;
    tezos::Level level;
};

/// What rows are held against.
struct Present {
    WallTime now;
    tezos::Level unlikely;  // no chain is known to be above
    std::optional<Head> head;
};

/// The items of a key.
void check_rows(const tezos::KeyInfo& key, const std::vector<Json>& items, const Present& present,
                Report& report);

/// What the table holds of sealed keys and their wraps.
void check_sealed(const Context& context, const SealedContents& contents, Report& report);

/// AUTHORIZED_KEYS.
void check_authorized(const Context& context, Report& report);

/// The clock, and what else the function's variables say.
void check_surroundings(const Context& context, Report& report);

}  // namespace redoubt::tezos_operator::doctor
