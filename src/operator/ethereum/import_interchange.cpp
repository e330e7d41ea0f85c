// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <span>

#include <redoubt/operator/ethereum/commands.hpp>

#include "fields.hpp"
#include "import_marks.hpp"
#include "rows.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum::PublicKey;
using ethereum_adapters::Validator;

/// In one call: their answer is 3 MB, of the 6 MB that Lambda takes.
constexpr std::size_t most_keys_of_data = 10'000;

struct Lift {
    PublicKey key;
    Marks marks;
};

/// Of each key what the data says it signed. All of it is read before anything is written.
Result<std::vector<Lift>> read_lifts(const Json& fields, const Context& context) {
    const auto force = read_flag(fields, "force");
    if (!force) return std::unexpected(force.error());
    const Json* data = member(fields, "data");
    if (data == nullptr)
        return bad_request("`data`, the interchange of another signer, is missing");
    const auto interchange = ethereum::parse_interchange(dump(*data), context.network);
    if (!interchange) return std::unexpected(interchange.error());
    if (interchange->empty() || interchange->size() > most_keys_of_data) {
        return bad_request("the interchange has " + std::to_string(interchange->size()) +
                           " keys: give 1 to " + std::to_string(most_keys_of_data) + " at a time");
    }
    std::vector<Lift> lifts;
    for (const auto& [key, maxima] : *interchange) {
        lifts.push_back({key, marks_of(maxima)});
        if (auto error = doubt(context, lifts.back().marks, *force)) {
            error->message = key.text() + ": " + error->message;
            return std::unexpected(std::move(*error));
        }
    }
    return lifts;
}

/// Adds a comparison to what a change asks of the row, and the mark that it compares with.
template <class Time>
void compare(RowChange& change, const std::string& name, const std::string& how, Time mark) {
    change.condition += (change.condition.empty() ? "#" : " AND #") + name + how + name;
    change.names.push_back(name);
    change.values.add(":" + name, dynamodb::natural(mark.value()));
}

/// Whether the mark rises, which the change then does under the condition that it still does.
template <class Time>
bool raise(RowChange& change, const std::string& name, Time from, Time to) {
    if (to <= from) return false;
    compare(change, name, " < :", to);
    change.update += ", #" + name + " = :" + name;
    return true;
}

/// A root stands for what was signed here at its mark, and may be signed again. Not once something
/// else may have been signed there elsewhere: when the mark rises, or is the very same.
template <class Time>
bool drops_root(RowChange& change, bool rises, bool has_root, const std::string& name, Time from,
                Time to) {
    if (!rises && has_root && to == from) {
        compare(change, name, " = :", to);
        return true;
    }
    return rises;
}

/// Each mark on its own: a row never falls, whatever is signed meanwhile.
std::optional<RowChange> make_lift(const Validator& row, const Marks& marks) {
    RowChange change{.update = {}, .condition = {}};
    change.refused = {Code::TableUnavailable,
                      "this key has signed each time that its marks were to be raised: repeating "
                      "the same request is safe",
                      {}};
    const bool source_rises = raise(change, "src", row.source, marks.source);
    const bool target_rises = raise(change, "tgt", row.target, marks.target);
    const bool slot_rises = raise(change, "slot", row.slot, marks.slot);
    std::string roots;
    if (drops_root(change, source_rises || target_rises, row.attestation_root.has_value(), "tgt",
                   row.target, marks.target)) {
        roots += " REMOVE #aroot";
        change.names.emplace_back("aroot");
    }
    if (drops_root(change, slot_rises, row.block_root.has_value(), "slot", row.slot, marks.slot)) {
        roots += roots.empty() ? " REMOVE #broot" : ", #broot";
        change.names.emplace_back("broot");
    }
    if (change.names.empty()) return std::nullopt;
    change.update += roots;
    return change;
}

/// What an import came to.
struct Imported {
    Json keys = Json::array();
    std::vector<std::string> unknown;  // keys that the table has not
    std::optional<Error> error;        // the first
};

void tell(Imported& imported, const PublicKey& key, const Error& error) {
    imported.keys.push_back(
        {{"public_key", key.text()}, {"outcome", name(error.code)}, {"msg", error.message}});
    if (!imported.error) imported.error = error;
}

void tell(Imported& imported, const RowOutcome& row) {
    if (row.error) return tell(imported, row.validator.key, *row.error);
    imported.keys.push_back({{"public_key", row.validator.key.text()},
                             {"outcome", row.outcome == "set" ? "raised" : "unchanged"},
                             {"source", row.validator.source.value()},
                             {"target", row.validator.target.value()},
                             {"slot", row.validator.slot.value()}});
}

/// As many as are read at once. Those whose items can't be read are told, and so are all if the
/// table can't be read.
void import_some(const Context& context, std::span<const Lift> lifts, Imported& imported,
                 SteadyTime deadline) {
    std::vector<dynamodb::ItemKey> names;
    for (const Lift& lift : lifts) names.push_back(ethereum_adapters::validator_key(lift.key));
    const auto items = read_items(context, names, deadline);
    std::map<PublicKey, Marks> marks;
    std::vector<Validator> before;
    for (std::size_t i = 0; i < lifts.size(); ++i) {
        if (!items) {
            tell(imported, lifts[i].key, items.error());
        } else if ((*items)[i].is_null()) {
            imported.unknown.push_back(lifts[i].key.text());
        } else if (auto validator = ethereum_adapters::parse_validator((*items)[i])) {
            marks.emplace(lifts[i].key, lifts[i].marks);
            before.push_back(std::move(*validator));
        } else {
            tell(
                imported, lifts[i].key,
                {Code::DamagedRow,
                 "this key's item lacks an attribute or has one of another type: nothing is signed "
                 "for it until that is repaired",
                 {}});
        }
    }
    const auto lift = [&marks](const Validator& row) { return make_lift(row, marks.at(row.key)); };
    for (const RowOutcome& row : change_moving_rows(context, before, lift, deadline)) {
        tell(imported, row);
    }
}

operators::CommandResult answer(Imported imported) {
    if (imported.keys.empty()) {
        return operators::failed({Code::UnknownKey,
                                  "the table has none of the keys of this interchange, " +
                                      imported.unknown.front() + " among them: nothing was written",
                                  {}});
    }
    return {.members = {{"keys", std::move(imported.keys)},
                        {"unknown", std::move(imported.unknown)},
                        {"note",
                         "let the other signer of these keys sign nothing any more, from before "
                         "its data was exported: what it signs afterwards is not in here"}},
            .error = std::move(imported.error)};
}

operators::CommandResult run_import_interchange(const Context& context, const Json& fields,
                                                SteadyTime deadline) {
    const auto lifts = read_lifts(fields, context);
    if (!lifts) return operators::failed(lifts.error());
    if (auto error = check_network(context, deadline)) return operators::failed(std::move(*error));
    Imported imported;
    const std::span<const Lift> all(*lifts);
    for (std::size_t done = 0; done < all.size(); done += most_keys) {
        import_some(context, all.subspan(done, std::min(most_keys, all.size() - done)), imported,
                    deadline);
    }
    return answer(std::move(imported));
}

}  // namespace

operators::Command import_interchange(const Context& context) {
    return operators::bound("import_interchange", {"data", "force"}, context,
                            run_import_interchange);
}

}  // namespace redoubt::ethereum_operator
