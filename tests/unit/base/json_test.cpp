// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/json.hpp>

#include <gtest/gtest.h>

namespace redoubt::test {
namespace {

std::string nested(std::size_t levels, char open, char close, const std::string& inner = "") {
    return std::string(levels, open) + inner + std::string(levels, close);
}

std::string nested_objects(std::size_t levels) {
    std::string text;
    for (std::size_t i = 0; i < levels; ++i) text += R"({"a":)";
    return text + "1" + std::string(levels, '}');
}

TEST(Json, OneValueIsRead) {
    EXPECT_EQ(parse_json(R"(  {"a": [1, "b", null, true]}  )"),
              (Json{{"a", {1, "b", nullptr, true}}}));
    EXPECT_EQ(parse_json("\"13ab\"\n"), Json("13ab"));
    EXPECT_EQ(parse_json("0"), Json(0));
}

TEST(Json, EverythingElseIsRefused) {
    for (const std::string text :
         {"", " ", "{", "[1,]", "{\"a\":1,}", "nul", "'a'", "{} {}", "1 2", "\"a\" x", "{a:1}",
          "01", "\"\xff\"", "\"\n\"", "NaN", "// note\n1", "/* note */ 1", "[1"}) {
        EXPECT_EQ(parse_json(text), std::nullopt) << text;
    }
}

TEST(Json, AMemberNamedTwiceIsRefused) {
    for (const std::string text :
         {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"({"x":{"a":1,"a":2}})",
          R"([{"a":1},{"b":1,"b":{}}])", R"({"a":{"a":1},"a":2})", R"({"a":1,"\u0061":2})",
          R"({"":1,"":2})"}) {
        EXPECT_EQ(parse_json(text), std::nullopt) << text;
    }
}

TEST(Json, OneNameInSeveralObjectsIsNoRepetition) {
    for (const std::string text :
         {R"({"a":{"a":{"a":1}}})", R"([{"a":1},{"a":2}])", R"({"x":{"a":1},"y":{"a":1},"a":1})"}) {
        EXPECT_TRUE(parse_json(text).has_value()) << text;
    }
}

TEST(Json, NestingIsLimitedToThirtyTwoLevels) {
    EXPECT_TRUE(parse_json(nested(32, '[', ']')).has_value());
    EXPECT_FALSE(parse_json(nested(33, '[', ']')).has_value());
    EXPECT_TRUE(parse_json(nested_objects(32)).has_value());
    EXPECT_FALSE(parse_json(nested_objects(33)).has_value());
}

TEST(Json, DeepTextsDoNotOverflowTheStack) {
    EXPECT_FALSE(parse_json(nested(200'000, '[', ']')).has_value());
    EXPECT_FALSE(parse_json(std::string(200'000, '[')).has_value());
    EXPECT_FALSE(parse_json(nested_objects(100'000)).has_value());
}

TEST(Json, MembersAreFoundInObjectsOnly) {
    const Json value = {{"text", "t"}, {"number", 1}, {"null", nullptr}};
    EXPECT_EQ(*string_member(value, "text"), "t");
    EXPECT_EQ(string_member(value, "number"), nullptr);
    EXPECT_EQ(string_member(value, "absent"), nullptr);
    EXPECT_TRUE(member(value, "null")->is_null());
    for (const Json& other : {Json(), Json(1), Json("text"), Json::array({1})}) {
        EXPECT_EQ(member(other, "text"), nullptr);
        EXPECT_EQ(string_member(other, "text"), nullptr);
    }
}

TEST(ObjectText, IsWhatATreeWouldWrite) {
    EXPECT_EQ(ObjectText().text(), "{}");
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    for (const std::string& text : {std::string(), std::string("a b~/:1"), std::string("\""),
                                    std::string("\\"), std::string("é\x7f\n"), all}) {
        EXPECT_EQ(ObjectText().add(text, text).text(), dump(Json::object({{text, text}})));
    }
    ObjectText inner;
    inner.add("b", "c").add("d", ObjectText());
    EXPECT_EQ(ObjectText().add("a", inner).add_json("e", {1, true}).add("f", "").text(),
              R"({"a":{"b":"c","d":{}},"e":[1,true],"f":""})");
}

TEST(Json, IsWrittenOnOneLineWhateverItHolds) {
    const std::string line = dump({{"a", "b\nc\xff\x80"}, {"d", std::string("\0", 1)}});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_TRUE(parse_json(line).has_value());
}

TEST(ObjectText, HoldsLists) {
    const std::vector<ObjectText> two = {ObjectText().add("a", "1"), ObjectText()};
    EXPECT_EQ(ObjectText().add("l", two).add("m", std::span<const ObjectText>()).text(),
              R"({"l":[{"a":"1"},{}],"m":[]})");
    EXPECT_TRUE(ObjectText().empty());
    EXPECT_FALSE(ObjectText().add("a", "1").empty());
}

}  // namespace
}  // namespace redoubt::test
