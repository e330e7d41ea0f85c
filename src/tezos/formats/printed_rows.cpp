// SPDX-License-Identifier: Apache-2.0
#include "printed_rows.hpp"

#include <charconv>

namespace redoubt::tezos::formats {
namespace {

/// The value of an attribute that has that type, as text, which all of the types read here are.
Result<const std::string*> read_attribute(const Place& item, std::string_view name,
                                          std::string_view type, std::string_view wanted) {
    const Place attribute = item.at(name, item.value[std::string(name)]);
    const std::string* value = string_member(attribute.value, type);
    if (value == nullptr || attribute.value.size() != 1) return refuse(attribute, wanted);
    return value;
}

Result<std::vector<Json>> rows_of_a_list(const Place& whole) {
    const auto checked =
        check_members(whole, {"Items", "Count", "ScannedCount"}, {"ConsumedCapacity"});
    if (!checked) return std::unexpected(checked.error());
    const Json& items = whole.value["Items"];
    if (!items.is_array()) return refuse(whole.at("Items", items), "is not a list");
    const auto is_count = [&items](const Json& count) {
        return count.is_number_integer() && count == items.size();
    };
    if (!is_count(whole.value["Count"]) || !is_count(whole.value["ScannedCount"])) {
        return refuse(whole,
                      "`Items` are not as many as `Count` and `ScannedCount` say: some rows were "
                      "left out. Print them without a filter");
    }
    return items.get<std::vector<Json>>();
}

}  // namespace

Result<std::vector<Json>> parse_printed_rows(std::string_view text) {
    const auto value = parse_object(text, "the data");
    if (!value) return std::unexpected(value.error());
    const Place whole{*value, "the data"};
    for (const char* more : {"NextToken", "LastEvaluatedKey"}) {
        if (value->contains(more)) {
            return refuse(whole, "has a `" + std::string(more) +
                                     "`: there are more rows than these. Print all of them, "
                                     "without --max-items and --no-paginate");
        }
    }
    if (!value->contains("Item")) return rows_of_a_list(whole);
    const auto checked = check_members(whole, {"Item"}, {"ConsumedCapacity"});
    if (!checked) return std::unexpected(checked.error());
    return std::vector<Json>{(*value)["Item"]};
}

Result<const std::string*> read_text_attribute(const Place& item, std::string_view name) {
    return read_attribute(item, name, "S", "is not {\"S\": <text>}");
}

Result<std::uint32_t> read_int31_attribute(const Place& item, std::string_view name) {
    constexpr std::string_view wanted =
        "is not {\"N\": <text>} of a whole number from 0 to 2147483647";
    const auto text = read_attribute(item, name, "N", wanted);
    if (!text) return std::unexpected(text.error());
    std::uint32_t number = 0;
    const char* end = (*text)->data() + (*text)->size();
    const auto read = std::from_chars((*text)->data(), end, number);
    const bool is_canonical = read.ec == std::errc() && read.ptr == end &&
                              ((*text)->size() == 1 || !(*text)->starts_with('0'));
    if (!is_canonical || number > max_int31) {
        return refuse(item.at(name, item.value[std::string(name)]), wanted);
    }
    return number;
}

}  // namespace redoubt::tezos::formats
