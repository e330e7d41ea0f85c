// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/ethereum/access_table.hpp>

#include <algorithm>

namespace redoubt::ethereum_adapters {
namespace {

namespace dynamodb = aws::dynamodb;
using access::Grant;

dynamodb::ItemKey named(std::string_view prefix, std::string_view name) {
    return {{"id", std::string(prefix).append(name)}};
}

/// What follows the prefix in an item's `id`; nothing if it has another.
std::optional<std::string_view> name_after(std::string_view prefix, const Json& item) {
    const std::string* id = dynamodb::read_text(item, "id");
    if (id == nullptr || !id->starts_with(prefix)) return std::nullopt;
    return std::string_view(*id).substr(prefix.size());
}

void add_keys(ObjectText& out, const access::KeyScope& scope) {
    if (const auto* these = std::get_if<access::TheseKeys>(&scope)) {
        out.add("keys", dynamodb::text_set(these->keys));
    } else if (const auto* tagged = std::get_if<access::TaggedKeys>(&scope)) {
        out.add("tags", dynamodb::text_set(tagged->tags));
    } else {
        out.add("all", dynamodb::flag(true));
    }
}

void add_grant(ObjectText& out, const Grant& grant) {
    out.add("ops", dynamodb::text_set(grant.ops));
    add_keys(out, grant.keys);
    if (grant.not_after) out.add("not_after", dynamodb::number(*grant.not_after));
    if (!grant.label.empty()) out.add("label", dynamodb::text(grant.label));
}

/// DynamoDB has no empty set; one from elsewhere gives no right.
std::optional<std::set<std::string>> read_names(const Json& item, std::string_view name) {
    auto names = dynamodb::read_text_set(item, name);
    if (!names || names->empty()) return std::nullopt;
    return names;
}

/// What contradicts itself gives nothing: whichever of two were taken, it could be the wider one.
std::optional<access::KeyScope> read_keys(const Json& item) {
    const auto is_there = [&item](std::string_view name) { return item.contains(name); };
    if (is_there("keys") + is_there("tags") + is_there("all") != 1) return std::nullopt;
    if (auto keys = read_names(item, "keys")) return access::TheseKeys{std::move(*keys)};
    if (auto tags = read_names(item, "tags")) return access::TaggedKeys{std::move(*tags)};
    if (dynamodb::read_flag(item, "all") == true) return access::AllKeys{};
    return std::nullopt;
}

/// Reads what may be absent: false if it is there and not as it should be.
bool read_end(const Json& item, Grant& grant) {
    if (!item.contains("not_after")) return true;
    grant.not_after = dynamodb::read_number(item, "not_after");
    return grant.not_after.has_value();
}

bool read_label(const Json& item, Grant& grant) {
    if (!item.contains("label")) return true;
    const std::string* label = dynamodb::read_text(item, "label");
    if (label != nullptr) grant.label = *label;
    return label != nullptr;
}

std::optional<Grant> read_grant(const Json& item) {
    auto ops = read_names(item, "ops");
    auto keys = read_keys(item);
    if (!ops || !keys) return std::nullopt;
    Grant grant{.ops = std::move(*ops), .keys = std::move(*keys)};
    if (!read_end(item, grant) || !read_label(item, grant)) return std::nullopt;
    return grant;
}

}  // namespace

dynamodb::ItemKey token_key(const access::TokenId& id) { return named(token_prefix, id.text()); }

dynamodb::ItemKey principal_key(const access::RoleArn& role) {
    return named(principal_prefix, role.text());
}

ObjectText to_item(const access::Token& token) {
    ObjectText out = dynamodb::to_attributes(token_key(token.id));
    out.add("hash", dynamodb::binary(token.hash));
    if (token.is_for_path) out.add("path", dynamodb::flag(true));
    add_grant(out, token.grant);
    return out;
}

ObjectText to_item(const access::Principal& principal) {
    ObjectText out = dynamodb::to_attributes(principal_key(principal.role));
    add_grant(out, principal.grant);
    return out;
}

std::optional<access::Token> parse_token_item(const Json& item) {
    const auto name = name_after(token_prefix, item);
    const auto id = name ? access::TokenId::parse(*name) : std::nullopt;
    const auto hash = dynamodb::read_binary(item, "hash");
    const auto is_for_path =
        item.contains("path") ? dynamodb::read_flag(item, "path") : std::optional(false);
    auto grant = read_grant(item);
    if (!id || !hash || hash->size() != access::SecretHash{}.size() || !is_for_path || !grant) {
        return std::nullopt;
    }
    access::Token token{*id, {}, *is_for_path, std::move(*grant)};
    std::ranges::copy(*hash, token.hash.begin());
    return token;
}

std::optional<access::Principal> parse_principal_item(const Json& item) {
    const auto name = name_after(principal_prefix, item);
    const auto role = name ? access::RoleArn::parse(*name) : std::nullopt;
    auto grant = read_grant(item);
    if (!role || role->text() != *name || !grant) return std::nullopt;
    return access::Principal{*role, std::move(*grant)};
}

}  // namespace redoubt::ethereum_adapters
