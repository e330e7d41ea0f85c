// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/formats/octez.hpp>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/json.hpp>

#include "formats_fixture.hpp"

namespace redoubt::test {
namespace {

using tezos::formats::ExportedRow;
using tezos::formats::parse_octez;
using tezos::formats::write_octez;

Result<Marks> parse_octez_file(const std::string& text,
                               const std::string& name = "block_high_watermarks") {
    return parse_octez(std::vector<File>{{name, text}});
}

std::string an_octez_mark(const std::string& mark) {
    return "{\"" + marks_mainnet + "\":{\"" + marks_tz1 + "\":" + mark + "}}";
}
const std::string an_octez_hash = "\"hash\":\"" + std::string(64, '7') + "\"";

TEST(OctezFormat, ItsThreeFilesAreRead) {
    std::vector<File> files;
    for (const std::string kind : {"block", "preattestation", "attestation"}) {
        files.push_back(
            {kind + "_high_watermarks", marks_vector("octez/" + kind + "_high_watermarks")});
    }
    const auto marks = parse_octez(files);
    ASSERT_TRUE(marks) << marks.error().message;
    EXPECT_EQ(lines_of(*marks),
              (std::vector<std::string>{
                  marks_testnet + ", " + marks_tz1 + ", attestation: 18000001, 3",
                  marks_testnet + ", " + marks_tz1 + ", block: 18000000, 0",
                  marks_mainnet + ", " + marks_tz1 + ", attestation: 12180919, 2",
                  marks_mainnet + ", " + marks_tz1 + ", block: 12179000, 0",
                  marks_mainnet + ", " + marks_tz1 + ", preattestation: 12180920, 0",
                  marks_mainnet + ", " + marks_tz2 + ", attestation: 12180920, 0",
                  marks_mainnet + ", " + marks_tz2 + ", block: 12180910, 1",
                  marks_mainnet + ", " + marks_tz2 + ", preattestation: 12180920, 0",
                  marks_mainnet + ", " + marks_tz4 + ", attestation: 12180921, 0",
              }));
}

TEST(OctezFormat, OlderFilesAreReadAndAMarkWithoutARoundClosesItsLevel) {
    std::vector<File> files;
    for (const std::string kind : {"block", "preendorsement", "endorsement"}) {
        files.push_back(
            {kind + "_high_watermarks", marks_vector("octez_older/" + kind + "_high_watermarks")});
    }
    const auto marks = parse_octez(files);
    ASSERT_TRUE(marks) << marks.error().message;
    EXPECT_EQ(lines_of(*marks),
              (std::vector<std::string>{
                  marks_mainnet + ", " + marks_tz1 + ", attestation: 2244608, 2147483647",
                  marks_mainnet + ", " + marks_tz1 + ", block: 2244609, 2147483647",
                  marks_mainnet + ", " + marks_tz3 + ", attestation: 5000000, 1",
                  marks_mainnet + ", " + marks_tz3 + ", block: 2244000, 2147483647",
                  marks_mainnet + ", " + marks_tz3 + ", preattestation: 5000000, 0",
              }));
}

TEST(OctezFormat, OfAnOldAndANewFileTheHigherMarkCounts) {
    for (const auto& [before, after] : {std::pair{7, 5}, std::pair{5, 7}}) {
        const auto mark = [](int level) {
            return an_octez_mark("{\"level\":" + std::to_string(level) + ",\"round\":0," +
                                 an_octez_hash + "}");
        };
        const auto marks =
            parse_octez(std::vector<File>{{"endorsement_high_watermarks", mark(before)},
                                          {"attestation_high_watermarks", mark(after)}});
        ASSERT_TRUE(marks);
        ASSERT_EQ(marks->size(), 1U);
        EXPECT_EQ(marks->begin()->second.level, Level(7));
    }
}

TEST(OctezFormat, WhatIsNotFullyUnderstoodIsRefusedByName) {
    const std::string level = "\"level\":5,\"round\":0,";
    struct Case {
        std::string text, told;
    };
    for (const auto& [text, told] : {
             Case{"", "is not whole JSON"},
             Case{"[]", "is not a JSON object"},
             Case{"{\"Net\":{}}", "`Net` is not a chain id"},
             Case{"{\"NetXdQprcVkpaWV\":{}}", "`NetXdQprcVkpaWV` is not a chain id"},
             Case{"{\"" + marks_mainnet + "\":[]}", marks_mainnet + ": is not a JSON object"},
             Case{"{\"" + marks_mainnet + "\":{\"tz1\":{}}}", "`tz1` is not an address"},
             Case{an_octez_mark("5"), marks_tz1 + ": is not a JSON object"},
             Case{an_octez_mark("{" + an_octez_hash + "}"), "has no `level`"},
             Case{an_octez_mark("{\"level\":5,\"round\":0}"), "has no `hash`"},
             Case{an_octez_mark("{" + level + an_octez_hash + ",\"more\":1}"), "a member `more`"},
             Case{an_octez_mark("{\"level\":-1,\"round\":0," + an_octez_hash + "}"),
                  "level: is not a whole"},
             Case{an_octez_mark("{\"level\":2147483648," + an_octez_hash + "}"),
                  "level: is not a whole"},
             Case{an_octez_mark("{\"level\":5.0," + an_octez_hash + "}"), "level: is not a whole"},
             Case{an_octez_mark("{\"level\":\"5\"," + an_octez_hash + "}"),
                  "level: is not a whole"},
             Case{an_octez_mark("{\"level\":5,\"round\":null," + an_octez_hash + "}"),
                  "round: is not a whole"},
             Case{an_octez_mark("{\"level\":5,\"level\":4,\"round\":0," + an_octez_hash + "}"),
                  "names a member twice"},
             Case{an_octez_mark("{" + level + "\"hash\":\"77\"}"), "hash: is not 32 bytes in hex"},
             Case{an_octez_mark("{" + level + "\"hash\":7}"), "hash: is not 32 bytes in hex"},
             Case{an_octez_mark("{" + level + an_octez_hash + ",\"signature\":\"sig1\"}"),
                  "is not a signature"},
             Case{an_octez_mark("{" + level + an_octez_hash + ",\"signature\":null}"),
                  "is not a signature"},
         }) {
        const std::string refusal = refusal_of(parse_octez_file(text));
        EXPECT_NE(refusal.find(told), std::string::npos) << text << "\n" << refusal;
        EXPECT_TRUE(refusal.starts_with("block_high_watermarks")) << refusal;
    }
    EXPECT_NE(refusal_of(parse_octez_file("{}", "block_high_watermark")).find("has no file"),
              std::string::npos);
    EXPECT_TRUE(parse_octez_file(an_octez_mark("{" + level + an_octez_hash + "}")));
}

TEST(OctezFormat, AFileThatIsCutShortIsRefusedWhereverItIsCut) {
    const std::string whole = marks_vector("octez/attestation_high_watermarks");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(parse_octez_file(whole.substr(0, size))) << size;
    }
    EXPECT_FALSE(parse_octez_file(whole + "}"));
}

TEST(OctezFormat, AMessageNeverShowsAValueOrALongName) {
    const std::string secret = "unencrypted:edsk3gUfUPyBSfrS9CCgmCiQsTCHGkviBDusMxDJstFtojtc1zcpsh";
    for (const std::string& text :
         {"[{\"name\":\"a\",\"value\":\"" + secret + "\"}]",
          "{\"" + std::string(5000, 'x') + "\":1}", std::string("{\"\\u001b[2J\\n\":1}"),
          an_octez_mark("{\"level\":\"" + secret + "\",\"hash\":\"" + secret + "\"}")}) {
        const std::string refusal = refusal_of(parse_octez_file(text));
        EXPECT_EQ(refusal.find("edsk"), std::string::npos) << refusal;
        EXPECT_LT(refusal.size(), 400U);
        EXPECT_TRUE(std::ranges::all_of(refusal, [](char c) { return c >= ' ' && c <= '~'; }));
    }
}

/// Whether octez-signer would sign there: check_mark of src/bin_signer/handler.ml, for a mark with
/// a round and without a signature.
bool octez_signs(const Json& mark, const tezos::Position& at) {
    EXPECT_FALSE(mark.contains("signature"));
    const auto level = mark.at("level").get<std::uint32_t>();
    if (level > at.level.value()) return false;
    return level != at.level.value() || mark.at("round").get<std::uint32_t>() < at.round.value();
}

TEST(OctezFormat, WhatIsWrittenLetsOctezSignNothingUpToTheRowNorUpToItsUntil) {
    const auto chain = tezos::parse_chain_id(marks_mainnet).value();
    const std::vector<std::optional<Level>> untils = {std::nullopt, Level(3), Level(5), Level(7)};
    for (std::uint32_t level : {0U, 4U, 5U, 0x7fffffffU}) {
        for (std::uint32_t round : {0U, 3U, 0x7fffffffU}) {
            for (const auto& until : untils) {
                const ExportedRow row{{chain, marks_tz2, ConsensusKind::Block},
                                      {Level(level), Round(round)},
                                      tezos::Digest{7},
                                      until};
                const auto files = write_octez(std::vector{row});
                const Json mark =
                    parse_json(files.at(0).text).value().at(marks_mainnet).at(marks_tz2);
                for (std::uint32_t asked : {0U, 3U, 4U, 5U, 6U, 7U, 8U, 0x7fffffffU}) {
                    for (std::uint32_t in : {0U, 2U, 3U, 4U, 0x7fffffffU}) {
                        const tezos::Position at{Level(asked), Round(in)};
                        const bool is_taken = at <= row.at || (until && at.level <= *until);
                        EXPECT_EQ(octez_signs(mark, at), !is_taken)
                            << level << " " << round << " " << asked << " " << in;
                    }
                }
            }
        }
    }
}

TEST(OctezFormat, WhatIsWrittenIsReadAgain) {
    const auto mainnet = tezos::parse_chain_id(marks_mainnet).value();
    const auto testnet = tezos::parse_chain_id(marks_testnet).value();
    std::vector<ExportedRow> rows;
    for (const auto& chain : {mainnet, testnet}) {
        for (const std::string& key : {marks_tz1, marks_tz2}) {
            for (const auto kind : tezos::all_kinds) {
                rows.push_back(
                    {{chain, key, kind},
                     {Level(5 + static_cast<std::uint32_t>(rows.size())), Round(1)},
                     rows.size() % 2 == 0 ? std::optional(tezos::Digest{0xab}) : std::nullopt,
                     {}});
            }
        }
    }
    const auto files = write_octez(rows);
    ASSERT_EQ(files.size(), 3U);
    EXPECT_EQ(files[0].name, "block_high_watermarks");
    EXPECT_EQ(files[1].name, "preattestation_high_watermarks");
    EXPECT_EQ(files[2].name, "attestation_high_watermarks");
    const auto marks = parse_octez(files);
    ASSERT_TRUE(marks) << marks.error().message;
    EXPECT_EQ(*marks, tezos::formats::to_marks(rows));
    const Json first = parse_json(files[0].text).value().at(marks_mainnet).at(marks_tz1);
    EXPECT_EQ(first.at("hash"), "ab" + std::string(62, '0'));
    EXPECT_EQ(parse_octez(write_octez({})).value(), Marks{});
}

TEST(OctezFormat, ADigestIsWrittenOnlyForItsOwnPosition) {
    const auto chain = tezos::parse_chain_id(marks_mainnet).value();
    const ExportedRow row{
        {chain, marks_tz2, ConsensusKind::Block}, {Level(5), Round(0)}, tezos::Digest{7}, Level(9)};
    const auto files = write_octez(std::vector{row});
    const Json mark = parse_json(files.at(0).text).value().at(marks_mainnet).at(marks_tz2);
    EXPECT_EQ(mark.at("hash"), std::string(64, '0'));
}

}  // namespace
}  // namespace redoubt::test
