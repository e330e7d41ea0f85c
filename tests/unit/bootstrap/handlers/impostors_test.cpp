// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>

#include <fakes/authentication.hpp>
#include <fakes/messages.hpp>
#include <fakes/secret_key.hpp>
#include <fakes/table.hpp>
#include <standins/dynamodb.hpp>
#include <standins/kms.hpp>
#include <standins/service.hpp>
#include <standins/temporary_folder.hpp>
#include "../../http/impostors.hpp"
#include "../../http/tls_host.hpp"
#include "handlers.hpp"

namespace redoubt::test {
namespace {

using namespace std::chrono_literals;
using bootstrap::Outcome;
using standins::Service;

const std::string watermarks = "redoubt-watermarks";

/// KMS with one key, and DynamoDB with its rows, which allow every level.
class HonestServices {
public:
    explicit HonestServices(const standins::Authority& authority) : tls_(authority.server()) {
        create_watermarks(table_, watermarks);
        for (const auto kind : {tezos::ConsensusKind::Block, tezos::ConsensusKind::Attestation}) {
            const Json row = to_item({key_.hash, tezos::ChainId(mainnet), kind},
                                     {{}, {}, {}, 0, tezos::Pace(std::int64_t{1} << 50)});
            static_cast<void>(
                table_.operate("PutItem", {{"TableName", watermarks}, {"Item", row}}));
        }
    }

    /// From now on every answer ends its connection, which leaves its TLS session behind.
    void close_after_each_answer(const std::string& service) {
        faults_.replace({standins::parse_fault(service + ":close").value()});
    }
    void stop(const std::string& service) { (service == "kms" ? kms_end_ : table_end_).stop(); }
    [[nodiscard]] std::uint16_t port(const std::string& service) const {
        const std::string endpoint = (service == "kms" ? kms_end_ : table_end_).endpoint();
        return static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
    }

    [[nodiscard]] const standins::LocalCredentials& credentials() const { return credentials_; }
    [[nodiscard]] const std::string& arn() const { return arn_; }
    [[nodiscard]] const tezos::KeyInfo& key() const { return key_; }

private:
    const standins::LocalCredentials credentials_{"ASIAEXAMPLE", "a-secret", "a-token"};
    standins::TlsContext tls_;
    standins::Kms kms_;
    standins::DynamoDb table_;
    standins::LocalClock clock_;
    standins::Faults faults_;
    standins::Pause pause_;
    const std::string arn_ = kms_.create(crypto::SignatureScheme::P256);
    const tezos::KeyInfo key_{kms_.key(arn_)->signer().public_key()};
    Service kms_end_{
        {.name = "kms",
         .target_prefix = "TrentService.",
         .content_type = "application/x-amz-json-1.1",
         .target = standins::Target::Kms,
         .tls = tls_.get()},
        credentials_,
        clock_,
        faults_,
        pause_,
        [this](auto operation, const Json& call, const auto& faults, const auto& /*region*/) {
            return kms_.operate(operation, call, faults);
        }};
    Service table_end_{{.name = "dynamodb",
                        .target_prefix = "DynamoDB_20120810.",
                        .content_type = "application/x-amz-json-1.0",
                        .target = standins::Target::DynamoDb,
                        .tls = tls_.get()},
                       credentials_,
                       clock_,
                       faults_,
                       pause_,
                       [this](auto operation, const Json& call, const auto& /*faults*/,
                              const auto& /*region*/) { return table_.operate(operation, call); }};
};

class Impostors : public ::testing::TestWithParam<std::string> {
protected:
    /// A signer whose `GetParam()` is at `port`.
    std::unique_ptr<bootstrap::Handler> signer(const HonestServices& services, std::uint16_t port) {
        const auto origin = [&](const std::string& service) {
            return "https://localhost:" +
                   std::to_string(service == GetParam() ? port : services.port(service));
        };
        ::testing::internal::CaptureStdout();
        auto made = bootstrap::make_handler(
            bootstrap::Environment(
                {{"_HANDLER", "signer"},
                 {"AWS_REGION", "us-east-1"},
                 {"AWS_ACCESS_KEY_ID", services.credentials().access_key_id},
                 {"AWS_SECRET_ACCESS_KEY", services.credentials().secret_access_key},
                 {"AWS_SESSION_TOKEN", services.credentials().session_token},
                 {"KMS_KEY_ID", services.arn()},
                 {"PUBLIC_KEYS", services.key().public_key_text},
                 {"AUTHORIZED_KEYS", baker.named().public_key_text},
                 {"WATERMARK_TABLE", watermarks},
                 {"AWS_CA_BUNDLE", roots},
                 {"AWS_ENDPOINT_URL_KMS", origin("kms")},
                 {"AWS_ENDPOINT_URL_DYNAMODB", origin("dynamodb")}}),
            clock);
        ::testing::internal::GetCapturedStdout();
        return std::move(made.value());
    }
    /// The next level's.
    Outcome post(bootstrap::Handler& handler, const tezos::KeyInfo& key, bool is_block) {
        const Bytes payload =
            is_block ? to_bytes(Block{.level = ++level}) : to_bytes(Vote{.level = ++level});
        const Json event = {
            {"version", "2.0"},
            {"rawPath", "/keys/" + key.address},
            {"rawQueryString", "authentication=" + authentication(baker, key.hash, payload)},
            {"requestContext", {{"http", {{"method", "POST"}}}}},
            {"body", "\"" + to_hex(payload) + "\""}};
        return handler.handle(lambda::parse_event(dump(event)), clock.steady() + 5s);
    }
    void expect_502(bootstrap::Handler& handler, const tezos::KeyInfo& key, const TlsHost& host,
                    const std::string& impostor) {
        const Outcome outcome = post(handler, key, level % 2 == 0);
        EXPECT_EQ(outcome.answer.at("statusCode"), 502) << impostor;
        EXPECT_EQ(outcome.error.value().code,
                  GetParam() == "kms" ? Code::KmsUnavailable : Code::TableUnavailable)
            << impostor;
        EXPECT_EQ(host.heard(), 0U) << impostor;
        EXPECT_GE(host.connections(), 3) << impostor << ": each of the tries";
    }
    /// A signer that met the service itself, and then the impostor at its address.
    void meet_later(const Impostor& impostor, bool with_session) {
        HonestServices services(authority);
        const auto handler = signer(services, services.port(GetParam()));
        if (with_session) services.close_after_each_answer(GetParam());
        for (const bool is_block : {true, false}) {
            EXPECT_EQ(post(*handler, services.key(), is_block).answer.at("statusCode"), 200);
        }
        services.stop(GetParam());
        const TlsHost host(impostor.tls.get(), services.port(GetParam()));
        expect_502(*handler, services.key(), host, impostor.name);
        EXPECT_TRUE(!with_session || host.offers() > 0) << impostor.name;
    }

    const SystemClock clock;
    const standins::Authority authority;
    /// That they may speak TLS 1.2 makes no difference here: see Trust.
    const std::vector<Impostor> all = [this] {
        auto found = impostors(authority);
        std::erase_if(found, [](const Impostor& one) { return one.name.ends_with("TLS 1.2"); });
        return found;
    }();
    standins::TemporaryFolder folder;
    const std::string roots = folder.write("authority.pem", authority.pem());
    const SecretKey baker{tezos::SignatureScheme::Ed25519, {0x12}};
    std::uint32_t level = 100;
};

TEST_P(Impostors, HearNothingFromTheFirstConnectionOn) {
    const HonestServices services(authority);
    for (const Impostor& impostor : all) {
        const TlsHost host(impostor.tls.get());
        const auto handler = signer(services, host.port());
        expect_502(*handler, services.key(), host, impostor.name);
    }
}

TEST_P(Impostors, HearNothingWhenAConnectionIsReplaced) {
    for (const Impostor& impostor : all) meet_later(impostor, false);
}

TEST_P(Impostors, HearNothingWhenASessionIsTakenUp) {
    for (const Impostor& impostor : all) meet_later(impostor, true);
}

INSTANTIATE_TEST_SUITE_P(Services, Impostors, ::testing::Values("kms", "dynamodb"),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace redoubt::test
