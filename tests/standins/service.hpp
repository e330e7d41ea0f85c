// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/json.hpp>

#include "aws_exception.hpp"
#include "faults.hpp"
#include "local_clock.hpp"
#include "pause.hpp"
#include "server.hpp"
#include "signature_check.hpp"
#include "trail.hpp"

namespace redoubt::standins {

/// What a service has seen since its start.
struct ServiceCounts {
    std::map<std::string, std::uint64_t> calls;  ///< by operation; `other` for what is none
    std::uint64_t refused = 0;                   ///< calls with a signature that does not hold
    ServerCounts server;
};

/// An AWS service that speaks JSON: TLS, signatures, latency, faults, errors. What it does with a
/// call comes from outside.
class Service {
public:
    /// `region`: that which the call is signed for.
    using Operate =
        std::function<Json(std::string_view operation, const Json& call,
                           const std::vector<Fault>& faults, const std::string& region)>;

    struct Settings {
        std::string name;           ///< of the signature's scope: `kms`
        std::string target_prefix;  ///< of X-Amz-Target
        std::string content_type;
        Target target{};
        std::string region = "us-east-1";  ///< that signatures have to be for; empty: any
        Milliseconds latency{0};           ///< from a call's first byte to its answer
        SSL_CTX* tls = nullptr;
        std::size_t connections = 64;                         ///< at once; others wait
        std::function<void(const ServiceCall&)> record = {};  ///< of each call that was understood
    };

    /// The references outlive the service.
    Service(Settings settings, const LocalCredentials& credentials, const LocalClock& clock,
            Faults& faults, Pause& pause, Operate operate);

    [[nodiscard]] std::string endpoint() const;
    [[nodiscard]] ServiceCounts counts() const;
    void stop() { server_.stop(); }
    void end_connections(Ending how) { server_.end_connections(how); }

private:
    HttpResponse handle(const HttpRequest& request);
    HttpResponse perform(const HttpRequest& request, const std::vector<Fault>& struck);
    Json operate(const std::string& operation, const Json& call, const std::vector<Fault>& struck,
                 const std::string& request_id, const std::string& region) const;
    HttpResponse answer(int status, const Json& body) const;
    HttpResponse answer_error(const AwsException& error) const;
    HttpResponse front_page() const;
    void spoil(HttpResponse& response, const std::vector<Fault>& struck) const;
    void add_headers(HttpResponse& response, const std::vector<Fault>& struck,
                     const std::string& request_id) const;
    std::string count_operation(const HttpRequest& request);
    [[nodiscard]] WallTime now() const;
    [[nodiscard]] std::string qualified(const std::string& type) const;

    Settings settings_;
    SignatureCheck signature_;
    const LocalClock& clock_;
    Faults& faults_;
    Pause& pause_;
    Operate operate_;
    mutable std::mutex mutex_;
    std::map<std::string, std::uint64_t> calls_;
    std::uint64_t refused_ = 0;
    Server server_;  // last: its threads use the rest
};

}  // namespace redoubt::standins
