// SPDX-License-Identifier: Apache-2.0
#include "faults.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace redoubt::standins {

namespace {

constexpr unsigned kms = 1;
constexpr unsigned dynamodb = 2;
constexpr unsigned environment = 4;

enum class Argument { None, Needed, Possible };

struct NamedFault {
    std::string_view name;
    FaultKind kind;
    unsigned targets;
    Argument argument = Argument::None;
};

constexpr std::array named_faults = {
    NamedFault{"throttle", FaultKind::Throttle, kms | dynamodb},
    NamedFault{"unavailable", FaultKind::Unavailable, kms | dynamodb},
    NamedFault{"lost-answer", FaultKind::LostAnswer, kms | dynamodb},
    NamedFault{"reset", FaultKind::Reset, kms | dynamodb},
    NamedFault{"slow", FaultKind::Slow, kms | dynamodb, Argument::Needed},
    NamedFault{"half-answer", FaultKind::HalfAnswer, kms | dynamodb},
    NamedFault{"denied", FaultKind::Denied, kms | dynamodb},
    NamedFault{"expired", FaultKind::Expired, kms | dynamodb},
    NamedFault{"skew", FaultKind::Skew, kms | dynamodb, Argument::Needed},
    NamedFault{"close", FaultKind::Close, kms | dynamodb},
    NamedFault{"blackhole", FaultKind::Blackhole, kms | dynamodb},
    NamedFault{"bad-signature", FaultKind::BadSignature, kms},
    NamedFault{"wrong-key", FaultKind::WrongKey, kms},
    NamedFault{"wrong-algorithm", FaultKind::WrongAlgorithm, kms},
    NamedFault{"bad-der", FaultKind::BadDer, kms},
    NamedFault{"high-s", FaultKind::HighS, kms},
    NamedFault{"low-s", FaultKind::LowS, kms},
    NamedFault{"disabled", FaultKind::Disabled, kms},
    NamedFault{"bad-plaintext", FaultKind::BadPlaintext, kms},
    NamedFault{"short-plaintext", FaultKind::ShortPlaintext, kms},
    NamedFault{"wrong-crc", FaultKind::WrongCrc, dynamodb},
    NamedFault{"wrong-body", FaultKind::WrongBody, dynamodb},
    NamedFault{"empty-body", FaultKind::EmptyBody, dynamodb},
    NamedFault{"conflict", FaultKind::Conflict, dynamodb},
    NamedFault{"unprocessed", FaultKind::Unprocessed, dynamodb, Argument::Possible},
    NamedFault{"kill", FaultKind::Kill, environment, Argument::Possible},
};

struct NamedTarget {
    std::string_view name;
    Target target;
    unsigned bit;
};

constexpr std::array named_targets = {
    NamedTarget{"kms", Target::Kms, kms},
    NamedTarget{"dynamodb", Target::DynamoDb, dynamodb},
    NamedTarget{"environment", Target::Environment, environment},
};

template <class Number>
bool read_number(std::string_view text, Number& number) {
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc{} && stop == text.data() + text.size();
}

/// Takes what follows the last `mark` off the end of `text`; empty if there is none.
std::string_view take_tail(std::string_view& text, char mark) {
    const auto at = text.rfind(mark);
    if (at == std::string_view::npos) return {};
    const std::string_view tail = text.substr(at + 1);
    text = text.substr(0, at);
    return tail;
}

bool read_limits(std::string_view& text, Fault& fault) {
    const bool has_count = text.contains('#');
    const std::string_view count = take_tail(text, '#');
    const bool has_rate = text.contains('@');
    const std::string_view rate = take_tail(text, '@');
    if (has_count && !read_number(count, fault.left)) return false;
    if (has_rate && !read_number(rate, fault.rate)) return false;
    return fault.rate >= 0 && fault.rate <= 1;
}

}  // namespace

std::optional<Fault> parse_fault(std::string_view spec) {
    Fault fault{.spec = std::string(spec)};
    std::string_view kind = spec;
    if (!read_limits(kind, fault)) return std::nullopt;
    const auto colon = kind.find(':');
    const auto service =
        std::ranges::find(named_targets, kind.substr(0, colon), &NamedTarget::name);
    if (colon == std::string_view::npos || service == named_targets.end()) return std::nullopt;
    kind.remove_prefix(colon + 1);

    const bool has_argument = kind.contains('=');
    const std::string_view argument = take_tail(kind, '=');
    const auto row = std::ranges::find(named_faults, kind, &NamedFault::name);
    if (row == named_faults.end() || (row->targets & service->bit) == 0) return std::nullopt;
    const bool odd =
        has_argument ? row->argument == Argument::None : row->argument == Argument::Needed;
    if (odd) return std::nullopt;
    if (has_argument && !read_number(argument, fault.argument.emplace())) return std::nullopt;
    if (row->kind != FaultKind::Skew && fault.argument.value_or(0) < 0) return std::nullopt;
    fault.target = service->target;
    fault.kind = row->kind;
    return fault;
}

void Faults::replace(std::vector<Fault> faults) {
    const std::scoped_lock lock(mutex_);
    faults_ = std::move(faults);
}

std::vector<Fault> Faults::current() const {
    const std::scoped_lock lock(mutex_);
    return faults_;
}

std::vector<Fault> Faults::strike(Target target) {
    const std::scoped_lock lock(mutex_);
    std::vector<Fault> struck;
    for (Fault& fault : faults_) {
        if (fault.target != target || fault.kind == FaultKind::Skew || fault.left == 0) continue;
        if (fault.rate < 1 && std::uniform_real_distribution<>{}(dice_) >= fault.rate) continue;
        --fault.left;
        struck.push_back(fault);
    }
    return struck;
}

std::int64_t Faults::skew(Target target) const {
    const std::scoped_lock lock(mutex_);
    for (const Fault& fault : faults_) {
        if (fault.target == target && fault.kind == FaultKind::Skew) return *fault.argument;
    }
    return 0;
}

}  // namespace redoubt::standins
