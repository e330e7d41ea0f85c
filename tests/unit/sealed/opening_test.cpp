// SPDX-License-Identifier: Apache-2.0
#include <redoubt/sealed/opening.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "equipment.hpp"

namespace redoubt::sealed::test {
namespace {

enum class Fate : std::uint8_t { Right, Wrong, Transient, Permanent };
using Fates = std::vector<Fate>;

Result<GuardedBytes> outcome(Fate fate, const Share& share) {
    switch (fate) {
        case Fate::Right: return GuardedBytes::copy_of(share.bytes.view());
        case Fate::Wrong: return GuardedBytes::copy_of(random_bytes(WrapKey::size));
        case Fate::Transient: return fail(Code::KmsUnavailable, "no answer from KMS");
        case Fate::Permanent: return fail(Code::KmsRefused, "the KMS key is disabled");
    }
    throw std::logic_error("no such fate");
}

std::size_t count(const Fates& fates, Fate fate) {
    return static_cast<std::size_t>(std::ranges::count(fates, fate));
}

/// The rule of docs/sealed-keys.md, written down plainly.
std::string expected(const Fates& fates, unsigned threshold) {
    const std::size_t right = count(fates, Fate::Right);
    const std::size_t decrypted = right + count(fates, Fate::Wrong);
    const std::size_t transient = count(fates, Fate::Transient);
    if (right >= threshold) return "opened";
    // Enough arrived, but do not fit: one that is still to come may make up for a wrong one.
    if (decrypted >= threshold) return transient > 0 ? "wrap_unavailable" : "wrap_refused";
    return decrypted + transient >= threshold ? "wrap_unavailable" : "wrap_refused";
}

void expect_as_the_rule(const Fates& fates, unsigned threshold) {
    const auto n = static_cast<unsigned>(fates.size());
    const WrapKey key = random_key();
    const Wrap wrap = wrap_of(key, threshold, n);
    const auto shares = split(key, threshold, n).value();
    std::vector<Result<GuardedBytes>> arrived;
    std::vector<std::string> wrong;
    std::vector<std::string> missing;
    for (unsigned i = 0; i < n; ++i) {
        arrived.push_back(outcome(fates[i], shares[i]));
        if (fates[i] == Fate::Wrong) wrong.push_back(kms_key(i + 1));
        const bool is_missing = fates[i] == Fate::Transient || fates[i] == Fate::Permanent;
        if (is_missing) missing.push_back(kms_key(i + 1));
    }
    const auto opened = open(wrap, std::move(arrived));
    ASSERT_EQ(opened ? "opened" : name(opened.error().code), expected(fates, threshold));
    if (opened) {
        EXPECT_EQ(shown(opened->key), shown(key));
        EXPECT_EQ(opened->wrong, wrong);
        EXPECT_TRUE(std::ranges::equal(opened->missing, missing, {}, &Missing::key));
        return;
    }
    const std::string& message = opened.error().message;
    for (unsigned i = 0; i < n; ++i) {
        EXPECT_EQ(message.contains(kms_key(i + 1) + ": no answer from KMS"),
                  fates[i] == Fate::Transient);
        EXPECT_EQ(message.contains(kms_key(i + 1) + ": the KMS key is disabled"),
                  fates[i] == Fate::Permanent);
    }
}

void for_each_fates(std::size_t n, Fates begun, const std::function<void(const Fates&)>& check) {
    if (begun.size() == n) return check(begun);
    for (const Fate fate : {Fate::Right, Fate::Wrong, Fate::Transient, Fate::Permanent}) {
        Fates longer = begun;
        longer.push_back(fate);
        for_each_fates(n, longer, check);
    }
}

/// Every threshold, and whatever may become of each share: four fates in each of up to four places.
TEST(Opening, GoesByTheRule) {
    for (unsigned n = 1; n <= 4; ++n) {
        for (unsigned threshold = 1; threshold <= n; ++threshold) {
            for_each_fates(n, {},
                           [&](const Fates& fates) { expect_as_the_rule(fates, threshold); });
        }
    }
}

/// Whichever share it is, in whichever bit: the wrap opens without it, and it is named.
TEST(Opening, NamesTheShareThatIsAltered) {
    const WrapKey key = random_key();
    const Wrap wrap = wrap_of(key, 2, 3);
    const auto shares = split(key, 2, 3).value();
    for (unsigned place = 0; place < 3; ++place) {
        for (std::size_t bit = 0; bit < 256; ++bit) {
            auto arrived = all_arrived(shares);
            arrived[place]->bytes()[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
            const auto opened = open(wrap, std::move(arrived));
            ASSERT_TRUE(opened);
            EXPECT_EQ(shown(opened->key), shown(key));
            EXPECT_EQ(opened->wrong, std::vector{kms_key(place + 1)});
        }
    }
}

/// In any order of the items: a share's place is what its item says.
TEST(Opening, TakesSharesInTheOrderOfTheItem) {
    const WrapKey key = random_key();
    Wrap wrap = wrap_of(key, 2, 3);
    auto arrived = all_arrived(split(key, 2, 3).value());
    std::ranges::reverse(wrap.shares);
    std::ranges::reverse(arrived);
    const auto opened = open(wrap, std::move(arrived));
    ASSERT_TRUE(opened);
    EXPECT_EQ(shown(opened->key), shown(key));
    EXPECT_TRUE(opened->wrong.empty());
}

std::string refusal(const Wrap& wrap, std::vector<Result<GuardedBytes>> arrived) {
    const auto opened = open(wrap, std::move(arrived));
    if (opened) return "opened";
    return std::string(name(opened.error().code)) + ": " + opened.error().message;
}

TEST(Opening, RefusesSharesInAnothersPlace) {
    const WrapKey key = random_key();
    const Wrap wrap = wrap_of(key, 2, 2);
    auto arrived = all_arrived(split(key, 2, 2).value());
    std::swap(arrived[0], arrived[1]);
    EXPECT_TRUE(refusal(wrap, std::move(arrived)).starts_with("wrap_refused"));
}

TEST(Opening, RefusesAShareOfAnotherLength) {
    const WrapKey key = random_key();
    const Wrap wrap = wrap_of(key, 2, 2);
    for (const std::size_t size : {0U, 1U, 31U, 33U, 64U}) {
        auto arrived = all_arrived(split(key, 2, 2).value());
        arrived[1] = GuardedBytes(size);
        const std::string why = refusal(wrap, std::move(arrived));
        EXPECT_TRUE(why.starts_with("wrap_refused")) << why;
        EXPECT_TRUE(why.contains(kms_key(2) + ": the share that it opened is not 32 bytes")) << why;
    }
}

TEST(Opening, RefusesTheCheckOfAnotherWrapOrName) {
    const WrapKey key = random_key();
    const auto shares = split(key, 1, 1).value();
    for (std::size_t bit = 0; bit < 256; ++bit) {
        Wrap wrap = wrap_of(key, 1, 1);
        wrap.check[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
        EXPECT_TRUE(refusal(wrap, all_arrived(shares)).starts_with("wrap_refused")) << bit;
    }
    Wrap renamed = wrap_of(key, 1, 1);
    renamed.id = WrapId::make();
    EXPECT_TRUE(refusal(renamed, all_arrived(shares)).starts_with("wrap_refused"));
}

/// A wrap of `n` shares, altered; its shares all arrive.
std::string refusal_of_altered(unsigned n, const std::function<void(Wrap&)>& alter) {
    const WrapKey key = random_key();
    const unsigned threshold = std::min(n, 2U);
    Wrap wrap = wrap_of(key, threshold, n);
    auto arrived = all_arrived(split(key, threshold, n).value());
    alter(wrap);
    EXPECT_TRUE(refuse_altered(wrap)) << "before KMS is asked";
    while (arrived.size() > wrap.shares.size()) arrived.pop_back();
    while (arrived.size() < wrap.shares.size()) arrived.emplace_back(GuardedBytes(32));
    return refusal(wrap, std::move(arrived));
}

TEST(Opening, RefusesAnItemThatNoWrapHas) {
    struct Case {
        unsigned n;
        std::function<void(Wrap&)> alter;
        std::string why;
    };
    const auto six = [](Wrap& wrap) {
        for (unsigned x = 4; x <= 6; ++x) wrap.shares.push_back({kms_key(x), x, {}});
    };
    for (const Case& row :
         {Case{3, [](Wrap& wrap) { wrap.threshold = 0; }, "its threshold is 0 of 3"},
          Case{3, [](Wrap& wrap) { wrap.threshold = 4; }, "its threshold is 4 of 3"},
          Case{3, [](Wrap& wrap) { wrap.shares.clear(); }, "it has 0 shares"},
          Case{3, six, "it has 6 shares"},
          Case{3, [](Wrap& wrap) { wrap.shares[2].x = 0; }, "a share has place 0"},
          Case{3, [](Wrap& wrap) { wrap.shares[2].x = 4; }, "a share has place 4"},
          Case{3, [](Wrap& wrap) { wrap.shares[2].x = 257; }, "a share has place 257"},
          Case{3, [](Wrap& wrap) { wrap.shares[2].x = 1; }, "two shares have one place"},
          Case{2, [](Wrap& wrap) { wrap.shares[1].key = kms_key(1); },
               "two shares are under one KMS key"}}) {
        const std::string why = refusal_of_altered(row.n, row.alter);
        EXPECT_TRUE(why.starts_with("wrap_refused")) << why;
        EXPECT_TRUE(why.contains(row.why)) << why;
    }
}

TEST(Opening, WantsAnOutcomeForEachShare) {
    const WrapKey key = random_key();
    auto arrived = all_arrived(split(key, 2, 3).value());
    arrived.pop_back();
    EXPECT_THROW(static_cast<void>(open(wrap_of(key, 2, 3), std::move(arrived))), std::logic_error);
}

/// What AWS said is for the log, and no message holds a share.
TEST(Opening, LeavesTheDetailToTheLog) {
    const WrapKey key = random_key();
    const auto shares = split(key, 2, 2).value();
    auto arrived = all_arrived(shares);
    arrived[1] = std::unexpected(Error{Code::KmsRefused, "disabled", "DisabledException"});
    const auto opened = open(wrap_of(key, 2, 2), std::move(arrived));
    ASSERT_FALSE(opened);
    EXPECT_TRUE(opened.error().detail.contains(kms_key(2) + ": DisabledException"));
    EXPECT_FALSE(opened.error().message.contains("DisabledException"));
    EXPECT_FALSE(opened.error().message.contains(shown(shares[0].bytes)));
}

TEST(Opening, TakesForTransientWhatMayPass) {
    for (const Code code : {Code::KmsUnavailable, Code::CredentialsExpired, Code::Deadline}) {
        EXPECT_TRUE(is_transient(code)) << name(code);
    }
    for (const Code code : {Code::Internal, Code::KmsRefused, Code::WrapRefused, Code::DamagedKey,
                            Code::TableUnavailable, Code::BadRequest, Code::WrapUnavailable}) {
        EXPECT_FALSE(is_transient(code)) << name(code);
    }
}

/// With one bit of one share altered, or not.
TEST(Splitting, IsWholeOnlyIfEveryChoiceOfSharesGivesTheKey) {
    for (unsigned n = 1; n <= most_shares; ++n) {
        for (unsigned threshold = 1; threshold <= n; ++threshold) {
            const WrapKey key = random_key();
            const Wrap wrap = wrap_of(key, threshold, n);
            auto shares = split(key, threshold, n).value();
            EXPECT_TRUE(is_whole(wrap, key, shares)) << threshold << " of " << n;
            for (Share& share : shares) {
                share.bytes.bytes()[share.x] ^= 0x10U;
                EXPECT_FALSE(is_whole(wrap, key, shares)) << threshold << " of " << n;
                share.bytes.bytes()[share.x] ^= 0x10U;
            }
        }
    }
}

TEST(Splitting, IsNotWholeWithAnotherKeyCheckOrThreshold) {
    const WrapKey key = random_key();
    const auto shares = split(key, 2, 3).value();
    const Wrap wrap = wrap_of(key, 2, 3);
    ASSERT_TRUE(is_whole(wrap, key, shares));
    EXPECT_FALSE(is_whole(wrap, random_key(), shares));
    for (const unsigned threshold : {0U, 1U, 4U}) {
        Wrap other = wrap;
        other.threshold = threshold;
        EXPECT_FALSE(is_whole(other, key, shares)) << threshold;
    }
    Wrap other = wrap;
    other.check[0] ^= 1U;
    EXPECT_FALSE(is_whole(other, key, shares));
    other = wrap;
    other.id.bytes[0] ^= 1U;
    EXPECT_FALSE(is_whole(other, key, shares));
}

}  // namespace
}  // namespace redoubt::sealed::test
