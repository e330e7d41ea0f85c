// SPDX-License-Identifier: Apache-2.0
#include "ethereum_vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace redoubt::test {
namespace {

std::set<std::string> suites() {
    std::set<std::string> names;
    const auto& all = *::testing::UnitTest::GetInstance();
    for (int i = 0; i < all.total_test_suite_count(); ++i) {
        names.emplace(all.GetTestSuite(i)->name());
    }
    return names;
}

TEST(EthereumVectors, HaveNoListThatNobodyRuns) {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(REDOUBT_VECTORS "/ethereum")) {
        const std::string file = entry.path().stem();
        for (const auto& [name, value] : ethereum_vectors(file).items()) {
            if (value.is_structured()) found.insert(file + "." + name);
        }
    }
    std::set<std::string> known;
    for (const auto& [file, list, rows, run_by] : ethereum_lists()) {
        SCOPED_TRACE(file + "." + list);
        known.insert(file + "." + list);
        EXPECT_EQ(ethereum_vectors(file).at(list).size(), rows);
        EXPECT_TRUE(run_by.starts_with("[") || suites().contains(run_by)) << run_by;
    }
    EXPECT_EQ(known, found);
}

TEST(EthereumVectors, AreThereOrThrow) {
    EXPECT_THROW(static_cast<void>(ethereum_vectors("none")), std::runtime_error);
}

}  // namespace
}  // namespace redoubt::test
