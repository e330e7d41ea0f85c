// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/sealed_table.hpp>

#include <algorithm>
#include <string_view>

namespace redoubt::tezos_adapters {
namespace {

namespace dynamodb = aws::dynamodb;

ObjectText begin_item(const dynamodb::ItemKey& key) {
    ObjectText item;
    for (const auto& [name, value] : key) item.add(name, dynamodb::text(value));
    return item;
}

bool has_key(const Json& item, const dynamodb::ItemKey& key) {
    return std::ranges::all_of(key, [&item](const auto& attribute) {
        const std::string* value = dynamodb::read_text(item, attribute.first);
        return value != nullptr && *value == attribute.second;
    });
}

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

dynamodb::ItemKey sealed_item_key(const tezos::KeyHash& key) {
    return {{"pkh", tezos::to_text(key)}, {"scope", "sealed"}};
}

dynamodb::ItemKey wrap_item_key(const sealed::WrapId& id) {
    return {{"pkh", "wrap/" + id.text()}, {"scope", "wrap"}};
}

ObjectText shares_attribute(const std::vector<sealed::EncryptedShare>& shares) {
    std::vector<ObjectText> list;
    for (const sealed::EncryptedShare& share : shares) {
        list.push_back(dynamodb::map(to_attribute(share)));
    }
    return dynamodb::list(list);
}

ObjectText to_item(const SealedItem& item) {
    ObjectText out = begin_item(sealed_item_key(tezos::hash_of(item.public_key)));
    out.add("public_key", dynamodb::text(tezos::to_text(item.public_key)))
        .add("sealed", dynamodb::binary(item.sealed))
        .add("wrap", dynamodb::text(item.wrap.text()))
        .add("made", dynamodb::number(item.made_ms));
    if (item.backup) out.add("backup", dynamodb::text(*item.backup));
    if (item.proof) out.add("proof", dynamodb::text(*item.proof));
    return out;
}

ObjectText to_item(const sealed::Wrap& wrap) {
    ObjectText out = begin_item(wrap_item_key(wrap.id));
    out.add("id", dynamodb::text(wrap.id.text()))
        .add("threshold", dynamodb::number(wrap.threshold))
        .add("shares", shares_attribute(wrap.shares))
        .add("check", dynamodb::binary(wrap.check))
        .add("purpose", dynamodb::text(sealed::name(wrap.purpose)))
        .add("made", dynamodb::number(wrap.made_ms));
    return out;
}

std::optional<SealedItem> parse_sealed_item(const Json& item) {
    const std::string* key_text = dynamodb::read_text(item, "public_key");
    const std::string* wrap_text = dynamodb::read_text(item, "wrap");
    auto bytes = dynamodb::read_binary(item, "sealed");
    const auto made = dynamodb::read_number(item, "made");
    if (key_text == nullptr || wrap_text == nullptr || !bytes || !made) return std::nullopt;
    auto key = tezos::parse_public_key(*key_text);
    const auto wrap = sealed::WrapId::parse(*wrap_text);
    if (!key || !wrap || !is_item_of(item, tezos::hash_of(*key))) return std::nullopt;
    SealedItem out{std::move(*key), std::move(*bytes), *wrap, *made, std::nullopt, std::nullopt};
    for (const auto& [name, to] :
         {std::pair("backup", &out.backup), std::pair("proof", &out.proof)}) {
        if (!item.contains(name)) continue;
        const std::string* text = dynamodb::read_text(item, name);
        if (text == nullptr) return std::nullopt;
        *to = *text;
    }
    return out;
}

std::optional<sealed::Wrap> parse_wrap_item(const Json& item) {
    const std::string* id_text = dynamodb::read_text(item, "id");
    const std::string* purpose_text = dynamodb::read_text(item, "purpose");
    const auto threshold = dynamodb::read_number(item, "threshold");
    const auto check = dynamodb::read_binary(item, "check");
    const auto made = dynamodb::read_number(item, "made");
    if (id_text == nullptr || purpose_text == nullptr || !threshold || !check || !made) {
        return std::nullopt;
    }
    const auto id = sealed::WrapId::parse(*id_text);
    const auto purpose = sealed::parse_purpose(*purpose_text);
    auto shares = parse_shares(item);
    if (!id || !purpose || !is_item_of(item, *id) || *threshold < 1 ||
        std::cmp_greater(*threshold, shares.size())) {
        return std::nullopt;
    }
    sealed::Wrap out{*id,  static_cast<unsigned>(*threshold), std::move(shares), {}, *purpose,
                     *made};
    if (check->size() != out.check.size()) return std::nullopt;
    std::ranges::copy(*check, out.check.begin());
    return out;
}

bool is_item_of(const Json& item, const tezos::KeyHash& key) {
    return has_key(item, sealed_item_key(key));
}

bool is_item_of(const Json& item, const sealed::WrapId& id) {
    return has_key(item, wrap_item_key(id));
}

}  // namespace redoubt::tezos_adapters
