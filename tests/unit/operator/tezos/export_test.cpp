// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/formats/exported.hpp>
#include <redoubt/tezos/formats/octez.hpp>

#include "import_fixture.hpp"

namespace redoubt::test {
namespace {

using tezos::formats::File;

std::vector<File> files_of(const Json& data) {
    std::vector<File> files;
    for (const auto& [name, text] : data.items()) files.push_back({name, text});
    return files;
}

class Exporting : public Importing {};

TEST_F(Exporting, OfOursEachRowIsThereWithItsDigestAndUntil) {
    EXPECT_EQ(code(arm(1000)), "ok");
    sign(first, "block", 1001);
    item(second, "attestation")["until"] = aws::dynamodb::number(1100);
    const auto before = table.items;
    const Json answer = export_to("redoubt");
    EXPECT_EQ(code(answer), "ok") << answer;
    const auto rows = tezos::formats::parse_exported(answer.at("data").get<std::string>());
    ASSERT_TRUE(rows) << rows.error().message;
    EXPECT_EQ(rows->size(), 6U);
    for (const auto& row : *rows) {
        const Json& there =
            table.items.at({row.id.key, mainnet_text + "/" + std::string(name(row.id.kind))});
        EXPECT_EQ(
            (std::pair<std::int64_t, std::int64_t>{row.at.level.value(), row.at.round.value()}),
            position(there));
        EXPECT_EQ(row.digest.has_value(), there.contains("digest"));
        EXPECT_EQ(row.until.has_value(), there.contains("until"));
    }
    EXPECT_EQ(table.items, before);
    EXPECT_EQ(answer.at("data").get<std::string>().find("the signature"), std::string::npos);
}

TEST_F(Exporting, ForOctezThereAreThreeFilesAndARowStandsAtItsUntil) {
    EXPECT_EQ(code(arm(1000)), "ok");
    sign(first, "block", 1001);
    item(second, "attestation")["until"] = aws::dynamodb::number(1100);
    const Json answer = export_to("octez");
    EXPECT_EQ(code(answer), "ok") << answer;
    const auto marks = tezos::formats::parse_octez(files_of(answer.at("data")));
    ASSERT_TRUE(marks) << marks.error().message;
    EXPECT_EQ(marks->size(), 6U);
    const tezos::ChainId chain(mainnet_id);
    const auto standing = [&](const SecretKey& of, tezos::ConsensusKind kind) {
        const tezos::Position& position = marks->at({chain, of.named().address, kind});
        return std::pair{position.level.value(), position.round.value()};
    };
    EXPECT_EQ(standing(first, tezos::ConsensusKind::Block), (std::pair{1001U, 0U}));
    EXPECT_EQ(standing(first, tezos::ConsensusKind::Attestation), (std::pair{1000U, 0x7fffffffU}));
    EXPECT_EQ(standing(second, tezos::ConsensusKind::Attestation), (std::pair{1100U, 0x7fffffffU}));
    EXPECT_EQ(dump(answer).find("the signature"), std::string::npos);
}

TEST_F(Exporting, AMissingRowIsRefusedForOctezWhichWouldSignAnything) {
    EXPECT_EQ(code(arm(1000)), "ok");
    table.items.erase({second.named().address, mainnet_text + "/preattestation"});
    const Json answer = export_to("octez");
    EXPECT_EQ(code(answer), "not_armed");
    EXPECT_NE(message(answer).find("preattestations of " + second.named().address),
              std::string::npos);
    EXPECT_FALSE(answer.contains("data"));
    EXPECT_EQ(code(export_to("octez", {{"keys", {first.named().address}}})), "ok");
    EXPECT_EQ(code(export_to("redoubt")), "ok");
}

TEST_F(Exporting, ADamagedRowIsRefusedSinceItsGuardWouldBeLost) {
    EXPECT_EQ(code(arm(1000)), "ok");
    for (const char* attribute : {"lvl", "pace"}) {
        const auto before = table.items;
        item(first, "block").erase(attribute);
        for (const std::string to : {"octez", "redoubt"}) {
            const Json answer = export_to(to);
            EXPECT_EQ(code(answer), "damaged_row");
            EXPECT_NE(message(answer).find(first.named().address), std::string::npos);
            EXPECT_FALSE(answer.contains("data"));
        }
        table.items = before;
    }
}

TEST_F(Exporting, ChainAndKeysSelect) {
    const std::string other = "NetXL8DCcdd3aRR";
    EXPECT_EQ(code(arm(1000)), "ok");
    EXPECT_EQ(code(ask({{"command", "arm"}, {"chain", other}, {"level", 5}})), "ok");
    const auto size = [this](const Json& more) {
        const Json answer = export_to("redoubt", more);
        return answer.at("ok") ? answer.at("rows").size() : 0;
    };
    EXPECT_EQ(size(Json::object()), 12U);
    EXPECT_EQ(size({{"chain", other}}), 6U);
    EXPECT_EQ(size({{"chain", other}, {"keys", {second.named().address}}}), 3U);
    EXPECT_EQ(code(export_to("redoubt", {{"chain", "NetXo5iVw1vBoxM"}})), "not_armed");
}

TEST_F(Exporting, AKeyWithoutAnyRowIsNamed) {
    EXPECT_EQ(code(arm(1000)), "ok");
    const Json all = export_to("octez");
    EXPECT_EQ(all.at("without_rows"), Json::array());
    const std::string& address = second.named().address;
    EXPECT_EQ(all.at("note").get<std::string>().find(address), std::string::npos);
    std::erase_if(table.items, [&](const auto& row) { return row.first.first == address; });
    for (const std::string to : {"octez", "redoubt"}) {
        const Json answer = export_to(to);
        EXPECT_EQ(answer.at("without_rows"), Json({address}));
        EXPECT_NE(answer.at("note").get<std::string>().find(address), std::string::npos);
        EXPECT_EQ(answer.at("rows").size(), 3U);
    }
    EXPECT_EQ(export_to("octez", {{"keys", {first.named().address}}}).at("without_rows"),
              Json::array());
}

TEST_F(Exporting, FieldsAreReadStrictly) {
    for (const Json& more : {Json{{"to", nullptr}}, Json{{"to", "signatory"}}, Json{{"to", 1}},
                             Json{{"chain", 7}}, Json{{"chain", "NetXdQprcVkpaWV"}},
                             Json{{"keys", "tz1"}}, Json{{"level", 5}}, Json{{"dry_run", true}}}) {
        EXPECT_EQ(code(export_to("octez", more)), "bad_request") << more;
    }
    EXPECT_EQ(code(export_to("octez", {{"keys", {baker.named().address}}})), "unknown_key");
    EXPECT_TRUE(world.runner.calls.empty());
    EXPECT_EQ(code(export_to("octez")), "not_armed") << "no rows at all";
}

}  // namespace
}  // namespace redoubt::test
