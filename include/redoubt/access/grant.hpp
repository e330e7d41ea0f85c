// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <redoubt/access/rights.hpp>
#include <redoubt/access/token.hpp>
#include <redoubt/base/clock.hpp>
#include <redoubt/base/result.hpp>

/// Who is let in, and to what: a decision on values, with the time as an argument.
namespace redoubt::access {

/// What an operator gave, to a token or to a role.
struct Grant {
    std::set<std::string> ops = {};  // names of Rights, as they were given
    KeyScope keys = {};
    std::optional<std::int64_t> not_after =
        {};  // seconds since 1970, the last one; nothing: no end
    std::string label = {};
    bool operator==(const Grant&) const = default;
};

struct Token {
    TokenId id;
    SecretHash hash{};
    bool is_for_path = false;  // there alone; others in a header alone
    Grant grant = {};
    bool operator==(const Token&) const = default;
};

/// A role of IAM, `arn:<partition>:iam::<account>:role/<name>`, without its path: a session does
/// not know that, and within an account names are unique.
class RoleArn {
public:
    /// Of a role's ARN, with its path or without, or of a session of it (`arn:<partition>:sts::
    /// <account>:assumed-role/<name>/<session>`). Nothing for other ARNs: users, roots, federated
    /// ones.
    [[nodiscard]] static std::optional<RoleArn> parse(std::string_view arn);

    [[nodiscard]] const std::string& text() const { return text_; }
    auto operator<=>(const RoleArn&) const = default;

private:
    explicit RoleArn(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

struct Principal {
    RoleArn role;
    Grant grant = {};
    bool operator==(const Principal&) const = default;
};

/// Somebody who was let in, with what they may do. Only `admit` makes one.
class Caller {
public:
    [[nodiscard]] bool may(Right right) const { return rights_.has(right); }
    /// `key`: `0x` and lower-case hex digits. Nothing: not that key. Else what the table has to
    /// say.
    [[nodiscard]] std::optional<TagCondition> may_use(std::string_view key) const {
        return condition_for(keys_, key);
    }
    /// Which keys they may be told of.
    [[nodiscard]] const KeyScope& keys() const { return keys_; }
    /// `token <id>` or the role's ARN, for the log.
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    friend Result<Caller> admit(const Token* found, const PresentedToken& presented, WallTime now);
    friend Result<Caller> admit(const Principal* found, const RoleArn& role, WallTime now);
    Caller(const Grant& grant, std::string name)
        : rights_(grant.ops), keys_(grant.keys), name_(std::move(name)) {}

    Rights rights_;
    KeyScope keys_;
    std::string name_;
};

/// `found`: what the table has by that id; null if nothing. `token_invalid` if there is none, if
/// the secret is another one (compared in constant time), if it is used elsewhere than it was made
/// for, or if its time is over. The message is the same for all who don't know the secret.
[[nodiscard]] Result<Caller> admit(const Token* found, const PresentedToken& presented,
                                   WallTime now);

/// `not_permitted` if there is none, or its time is over.
[[nodiscard]] Result<Caller> admit(const Principal* found, const RoleArn& role, WallTime now);

}  // namespace redoubt::access
