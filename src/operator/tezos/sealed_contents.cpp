// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/tezos/sealed_contents.hpp>

#include <algorithm>

#include <redoubt/aws/dynamodb/dynamodb.hpp>

#include "rows.hpp"

namespace redoubt::tezos_operator {
namespace {

namespace dynamodb = aws::dynamodb;

/// Items in one answer: far from what a client reads of one, even if all of them are batches.
constexpr int page = 50;

std::string scan_body(const std::string& table, const Json& start) {
    ObjectText body;
    body.add("TableName", table).add_json("ConsistentRead", true).add_json("Limit", page);
    if (!start.is_null()) body.add_json("ExclusiveStartKey", start);
    return body.text();
}

/// Keeps what `parse` reads, and takes down what it does not.
template <class Parse, class List>
void keep(const Json& item, const DamagedItem& key, const Parse& parse, List& list,
          SealedContents& to) {
    if (auto parsed = parse(item)) {
        list.push_back(std::move(*parsed));
    } else {
        to.damaged.push_back(key);
    }
}

void sort_in(const Json& item, SealedContents& to) {
    const std::string* pkh = dynamodb::read_text(item, "pkh");
    const std::string* scope = dynamodb::read_text(item, "scope");
    if (pkh == nullptr || scope == nullptr) return;
    const DamagedItem key{*pkh, *scope};
    if (*scope == "sealed") keep(item, key, tezos_adapters::parse_sealed_item, to.keys, to);
    if (*scope == "wrap") keep(item, key, tezos_adapters::parse_wrap_item, to.wraps, to);
    if (*scope == "batch") keep(item, key, tezos_adapters::parse_batch_item, to.batches, to);
}

template <class List, class Is>
auto find_in(const List& list, const Is& is) -> const typename List::value_type* {
    const auto found = std::ranges::find_if(list, is);
    return found == list.end() ? nullptr : &*found;
}

}  // namespace

Result<SealedContents> read_contents(const Context& context, SteadyTime deadline) {
    const auto items = read_pages(
        context, "Scan", [&context](const Json& start) { return scan_body(context.table, start); },
        deadline);
    if (!items) return std::unexpected(items.error());
    SealedContents contents;
    for (const Json& item : *items) sort_in(item, contents);
    return contents;
}

const tezos_adapters::SealedItem* find_key(const SealedContents& contents,
                                           const crypto::PublicKey& key) {
    return find_in(contents.keys, [&key](const auto& one) { return one.public_key == key; });
}

const sealed::Wrap* find_wrap(const SealedContents& contents, const sealed::WrapId& id) {
    return find_in(contents.wraps, [&id](const auto& one) { return one.id == id; });
}

const tezos_adapters::Batch* find_batch(const SealedContents& contents, std::string_view name) {
    return find_in(contents.batches, [&name](const auto& one) { return one.name == name; });
}

bool is_damaged(const SealedContents& contents, std::string_view pkh) {
    return find_in(contents.damaged, [&pkh](const auto& one) { return one.pkh == pkh; }) != nullptr;
}

}  // namespace redoubt::tezos_operator
