// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/formats/signatory.hpp>

#include "formats_fixture.hpp"

namespace redoubt::test {
namespace {

using tezos::formats::parse_signatory_files;
using tezos::formats::parse_signatory_rows;

const std::string a_payload_hash = "vh2THNfr1pU3TjJyJkw7BKq19suqMX1W9PXRVAgpueELhGTAuhSx";

Result<Marks> parse_signatory_file(const std::string& text) {
    return parse_signatory_files(std::vector<File>{{marks_mainnet + ".json", text}});
}
std::string a_signatory_mark(const std::string& mark, const std::string& kind = "attestation") {
    return "{\"" + marks_tz1 + "\":{\"" + kind + "\":" + mark + "}}";
}

TEST(SignatoryFormat, FilesAreReadAndVotesWithAndWithoutDalAreOne) {
    const auto marks = parse_signatory_files(std::vector<File>{
        {marks_mainnet + ".json", marks_vector("signatory/" + marks_mainnet + ".json")},
        {marks_testnet + ".json", marks_vector("signatory/" + marks_testnet + ".json")}});
    ASSERT_TRUE(marks) << marks.error().message;
    EXPECT_EQ(lines_of(*marks),
              (std::vector<std::string>{
                  marks_testnet + ", " + marks_tz3 + ", attestation: 7, 0",
                  marks_testnet + ", " + marks_tz3 + ", preattestation: 7, 2",
                  marks_mainnet + ", " + marks_tz1 + ", attestation: 12180921, 1",
                  marks_mainnet + ", " + marks_tz1 + ", block: 12180900, 2147483647",
                  marks_mainnet + ", " + marks_tz1 + ", preattestation: 12180921, 1",
                  marks_mainnet + ", " + marks_tz4 + ", attestation: 12180921, 0",
              }));
}

TEST(SignatoryFormat, RowsAreReadAndVotesWithAndWithoutDalAreOne) {
    const auto marks = parse_signatory_rows(marks_vector("signatory_dynamodb/scan.json"));
    ASSERT_TRUE(marks) << marks.error().message;
    EXPECT_EQ(lines_of(*marks),
              (std::vector<std::string>{
                  marks_mainnet + ", " + marks_tz1 + ", attestation: 12180922, 0",
                  marks_mainnet + ", " + marks_tz1 + ", block: 12180901, 2147483647",
                  marks_mainnet + ", " + marks_tz1 + ", preattestation: 12180922, 0",
              }));
}

TEST(SignatoryFormat, FilesThatAreNotFullyUnderstoodAreRefusedByName) {
    const std::string level = "\"level\":5,\"round\":0,";
    struct Case {
        std::string text, told;
    };
    for (const auto& [text, told] : {
             Case{"{", "is not whole JSON"},
             Case{"{\"tz1\":{}}", "`tz1` is not an address"},
             Case{"{\"" + marks_tz1 + "\":[]}", "is not a JSON object"},
             Case{a_signatory_mark("{" + level + "\"hash\":null}", "generic"),
                  "`generic` is not a kind"},
             Case{a_signatory_mark("[]"), "is not a JSON object"},
             Case{a_signatory_mark("{\"round\":0,\"hash\":null}"), "has no `level`"},
             Case{a_signatory_mark("{\"level\":5,\"hash\":null}"), "has no `round`"},
             Case{a_signatory_mark("{" + level + "\"hash\":null,\"order\":1}"), "a member `order`"},
             Case{a_signatory_mark("{" + level + "\"hash\":\"\"}"), "hash: is not a hash"},
             Case{a_signatory_mark("{\"level\":5,\"round\":-1,\"hash\":null}"),
                  "round: is not a whole"},
             Case{a_signatory_mark("{\"level\":5e9,\"round\":0,\"hash\":null}"),
                  "level: is not a whole"},
         }) {
        const std::string refusal = refusal_of(parse_signatory_file(text));
        EXPECT_NE(refusal.find(told), std::string::npos) << text << "\n" << refusal;
    }
    EXPECT_TRUE(parse_signatory_file(
        a_signatory_mark("{" + level + "\"hash\":\"" + a_payload_hash + "\"}")));
    for (const std::string name : {"x.json", "NetXdQprcVkpaWU", "NetXdQprcVkpaWV.json", ".json"}) {
        EXPECT_NE(refusal_of(parse_signatory_files(std::vector<File>{{name, "{}"}}))
                      .find("is not a file of Signatory's folder"),
                  std::string::npos);
    }
}

TEST(SignatoryFormat, FilesOfItsOlderFoldersAreRefusedAndItSaysWhatToDo) {
    const std::string v1 =
        "{\"" + marks_tz1 + "\":{\"level\":5,\"round\":0,\"order\":2,\"hash\":null}}";
    EXPECT_NE(refusal_of(parse_signatory_file(v1)).find("start a Signatory of today once"),
              std::string::npos);
    const std::string v0 = "{\"block\":{\"" + marks_tz1 + "\":{\"level\":5}}}";
    EXPECT_NE(refusal_of(parse_signatory_file(v0)).find("`block` is not an address"),
              std::string::npos);
}

TEST(SignatoryFormat, RowsThatAreNotFullyUnderstoodAreRefusedByName) {
    const std::string scan = marks_vector("signatory_dynamodb/scan.json");
    struct Case {
        std::string old, replacement, told;
    };
    for (const auto& [old, replacement, told] : {
             Case{marks_mainnet + "/", marks_mainnet, "is not a chain id"},
             Case{marks_mainnet + "/" + marks_tz1, marks_mainnet, "`` is not an address"},
             Case{"\"attestation\"", "\"generic\"", "`generic` is not a kind"},
             Case{"\"N\": \"12180922\"", "\"N\": \"012180922\"", "lvl: is not"},
             Case{"\"N\": \"12180922\"", "\"N\": \"-1\"", "lvl: is not"},
             Case{"\"N\": \"12180922\"", "\"N\": \"2147483648\"", "lvl: is not"},
             Case{"\"N\": \"12180922\"", "\"N\": \"99999999999\"", "lvl: is not"},
             Case{"\"N\": \"12180922\"", "\"N\": \"\"", "lvl: is not"},
             Case{"\"N\": \"12180922\"", "\"N\": 12180922", "lvl: is not"},
             Case{"\"N\": \"12180922\"", "\"S\": \"12180922\"", "lvl: is not"},
             Case{"\"N\": \"12180922\"", "\"N\": \"12180922\", \"S\": \"\"", "lvl: is not"},
             Case{"\"B\": \"", "\"B\": \"AAAA", "`digest` is not"},
             Case{"\"S\": \"vh", "\"S\": \"v", "`digest` is not"},
             Case{"\"lvl\"", "\"level\"", "has no `lvl`"},
             Case{"\"idx\"", "\"more\": 1, \"idx\"", "a member `more`"},
         }) {
        const std::string refusal = refusal_of(parse_signatory_rows(with(scan, old, replacement)));
        EXPECT_NE(refusal.find(told), std::string::npos) << replacement << "\n" << refusal;
        EXPECT_TRUE(refusal.starts_with("row ")) << refusal;
    }
}

TEST(SignatoryFormat, ARowThatIsThereTwiceIsRefused) {
    const std::string scan = with(marks_vector("signatory_dynamodb/scan.json"),
                                  "\"attestation_with_dal\"", "\"attestation\"");
    EXPECT_NE(refusal_of(parse_signatory_rows(scan)).find("is there twice"), std::string::npos);
}

}  // namespace
}  // namespace redoubt::test
