// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt::standins {

enum class Target { Kms, DynamoDb, Environment };

enum class FaultKind {
    // of both services
    Throttle,     ///< 400 ThrottlingException, nothing done
    Unavailable,  ///< 500, nothing done
    LostAnswer,   ///< done, then the connection is reset
    Reset,        ///< reset before anything is done
    Slow,         ///< so many milliseconds more
    HalfAnswer,   ///< done; headers and half of the body, then the end
    Denied,       ///< AccessDeniedException
    Expired,      ///< ExpiredTokenException
    Skew,         ///< the service's clock is off by so many seconds
    Close,        ///< the connection is closed after each answer
    Blackhole,    ///< takes the request and never answers
    // of KMS
    BadSignature,    ///< a signature of something else
    WrongKey,        ///< the answer names another key
    WrongAlgorithm,  ///< the answer names another algorithm
    BadDer,          ///< a signature that is not quite DER
    HighS,
    LowS,
    Disabled,        ///< DisabledException
    BadPlaintext,    ///< another plaintext than was encrypted
    ShortPlaintext,  ///< a byte of a plaintext is missing
    // of DynamoDB
    WrongCrc,
    WrongBody,  ///< 200 with a row that was not asked for
    EmptyBody,
    Conflict,     ///< ReplicatedWriteConflictException
    Unprocessed,  ///< so many keys of a BatchGetItem are left, or all but one
    // of the environments
    Kill,  ///< SIGKILL once an invocation is handed over, at once or so many ms later
};

/// One `SERVICE:KIND[=ARG][@RATE][#COUNT]`.
struct Fault {
    std::string spec;
    Target target{};
    FaultKind kind{};
    std::optional<std::int64_t> argument{};  ///< ms of Slow and Kill, seconds of Skew
    double rate = 1;
    std::uint64_t left = std::numeric_limits<std::uint64_t>::max();
};

/// Nothing if `spec` is not of that form, or the kind is none of the service's.
[[nodiscard]] std::optional<Fault> parse_fault(std::string_view spec);

/// The faults in force. From any thread.
class Faults {
public:
    void replace(std::vector<Fault> faults);
    [[nodiscard]] std::vector<Fault> current() const;

    /// The faults that strike this call, each at most once; their counts go down.
    [[nodiscard]] std::vector<Fault> strike(Target target);
    /// By how much the clock of a service is off, in seconds. Counts nothing.
    [[nodiscard]] std::int64_t skew(Target target) const;

private:
    mutable std::mutex mutex_;
    std::vector<Fault> faults_;
    std::mt19937_64 dice_{std::random_device{}()};
};

}  // namespace redoubt::standins
