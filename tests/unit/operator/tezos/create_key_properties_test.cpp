// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <random>

#include "sealed_fixture.hpp"

namespace redoubt::test {
namespace {

/// What befalls a write: nothing, it is not done, or it is done and its answer lost.
enum class Fate { Answered, Lost, DoneAndLost };

/// Calls with two names, cut off anywhere, one inside another, again and again.
class CreateKeyByChance : public SealedOperator {
protected:
    void begin(unsigned seed) {
        random_.seed(seed);
        table.items.clear();
        made_.clear();
        depth_ = 0;
        interrupt = [this](const http::ClientRequest& call) { return befall(call); };
    }
    void call_some() {
        const std::string name = chance(2) == 0 ? "one" : "two";
        const Json told_now = create(name, name == "one" ? 1 : 2);
        if (code(told_now) == "ok") {
            const auto [first, is_new] = made_.try_emplace(name, told_now.at("keys"));
            EXPECT_EQ(first->second, told_now.at("keys")) << "always the same";
        } else {
            EXPECT_EQ(code(told_now), "table_unavailable") << told_now;
            EXPECT_FALSE(told_now.contains("keys"));
        }
        check_items();
    }
    /// What holds whatever happened.
    void check_items() const {
        EXPECT_LE(items("batch").size(), 2U);
        EXPECT_LE(items("wrap").size(), items("batch").size());
        EXPECT_LE(items("sealed").size(), 3U) << "no second set";
        for (const Json& item : items("sealed")) {
            const std::string wrap = item.at("wrap").at("S");
            EXPECT_TRUE(table.items.contains({"wrap/" + wrap, "wrap"})) << "no key without it";
        }
    }
    /// In the end everybody is answered.
    void finish() {
        interrupt = {};
        for (const auto& [name, count] : std::map<std::string, int>{{"one", 1}, {"two", 2}}) {
            const Json last = create(name, count);
            ASSERT_EQ(code(last), "ok") << last;
            if (made_.contains(name)) {
                EXPECT_EQ(made_.at(name), last.at("keys"));
            }
            EXPECT_EQ(open(last).size(), static_cast<std::size_t>(count));
        }
        EXPECT_EQ(items("sealed").size(), 3U);
        EXPECT_EQ(items("wrap").size(), 2U);
        for (const Json& batch : items("batch")) EXPECT_FALSE(batch.contains("pending"));
    }

private:
    unsigned chance(unsigned of) {
        return std::uniform_int_distribution<unsigned>(0, of - 1)(random_);
    }

    std::optional<http::ResponseOrError> befall(const http::ClientRequest& call) {
        if (!is_write(call)) return std::nullopt;
        if (depth_ < 2 && chance(8) == 0) {
            ++depth_;
            call_some();
            --depth_;
        }
        const unsigned fate = chance(4);
        if (fate > 1) return std::nullopt;
        if (Fate(fate + 1) == Fate::DoneAndLost) static_cast<void>(table.answer(call));
        return lost(http::TransportFailure::Timeout);
    }

    std::mt19937 random_;
    std::map<std::string, Json> made_;
    int depth_ = 0;
};

TEST_F(CreateKeyByChance, MakesEachBatchOnceWhateverIsLost) {
    for (unsigned seed = 0; seed < 25; ++seed) {
        begin(seed);
        for (int call = 0; call < 5; ++call) call_some();
        finish();
        ASSERT_FALSE(HasFailure()) << "with seed " << seed;
    }
}

}  // namespace
}  // namespace redoubt::test
