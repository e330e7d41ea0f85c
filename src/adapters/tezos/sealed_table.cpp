// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/sealed_table.hpp>

#include <string_view>
#include <utility>

namespace redoubt::tezos_adapters {

namespace dynamodb = aws::dynamodb;

dynamodb::ItemKey sealed_item_key(const tezos::KeyHash& key) {
    return {{"pkh", tezos::to_text(key)}, {"scope", "sealed"}};
}

dynamodb::ItemKey wrap_item_key(const sealed::WrapId& id) {
    return {{"pkh", "wrap/" + id.text()}, {"scope", "wrap"}};
}

ObjectText to_item(const SealedItem& item) {
    ObjectText out = dynamodb::to_attributes(sealed_item_key(tezos::hash_of(item.public_key)));
    out.add("public_key", dynamodb::text(tezos::to_text(item.public_key)))
        .add("sealed", dynamodb::binary(item.sealed))
        .add("wrap", dynamodb::text(item.wrap.text()))
        .add("made", dynamodb::number(item.made_ms));
    if (item.backup) out.add("backup", dynamodb::text(*item.backup));
    if (item.proof) out.add("proof", dynamodb::text(*item.proof));
    return out;
}

ObjectText to_item(const sealed::Wrap& wrap) {
    ObjectText out = dynamodb::to_attributes(wrap_item_key(wrap.id));
    out.add("id", dynamodb::text(wrap.id.text()));
    sealed_adapters::add_wrap(out, wrap);
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
    const std::string* text = dynamodb::read_text(item, "id");
    const auto id = text == nullptr ? std::nullopt : sealed::WrapId::parse(*text);
    if (!id || !is_item_of(item, *id)) return std::nullopt;
    return sealed_adapters::read_wrap(item, *id);
}

bool is_item_of(const Json& item, const tezos::KeyHash& key) {
    return dynamodb::has_key(item, sealed_item_key(key));
}

bool is_item_of(const Json& item, const sealed::WrapId& id) {
    return dynamodb::has_key(item, wrap_item_key(id));
}

}  // namespace redoubt::tezos_adapters
