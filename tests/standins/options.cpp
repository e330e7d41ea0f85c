// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <redoubt/aws/endpoint.hpp>
#include <redoubt/ethereum/network.hpp>

namespace redoubt::standins {

namespace {

constexpr std::uint32_t max_milliseconds = 3'600'000;

/// A whole number from `low` to `high`.
template <class Number>
bool read(std::string_view text, Number& number, std::uint32_t low, std::uint32_t high) {
    std::uint32_t value = 0;
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || stop != text.data() + text.size() || value < low || value > high)
        return false;
    number = static_cast<Number>(value);
    return true;
}

bool read(std::string_view text, Milliseconds& time, std::uint32_t low) {
    std::int64_t value = 0;
    if (!read(text, value, low, max_milliseconds)) return false;
    time = Milliseconds(value);
    return true;
}

bool read_fault(std::string_view text, Options& options) {
    const auto fault = parse_fault(text);
    if (fault) options.faults.push_back(*fault);
    return fault.has_value();
}

bool read_control_port(std::string_view text, Options& options) {
    return read(text, options.control_port.emplace(), 0, 65535);
}

bool read_variable(std::string_view text, Options& options) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string_view::npos) return false;
    options.variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    return true;
}

/// Each is two keys, with its companion, and one command makes all: at most eight.
constexpr std::ptrdiff_t most_tz4 = 4;

bool read_keys(std::string_view text, Options& options) {
    struct Kind {
        std::string_view name;
        crypto::SignatureScheme scheme;
    };
    static constexpr std::array kinds = {Kind{"tz1", crypto::SignatureScheme::Ed25519},
                                         Kind{"tz2", crypto::SignatureScheme::Secp256k1},
                                         Kind{"tz3", crypto::SignatureScheme::P256},
                                         Kind{"tz4", crypto::SignatureScheme::Bls12381}};
    options.keys.clear();
    while (true) {
        const auto comma = text.find(',');
        const auto* kind = std::ranges::find(kinds, text.substr(0, comma), &Kind::name);
        if (kind == kinds.end()) return false;
        options.keys.push_back(kind->scheme);
        if (comma == std::string_view::npos) {
            return std::ranges::count(options.keys, crypto::SignatureScheme::Bls12381) <= most_tz4;
        }
        text.remove_prefix(comma + 1);
    }
}

bool read_network(std::string_view text, Options& options) {
    options.network = text;
    return ethereum::find_network(text).has_value();
}

bool read_regions(std::string_view text, Options& options) {
    options.wrapping_regions.clear();
    while (true) {
        const auto comma = text.find(',');
        if (!aws::is_region(text.substr(0, comma))) return false;
        options.wrapping_regions.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return true;
        text.remove_prefix(comma + 1);
    }
}

struct Row {
    std::string_view name;
    bool (*read)(std::string_view text, Options& options);
};

constexpr std::uint32_t max_count = std::numeric_limits<std::uint32_t>::max();

constexpr std::array rows = {
    Row{"--levels", [](auto text, auto& o) { return read(text, o.levels, 0, max_count); }},
    Row{"--block-ms", [](auto text, auto& o) { return read(text, o.block, 1); }},
    Row{"--port", [](auto text, auto& o) { return read(text, o.port, 0, 65535); }},
    Row{"--environments", [](auto text, auto& o) { return read(text, o.environments, 1, 64); }},
    Row{"--kms-ms", [](auto text, auto& o) { return read(text, o.kms, 0); }},
    Row{"--dynamodb-ms", [](auto text, auto& o) { return read(text, o.dynamodb, 0); }},
    Row{"--fault", read_fault},
    Row{"--control-port", read_control_port},
    Row{"--timeout-ms", [](auto text, auto& o) { return read(text, o.timeout, 1); }},
    Row{"--env", read_variable},
    Row{"--bootstrap",
        [](auto text, auto& o) {
            o.bootstrap = text;
            return !text.empty();
        }},
    Row{"--keys", read_keys},
    Row{"--wrapping-keys", read_regions},
    Row{"--network", read_network},
};

}  // namespace

std::expected<Options, std::string> parse_options(std::span<const std::string_view> arguments) {
    Options options;
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        const std::string_view name = arguments[at];
        bool* const flag = name == "--once"   ? &options.once
                           : name == "--json" ? &options.json
                           : name == "--help" ? &options.help
                                              : nullptr;
        if (flag != nullptr) {
            *flag = true;
            continue;
        }
        const auto* row = std::ranges::find(rows, name, &Row::name);
        if (row == rows.end()) return std::unexpected("no such option: " + std::string(name));
        if (++at == arguments.size()) {
            return std::unexpected(std::string(name) + " needs a value");
        }
        if (!row->read(arguments[at], options)) {
            return std::unexpected("not a value of " + std::string(name) + ": " +
                                   std::string(arguments[at]));
        }
    }
    return options;
}

std::string_view usage() {
    return
#include "usage.txt"
        ;
}

}  // namespace redoubt::standins
