// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/formats/midl.hpp>

#include "formats_fixture.hpp"

namespace redoubt::test {
namespace {

Result<Marks> parse_midl(const std::string& text) {
    return tezos::formats::parse_midl_rows(text, tezos::parse_chain_id(marks_mainnet).value());
}

TEST(MidlFormat, RowsAreReadForTheChainThatIsGiven) {
    const auto marks = parse_midl(marks_vector("midl/scan.json"));
    ASSERT_TRUE(marks) << marks.error().message;
    EXPECT_EQ(lines_of(*marks),
              (std::vector<std::string>{
                  marks_mainnet + ", " + marks_tz2 + ", attestation: 12180930, 0",
                  marks_mainnet + ", " + marks_tz2 + ", block: 12180920, 2",
                  marks_mainnet + ", " + marks_tz2 + ", preattestation: 12180930, 1",
              }));
}

TEST(MidlFormat, OneRowIsReadAsGetItemPrintsIt) {
    const auto marks = parse_midl(marks_vector("midl/get-item.json"));
    ASSERT_TRUE(marks) << marks.error().message;
    EXPECT_EQ(lines_of(*marks), (std::vector<std::string>{marks_mainnet + ", " + marks_tz2 +
                                                          ", attestation: 12180930, 0"}));
}

TEST(MidlFormat, WhatIsNotFullyUnderstoodIsRefusedByName) {
    const std::string scan = marks_vector("midl/scan.json");
    struct Case {
        std::string old, replacement, told;
    };
    for (const auto& [old, replacement, told] : {
             Case{"\"Block\"", "\"block\"", "`opType` is not Block"},
             Case{"\"Block\"", "\"Attestation\"", "is there twice"},
             Case{"\"opType\"", "\"kind\"", "has no `opType`"},
             Case{"\"opType\"", "\"more\": {}, \"opType\"", "a member `more`"},
             Case{marks_tz2, "tz2", "`tz2` is not an address"},
             // What one bad request does to midl's rows for good.
             Case{"\"12180930\"", "\"2147483648\"", "blockLevel: is not"},
             Case{"\"N\": \"0\"", "\"N\": \"4294967295\"", "blockRound: is not"},
             Case{"\"N\": \"0\"", "\"N\": \"0x1\"", "blockRound: is not"},
             Case{"\"N\": \"0\"", "\"N\": \"+1\"", "blockRound: is not"},
             Case{"\"N\": \"0\"", "\"N\": \"1.0\"", "blockRound: is not"},
             Case{"\"N\": \"0\"", "\"N\": \"1E0\"", "blockRound: is not"},
         }) {
        const std::string refusal = refusal_of(parse_midl(with(scan, old, replacement)));
        EXPECT_NE(refusal.find(told), std::string::npos) << replacement << "\n" << refusal;
        EXPECT_TRUE(refusal.starts_with("row ")) << refusal;
    }
}

TEST(PrintedRows, WhatMayLackRowsIsRefused) {
    const std::string scan = marks_vector("midl/scan.json");
    struct Case {
        std::string old, replacement, told;
    };
    for (const auto& [old, replacement, told] : {
             Case{"\"Count\": 3", "\"Count\": 2", "some rows were left out"},
             Case{"\"Count\": 3", "\"Count\": 3.0", "some rows were left out"},
             Case{"\"Count\": 3", "\"Count\": \"3\"", "some rows were left out"},
             Case{"\"ScannedCount\": 3", "\"ScannedCount\": 4", "some rows were left out"},
             Case{"\"Count\": 3", "\"Count\": 3, \"NextToken\": \"e\"", "there are more rows"},
             Case{"\"Count\": 3", "\"Count\": 3, \"LastEvaluatedKey\": {}", "there are more rows"},
             Case{"\"Count\": 3", "\"Count\": 3, \"Table\": \"t\"", "a member `Table`"},
             Case{"\"Count\": 3,", "", "has no `Count`"},
             Case{"\"Items\"", "\"Rows\"", "has no `Items`"},
             Case{"\"Items\": [", "\"Items\": {}, \"x\": [", "a member `x`"},
             Case{"\"Items\": [", "\"Item\": {}, \"Items\": [", "a member `"},
         }) {
        const std::string refusal = refusal_of(parse_midl(with(scan, old, replacement)));
        EXPECT_NE(refusal.find(told), std::string::npos) << replacement << "\n" << refusal;
    }
    EXPECT_NE(refusal_of(parse_midl("{\"Items\":{},\"Count\":0,\"ScannedCount\":0}"))
                  .find("is not a list"),
              std::string::npos);
    EXPECT_NE(refusal_of(parse_midl("{\"Items\":[7],\"Count\":1,\"ScannedCount\":1}"))
                  .find("row 1: is not a JSON object"),
              std::string::npos);
    EXPECT_FALSE(parse_midl(""));
    for (std::size_t size = 1; size < scan.size() - 1; size += 7) {
        EXPECT_FALSE(parse_midl(scan.substr(0, size))) << size;
    }
    EXPECT_EQ(parse_midl("{\"Items\":[],\"Count\":0,\"ScannedCount\":0}").value(), Marks{});
}

}  // namespace
}  // namespace redoubt::test
