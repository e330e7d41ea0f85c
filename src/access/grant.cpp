// SPDX-License-Identifier: Apache-2.0
#include <redoubt/access/grant.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

namespace redoubt::access {
namespace {

/// Of a path and a name, as IAM has them.
constexpr std::size_t longest_arn = 700;
constexpr std::size_t longest_name = 64;

bool is_over(const Grant& grant, WallTime now) {
    return grant.not_after && now > WallTime(std::chrono::seconds(*grant.not_after));
}

/// To those who may not have the secret, why is not said; the log knows.
std::unexpected<Error> unknown_token(const TokenId& id, const std::string& why) {
    return std::unexpected(Error{Code::TokenInvalid,
                                 "this token is not known here, or was revoked: `create_token` "
                                 "makes another one",
                                 "token " + id.text() + " " + why});
}

bool is_part_of_name(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("_+=,.@-").contains(c);
}

bool is_role_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_name &&
           std::ranges::all_of(text, is_part_of_name);
}

bool is_partition(std::string_view text) {
    return text == "aws" || text == "aws-cn" || text == "aws-us-gov";
}

bool is_account(std::string_view text) {
    return text.size() == 12 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// `arn:<partition>:<service>:<region>:<account>:<resource>`
std::optional<std::array<std::string_view, 6>> split_arn(std::string_view arn) {
    std::array<std::string_view, 6> parts;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        const std::size_t colon = arn.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        parts.at(i) = arn.substr(0, colon);
        arn.remove_prefix(colon + 1);
    }
    parts.back() = arn;
    return parts;
}

/// `role/<path/><name>`, or `assumed-role/<name>/<session>`; empty if it is neither.
std::string_view role_name_in(std::string_view service, std::string_view resource) {
    constexpr std::string_view role = "role/";
    constexpr std::string_view session = "assumed-role/";
    if (service == "iam" && resource.starts_with(role)) {
        return resource.substr(resource.rfind('/') + 1);
    }
    if (service != "sts" || !resource.starts_with(session)) return {};
    resource.remove_prefix(session.size());
    const std::size_t slash = resource.find('/');
    if (slash == std::string_view::npos || !is_role_name(resource.substr(slash + 1))) return {};
    return resource.substr(0, slash);
}

}  // namespace

std::optional<RoleArn> RoleArn::parse(std::string_view arn) {
    if (arn.size() > longest_arn) return std::nullopt;
    const auto parts = split_arn(arn);
    if (!parts) return std::nullopt;
    const auto& [prefix, partition, service, region, account, resource] = *parts;
    const std::string_view name = role_name_in(service, resource);
    if (prefix != "arn" || !is_partition(partition) || !region.empty() || !is_account(account) ||
        !is_role_name(name)) {
        return std::nullopt;
    }
    return RoleArn("arn:" + std::string(partition) + ":iam::" + std::string(account) + ":role/" +
                   std::string(name));
}

Result<Caller> admit(const Token* found, const PresentedToken& presented, WallTime now) {
    if (found == nullptr || found->id != presented.id) {
        return unknown_token(presented.id, "is not in the table");
    }
    if (!equal_in_constant_time(found->hash, presented.hash)) {
        return unknown_token(presented.id, "came with another secret");
    }
    if (found->is_for_path != (presented.carrier == Carrier::Path)) {
        return fail(Code::TokenInvalid,
                    found->is_for_path ? "this token is for the path, /t/<token>/, alone"
                                       : "this token is not for the path: give it in a header");
    }
    if (is_over(found->grant, now)) {
        return fail(Code::TokenInvalid,
                    "this token's time is over: `create_token` makes another one");
    }
    return Caller(found->grant, "token " + found->id.text());
}

Result<Caller> admit(const Principal* found, const RoleArn& role, WallTime now) {
    if (found == nullptr || found->role != role) {
        return fail(Code::NotPermitted,
                    "this role has no rights here: `create_token` with `principal` gives it some");
    }
    if (is_over(found->grant, now)) {
        return fail(Code::NotPermitted, "the time of this role's rights is over");
    }
    return Caller(found->grant, role.text());
}

}  // namespace redoubt::access
