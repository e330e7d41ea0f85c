// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/service.hpp>

namespace redoubt::aws {
void CorrectedClock::on_date(WallTime date) {
    measured_ = date - clock_.wall();
    offset_ = std::chrono::abs(measured_) > tolerated_ ? measured_ : Milliseconds(0);
}

Service::Service(ServiceTraits traits, Endpoint endpoint, std::string region,
                 const Credentials& credentials, CorrectedClock& clock, HedgingRules hedging,
                 std::uint_fast32_t seed, std::vector<Milliseconds> times_of_tries)
    : traits_(std::move(traits)),
      endpoint_(std::move(endpoint)),
      region_(std::move(region)),
      credentials_(credentials),
      clock_(clock),
      hedging_(hedging),
      random_(seed),
      times_of_tries_(std::move(times_of_tries)) {}

http::ClientRequest Service::call(std::string_view operation, std::string body) {
    const sigv4::Scope scope{clock_.now(), region_, traits_.name};
    sigv4::Message message{"POST",
                           "/",
                           {},
                           {{"Content-Type", traits_.content_type},
                            {"Host", std::string(endpoint_.host())},
                            {"X-Amz-Date", sigv4::amz_date(scope.time)},
                            {"X-Amz-Target", traits_.target_prefix + std::string(operation)}},
                           body};
    if (!credentials_.session_token.empty()) {
        message.headers.emplace_back("X-Amz-Security-Token",
                                     std::string(credentials_.session_token.expose()));
    }
    message.headers.emplace_back(
        "Authorization",
        sigv4::authorization(message, scope, credentials_.access_key_id, signing_key(scope)));
    return {"POST", endpoint_.origin, "/", std::move(message.headers), std::move(body)};
}

const ByteArray<32>& Service::signing_key(const sigv4::Scope& scope) {
    const auto day = std::chrono::floor<std::chrono::days>(scope.time);
    if (!signing_key_ || signing_key_->day != day) {
        signing_key_ = {day, sigv4::signing_key(scope, credentials_.secret_access_key.expose())};
    }
    return signing_key_->key;
}

double Service::jitter() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }

}  // namespace redoubt::aws
