// SPDX-License-Identifier: Apache-2.0
// The environment variables of the functions. The input: lines `NAME=value`, each of which replaces
// a variable of a configuration that is right; without a value it removes it.
#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include <redoubt/aws/endpoint.hpp>

#include "check.hpp"
#include "config/tezos.hpp"
#include "lines.hpp"

namespace redoubt::fuzz::configuration {
namespace {

using bootstrap::Environment;
using bootstrap::TezosConfig;
using Values = std::map<std::string, std::string, std::less<>>;

/// Of these the value is told nobody.
constexpr std::array secrets = {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
constexpr std::string_view mark = "0f9e8d7c6b";

Values values_in(std::string_view lines) {
    Values values = {
        {"AWS_REGION", "eu-west-1"},
        {"AWS_ACCESS_KEY_ID", "ASIAEXAMPLE"},
        {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
        {"AWS_SESSION_TOKEN", "TOKEN//b3JpZ2luX2VjEEXAMPLE=="},
        {"KMS_KEY_ID", "arn:aws:kms:eu-west-1:123456789012:key/1a2b"},
        {"AUTHORIZED_KEYS", "edpkuBknW28nW72KG6RoHtYW7p12T6GKc7nAbwYX5m8Wd9sDVC9yav"},
        {"WATERMARK_TABLE", "watermarks"},
    };
    while (!lines.empty()) {
        std::string_view value = take_line(lines);
        const std::string name(take_until(value, "="));
        values[name] = value;
    }
    for (const char* name : secrets) values[name] += mark;
    // A file of the machine's own choice would be read to its end.
    if (values.contains("AWS_CA_BUNDLE")) values["AWS_CA_BUNDLE"] = "/dev/null";
    return values;
}

bool is_clean(std::string_view text, std::string_view more) {
    return std::ranges::all_of(text, [more](unsigned char c) {
        return (c < 0x80 && std::isalnum(c) != 0) || more.contains(static_cast<char>(c));
    });
}

void check_keys(const TezosConfig& config) {
    std::set<std::string> arns;
    for (const aws::KeyArn& arn : config.key_arns) {
        check(arns.insert(arn.text).second, "no key twice");
        check(arn.region == config.aws.region && is_clean(arn.text, ":/-"), "keys of the Region");
    }
    check(!arns.empty(), "one key or more");
    check(!config.public_keys || config.public_keys->size() == arns.size(),
          "a public key for each");
    for (const tezos::Keys& keys :
         {config.public_keys.value_or(tezos::Keys()), config.sealed_keys, config.authorized_keys}) {
        std::set<std::string> addresses;
        for (const auto& key : keys)
            check(addresses.insert(key.address).second, "no address twice");
    }
    check(!config.authorized_keys.empty(), "somebody may ask");
    check(!arns.empty() || !config.sealed_keys.empty(), "there is a key to sign with");
    check(config.sealed_keys.empty() || !config.wrapping_keys.empty(), "what is sealed can open");
}

void check_config(const TezosConfig& config, const Values& values) {
    check_keys(config);
    check(aws::is_region(config.aws.region) && is_clean(config.aws.region, "-"), "a Region");
    check(!config.table.empty() && config.table.size() <= 255 && is_clean(config.table, "_-."),
          "a table");
    for (const std::string& part : config.base_path) {
        check(!part.empty() && is_clean(part, "-._~$"), "a base path");
    }
    const auto is_stand_in = [](const auto& arn) { return arn.account == aws::stand_in_account; };
    const bool has_stand_ins = std::ranges::all_of(config.key_arns, is_stand_in) &&
                               std::ranges::all_of(config.wrapping_keys, is_stand_in);
    for (const aws::Endpoint& endpoint : {config.aws.kms, config.aws.dynamodb}) {
        check(is_clean(endpoint.origin, ":/.-[]"), "an origin");
        if (has_stand_ins) continue;
        check(endpoint.origin.starts_with("https://") &&
                  endpoint.origin.contains(config.aws.region) && endpoint.origin.contains(".a"),
              "AWS's own endpoints, over TLS, in the Region");
    }
    check(has_stand_ins || !values.contains("AWS_CA_BUNDLE") || values.at("AWS_CA_BUNDLE").empty(),
          "AWS's own roots");
    check(config.fingerprint.size() == 64, "a fingerprint");
}

void check_mistakes(const bootstrap::Mistakes& mistakes) {
    check(!mistakes.empty(), "a refusal says why");
    for (const std::string& mistake : mistakes) {
        check(mistake.front() >= 'A' && mistake.front() <= 'Z', "a mistake names its variable");
        check(!mistake.contains(mark), "no secret is told");
        const bool is_of_keys =
            mistake.starts_with("AUTHORIZED_KEYS") || mistake.starts_with("PUBLIC_KEYS");
        check(!is_of_keys || (!mistake.contains("edsk") && !mistake.contains("spsk")),
              "nor a secret key that was put in a public one's place");
        check(std::ranges::all_of(mistake, [](char c) { return c >= ' ' && c <= '~'; }),
              "a mistake is one plain line");
    }
}

}  // namespace

void one_input(ByteView input) {
    if (text_of(input).contains(mark)) return;
    const Values values = values_in(text_of(input));
    const Environment environment(values);
    const auto config = bootstrap::read_tezos_config(environment, bootstrap::TezosRole::Signer);
    if (!config) return check_mistakes(config.error());
    check_config(*config, values);
    const auto again = bootstrap::read_tezos_config(environment, bootstrap::TezosRole::Signer);
    check(again && again->fingerprint == config->fingerprint, "one configuration, one fingerprint");
}

}  // namespace redoubt::fuzz::configuration
