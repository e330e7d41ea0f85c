// SPDX-License-Identifier: Apache-2.0
#include "config/backup.hpp"

#include <gtest/gtest.h>

#include <map>

namespace redoubt::test {
namespace {

using bootstrap::Environment;
using bootstrap::Mistakes;
using Recipients = std::optional<std::vector<backup::Recipient>>;

const std::string one_recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
const std::string other_recipient =
    "age1ehhas7p6jx6yveqw9c0e2kvakd0ysjsqwx7jrq4nkcxssykpp3cq0wk9nt";

/// What is read, and what is wrong with it.
std::pair<Recipients, Mistakes> read_both(const std::string& recipients,
                                          const std::string& backup) {
    const Environment environment({{"BACKUP_RECIPIENTS", recipients}, {"BACKUP", backup}});
    bootstrap::Variables variables(environment);
    auto found = bootstrap::read_backup(variables);
    return {std::move(found), variables.mistakes()};
}

TEST(BackupVariables, NameRecipientsOrSayThatThereAreNone) {
    const auto [both, mistakes] = read_both(one_recipient + ", " + other_recipient, "");
    EXPECT_TRUE(mistakes.empty());
    ASSERT_TRUE(both.has_value());
    EXPECT_EQ(*both, (std::vector{backup::Recipient::parse(one_recipient).value(),
                                  backup::Recipient::parse(other_recipient).value()}));
    const auto [none, no_mistakes] = read_both("", "none");
    EXPECT_TRUE(no_mistakes.empty());
    ASSERT_TRUE(none.has_value());
    EXPECT_TRUE(none->empty());
}

TEST(BackupVariables, SayingNothingIsNotSayingNone) {
    const auto [found, mistakes] = read_both("", "");
    EXPECT_FALSE(found.has_value());
    EXPECT_TRUE(mistakes.empty()) << "who makes no keys need not say it";
}

TEST(BackupVariables, AreReadStrictlyAndEntriesAreNamedNotQuoted) {
    const std::string secret =
        "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";
    struct Row {
        std::string recipients, backup, said;
    };
    for (const Row& row : {Row{one_recipient, "none", "remove one of the two"},
                           Row{"", "off", "BACKUP"}, Row{"", "NONE", "BACKUP"},
                           Row{one_recipient + "," + one_recipient, "", "entry 2 is listed twice"},
                           Row{one_recipient + ",", "", "entry 2 is empty"},
                           Row{one_recipient + "," + secret, "", "entry 2 is not an age recipient"},
                           Row{"ssh-ed25519", "", "entry 1 is not an age recipient"},
                           Row{one_recipient.substr(1), "", "entry 1 is not an age recipient"}}) {
        const auto [found, mistakes] = read_both(row.recipients, row.backup);
        ASSERT_EQ(mistakes.size(), 1U) << row.said;
        EXPECT_TRUE(mistakes[0].contains(row.said)) << mistakes[0];
        EXPECT_FALSE(mistakes[0].contains("SECRET")) << mistakes[0];
    }
}

}  // namespace
}  // namespace redoubt::test
