// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/interchange.hpp>

#include "validators_fixture.hpp"

namespace redoubt::test {
namespace {

using ethereum::Epoch;
using ethereum::PublicKey;
using ethereum::Slot;
using ethereum_adapters::Validator;

/// Three keys that signed, and one that nobody has.
class InterchangeCommands : public ValidatorsOperator {
protected:
    InterchangeCommands() {
        for (const char digit : {'1', '2', '3'}) put_row(row_of(digit));
    }
    static PublicKey key_of(char digit) { return PublicKey::parse(std::string(96, digit)).value(); }
    static Validator row_of(char digit) {
        Validator row;
        row.key = key_of(digit);
        row.is_on = true;
        row.source = Epoch(50);
        row.target = Epoch(51);
        row.slot = Slot(1700);
        row.attestation_root = ethereum::Root{1};
        row.block_root = ethereum::Root{2};
        row.sealed = {Bytes(61, 1), sealed::WrapId()};
        row.until = Epoch(90'000);
        row.tags = {"a"};
        return row;
    }
    void put_row(const Validator& row) { put(parse_json(to_item(row).text()).value()); }
    Validator row(char digit) const {
        return ethereum_adapters::parse_validator(item(key_of(digit).text())).value();
    }
    static Json entry(char digit, std::optional<int> slot,
                      std::optional<std::pair<int, int>> vote) {
        Json out = {{"pubkey", key_of(digit).text()},
                    {"signed_blocks", Json::array()},
                    {"signed_attestations", Json::array()}};
        if (slot) out["signed_blocks"].push_back({{"slot", std::to_string(*slot)}});
        if (vote) {
            out["signed_attestations"].push_back({{"source_epoch", std::to_string(vote->first)},
                                                  {"target_epoch", std::to_string(vote->second)}});
        }
        return out;
    }
    Json data_of(const Json& entries) const {
        return {{"metadata",
                 {{"interchange_format_version", "5"},
                  {"genesis_validators_root",
                   ethereum::prefixed_hex(network.genesis_validators_root)}}},
                {"data", entries}};
    }
    Json import_data(const Json& entries, const Json& more = Json::object()) {
        Json command = {{"command", "import_interchange"}, {"data", data_of(entries)}};
        command.update(more);
        return ask(command);
    }
    static Json outcomes(const Json& answer) {
        Json out = Json::object();
        for (const Json& key : answer.at("keys")) {
            out[key.at("public_key").get<std::string>().substr(2, 1)] = key.at("outcome");
        }
        return out;
    }
    static std::string marks(const Validator& row) {
        return std::to_string(row.source.value()) + " " + std::to_string(row.target.value()) + " " +
               std::to_string(row.slot.value());
    }
    static std::string roots(const Validator& row) {
        return std::string(row.attestation_root ? "a" : "-") + (row.block_root ? "b" : "-");
    }
    /// A signer's commit, behind the operator's back.
    void sign(char digit, int source, int target, int slot) {
        Validator now = row(digit);
        now.source = Epoch(static_cast<unsigned>(source));
        now.target = Epoch(static_cast<unsigned>(target));
        now.slot = Slot(static_cast<unsigned>(slot));
        now.attestation_root = ethereum::Root{9};
        put_row(now);
    }
    Epoch epoch_now() { return epoch_of(network, slot_at(network, world.clock.wall()).value()); }
};

TEST_F(InterchangeCommands, EachMarkRisesOnItsOwnAndNoneFalls) {
    struct Case {
        std::optional<int> slot;
        std::optional<std::pair<int, int>> vote;
        std::string marks;
        std::string roots;
        std::string outcome;
    };
    const std::vector<Case> cases = {{1700, {{50, 51}}, "50 51 1700", "--", "raised"},
                                     {1699, {{50, 51}}, "50 51 1700", "-b", "raised"},
                                     {1700, {{50, 50}}, "50 51 1700", "a-", "raised"},
                                     {1, {{1, 2}}, "50 51 1700", "ab", "unchanged"},
                                     {{}, {}, "50 51 1700", "ab", "unchanged"},
                                     {1701, {}, "50 51 1701", "a-", "raised"},
                                     {{}, {{50, 52}}, "50 52 1700", "-b", "raised"},
                                     {{}, {{40, 52}}, "50 52 1700", "-b", "raised"},
                                     {{}, {{51, 51}}, "51 51 1700", "-b", "raised"},
                                     {{}, {{60, 20}}, "60 51 1700", "-b", "raised"},
                                     {1, {{60, 61}}, "60 61 1700", "-b", "raised"},
                                     {2000, {{60, 61}}, "60 61 2000", "--", "raised"}};
    for (const Case& one : cases) {
        put_row(row_of('1'));
        const Json answer = import_data(Json::array({entry('1', one.slot, one.vote)}));
        ASSERT_EQ(code(answer), "ok") << answer;
        EXPECT_EQ(outcomes(answer), (Json{{"1", one.outcome}}));
        const Validator after = row('1');
        EXPECT_EQ(marks(after), one.marks);
        EXPECT_EQ(roots(after), one.roots) << one.marks;
        EXPECT_EQ(after.until, Epoch(90'000));
        EXPECT_EQ(after.tags, std::set<std::string>{"a"});
        EXPECT_TRUE(after.is_on && after.sealed);
        const Json again = import_data(Json::array({entry('1', one.slot, one.vote)}));
        EXPECT_EQ(outcomes(again), (Json{{"1", "unchanged"}}));
        EXPECT_EQ(marks(row('1')), one.marks);
    }
}

TEST_F(InterchangeCommands, OfAKeyThatIsThereTwiceTheHighestCounts) {
    const Json answer = import_data(Json::array(
        {entry('1', 1800, {{60, 61}}), entry('1', 1750, {{55, 70}}), entry('2', 10, {})}));
    EXPECT_EQ(outcomes(answer), (Json{{"1", "raised"}, {"2", "unchanged"}}));
    EXPECT_EQ(marks(row('1')), "60 70 1800");
    EXPECT_EQ(count_calls("UpdateItem"), 1U) << "what is unchanged is not written";
}

TEST_F(InterchangeCommands, KeysThatTheTableHasNotAreNamedAndNotMade) {
    const Json answer = import_data(Json::array({entry('1', 1800, {}), entry('9', 1800, {})}));
    ASSERT_EQ(code(answer), "ok");
    EXPECT_EQ(outcomes(answer), (Json{{"1", "raised"}}));
    EXPECT_EQ(answer.at("unknown"), Json::array({key_of('9').text()}));
    EXPECT_TRUE(item(key_of('9').text()).is_null());
    const Json none = import_data(Json::array({entry('9', 1800, {})}));
    EXPECT_EQ(code(none), "unknown_key");
    EXPECT_TRUE(message(none).contains(key_of('9').text()));
}

TEST_F(InterchangeCommands, WhatIsWrongAnywhereHoldsUpAll) {
    const auto before = items("");
    const auto now = static_cast<int>(epoch_now().value());
    Json other_network = data_of(Json::array({entry('1', 1800, {})}));
    other_network["metadata"]["genesis_validators_root"] = "0x" + std::string(64, 'f');
    Json damaged = data_of(Json::array({entry('1', 1800, {}), entry('2', 1800, {})}));
    damaged["data"][1]["signed_blocks"][0]["slot"] = "x";
    const auto ask_with = [this](const Json& data, const Json& more = Json::object()) {
        Json command = {{"command", "import_interchange"}, {"data", data}};
        command.update(more);
        return code(ask(command));
    };
    EXPECT_EQ(ask_with(other_network), "wrong_network");
    EXPECT_EQ(ask_with(damaged), "bad_request");
    EXPECT_EQ(ask_with(data_of(Json::array())), "bad_request");
    EXPECT_EQ(ask_with("{}"), "bad_request");
    EXPECT_EQ(ask_with(Json()), "bad_request");
    EXPECT_EQ(code(ask({{"command", "import_interchange"}})), "bad_request");
    const Json right = Json::array({entry('1', 1800, {}), entry('2', {}, {{1, now + 2}})});
    EXPECT_EQ(ask_with(data_of(right)), "too_far_ahead");
    EXPECT_EQ(ask_with(data_of(right), {{"force", 1}}), "bad_request");
    EXPECT_EQ(
        ask_with(data_of(Json::array({entry('1', 1800, {}), entry('2', (now + 2) * 32, {})}))),
        "too_far_ahead");
    EXPECT_EQ(ask_with(data_of(Json::array({entry('1', {}, {{now + 2, 1}})}))), "too_far_ahead");
    EXPECT_EQ(items(""), before);
}

TEST_F(InterchangeCommands, BeyondTheNextEpochOnlyByForce) {
    const auto now = static_cast<int>(epoch_now().value());
    const Json next =
        import_data(Json::array({entry('1', (now + 2) * 32 - 1, {{now + 1, now + 1}})}));
    EXPECT_EQ(outcomes(next), (Json{{"1", "raised"}}));
    const Json refused = import_data(Json::array({entry('2', {}, {{1, now + 2}})}));
    EXPECT_EQ(code(refused), "too_far_ahead");
    EXPECT_TRUE(message(refused).contains(key_of('2').text())) << message(refused);
    const Json forced =
        import_data(Json::array({entry('2', {}, {{1, now + 2}})}), {{"force", true}});
    EXPECT_EQ(outcomes(forced), (Json{{"2", "raised"}}));
    EXPECT_EQ(row('2').target, Epoch(static_cast<unsigned>(now) + 2));
}

TEST_F(InterchangeCommands, WhatNoChainComesToIsTakenByForceAlone) {
    Json entries = Json::array({entry('1', 1, {})});
    for (const std::uint64_t slot : {std::uint64_t{1} << 63U, ~std::uint64_t{0}}) {
        const Json before = item(key_of('1').text());
        entries[0]["signed_blocks"][0]["slot"] = std::to_string(slot);
        EXPECT_EQ(code(import_data(entries)), "too_far_ahead") << slot;
        EXPECT_EQ(item(key_of('1').text()), before);
        EXPECT_EQ(code(import_data(entries, {{"force", true}})), "ok");
        EXPECT_EQ(row('1').slot, Slot(slot));
    }
    entries[0]["signed_blocks"][0]["slot"] = "18446744073709551616";
    EXPECT_EQ(code(import_data(entries, {{"force", true}})), "bad_request");
}

TEST_F(InterchangeCommands, UnderLoadARowThatMovedIsLookedAtAgain) {
    int writes = 0;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) == "UpdateItem" && ++writes == 1) sign('1', 58, 65, 1900);
        return std::nullopt;
    };
    const Json answer = import_data(Json::array({entry('1', 1800, {{60, 61}})}));
    EXPECT_EQ(outcomes(answer), (Json{{"1", "raised"}}));
    EXPECT_EQ(marks(row('1')), "60 65 1900") << "what was signed meanwhile stays";
    EXPECT_EQ(roots(row('1')), "-b") << "its source is another one now";
    EXPECT_EQ(writes, 2);
}

TEST_F(InterchangeCommands, ARowThatRoseAboveAllMeanwhileIsLeft) {
    int writes = 0;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) == "UpdateItem" && ++writes == 1) sign('1', 70, 71, 2000);
        return std::nullopt;
    };
    const Json answer = import_data(Json::array({entry('1', 1800, {{60, 61}})}));
    EXPECT_EQ(outcomes(answer), (Json{{"1", "unchanged"}}));
    EXPECT_EQ(marks(row('1')), "70 71 2000");
    EXPECT_EQ(roots(row('1')), "ab");
    EXPECT_EQ(writes, 1);
}

TEST_F(InterchangeCommands, WhoMovesEachTimeIsTold) {
    int slot = 1700;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        const bool is_it = operation_of(call) == "UpdateItem" &&
                           body_of(call).at("Key").at("id").at("S") == key_of('1').text();
        if (is_it) sign('1', 50, 51, ++slot);
        return std::nullopt;
    };
    const Json answer =
        import_data(Json::array({entry('1', 1701, {{60, 61}}), entry('2', 1800, {})}));
    EXPECT_EQ(code(answer), "ok") << "the slot rose by itself, so the vote was left, and is raised";
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) == "UpdateItem") {
            return aws_error(400, "ConditionalCheckFailedException", world.clock.wall(),
                             {{"Item", item(key_of('3').text())}});
        }
        return std::nullopt;
    };
    const Json refused = import_data(Json::array({entry('3', 1800, {})}));
    EXPECT_EQ(code(refused), "table_unavailable") << refused;
    EXPECT_EQ(outcomes(refused), (Json{{"3", "table_unavailable"}}));
}

TEST_F(InterchangeCommands, WhatCannotBeReadOrWrittenIsNamedAndTheRestIsRaised) {
    Json broken = item(key_of('2').text());
    broken["src"] = {{"S", "50"}};
    put(broken);
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        const bool is_it = operation_of(call) == "UpdateItem" &&
                           body_of(call).at("Key").at("id").at("S") == key_of('3').text();
        if (is_it) return aws_error(400, "ValidationException", world.clock.wall());
        return std::nullopt;
    };
    const Json answer = import_data(
        Json::array({entry('1', 1800, {}), entry('2', 1800, {}), entry('3', 1800, {})}));
    EXPECT_FALSE(answer.at("ok"));
    EXPECT_EQ(outcomes(answer),
              (Json{{"1", "raised"}, {"2", "damaged_row"}, {"3", "table_refused"}}));
    EXPECT_EQ(marks(row('1')), "50 51 1800");
    interrupt = nullptr;
    EXPECT_EQ(outcomes(import_data(Json::array({entry('1', 1800, {}), entry('3', 1800, {})}))),
              (Json{{"1", "unchanged"}, {"3", "raised"}}));
}

TEST_F(InterchangeCommands, ATableOfAnotherNameIsNotWritten) {
    put(parse_json(
            to_item(ethereum_adapters::TableNetwork{network.genesis_validators_root, "another", {}})
                .text())
            .value());
    EXPECT_EQ(code(import_data(Json::array({entry('1', 1800, {})}))), "wrong_network");
    EXPECT_EQ(count_calls("UpdateItem"), 0U);
}

TEST_F(InterchangeCommands, MoreThanAHundredKeysAreReadAndWrittenInParts) {
    Json entries = Json::array();
    for (int i = 0; i < 250; ++i) {
        Validator row = row_of('1');
        row.key.bytes[0] = static_cast<Byte>(i);
        put_row(row);
        Json one = entry('1', 1800, {});
        one["pubkey"] = row.key.text();
        entries.push_back(one);
    }
    const Json answer = import_data(entries);
    ASSERT_EQ(code(answer), "ok");
    EXPECT_EQ(answer.at("keys").size(), 250U);
    EXPECT_EQ(count_calls("BatchGetItem"), 1U + 3U);
    for (const Json& key : answer.at("keys")) EXPECT_EQ(key.at("outcome"), "raised");
}

TEST_F(InterchangeCommands, AnExportIsWhatAnotherSignerImports) {
    const Json answer = ask(
        {{"command", "export_interchange"}, {"keys", {key_of('2').text(), key_of('1').text()}}});
    ASSERT_EQ(code(answer), "ok") << answer;
    EXPECT_EQ(answer.at("count"), 2);
    EXPECT_TRUE(answer.at("note").get<std::string>().contains("2 of these keys are on"));
    const auto read = ethereum::parse_interchange(answer.at("data").dump(), network);
    ASSERT_TRUE(read);
    const ethereum::SignedMaxima maxima{Slot(1700), Epoch(50), Epoch(51)};
    EXPECT_EQ(*read, (ethereum::Interchange{{key_of('1'), maxima}, {key_of('2'), maxima}}));
    EXPECT_EQ(answer.at("data").at("data")[0].at("pubkey"), key_of('2').text());
    EXPECT_EQ(answer.at("data").at("data")[0].at("signed_blocks")[0].at("signing_root"),
              ethereum::prefixed_hex(ethereum::Root{2}));
    const Json again = {{"command", "import_interchange"}, {"data", answer.at("data")}};
    EXPECT_EQ(outcomes(ask(again)), (Json{{"1", "raised"}, {"2", "raised"}}))
        << "what was signed at these very marks may be something else there";
    EXPECT_EQ(outcomes(ask(again)), (Json{{"1", "unchanged"}, {"2", "unchanged"}}));
}

TEST_F(InterchangeCommands, AnExportOfAllIsPagedAndNamesWhatItLacks) {
    Json broken = item(key_of('2').text());
    broken["tgt"] = {{"N", "-1"}};
    put(broken);
    Validator off = row_of('3');
    off.is_on = false;
    put_row(off);
    paging = {.keys = 1, .items_of_a_part = 1};
    std::set<std::string> keys;
    std::set<std::string> damaged;
    Json after;
    int pages = 0;
    do {
        Json command = {{"command", "export_interchange"}};
        if (!after.is_null()) command["after"] = after;
        const Json page = ask(command);
        ASSERT_EQ(code(page), "ok") << page;
        for (const Json& key : page.at("data").at("data")) {
            keys.insert(key.at("pubkey"));
            EXPECT_TRUE(key.at("signed_attestations")[0].contains("signing_root"));
        }
        damaged.insert(page.at("damaged").begin(), page.at("damaged").end());
        after = page.at("next");
    } while (!after.is_null() && ++pages < 20);
    EXPECT_EQ(keys, (std::set<std::string>{key_of('1').text(), key_of('3').text()}));
    EXPECT_EQ(damaged, std::set<std::string>{key_of('2').text()});
    const Json alone = ask({{"command", "export_interchange"}, {"keys", {key_of('3').text()}}});
    EXPECT_TRUE(alone.at("note").is_null()) << "what is off stays as it was exported";
}

TEST_F(InterchangeCommands, FieldsOfAnExportAreReadStrictly) {
    for (const Json& more :
         {Json{{"keys", Json::array()}}, Json{{"keys", {"0x"}}}, Json{{"after", 1}},
          Json{{"keys", {key_of('1').text()}}, {"after", std::vector<Json>(16)}},
          Json{{"force", true}}}) {
        Json command = {{"command", "export_interchange"}};
        command.update(more);
        EXPECT_EQ(code(ask(command)), "bad_request") << command;
    }
    EXPECT_EQ(code(ask({{"command", "export_interchange"}, {"keys", {key_of('9').text()}}})),
              "unknown_key");
}

TEST_F(InterchangeCommands, ThePageThatHasMostFitsIntoAnAnswer) {
    constexpr std::uint64_t most = ~std::uint64_t{0};
    const std::vector<ethereum::LastSigned> one = {
        {key_of('1'), Slot(most), Epoch(most), Epoch(most), ethereum::Root{}, ethereum::Root{}}};
    const std::size_t size =
        write_interchange(one, network).size() - write_interchange({}, network).size() + 1;
    const ethereum_operator::Paging usual;
    EXPECT_LT((usual.keys + 16 * std::size_t{usual.items_of_a_part}) * size, 6'000'000U);
}

}  // namespace
}  // namespace redoubt::test
