// SPDX-License-Identifier: Apache-2.0
#include "config/environment.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace redoubt::test {
namespace {

using bootstrap::Environment;

TEST(Environment, AbsentIsEmpty) {
    const Environment environment({{"NAME", "value"}, {"EMPTY", ""}});
    EXPECT_EQ(environment.get("NAME"), "value");
    EXPECT_EQ(environment.get("EMPTY"), "");
    EXPECT_EQ(environment.get("ABSENT"), "");
}

TEST(Environment, NamesTheVariablesThatMeanAProxy) {
    const Environment environment({{"HTTPS_PROXY", "http://user:secret@proxy"},
                                   {"http_proxy", "x"},
                                   {"All_Proxy", "x"},
                                   {"NO_PROXY", "x"},
                                   {"https_proxy", ""},
                                   {"MY_HTTPS_PROXY", "x"},
                                   {"HTTPS_PROXY_", "x"}});
    EXPECT_EQ(environment.proxies(),
              (std::vector<std::string>{"All_Proxy", "HTTPS_PROXY", "NO_PROXY", "http_proxy"}));
}

/// In a child, which has an environment of its own to lose.
int taken() {
    ::setenv("REDOUBT_UNIT_TEST", "a=b", 1);
    ::setenv("HTTPS_PROXY", "http://127.0.0.1:1", 1);
    ::setenv("SSLKEYLOGFILE", "/tmp/keys", 1);
    const Environment environment = Environment::take();
    if (environment.get("REDOUBT_UNIT_TEST") != "a=b") return 1;
    if (std::getenv("REDOUBT_UNIT_TEST") != nullptr) return 2;
    if (std::getenv("HTTPS_PROXY") != nullptr || std::getenv("SSLKEYLOGFILE") != nullptr) return 3;
    return environ == nullptr || *environ == nullptr ? 0 : 4;
}

TEST(Environment, IsTakenOutOfTheProcess) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) ::_exit(taken());
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace redoubt::test
