// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/client.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "impostors.hpp"
#include "tls_host.hpp"

namespace redoubt::test {
namespace {

using namespace std::chrono_literals;
using http::ResponseOrError;
using http::TransportFailure;
using standins::Authority;
using standins::TlsContext;

/// One request with something in it that nobody else may read.
class Confidence final : public http::Exchange {
public:
    explicit Confidence(std::string origin) : origin_(std::move(origin)) {}

    std::optional<Next> next() override {
        if (std::exchange(is_asked_, true)) return std::nullopt;
        return Next{{"POST", origin_, "/", {{"Authorization", "secret"}}, "{}"}, {}};
    }
    void on_send() noexcept override { ++result.sends; }
    void on_response(const ResponseOrError& response) override { result.answer = response; }
    [[nodiscard]] io::CallStats stats() const override { return {}; }

    struct Result {
        ResponseOrError answer = std::unexpected(http::TransportError{TransportFailure::Deadline});
        int sends = 0;
    };
    Result result;

private:
    std::string origin_;
    bool is_asked_ = false;
};

class Trust : public testing::Test {
protected:
    /// As the signer does: a connection ahead, then the request.
    Confidence::Result ask(const std::string& origin) {
        client.ensure_connections({origin}, clock.steady() + 10s);
        Confidence confidence(origin);
        io::Exchange* const exchange = &confidence;
        client.run({&exchange, 1}, clock.steady() + 10s);
        return confidence.result;
    }
    /// After which the host ends.
    std::uint16_t hear_an_honest_host(SSL_CTX* tls) {
        const TlsHost host(tls);
        EXPECT_TRUE(ask(host.origin()).answer.has_value());
        return host.port();
    }
    /// Nothing of a request reaches it. Whether the first connection offered it a session of
    /// TLS 1.3.
    bool meet(const Impostor& impostor, std::uint16_t port = 0) {
        const TlsHost host(impostor.tls.get(), port);
        client.ensure_connections({host.origin()}, clock.steady() + 10s);
        const bool is_offered = host.offers() > 0;
        const auto result = ask(host.origin());
        EXPECT_FALSE(result.answer.has_value()) << impostor.name;
        EXPECT_EQ(result.answer.error().failure, TransportFailure::Connection) << impostor.name;
        EXPECT_EQ(result.sends, 0) << impostor.name;
        EXPECT_EQ(host.heard(), 0U) << impostor.name;
        EXPECT_GE(host.connections(), 2) << impostor.name << ": ahead, and for the request";
        return is_offered;
    }

    SystemClock clock;
    Authority authority;
    http::Client client{{.trusted_roots = authority.pem()}, clock};
};

TEST_F(Trust, AnHonestHostHears) {
    for (const bool is_old : {false, true}) {
        TlsContext tls = authority.server();
        if (is_old) tls = up_to_tls_1_2(std::move(tls));
        const TlsHost host(tls.get());
        const auto result = ask(host.origin());
        EXPECT_TRUE(result.answer.has_value());
        EXPECT_EQ(host.connections(), 1);
        EXPECT_GT(host.heard(), 0U);
    }
}

TEST_F(Trust, AnImpostorHearsNothingAtFirst) {
    for (const Impostor& impostor : impostors(authority)) meet(impostor);
}

TEST_F(Trust, AnImpostorHearsNothingAfterAnHonestHost) {
    const TlsContext honest = authority.server();
    SSL_CTX_set_options(honest.get(), SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(honest.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(honest.get(), 0);
    for (const Impostor& impostor : impostors(authority)) {
        const std::uint16_t port = hear_an_honest_host(honest.get());
        EXPECT_FALSE(meet(impostor, port)) << "there is no session to offer";
    }
}

TEST_F(Trust, AnImpostorHearsNothingThoughASessionIsOffered) {
    const TlsContext honest = authority.server();
    const TlsContext honest_and_old = up_to_tls_1_2(authority.server());
    for (const Impostor& impostor : impostors(authority)) {
        for (SSL_CTX* tls : {honest.get(), honest_and_old.get()}) {
            const std::uint16_t port = hear_an_honest_host(tls);
            EXPECT_EQ(meet(impostor, port), tls == honest.get()) << impostor.name;
        }
    }
}

TEST_F(Trust, AnHonestHostThatComesBackIsTakenUpAgain) {
    for (const bool is_old : {false, true}) {
        TlsContext tls = authority.server();
        if (is_old) tls = up_to_tls_1_2(std::move(tls));
        const std::uint16_t port = hear_an_honest_host(tls.get());
        const TlsHost host(tls.get(), port);
        EXPECT_TRUE(ask(host.origin()).answer.has_value());
        EXPECT_EQ(host.resumed(), 1) << "so the impostors above were really offered one";
    }
}

TEST_F(Trust, WhatTheMachineTrustsDoesNotCount) {
    const Authority of_the_machine;
    const std::string path = ::testing::TempDir() + "redoubt-roots-of-the-machine.pem";
    std::ofstream(path) << of_the_machine.pem();
    ASSERT_EQ(::setenv("SSL_CERT_FILE", path.c_str(), 1), 0);
    ASSERT_EQ(::setenv("CURL_CA_BUNDLE", path.c_str(), 1), 0);
    meet({"root of the machine", of_the_machine.server()});
    ::unsetenv("SSL_CERT_FILE");
    ::unsetenv("CURL_CA_BUNDLE");
}

}  // namespace
}  // namespace redoubt::test
