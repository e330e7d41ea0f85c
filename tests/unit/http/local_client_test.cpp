// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/local_client.hpp>

#include <gtest/gtest.h>

#include "scripted_host.hpp"

namespace redoubt::test {
namespace {

using http::LocalClient;

TEST(LocalClient, KeepsItsConnection) {
    ScriptedHost host({{hello, hello}});
    {
        LocalClient client(host.authority(), 100);
        EXPECT_EQ(client.exchange("GET", "/next")->body, "hello");
        EXPECT_EQ(client.exchange("POST", "/answer", {{"Type", "text"}}, "abc")->status, 200);
    }
    EXPECT_EQ(host.asked(0), "GET /next HTTP/1.1\r\nHost: " + host.authority() + "\r\n\r\n");
    EXPECT_EQ(host.asked(1), "POST /answer HTTP/1.1\r\nHost: " + host.authority() +
                                 "\r\nType: text\r\nContent-Length: 3\r\n\r\nabc");
}

TEST(LocalClient, AsksOnceMoreWhenTheConnectionWasClosedMeanwhile) {
    const ScriptedHost host({{hello}, {hello}});
    LocalClient client(host.authority(), 100);
    EXPECT_EQ(client.exchange("GET", "/1")->body, "hello");
    int done = 0;
    EXPECT_EQ(client.exchange("GET", "/2", {}, {}, [&done] { ++done; })->body, "hello");
    EXPECT_EQ(done, 1);
}

TEST(LocalClient, GivesUpOnAnAnswerThatIsNone) {
    const ScriptedHost host({{"HTTP/1.1 200 OK\r\nContent-Le"}, {""}, {"nonsense\r\n\r\n"}});
    LocalClient client(host.authority(), 100);
    for (int i = 0; i < 3; ++i) {
        const auto answer = client.exchange("GET", "/");
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().failure, http::TransportFailure::Connection);
    }
}

TEST(LocalClient, DoesItsOtherWorkEvenIfNobodyIsThere) {
    for (const char* authority : {"127.0.0.1:1", "127.0.0.1", "127.0.0.1:x", "nowhere:80", ""}) {
        LocalClient client(authority, 100);
        int done = 0;
        EXPECT_FALSE(client.exchange("GET", "/", {}, {}, [&done] { ++done; })) << authority;
        EXPECT_EQ(done, 1);
    }
}

}  // namespace
}  // namespace redoubt::test
