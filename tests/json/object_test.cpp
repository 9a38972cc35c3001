#include "json/object.hpp"

#include <gtest/gtest.h>

namespace popkeep::json {
namespace {

TEST(Object, GivesTextsAndNumbers) {
    const auto object =
        Object::parse(R"({"a": "x\u00e9", "n": 3600, "t": "3600", "f": 12.7, "o": {"a": 1}, "b": true})");
    ASSERT_TRUE(object);
    EXPECT_EQ(object->text("a"), "xé");
    EXPECT_EQ(object->number("n"), 3600);
    EXPECT_EQ(object->number("t"), 3600);
    EXPECT_EQ(object->number("f"), 12);
    EXPECT_EQ(object->text("o"), "");
    EXPECT_EQ(object->number("b"), std::nullopt);
    EXPECT_EQ(object->number("none"), std::nullopt);
    EXPECT_EQ(object->number("a"), std::nullopt);
}

TEST(Object, IsNothingWhereThereIsNone) {
    for (const char* text :
         {"", "{", "[]", "null", "\"x\"", "{} {}", "{\"a\": \"\xff\"}", "<html>", "{'a': 1}"})
        EXPECT_FALSE(Object::parse(text)) << text;
    EXPECT_FALSE(Object::parse(std::string(100000, '[')));
}

TEST(Object, LeavesOutNumbersThatDoNotFit) {
    const auto object =
        Object::parse(R"({"a": 1e300, "b": 18446744073709551615, "c": "99999999999999999999"})");
    ASSERT_TRUE(object);
    for (const char* name : {"a", "b", "c"}) EXPECT_EQ(object->number(name), std::nullopt) << name;
}

TEST(Object, ReadsWhatItWrites) {
    Object object;
    object.set("token", "a\"b\\c");
    object.set("expires", std::int64_t{1'800'000'000});
    const auto again = Object::parse(object.dump());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->text("token"), "a\"b\\c");
    EXPECT_EQ(again->number("expires"), 1'800'000'000);
}

}  // namespace
}  // namespace popkeep::json
