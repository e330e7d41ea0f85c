// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "../../mutations/mutator.hpp"
#include "import_fixture.hpp"

namespace redoubt::test {
namespace {

using Position = std::pair<std::int64_t, std::int64_t>;

/// Tables and files as they may be, the same ones in every run.
class ImportProperties : public Importing {
protected:
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random.below(static_cast<std::size_t>(high - low)));
    }
    std::int64_t some_round() { return random.below(3) == 0 ? highest : between(0, 4); }

    void fill_table() {
        table.items.clear();
        if (random.below(4) == 0) return;
        EXPECT_EQ(code(arm(900)), "ok");
        const auto armed = table.items;
        for (const auto& [key, row] : armed) {
            if (random.below(4) == 0) {
                table.items.erase(key);
                continue;
            }
            Json& kept = table.items.at(key);
            kept["lvl"] = aws::dynamodb::number(between(850, 1150));
            kept["rnd"] = aws::dynamodb::number(some_round());
            kept["pace"] = aws::dynamodb::number(pace(between(500, 1150)));
            if (random.below(2) == 0) kept["digest"] = aws::dynamodb::binary(ByteArray<32>{0xdd});
            if (random.below(4) == 0) kept["until"] = aws::dynamodb::number(between(850, 1150));
        }
    }
    OctezMarks some_marks() {
        OctezMarks marks;
        while (marks.empty()) {
            for (const std::string kind : {"block", "preattestation", "attestation"}) {
                for (const SecretKey* key : {&first, &second}) {
                    if (random.below(2) == 0) continue;
                    marks[kind][key->named().address] = {between(900, 1150), some_round()};
                }
            }
        }
        return marks;
    }
    Json some_fields() {
        return {{"level", between(900, 1150)},
                {"margin", between(0, 5)},
                {"force", random.below(3) == 0}};
    }
    /// What the row must not be below, if it was written or left standing.
    static Position known(const OctezMarks& marks, const Json& row, const Json& fields) {
        Position at{fields.at("level").get<std::int64_t>(), highest};
        const auto kind = marks.find(row.at("kind"));
        if (kind != marks.end()) {
            const auto mark = kind->second.find(row.at("pkh"));
            if (mark != kind->second.end()) at = std::max(at, mark->second);
        }
        const auto margin = fields.at("margin").get<std::int64_t>();
        return margin == 0 ? at : Position{at.first + margin, highest};
    }

    Mutator random;
};

TEST_F(ImportProperties, NothingIsLoweredNoKeyIsLostAndTheSameAgainChangesNothing) {
    std::map<std::string, int> seen;
    for (int round = 0; round < 150; ++round) {
        fill_table();
        const OctezMarks marks = some_marks();
        const Json fields = some_fields();
        const auto before = table.items;
        const Json answer = import(octez_data(marks), fields);
        ASSERT_TRUE(answer.contains("rows")) << answer;

        std::set<std::string> keys;
        for (const auto& [kind, at] : marks) {
            for (const auto& [key, mark] : at) keys.insert(key);
        }
        EXPECT_EQ(answer.at("rows").size(), 3 * keys.size()) << "three rows of each key";
        for (const auto& [key, row] : before) {
            ASSERT_TRUE(table.items.contains(key)) << "no row goes";
            EXPECT_GE(position(table.items.at(key)), position(row)) << "and none sinks";
            EXPECT_EQ(table.items.at(key).value("until", Json()), row.value("until", Json()));
        }
        for (const Json& row : answer.at("rows")) {
            const std::string outcome = row.at("outcome");
            ++seen[outcome];
            const std::pair key{row.at("pkh").get<std::string>(),
                                mainnet_text + "/" + row.at("kind").get<std::string>()};
            if (outcome == "too_far_ahead") {
                EXPECT_EQ(table.items.at(key), before.at(key));
                continue;
            }
            const Position at = position(table.items.at(key));
            const Position least = known(marks, row, fields);
            EXPECT_GE(at, least) << row;
            if (outcome == "unchanged") {
                EXPECT_EQ(table.items.at(key), before.at(key));
            } else {
                EXPECT_EQ(at, least) << "and not above it";
                EXPECT_FALSE(table.items.at(key).contains("digest"));
                EXPECT_EQ(outcome == "armed", !before.contains(key));
            }
        }
        const auto after = table.items;
        world.clock.advance(7s);
        const Json again = import(octez_data(marks), fields);
        for (const Json& row : again.at("rows")) {
            EXPECT_TRUE(row.at("outcome") == "unchanged" || row.at("outcome") == "too_far_ahead" ||
                        answer.at("ok") == false);
        }
        if (answer.at("ok")) {
            EXPECT_EQ(table.items, after);
        }
    }
    for (const std::string outcome : {"armed", "raised", "unchanged", "too_far_ahead"}) {
        EXPECT_GT(seen[outcome], 20) << outcome << " was hardly met";
    }
}

/// Whatever is spoilt in a file: a refusal that asks nobody and writes nothing, or rows of keys and
/// a chain that are in the text.
TEST_F(ImportProperties, ASpoiltFileIsRefusedOrLosesNothing) {
    int refused = 0;
    for (int round = 0; round < 2000; ++round) {
        table.items.clear();
        world.runner.calls.clear();
        Json data = octez_data(some_marks());
        Json& text = data[random.one_of(
            std::vector<std::string>{data.begin().key(), std::prev(data.end()).key()})];
        text = random.mutate(text.get<std::string>(), "\"round\":-1,{}0");
        const Json answer = import(data);
        if (code(answer) == "bad_request" || code(answer) == "unknown_key" ||
            (code(answer) == "too_far_ahead" && !answer.contains("rows"))) {
            ++refused;
            EXPECT_TRUE(world.runner.calls.empty());
            EXPECT_TRUE(table.items.empty());
            continue;
        }
        for (const Json& row : answer.at("rows")) {
            EXPECT_NE(dump(data).find(row.at("pkh").get<std::string>()), std::string::npos);
            EXPECT_EQ(row.at("chain"), mainnet_text);
            EXPECT_GE(row.at("level"), 1002);
        }
    }
    EXPECT_GT(refused, 1000);
}

TEST_F(ImportProperties, WhatIsExportedAndImportedAgainChangesNothing) {
    int times = 0;
    for (int round = 0; round < 200; ++round) {
        fill_table();
        for (auto& [key, row] : table.items) row.erase("until");
        if (table.items.size() != 6) continue;
        ++times;
        const Json fields = {{"level", 800}, {"margin", 0}, {"force", true}};
        for (const std::string format : {"redoubt", "octez"}) {
            const Json exported = export_to(format);
            ASSERT_EQ(code(exported), "ok") << exported;
            const auto before = table.items;
            Json command = fields;
            command["from"] = format;
            const Json answer = import(exported.at("data"), command);
            EXPECT_EQ(code(answer), "ok") << answer;
            EXPECT_EQ(outcomes(answer), all("unchanged"));
            EXPECT_EQ(table.items, before);

            table.items.clear();
            EXPECT_EQ(outcomes(import(exported.at("data"), command)), all("armed"));
            for (const auto& [key, row] : before) {
                EXPECT_EQ(position(table.items.at(key)), position(row)) << "in another table";
            }
            table.items = before;
        }
    }
    EXPECT_GT(times, 10);
}

}  // namespace
}  // namespace redoubt::test
