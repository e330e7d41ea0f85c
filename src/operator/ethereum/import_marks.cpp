// SPDX-License-Identifier: Apache-2.0
#include "import_marks.hpp"

#include <algorithm>

#include "fields.hpp"

namespace redoubt::ethereum_operator {
namespace {

using ethereum::Epoch;
using ethereum::Slot;
using ethereum_adapters::Validator;

/// What was said of them all: `epoch`, and `source` if it is another. Nothing without `epoch`.
Result<std::optional<Marks>> read_common(const Json& fields, const Context& context) {
    if (!fields.contains("epoch") && !fields.contains("source")) return std::nullopt;
    const std::uint64_t per_epoch = context.network.slots_per_epoch;
    const auto epoch = read_number(fields, "epoch", 0, (std::uint64_t{1} << 62U) / per_epoch);
    if (!epoch) return std::unexpected(epoch.error());
    std::uint64_t source = *epoch;
    if (fields.contains("source")) {
        const auto other = read_number(fields, "source", 0, *epoch);
        if (!other) return std::unexpected(other.error());
        source = *other;
    }
    return Marks{Epoch(source), Epoch(*epoch), Slot((*epoch + 1) * per_epoch - 1)};
}

Marks highest(const Marks& one, const Marks& other) {
    return {std::max(one.source, other.source), std::max(one.target, other.target),
            std::max(one.slot, other.slot)};
}

/// `data`, the interchange of who signed before.
Result<ethereum::Interchange> read_data(const Json& fields, const Context& context) {
    const Json* data = member(fields, "data");
    if (data == nullptr) return ethereum::Interchange();
    return ethereum::parse_interchange(dump(*data), context.network);
}

}  // namespace

Marks marks_of(const ethereum::SignedMaxima& maxima) {
    return {maxima.source.value_or(Epoch()), maxima.target.value_or(Epoch()),
            maxima.slot.value_or(Slot())};
}

std::optional<Error> doubt(const Context& context, const Marks& marks, bool is_forced) {
    if (is_forced) return std::nullopt;
    const auto now = ethereum::slot_at(context.network, context.dynamodb.clock().now());
    const std::uint64_t epoch = now ? ethereum::epoch_of(context.network, *now).value() : 0;
    const std::uint64_t marked =
        std::max({marks.source.value(), marks.target.value(),
                  ethereum::epoch_of(context.network, marks.slot).value()});
    if (marked <= epoch + 1) return std::nullopt;
    return Error{Code::TooFarAhead,
                 "epoch " + std::to_string(marked) + " is after the next one, " +
                     std::to_string(epoch + 1) +
                     ": nothing undoes this, and the key would sign nothing until then. If it has "
                     "to be, add `force`: true",
                 {}};
}

Result<std::vector<Marks>> read_marks(const Json& fields, const ImportedKeys& imported,
                                      const Context& context) {
    const auto force = read_flag(fields, "force");
    if (!force) return std::unexpected(force.error());
    const auto common = read_common(fields, context);
    if (!common) return std::unexpected(common.error());
    const auto data = read_data(fields, context);
    if (!data) return std::unexpected(data.error());
    std::vector<Marks> out;
    for (const ImportedKey& key : imported.keys) {
        const auto found = data->find(key.key);
        if (found == data->end() && !*common) {
            return bad_request("nothing says what " + key.key.text() +
                               " has signed: give `data`, its interchange, or `epoch`, one that is "
                               "not below the last it signed in");
        }
        Marks marks = common->value_or(Marks{});
        if (found != data->end()) {
            marks = highest(marks, marks_of(found->second));
        }
        if (auto error = doubt(context, marks, *force)) return std::unexpected(std::move(*error));
        out.push_back(marks);
    }
    return out;
}

Marks lifted(const std::optional<Validator>& there, const Marks& marks) {
    return there ? highest(marks, {there->source, there->target, there->slot}) : marks;
}

std::optional<Error> refuse_unprotected(const std::optional<Validator>& there, const Marks& marks) {
    const bool is_below =
        there && there->sealed &&
        (there->source < marks.source || there->target < marks.target || there->slot < marks.slot);
    if (!is_below) return std::nullopt;
    return Error{Code::BadRequest,
                 there->key.text() +
                     " is here already, and has signed less here than it is said to have signed: "
                     "nothing was written. Take it away by `delete_keys`, and ask again: it comes "
                     "back above both",
                 {}};
}

}  // namespace redoubt::ethereum_operator
