// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>

#include "checks.hpp"

namespace redoubt::tezos_operator::doctor {
namespace {

/// Whose secret keys anybody can read: octez's sandbox (bootstrap1 to 5), flextesa's alice and bob,
/// and the public key that this project's pages show.
constexpr std::array<std::string_view, 7> published = {
    "tz1KqTpEZ7Yob7QbPE4Hy4Wo8fHG8LhKxZSx", "tz1gjaF81ZRRvdzjobyfVNsAeSC6PScjfQwN",
    "tz1faswCTDciRzE4oJ9jn2Vm2dvjeyA9fUzU", "tz1b7tUupMgCNw2cCLpKTkSD1NZzB5TkP2sv",
    "tz1ddb9NMYHZi5UzPdzTZMYQQZoMub195zgv", "tz1VSUr8wwNhLAzempoch5d6hLRiTh8Cjcjb",
    "tz1aSkwEot3L2kmUvcoxzjMomb9mvBNuzFK6"};
constexpr std::size_t most_keys = 2;  // as many as a rotation needs
constexpr Milliseconds wrong_clock{5000};
constexpr int least_memory = 256;

/// The value of a variable that is set; else nothing.
std::string_view variable(const Context& context, std::string_view name) {
    const auto found = context.variables.find(name);
    return found == context.variables.end() ? std::string_view() : found->second;
}

/// What is better not set.
struct Unwanted {
    Check check;
    const char* name;
};
constexpr std::array unwanted = {Unwanted{Check::Endpoints, "AWS_ENDPOINT_URL"},
                                 Unwanted{Check::Endpoints, "AWS_ENDPOINT_URL_DYNAMODB"},
                                 Unwanted{Check::Endpoints, "AWS_ENDPOINT_URL_KMS"},
                                 Unwanted{Check::Debugging, "CARES_HOSTS"},
                                 Unwanted{Check::Debugging, "LD_PRELOAD"},
                                 Unwanted{Check::Debugging, "OPENSSL_CONF"},
                                 Unwanted{Check::Debugging, "SSLKEYLOGFILE"}};

bool is_stand_in(const Context& context) {
    const auto is_one = [](const std::string& text) {
        const auto arn = aws::parse_key_arn(text);
        return arn && arn->account == aws::stand_in_account;
    };
    return std::ranges::all_of(context.key_arns, is_one) &&
           std::ranges::all_of(context.sealing.wrapping_keys, is_one, &aws::KeyArn::text);
}

void check_variables(const Context& context, Report& report) {
    const bool stand_ins = is_stand_in(context);
    for (const auto& [check, name] : unwanted) {
        const std::string_view value = variable(context, name);
        const bool is_wrong = !value.empty() && (!stand_ins || check != Check::Endpoints);
        report.add(check, name, is_wrong, "is set to ", value);
    }
    std::string proxies;
    for (const auto& [name, value] : context.variables) {
        if (name.ends_with("_proxy") || name.ends_with("_PROXY")) proxies += name + " ";
    }
    report.add_list(Check::Proxies, "variables", "", proxies);
    const std::string_view format = variable(context, "AWS_LAMBDA_LOG_FORMAT");
    report.add(Check::LogFormat, "variables", !format.empty() && format != "JSON",
               "the log is text: its lines don't become metrics");
    const std::string_view level = variable(context, "AWS_LAMBDA_LOG_LEVEL");
    const bool hides = level == "WARN" || level == "ERROR" || level == "FATAL";
    report.add(Check::LogLevel, "variables", hides,
               "leaves out lines that become metrics and ring alarms");
    const std::string_view memory = variable(context, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
    int size = least_memory;
    std::from_chars(memory.data(), memory.data() + memory.size(), size);
    report.add(Check::Memory, "variables", size < least_memory,
               "slow, as processor time comes with memory; MB: ", memory);
    report.add(Check::PublicKeysGiven, "variables",
               !context.key_arns.empty() && variable(context, "PUBLIC_KEYS").empty(),
               "PUBLIC_KEYS is not set");
    report.add(Check::ProvePossession, "variables", !variable(context, "PROVE_POSSESSION").empty(),
               "anybody who reaches the signer gets proofs of possession");
    if (context.sealing.wrapping_keys.empty()) return;
    report.add(Check::BackupSaid, "variables", !context.sealing.backup_recipients,
               "neither BACKUP_RECIPIENTS nor BACKUP is set");
}

}  // namespace

void check_authorized(const Context& context, Report& report) {
    const tezos::Keys& keys = context.authorized_keys;
    for (const tezos::KeyInfo& key : keys) {
        const bool is_consensus = tezos::find(context.consensus_keys, key.hash) != nullptr;
        report.add(Check::AuthorizedConsensus, key.address, is_consensus,
                   "is a consensus key, which no baker holds");
        const bool is_published = std::ranges::find(published, key.address) != published.end();
        report.add(Check::AuthorizedPublished, key.address, is_published,
                   "is a published test key");
    }
    report.add(Check::AuthorizedMany, "variables", keys.size() > most_keys,
               "keys that may have requests signed: ", std::to_string(keys.size()));
}

void check_surroundings(const Context& context, Report& report) {
    const Milliseconds ahead = context.dynamodb.clock().measured_offset();
    report.add(Check::Clock, "clock", std::chrono::abs(ahead) > wrong_clock,
               "AWS's is ahead by ms: ", std::to_string(ahead.count()));
    check_variables(context, report);
}

}  // namespace redoubt::tezos_operator::doctor

namespace redoubt::tezos_operator {

std::span<const std::string_view> variables_looked_at() {
    static constexpr std::array<std::string_view, 13> names = {"AWS_ENDPOINT_URL",
                                                               "AWS_ENDPOINT_URL_DYNAMODB",
                                                               "AWS_ENDPOINT_URL_KMS",
                                                               "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                                               "AWS_LAMBDA_LOG_FORMAT",
                                                               "AWS_LAMBDA_LOG_LEVEL",
                                                               "AWS_REGION",
                                                               "CARES_HOSTS",
                                                               "LD_PRELOAD",
                                                               "OPENSSL_CONF",
                                                               "PROVE_POSSESSION",
                                                               "PUBLIC_KEYS",
                                                               "SSLKEYLOGFILE"};
    return names;
}

}  // namespace redoubt::tezos_operator
