// SPDX-License-Identifier: Apache-2.0
#include "grants.hpp"

#include <algorithm>
#include <chrono>

#include "fields.hpp"

namespace redoubt::ethereum_operator {
namespace {

using access::Grant;
using access::Rights;

/// Exits are for ever, so who may ask for them may not for long.
constexpr std::chrono::seconds longest_exit = std::chrono::hours(24);
/// A year that no token outlives: 9999.
constexpr std::uint64_t last_second = 253'402'300'799;
constexpr std::size_t longest_label = 64;

std::string all_names() {
    std::string out;
    for (const std::string_view name : Rights::names()) {
        out.append(out.empty() ? "" : ", ").append(name);
    }
    return out;
}

Result<std::set<std::string>> read_ops(const Json& fields) {
    const Json* list = member(fields, "ops");
    std::set<std::string> ops;
    if (list == nullptr || !list->is_array() || list->empty()) {
        return bad_request("`ops` must be a list of rights, of these: " + all_names());
    }
    for (const Json& entry : *list) {
        const auto* name = entry.get_ptr<const std::string*>();
        if (name == nullptr || !Rights::is_name(*name) || !ops.insert(*name).second) {
            return bad_request("`ops`: " + dump(entry) +
                               " is not a right, or is there twice. The rights are " + all_names());
        }
    }
    return ops;
}

Result<access::KeyScope> read_scope(const Json& fields) {
    const int given =
        int{fields.contains("keys")} + int{fields.contains("tags")} + int{fields.contains("all")};
    if (given != 1) {
        return bad_request(
            "which keys? One of `keys`, `tags` and `all` has to be there, and no "
            "other");
    }
    if (fields.contains("keys")) {
        const auto keys = read_keys(fields);
        if (!keys) return std::unexpected(keys.error());
        access::TheseKeys scope;
        for (const ethereum::PublicKey& key : *keys) scope.keys.insert(key.text());
        return scope;
    }
    if (fields.contains("tags")) {
        auto tags = read_tags(fields);
        if (!tags) return std::unexpected(tags.error());
        if (tags->empty()) return bad_request("`tags` is empty, so this would be for no key");
        return access::TaggedKeys{std::move(*tags)};
    }
    if (*member(fields, "all") != true) return bad_request("`all` must be true, or left out");
    return access::AllKeys{};
}

/// Nothing, or the last second.
Result<std::optional<std::int64_t>> read_end(const Json& fields, WallTime now) {
    if (!fields.contains("not_after")) return std::nullopt;
    const auto end = read_number(fields, "not_after", 0, last_second);
    if (!end) return std::unexpected(end.error());
    if (WallTime(std::chrono::seconds(*end)) < now) {
        return bad_request("`not_after` is past");
    }
    return static_cast<std::int64_t>(*end);
}

std::optional<Error> refuse_long_exits(const Grant& grant, WallTime now) {
    if (!Rights(grant.ops).has(access::Right::VoluntaryExit)) return std::nullopt;
    if (grant.not_after &&
        std::chrono::seconds(*grant.not_after) <=
            std::chrono::ceil<std::chrono::seconds>(now.time_since_epoch()) + longest_exit) {
        return std::nullopt;
    }
    return Error{Code::BadRequest,
                 "who may ask for exits may for 24 hours at most: give `not_after`, and none that "
                 "is later",
                 {}};
}

bool is_label(std::string_view text) {
    const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
    return !text.empty() && text.size() <= longest_label && std::ranges::all_of(text, is_printable);
}

Result<std::string> read_label(const Json& fields) {
    if (!fields.contains("label")) return std::string();
    const std::string* label = string_member(fields, "label");
    if (label == nullptr || !is_label(*label)) {
        return bad_request("`label` must be 1 to 64 printable ASCII characters");
    }
    return *label;
}

}  // namespace

Result<Grant> read_grant(const Json& fields, WallTime now) {
    auto ops = read_ops(fields);
    if (!ops) return std::unexpected(ops.error());
    auto scope = read_scope(fields);
    if (!scope) return std::unexpected(scope.error());
    const auto end = read_end(fields, now);
    if (!end) return std::unexpected(end.error());
    auto label = read_label(fields);
    if (!label) return std::unexpected(label.error());
    Grant grant{std::move(*ops), std::move(*scope), *end, std::move(*label)};
    if (auto error = refuse_long_exits(grant, now)) return std::unexpected(std::move(*error));
    return grant;
}

Result<access::RoleArn> read_principal(const Json& fields) {
    const std::string* text = string_member(fields, "principal");
    const auto role = text == nullptr ? std::nullopt : access::RoleArn::parse(*text);
    if (!role) {
        return bad_request(
            "`principal` must be the ARN of a role, as "
            "arn:aws:iam::111122223333:role/validators");
    }
    return *role;
}

Json members_of(const Grant& grant, WallTime now) {
    const bool is_over = grant.not_after && WallTime(std::chrono::seconds(*grant.not_after)) < now;
    Json out = {{"ops", grant.ops},
                {"not_after", grant.not_after ? Json(*grant.not_after) : Json()},
                {"expired", is_over},
                {"label", grant.label}};
    if (const auto* these = std::get_if<access::TheseKeys>(&grant.keys)) {
        out["keys"] = these->keys;
    } else if (const auto* tagged = std::get_if<access::TaggedKeys>(&grant.keys)) {
        out["tags"] = tagged->tags;
    } else {
        out["all"] = true;
    }
    return out;
}

}  // namespace redoubt::ethereum_operator
