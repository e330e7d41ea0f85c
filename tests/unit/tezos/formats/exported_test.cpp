// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/formats/exported.hpp>

#include "../../mutations/mutator.hpp"
#include "formats_fixture.hpp"

namespace redoubt::test {
namespace {

using tezos::formats::ExportedRow;
using tezos::formats::parse_exported;
using tezos::formats::write_exported;

std::vector<ExportedRow> some_rows(Mutator& random) {
    const auto number = [&random] {
        const std::vector<std::uint32_t> edges = {0, 1, 0x7ffffffe, 0x7fffffff};
        return random.below(2) == 0 ? random.one_of(edges)
                                    : static_cast<std::uint32_t>(random.below(0x80000000));
    };
    std::vector<ExportedRow> rows;
    for (const std::string& chain : {marks_mainnet, marks_testnet}) {
        for (const std::string& key : {marks_tz1, marks_tz2, marks_tz3, marks_tz4}) {
            for (const ConsensusKind kind : tezos::all_kinds) {
                if (random.below(3) == 0) continue;
                ExportedRow row{{tezos::parse_chain_id(chain).value(), key, kind},
                                {Level(number()), Round(number())},
                                {},
                                {}};
                if (random.below(2) == 0) {
                    row.digest.emplace().fill(static_cast<Byte>(random.below(256)));
                }
                if (random.below(3) == 0) row.until = Level(number());
                rows.push_back(std::move(row));
            }
        }
    }
    return rows;
}

TEST(ExportedFormat, WhatIsWrittenIsWhatIsRead) {
    Mutator random;
    for (int round = 0; round < 200; ++round) {
        const auto rows = some_rows(random);
        const auto read = parse_exported(write_exported(rows));
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(*read, rows);
    }
    EXPECT_TRUE(parse_exported(write_exported({})).value().empty());
}

TEST(ExportedFormat, ItIsAsTheVectorHasIt) {
    const std::string text = marks_vector("redoubt/watermarks.json");
    const auto rows = parse_exported(text);
    ASSERT_TRUE(rows) << rows.error().message;
    EXPECT_EQ(write_exported(*rows), text);
    EXPECT_EQ(lines_of(tezos::formats::to_marks(*rows)),
              (std::vector<std::string>{
                  marks_mainnet + ", " + marks_tz2 + ", attestation: 12180930, 0",
                  marks_mainnet + ", " + marks_tz2 + ", block: 12180910, 1",
                  marks_mainnet + ", " + marks_tz2 + ", preattestation: 12181000, 2147483647",
              }))
        << "up to `until` its signer may still sign";
}

TEST(ExportedFormat, WhatIsNotFullyUnderstoodIsRefusedByName) {
    const std::string text = marks_vector("redoubt/watermarks.json");
    struct Case {
        std::string old, replacement, told;
    };
    for (const auto& [old, replacement, told] : {
             Case{"redoubt-watermarks", "redoubt", "is not of the format"},
             Case{"\"version\":1", "\"version\":2", "is not of the format"},
             Case{"\"version\":1", "\"version\":1.0", "is not of the format"},
             Case{"\"version\":1", "\"version\":\"1\"", "is not of the format"},
             Case{"\"version\":1,", "", "has no `version`"},
             Case{"\"version\":1", "\"version\":1,\"x\":2", "a member `x`"},
             Case{"\"rows\":[", "\"rows\":{},\"x\":[", "a member `x`"},
             Case{"\"until\":null", "\"until\":null,\"at\":5", "row 1: has a member `at`"},
             Case{"\"kind\":\"block\"", "\"kind\":\"Block\"", "kind: is not block"},
             Case{"\"kind\":\"preattestation\"", "\"kind\":\"block\"", "row 2: is there twice"},
             Case{marks_mainnet, "Net", "`Net` is not a chain id"},
             Case{marks_tz2, marks_tz2 + "W", "is not an address"},
             Case{"\"pkh\":\"" + marks_tz2 + "\"", "\"pkh\":null", "pkh: is not a text"},
             Case{"\"level\":12180910", "\"level\":-1", "level: is not a whole"},
             Case{"\"round\":1", "\"round\":2147483648", "round: is not a whole"},
             Case{"\"round\":1,", "", "row 1: has no `round`"},
             Case{"\"digest\":\"", "\"digest\":\"00", "digest: is not 32 bytes"},
             Case{"\"until\":12181000", "\"until\":\"\"", "until: is not a whole"},
             Case{"\"until\":12181000", "\"until\":true", "until: is not a whole"},
         }) {
        const std::string refusal = refusal_of(parse_exported(with(text, old, replacement)));
        EXPECT_NE(refusal.find(told), std::string::npos) << replacement << "\n" << refusal;
    }
    EXPECT_NE(
        refusal_of(parse_exported("{\"format\":\"redoubt-watermarks\",\"version\":1,\"rows\":{}}"))
            .find("rows: is not a list"),
        std::string::npos);
    for (std::size_t size = 0; size + 1 < text.size(); ++size) {
        EXPECT_FALSE(parse_exported(text.substr(0, size))) << size;
    }
}

}  // namespace
}  // namespace redoubt::test
