// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/sealed/wrap_table.hpp>

#include <algorithm>

namespace redoubt::sealed_adapters {
namespace {

namespace dynamodb = aws::dynamodb;

ObjectText to_attribute(const sealed::EncryptedShare& share) {
    return ObjectText()
        .add("key", dynamodb::text(share.key))
        .add("x", dynamodb::number(share.x))
        .add("share", dynamodb::binary(share.share));
}

std::optional<sealed::EncryptedShare> parse_share(const Json& attributes) {
    const std::string* key = dynamodb::read_text(attributes, "key");
    const auto x = dynamodb::read_number(attributes, "x");
    auto share = dynamodb::read_binary(attributes, "share");
    if (key == nullptr || !x || *x < 1 || *x > sealed::most_shares || !share) return std::nullopt;
    return sealed::EncryptedShare{*key, static_cast<unsigned>(*x), std::move(*share)};
}

/// None if there is no list of them, or one that cannot be read.
std::vector<sealed::EncryptedShare> parse_shares(const Json& item) {
    std::vector<sealed::EncryptedShare> shares;
    const Json::array_t* list = dynamodb::read_list(item, "shares");
    if (list == nullptr) return shares;
    for (const Json& entry : *list) {
        const Json* attributes = dynamodb::read_map(entry);
        auto share = attributes == nullptr ? std::nullopt : parse_share(*attributes);
        if (!share) return {};
        shares.push_back(std::move(*share));
    }
    return shares;
}

}  // namespace

ObjectText shares_attribute(const std::vector<sealed::EncryptedShare>& shares) {
    std::vector<ObjectText> list;
    for (const sealed::EncryptedShare& share : shares) {
        list.push_back(dynamodb::map(to_attribute(share)));
    }
    return dynamodb::list(list);
}

void add_wrap(ObjectText& item, const sealed::Wrap& wrap) {
    item.add("threshold", dynamodb::number(wrap.threshold))
        .add("shares", shares_attribute(wrap.shares))
        .add("check", dynamodb::binary(wrap.check))
        .add("purpose", dynamodb::text(sealed::name(wrap.purpose)))
        .add("made", dynamodb::number(wrap.made_ms));
}

std::optional<sealed::Wrap> read_wrap(const Json& item, const sealed::WrapId& id) {
    const std::string* purpose_text = dynamodb::read_text(item, "purpose");
    const auto threshold = dynamodb::read_number(item, "threshold");
    const auto check = dynamodb::read_binary(item, "check");
    const auto made = dynamodb::read_number(item, "made");
    if (purpose_text == nullptr || !threshold || !check || !made) return std::nullopt;
    const auto purpose = sealed::parse_purpose(*purpose_text);
    auto shares = parse_shares(item);
    if (!purpose || *threshold < 1 || std::cmp_greater(*threshold, shares.size())) {
        return std::nullopt;
    }
    sealed::Wrap out{id, static_cast<unsigned>(*threshold), std::move(shares), {}, *purpose, *made};
    if (check->size() != out.check.size()) return std::nullopt;
    std::ranges::copy(*check, out.check.begin());
    return out;
}

}  // namespace redoubt::sealed_adapters
