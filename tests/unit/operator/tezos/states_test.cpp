// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "operator_fixture.hpp"

namespace redoubt::test {
namespace {

/// What is asked for, and whether it is near enough for the fence.
constexpr std::int64_t asked_level = 1000;
constexpr std::int64_t far_level = 5000;

/// A row as an operator may find it, and what becomes of it by each command, by letters: by `arm`;
/// by `raise` to the level, to its round 3, to the far level; by these three with `force`; by
/// `handover` until the level, until the far one; from the level after it, from that after the far
/// one.
struct State {
    std::string name;
    Json row;  // what differs from a row armed below; null: there is no row
    std::string_view become;
};
const std::map<char, std::string> outcome_of = {
    {'A', "armed"},
    {'^', "raised"},
    {'L', "limited"},
    {'M', "moved_in"},
    {'=', "unchanged"},
    {'S', "already_signed"},
    {'N', "not_armed"},
    {'F', "too_far_ahead"},
    {'H', "handed_over"},
    {'D', "damaged_row"},
    {'B', "below_watermark"},
    // What no condition sees, and what is left damaged by a write.
    {'T', "table_refused"}};
enum Column {
    arm_it = 0,
    raise_it = 2,
    raise_to_round_3,
    raise_far,
    force_it = 6,
    force_to_round_3,
    force_far,
    until_it = 10,
    until_far,
    from_it = 13,
    from_far
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
    {"missing", nullptr, "A NNN NNN NN NN"},
    {"armed below", Json::object(), "S ^^F ^^^ LL MF"},
    {"signed below", with(placed(999, 2), {{"digest", a_digest}, {"sig", a_text}}),
     "S ^^F ^^^ LL MF"},
    {"armed here", placed(asked_level, highest), "= ==F ==^ LL =F"},
    {"armed here, but for its pace",
     with(placed(asked_level, highest), {{"pace", number(1LL << 50)}}), "S ==^ ==^ LL =M"},
    {"armed here, but for its time", with(placed(asked_level, highest), {{"at", number(-1)}}),
     "S ==F ==^ LL =F"},
    {"raised here to round 3", placed(asked_level, 3), "S ^=F ^=^ LL MF"},
    {"raised here to round 4", placed(asked_level, 4), "S ^=F ^=^ LL MF"},
    {"signed here", with(placed(asked_level, 0), {{"digest", a_digest}, {"sig", a_text}}),
     "S ^^F ^^^ LL MF"},
    {"signed here in round 3", with(placed(asked_level, 3), {{"digest", a_digest}}),
     "S ^=F ^=^ LL MF"},
    {"signed here in the last round", with(placed(asked_level, highest), {{"digest", a_digest}}),
     "S ==F ==^ LL =F"},
    {"a signature here and no digest", with(placed(asked_level, highest), {{"sig", a_text}}),
     "S ==F ==^ LL =F"},
    {"raised above", placed(asked_level + 1, highest), "S ==F ==^ BL =F"},
    {"signed above", with(placed(asked_level + 1, 0), {{"digest", a_digest}}), "S ==F ==^ BL =F"},
    {"far above", placed(far_level, 3), "S ==^ ==^ BL =M"},
    {"pace far ahead", {{"pace", number(1LL << 50)}}, "S ^^^ ^^^ LL MM"},
    {"pace far behind", {{"pace", number(-(1LL << 50))}}, "S FFF ^^^ LL FF"},
    // Damaged: `raise` mends what it can compare, and tells of the rest.
    {"no level", {{"lvl", absent}}, "D DDD DDD DD DD"},
    {"level is a text", {{"lvl", a_text}}, "D DDD DDD DD DD"},
    {"level beyond all", {{"lvl", number(1LL << 31)}}, "D DDD DDD DD DD"},
    {"level below zero", {{"lvl", number(-1)}}, "D ^^D ^^^ TT MD"},
    {"level is a fraction", {{"lvl", {{"N", "999.5"}}}}, "D ^^D ^^^ TT MD"},
    {"no round", {{"rnd", absent}}, "D ^^D ^^^ DD MD"},
    {"round is a text", {{"rnd", a_text}}, "D ^^D ^^^ DD MD"},
    {"no round here", {{"lvl", number(asked_level)}, {"rnd", absent}}, "D DDD DD^ DD DD"},
    {"round is a text here", {{"lvl", number(asked_level)}, {"rnd", a_text}}, "D DDD DD^ DD DD"},
    {"no time", {{"at", absent}}, "D ^^D ^^^ DD MD"},
    {"time is a text", with(placed(asked_level, highest), {{"at", a_text}}), "D DDD DD^ DD DD"},
    {"no pace", {{"pace", absent}}, "D DDD ^^^ DD DD"},
    {"pace is a text", {{"pace", a_text}}, "D DDD ^^^ DD DD"},
    {"digest is a text", {{"digest", a_text}}, "D ^^D ^^^ DD MD"},
    {"digest is short", with(placed(asked_level, highest), {{"digest", {{"B", "3d3d"}}}}),
     "D DDD DD^ TT DD"},
    {"signature is a number", with(placed(asked_level, 3), {{"sig", number(1)}}),
     "D ^DD ^D^ DD MD"},
    {"a damaged row above", with(placed(asked_level + 1, 0), {{"digest", a_text}}),
     "D DDD DD^ DD DD"},
    {"nothing but its key",
     {{"lvl", absent}, {"rnd", absent}, {"at", absent}, {"pace", absent}},
     "D DDD DDD DD DD"},
    // Handed over, or about to be.
    {"limited below", {{"until", number(999)}}, "S ^^F ^^^ HH MF"},
    {"limited here", {{"until", number(asked_level)}}, "S ^^F ^^^ =H MF"},
    {"limited above", {{"until", number(3000)}}, "S ^^F ^^^ LH HF"},
    {"limited and closed here",
     with(placed(asked_level, highest), {{"until", number(asked_level)}}), "S ==F ==^ =H MF"},
    {"limited here and raised above",
     with(placed(asked_level + 1, highest), {{"until", number(asked_level)}}), "S ==F ==^ =H BF"},
    {"until is a text", {{"until", a_text}}, "D DDD DDD DD DD"},
    {"until below zero", {{"until", number(-1)}}, "D TTD TTT DD MD"},
    {"until beyond all", {{"until", number(1LL << 31)}}, "D TTD TTT LL DD"},
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
        const Json tried = ask(with(command, {{"dry_run", true}}));
        const std::string what = state.name + ": " + dump(command);
        EXPECT_EQ(table.items, before) << what;
        const Json answer = ask(command);
        EXPECT_EQ(outcomes(answer), std::vector<std::string>(3, expected)) << what;
        const bool is_written = written.contains(expected);
        EXPECT_EQ(code(answer), is_written || expected == "unchanged" ? "ok" : expected) << what;
        expect_as_tried(state, tried, answer, what);
        if (!is_written) {
            EXPECT_TRUE(expected == "table_refused" || table.items == before) << what;
            return;
        }
        EXPECT_EQ(table.items.size(), 3U) << what;
        for (const auto& [named, item] : table.items) {
            const Json old = before.contains(named) ? before.at(named) : Json::object();
            EXPECT_EQ(item, as_written(named, old, expected, command)) << what;
        }
    }

    /// A dry run says the same, but of numbers that are no level.
    static void expect_as_tried(const State& state, const Json& tried, const Json& answer,
                                const std::string& what) {
        EXPECT_EQ(tried.at("dry_run"), true) << what;
        EXPECT_FALSE(answer.contains("dry_run")) << what;
        if (beyond_a_dry_run.contains(state.name) || outcomes(answer)[0] == "table_refused") {
            EXPECT_EQ(outcomes(tried), std::vector<std::string>(3, "damaged_row")) << what;
        } else if (state.become[arm_it] == 'D') {
            EXPECT_EQ(outcomes(tried), outcomes(answer)) << what;
            EXPECT_EQ(code(tried), code(answer)) << what;
        } else {
            EXPECT_EQ(tried.at("rows"), answer.at("rows")) << what;
            EXPECT_EQ(tried.value("note", ""), answer.value("note", "")) << what;
        }
    }

    Json as_written(const Key& named, const Json& old, const std::string& outcome,
                    const Json& command) {
        const Json now = number(unix_ms(world.clock.wall()));
        if (outcome == "limited") {
            return with(old, {{"until", number(command.at("until"))}, {"at", now}});
        }
        const std::int64_t lifted_to = outcome == "moved_in"
                                           ? command.at("from").get<std::int64_t>() - 1
                                           : command.at("level").get<std::int64_t>();
        Json item =
            with(with(key_attributes(named), placed(lifted_to, command.value("round", highest))),
                 {{"at", now}, {"pace", number(pace(lifted_to))}});
        if (outcome == "raised" && old.contains("until")) item["until"] = old.at("until");
        return item;
    }
    static inline const std::set<std::string> beyond_a_dry_run = {
        "level below zero", "level is a fraction", "until below zero", "until beyond all"};
    const std::set<std::string> written = {"armed", "raised", "limited", "moved_in"};
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

TEST_F(OperatorStates, HandoverLimitsARowOrLiftsIt) {
    for (const State& state : states) {
        expect(state, {{"command", "handover"}, {"until", asked_level}}, until_it);
        expect(state, {{"command", "handover"}, {"until", far_level}}, until_far);
        expect(state, {{"command", "handover"}, {"from", asked_level + 1}}, from_it);
        expect(state, {{"command", "handover"}, {"from", far_level + 1}}, from_far);
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
