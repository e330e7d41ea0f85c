// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <redoubt/aws/credentials.hpp>
#include <redoubt/aws/endpoint.hpp>
#include <redoubt/aws/hedging.hpp>
#include <redoubt/aws/sigv4.hpp>
#include <redoubt/base/clock.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/http/message.hpp>

namespace redoubt::aws {

/// The wall clock as AWS sees it: the machine's own, until an answer's `Date` differs by more than
/// is tolerated.
class CorrectedClock {
public:
    /// SigV4 allows five minutes.
    static constexpr Milliseconds enough_for_calls = std::chrono::minutes(4);

    /// `tolerated`: a Date has whole seconds, so what is below is left to the better clock.
    explicit CorrectedClock(const Clock& clock, Milliseconds tolerated = enough_for_calls)
        : clock_(clock), tolerated_(tolerated) {}

    [[nodiscard]] WallTime now() const { return clock_.wall() + offset_; }
    [[nodiscard]] SteadyTime steady() const { return clock_.steady(); }
    /// By the machine's clocks, which no correction moves.
    [[nodiscard]] Moment moment() const { return {clock_.wall(), clock_.steady()}; }
    /// What AWS gave as its time.
    void on_date(WallTime date);
    /// AWS's time minus the machine's, at the last answer.
    [[nodiscard]] Milliseconds measured_offset() const { return measured_; }
    [[nodiscard]] Milliseconds offset() const { return offset_; }

private:
    const Clock& clock_;
    Milliseconds tolerated_;
    Milliseconds offset_{0};
    Milliseconds measured_{0};
};

/// What is particular to a service that speaks AWS's JSON protocol.
struct ServiceTraits {
    std::string name;           // of the endpoint and in the signature's scope: "kms"
    std::string display_name;   // in messages: "KMS"
    std::string target_prefix;  // of X-Amz-Target: "TrentService."
    std::string content_type;
    Code unavailable;  // may pass
    Code refused;      // stays
};

/// One AWS service in one Region, and how calls to it are signed. Credentials and clock outlive it;
/// the former never change. The seed is that of the jitter.
class Service {
public:
    Service(ServiceTraits traits, Endpoint endpoint, std::string region,
            const Credentials& credentials, CorrectedClock& clock, HedgingRules hedging = {},
            std::uint_fast32_t seed = std::random_device{}(),
            std::vector<Milliseconds> times_of_tries = {});

    /// A signed `POST /`, valid for about five minutes.
    [[nodiscard]] http::ClientRequest call(std::string_view operation, std::string body);

    [[nodiscard]] const ServiceTraits& traits() const { return traits_; }
    [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
    [[nodiscard]] const Credentials& credentials() const { return credentials_; }
    [[nodiscard]] CorrectedClock& clock() const { return clock_; }
    /// How long each try of a call may take, the last one's for those after it. None: as long as
    /// the client allows.
    [[nodiscard]] const std::vector<Milliseconds>& times_of_tries() const {
        return times_of_tries_;
    }
    /// Of those operations that are hedged.
    [[nodiscard]] Hedging& hedging() { return hedging_; }
    /// A random number from 0 to 1, to spread repetitions.
    [[nodiscard]] double jitter();

private:
    struct SigningKey {
        std::chrono::sys_days day;
        ByteArray<32> key;
    };
    /// Derived once a day: that is most of what a signature costs.
    [[nodiscard]] const ByteArray<32>& signing_key(const sigv4::Scope& scope);

    ServiceTraits traits_;
    Endpoint endpoint_;
    std::string region_;
    const Credentials& credentials_;
    CorrectedClock& clock_;
    Hedging hedging_;
    std::minstd_rand random_;
    std::optional<SigningKey> signing_key_;
    std::vector<Milliseconds> times_of_tries_;
};

}  // namespace redoubt::aws
