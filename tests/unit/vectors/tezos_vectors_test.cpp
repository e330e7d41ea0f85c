// SPDX-License-Identifier: Apache-2.0
#include "tezos_vectors.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace redoubt::test {
namespace {

TEST(TezosVectors, HaveTheShapeThatTheTestsKnow) {
    EXPECT_EQ(mistakes_of(tezos_vectors_document()), std::vector<std::string>());
}

TEST(TezosVectors, AreRefusedWhenATestWouldPassOverSomething) {
    struct Row {
        std::string name;
        std::function<void(Json&)> spoil;
        std::string mistake;
    };
    const std::vector<Row> rows = {
        {"empty section", [](Json& d) { d["payloads"] = Json::array(); }, "payloads is empty"},
        {"empty nested section", [](Json& d) { d["kms"]["spki"] = Json::array(); },
         "kms.spki is empty"},
        {"section gone", [](Json& d) { d.erase("malleability"); }, "malleability is missing"},
        {"nested section gone", [](Json& d) { d["http"].erase("cases"); }, "http.cases is missing"},
        {"unknown section", [](Json& d) { d["more"] = Json::array({1}); }, "more: unknown section"},
        {"unknown nested section", [](Json& d) { d["kms"]["more"] = Json::array({1}); },
         "kms.more: unknown section"},
        {"row that is none", [](Json& d) { d["keys"][0] = "tz1"; }, "keys[0] is no row"},
        {"unknown field", [](Json& d) { d["refuse"][2]["unless"] = true; },
         "refuse[2]: unknown field unless"},
        {"field gone", [](Json& d) { d["refuse"][2].erase("payload"); },
         "refuse[2] has no payload"},
        {"unknown key type", [](Json& d) { d["refuse"][3]["key_type"] = "tz6"; },
         "refuse[3].key_type: unknown value tz6"},
        {"unknown key type in a list", [](Json& d) { d["payloads"][0]["key_types"][1] = "tz5"; },
         "payloads[0].key_types: unknown value tz5"},
        {"no key type", [](Json& d) { d["payloads"][0]["key_types"] = Json::array(); },
         "payloads[0].key_types is empty"},
        {"unknown expectation", [](Json& d) { d["payloads"][0]["expect"] = "maybe"; },
         "payloads[0].expect: unknown value maybe"},
        {"validity that is no truth", [](Json& d) { d["authentication"][0]["valid"] = "true "; },
         "authentication[0].valid: unknown value true "},
        {"sequence without steps", [](Json& d) { d["watermark_sequences"][0]["steps"].clear(); },
         "watermark_sequences[0] has no steps"},
        {"step of an unknown kind",
         [](Json& d) { d["watermark_sequences"][0]["steps"][0]["expect"] = "sign twice"; },
         "watermark_sequences[0].expect: unknown value sign twice"},
        {"other format", [](Json& d) { d["format"] = "2"; }, "unknown format"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        Json document = tezos_vectors_document();
        row.spoil(document);
        const auto mistakes = mistakes_of(document);
        EXPECT_EQ(std::ranges::count(mistakes, row.mistake), 1)
            << ::testing::PrintToString(mistakes);
    }
}

}  // namespace
}  // namespace redoubt::test
