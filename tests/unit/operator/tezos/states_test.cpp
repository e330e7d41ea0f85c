// SPDX-License-Identifier: Apache-2.0
#include "operator_fixture.hpp"

namespace redoubt::test {
namespace {

/// What is asked for, and whether it is near enough for the fence.
constexpr std::int64_t asked_level = 1000;
constexpr std::int64_t far_level = 5000;

/// A row as an operator may find it, and what becomes of it by each command, by letters: by `arm`;
/// by `raise` to the level, to its round 3, to the far level; by these three with `force`.
struct State {
    std::string name;
    Json row;  // what differs from a row armed below; null: there is no row
    std::string_view become;
};
const std::map<char, std::string> outcome_of = {
    {'A', "armed"},     {'^', "raised"},        {'=', "unchanged"},  {'S', "already_signed"},
    {'N', "not_armed"}, {'F', "too_far_ahead"}, {'D', "damaged_row"}};
enum Column {
    arm_it = 0,
    raise_it = 2,
    raise_to_round_3,
    raise_far,
    force_it = 6,
    force_to_round_3,
    force_far
};

Json number(std::int64_t value) { return {{"N", std::to_string(value)}}; }
const Json a_text = {{"S", "1"}};
const Json absent = "absent";
const Json a_digest = {{"B", "3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d0="}};

Json placed(std::int64_t lvl, std::int64_t rnd) {
    return {{"lvl", number(lvl)}, {"rnd", number(rnd)}};
}
Json with(Json row, const Json& more) {
    row.update(more);
    return row;
}

/// That a refused write leaves the row as it was, an applied one writes all of it, and nothing but
/// `arm` creates one, is not in the table: it goes for all.
const std::vector<State> states = {
    {"missing", nullptr, "A NNN NNN"},
    {"armed below", Json::object(), "S ^^F ^^^"},
    {"signed below", with(placed(999, 2), {{"digest", a_digest}, {"sig", a_text}}), "S ^^F ^^^"},
    {"armed here", placed(asked_level, highest), "= ==F ==^"},
    {"armed here, but for its pace",
     with(placed(asked_level, highest), {{"pace", number(1LL << 50)}}), "S ==^ ==^"},
    {"armed here, but for its time", with(placed(asked_level, highest), {{"at", number(-1)}}),
     "S ==F ==^"},
    {"raised here to round 3", placed(asked_level, 3), "S ^=F ^=^"},
    {"raised here to round 4", placed(asked_level, 4), "S ^=F ^=^"},
    {"signed here", with(placed(asked_level, 0), {{"digest", a_digest}, {"sig", a_text}}),
     "S ^^F ^^^"},
    {"signed here in round 3", with(placed(asked_level, 3), {{"digest", a_digest}}), "S ^=F ^=^"},
    {"signed here in the last round", with(placed(asked_level, highest), {{"digest", a_digest}}),
     "S ==F ==^"},
    {"a signature here and no digest", with(placed(asked_level, highest), {{"sig", a_text}}),
     "S ==F ==^"},
    {"raised above", placed(asked_level + 1, highest), "S ==F ==^"},
    {"signed above", with(placed(asked_level + 1, 0), {{"digest", a_digest}}), "S ==F ==^"},
    {"far above", placed(far_level, 3), "S ==^ ==^"},
    {"pace far ahead", {{"pace", number(1LL << 50)}}, "S ^^^ ^^^"},
    {"pace far behind", {{"pace", number(-(1LL << 50))}}, "S FFF ^^^"},
    // Damaged: `raise` mends what it can compare, and tells of the rest.
    {"no level", {{"lvl", absent}}, "D DDD DDD"},
    {"level is a text", {{"lvl", a_text}}, "D DDD DDD"},
    {"level beyond all", {{"lvl", number(1LL << 31)}}, "D DDD DDD"},
    {"level below zero", {{"lvl", number(-1)}}, "D ^^D ^^^"},
    {"level is a fraction", {{"lvl", {{"N", "999.5"}}}}, "D ^^D ^^^"},
    {"no round", {{"rnd", absent}}, "D ^^D ^^^"},
    {"round is a text", {{"rnd", a_text}}, "D ^^D ^^^"},
    {"no round here", {{"lvl", number(asked_level)}, {"rnd", absent}}, "D DDD DD^"},
    {"round is a text here", {{"lvl", number(asked_level)}, {"rnd", a_text}}, "D DDD DD^"},
    {"no time", {{"at", absent}}, "D ^^D ^^^"},
    {"time is a text", with(placed(asked_level, highest), {{"at", a_text}}), "D DDD DD^"},
    {"no pace", {{"pace", absent}}, "D DDD ^^^"},
    {"pace is a text", {{"pace", a_text}}, "D DDD ^^^"},
    {"digest is a text", {{"digest", a_text}}, "D ^^D ^^^"},
    {"digest is short", with(placed(asked_level, highest), {{"digest", {{"B", "3d3d"}}}}),
     "D DDD DD^"},
    {"signature is a number", with(placed(asked_level, 3), {{"sig", number(1)}}), "D ^DD ^D^"},
    {"a damaged row above", with(placed(asked_level + 1, 0), {{"digest", a_text}}), "D DDD DD^"},
    {"nothing but its key",
     {{"lvl", absent}, {"rnd", absent}, {"at", absent}, {"pace", absent}},
     "D DDD DDD"},
};

class OperatorStates : public Operator {
protected:
    using Key = std::pair<std::string, std::string>;

    /// The three rows of the first key in that state, written a hundred seconds ago.
    void put(const State& state) {
        table.items.clear();
        if (state.row.is_null()) return;
        for (const std::string kind : {"block", "preattestation", "attestation"}) {
            const Key named = key_of(kind);
            Json item = with(with(placed(999, highest), key_attributes(named)),
                             {{"at", number(unix_ms(world.clock.wall()))}});
            item.update(state.row);
            if (!item.contains("pace")) item["pace"] = number(pace(level_of(item)));
            for (const char* name : {"lvl", "rnd", "at", "pace"}) {
                if (item.at(name) == absent) item.erase(name);
            }
            table.items[named] = item;
        }
        world.clock.advance(100s);
    }
    [[nodiscard]] Key key_of(const std::string& kind) const {
        return {first.named().address, mainnet_text + "/" + kind};
    }
    static Json key_attributes(const Key& named) {
        return {{"pkh", {{"S", named.first}}}, {"scope", {{"S", named.second}}}};
    }
    /// What the pace was set by: a level that is none was another one then.
    static std::int64_t level_of(const Json& item) {
        const Json& level = item.at("lvl");
        return std::max<std::int64_t>(
            level.contains("N") ? std::stoll(level.at("N").get<std::string>()) : 0, 999);
    }

    /// The answer is as the column says for each row, and the rows are as the answer says.
    void expect(const State& state, Json command, Column column) {
        const std::string& expected = outcome_of.at(state.become.at(column));
        put(state);
        const auto before = table.items;
        command["chain"] = mainnet_text;
        command["keys"] = {first.named().address};
        const Json answer = ask(command);
        const std::string what = state.name + ": " + dump(command);
        EXPECT_EQ(outcomes(answer), std::vector<std::string>(3, expected)) << what;
        const bool is_fine = expected == "armed" || expected == "raised" || expected == "unchanged";
        EXPECT_EQ(code(answer), is_fine ? "ok" : expected) << what;
        if (expected != "armed" && expected != "raised") {
            EXPECT_EQ(table.items, before) << what;
            return;
        }
        EXPECT_EQ(table.items.size(), 3U) << what;
        const std::int64_t lifted_to = command.at("level");
        for (const auto& [named, item] : table.items) {
            EXPECT_EQ(item, with(with(key_attributes(named),
                                      placed(lifted_to, command.value("round", highest))),
                                 {{"at", number(unix_ms(world.clock.wall()))},
                                  {"pace", number(pace(lifted_to))}}))
                << what;
        }
    }
};

TEST_F(OperatorStates, ArmCreatesAndNeverTakesARowForItsOwn) {
    for (const State& state : states) {
        const Json command = {{"command", "arm"}, {"level", asked_level}};
        expect(state, command, arm_it);
        expect(state, with(command, {{"force", true}}), arm_it);
    }
}

TEST_F(OperatorStates, RaiseLiftsAndNeverCreates) {
    for (const State& state : states) {
        const Json command = {{"command", "raise"}, {"level", asked_level}};
        expect(state, command, raise_it);
        expect(state, with(command, {{"force", false}}), raise_it);
        expect(state, with(command, {{"round", 3}}), raise_to_round_3);
        expect(state, {{"command", "raise"}, {"level", far_level}}, raise_far);
    }
}

TEST_F(OperatorStates, ForceLiftsTheFenceAndNothingElse) {
    for (const State& state : states) {
        const Json command = {{"command", "raise"}, {"level", asked_level}, {"force", true}};
        expect(state, command, force_it);
        expect(state, with(command, {{"round", 3}}), force_to_round_3);
        expect(state, with(command, {{"level", far_level}}), force_far);
    }
}

TEST_F(OperatorStates, StatusChangesNothingAndShowsWhatIsDamaged) {
    for (const State& state : states) {
        put(state);
        const auto before = table.items;
        const Json answer = ask({{"command", "status"}});
        EXPECT_EQ(code(answer), "ok") << state.name;
        EXPECT_EQ(table.items, before) << state.name;
        EXPECT_EQ(answer.at("rows").size(), before.size()) << state.name;
        for (const Json& row : answer.at("rows")) {
            EXPECT_EQ(row.value("damaged", false), state.become[arm_it] == 'D') << state.name;
        }
    }
}

}  // namespace
}  // namespace redoubt::test
