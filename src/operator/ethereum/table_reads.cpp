// SPDX-License-Identifier: Apache-2.0
#include "table_reads.hpp"

#include <algorithm>
#include <memory>

#include <redoubt/aws/dynamodb/batch_get.hpp>
#include <redoubt/aws/dynamodb/write_reply.hpp>

namespace redoubt::ethereum_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum_adapters::Validator;

dynamodb::Scan scan_of(const Context& context, const ScanFor& wanted, unsigned number,
                       const ScanPosition::Part& part) {
    dynamodb::Scan scan{.table = context.table,
                        .segment = number,
                        .segments = ScanPosition::parts_count,
                        .limit = std::min(wanted.items_of_a_part, context.paging.items_of_a_part),
                        .filter = {},
                        .projection = "#id",
                        .names = ObjectText().add("#id", "id"),
                        .values = {},
                        .start = {}};
    for (const std::string& prefix : wanted.prefixes) {
        const std::string value = ":prefix" + std::to_string(scan.filter.size());
        scan.filter += (scan.filter.empty() ? "" : " OR ") + ("begins_with(#id, " + value + ")");
        scan.values.add(value, dynamodb::text(prefix));
    }
    for (const std::string& name : wanted.attributes) {
        scan.names.add("#" + name, name);
        scan.projection += ", #" + name;
    }
    if (part.after) scan.start = {{"id", {{"S", *part.after}}}};
    return scan;
}

/// Where the next page begins, if there is one.
Result<ScanPosition::Part> position_after(const Json& body) {
    const Json* last = member(body, "LastEvaluatedKey");
    if (last == nullptr) return ScanPosition::Part{.after = {}, .is_done = true};
    const std::string* id = dynamodb::read_text(*last, "id");
    if (id == nullptr) return dynamodb::suspicious("answered a page that ends at no item");
    return ScanPosition::Part{.after = *id, .is_done = false};
}

/// A page of each part that is not done, side by side.
std::optional<Error> scan_round(const Context& context, const ScanFor& wanted,
                                ScanPosition& position, std::vector<Json>& found,
                                SteadyTime deadline) {
    std::vector<std::unique_ptr<aws::Operation>> operations;
    std::vector<io::Exchange*> exchanges;
    std::vector<ScanPosition::Part*> asked;
    for (unsigned i = 0; i < ScanPosition::parts_count; ++i) {
        if (position.parts.at(i).is_done) continue;
        asked.push_back(&position.parts.at(i));
        operations.push_back(std::make_unique<aws::Operation>(
            context.dynamodb, "Scan",
            [body = to_body(scan_of(context, wanted, i, *asked.back()))] { return body; }));
        exchanges.push_back(operations.back().get());
    }
    context.runner.run(exchanges, deadline);
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto& reply = operations[i]->outcome();
        if (!reply) return reply.error();
        const Json* items = member(reply->body, "Items");
        if (items == nullptr || !items->is_array()) {
            return dynamodb::suspicious("answered a read without a list of items").error();
        }
        auto next = position_after(reply->body);
        if (!next) return next.error();
        found.insert(found.end(), items->begin(), items->end());
        *asked[i] = std::move(*next);
    }
    return std::nullopt;
}

std::string list_unknown(const std::vector<std::string>& unknown) {
    return "the table has no key " + unknown.front() +
           (unknown.size() == 1
                ? ""
                : ", and " + std::to_string(unknown.size() - 1) + " more of these are unknown") +
           ": `list_keys` shows those that there are. Nothing was written";
}

}  // namespace

sealed_operator::Tools tools_of(const Context& context) {
    return {{context.dynamodb, context.table, context.wrapping_kms, context.sealing.wrapping_keys,
             context.runner},
            ethereum_adapters::wrap_layout,
            context.kms,
            context.sealing};
}

Result<std::vector<Json>> read_items(const Context& context,
                                     const std::vector<dynamodb::ItemKey>& keys,
                                     SteadyTime deadline) {
    return dynamodb::batch_get(context.dynamodb, context.runner, context.table, keys, deadline);
}

std::optional<Error> judge_network(const Context& context, const Json& item) {
    return ethereum_adapters::judge_network(ethereum_adapters::parse_network_item(item),
                                            context.network, context.table);
}

std::optional<Error> check_network(const Context& context, SteadyTime deadline) {
    const auto items = read_items(context, {ethereum_adapters::network_key()}, deadline);
    return items ? judge_network(context, items->front()) : items.error();
}

Result<std::vector<Validator>> read_validators(const Context& context,
                                               const std::vector<ethereum::PublicKey>& keys,
                                               Tables tables, SteadyTime deadline) {
    std::vector<dynamodb::ItemKey> names;
    for (const ethereum::PublicKey& key : keys) {
        names.push_back(ethereum_adapters::validator_key(key));
    }
    names.push_back(ethereum_adapters::network_key());
    const auto items = read_items(context, names, deadline);
    if (!items) return std::unexpected(items.error());
    auto error = tables == Tables::Ours ? judge_network(context, items->back()) : std::nullopt;
    if (error) return std::unexpected(std::move(*error));
    std::vector<std::string> unknown;
    std::vector<Validator> out;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const Json& item = (*items)[i];
        auto validator = ethereum_adapters::parse_validator(item);
        if (validator) {
            out.push_back(std::move(*validator));
        } else if (item.is_null()) {
            unknown.push_back(keys[i].text());
        } else {
            return fail(Code::DamagedRow,
                        "the item of " + keys[i].text() +
                            " lacks an attribute or has one of another type: nothing was written. "
                            "Find out who writes into the table");
        }
    }
    if (!unknown.empty()) return fail(Code::UnknownKey, list_unknown(unknown));
    return out;
}

bool ScanPosition::is_done() const { return std::ranges::all_of(parts, &Part::is_done); }

Result<std::vector<Json>> scan_items(const Context& context, const ScanFor& wanted,
                                     ScanPosition& position, std::size_t enough,
                                     SteadyTime deadline) {
    std::vector<Json> found;
    while (!position.is_done() && found.size() < enough) {
        if (auto error = scan_round(context, wanted, position, found, deadline)) {
            return std::unexpected(std::move(*error));
        }
    }
    return found;
}

Result<ScanPage> scan_validators(const Context& context, ScanPosition& position, std::size_t enough,
                                 SteadyTime deadline, Roots roots) {
    ScanFor wanted{
        {"0x"},
        {"on", "src", "tgt", "slot", "sealed", "wrap", "until", "tags", "fee", "made", "at"}};
    if (roots == Roots::Read) wanted.attributes.insert(wanted.attributes.end(), {"aroot", "broot"});
    const auto items = scan_items(context, wanted, position, enough, deadline);
    if (!items) return std::unexpected(items.error());
    ScanPage page;
    for (const Json& item : *items) {
        if (auto validator = ethereum_adapters::parse_validator(item)) {
            page.validators.push_back(std::move(*validator));
        } else if (const std::string* id = dynamodb::read_text(item, "id")) {
            page.damaged.push_back(*id);
        }
    }
    return page;
}

}  // namespace redoubt::ethereum_operator
