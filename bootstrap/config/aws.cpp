// SPDX-License-Identifier: Apache-2.0
#include "config/aws.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

#include <redoubt/aws/roots.hpp>
#include <redoubt/base/handle.hpp>

namespace redoubt::bootstrap {
namespace {

/// The most shares that a wrap has, one under each.
constexpr std::size_t most_wrapping_keys = 5;

/// Empty if there is nothing to read. (A stream would bring 400 KB of locales into the binary.)
std::string read_file(const std::string& path) {
    std::string text;
    const Handle<std::FILE, std::fclose> file(std::fopen(path.c_str(), "rb"));
    std::array<char, 4096> block{};
    while (file && std::feof(file.get()) == 0 && std::ferror(file.get()) == 0) {
        text.append(block.data(), std::fread(block.data(), 1, block.size(), file.get()));
    }
    return text;
}

std::string read_trusted_roots(Variables& variables, bool stand_ins) {
    const std::string& path = variables.get("AWS_CA_BUNDLE");
    std::string amazon(aws::amazon_roots());
    if (path.empty()) return amazon;
    if (!stand_ins) {
        variables.mistake(
            "AWS_CA_BUNDLE is for stand-ins of AWS only: remove it (the Amazon roots are built "
            "in)");
        return amazon;
    }
    std::string roots = read_file(path);
    if (!roots.contains("-----BEGIN CERTIFICATE-----")) {
        variables.wrong_value("AWS_CA_BUNDLE", path,
                              "does not name a readable file with a PEM certificate");
    }
    return roots;
}

struct Place {
    std::string region;
    std::string partition;
    bool stand_ins;
    aws::EndpointKind kind;
};

/// Both mean the names that AWS gives its services, so they say nothing of one given by its name.
aws::EndpointKind read_endpoint_kind(Variables& variables) {
    const aws::EndpointKind kind{
        .fips = variables.is_set_to("AWS_USE_FIPS_ENDPOINT", "true", "false"),
        .dual_stack = variables.is_set_to("AWS_USE_DUALSTACK_ENDPOINT", "true", "false")};
    for (const std::string flag : {"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"}) {
        for (const std::string name :
             {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_DYNAMODB"}) {
            if (variables.get(flag) == "true" && !variables.get(name).empty()) {
                variables.mistake(flag + " and " + name + " exclude each other: remove one");
            }
        }
    }
    return kind;
}

aws::Endpoint read_endpoint(Variables& variables, std::string_view service,
                            const std::string& own_name, const Place& place) {
    const bool has_own = !variables.get(own_name).empty();
    const std::string name = has_own ? own_name : "AWS_ENDPOINT_URL";
    const std::string& url = variables.get(name);
    if (url.empty()) {
        return aws::regional_endpoint(service, place.region, place.partition, place.kind);
    }
    auto endpoint =
        aws::parse_endpoint(url, service, place.region, place.partition, place.stand_ins);
    if (endpoint) return std::move(*endpoint);
    variables.wrong_value(name, url,
                          "is not a regional, FIPS, dual-stack or VPC https endpoint of " +
                              std::string(service) + " in this Region: correct or remove it");
    return {};
}

/// KMS in the other Regions of `keys`. An endpoint that was given by its name is of the function's
/// own Region, and tells which kind the others are of; a stand-in serves them all.
std::vector<aws::kms::RegionalEndpoint> kms_elsewhere(const std::vector<aws::KeyArn>& keys,
                                                      const aws::Endpoint& own,
                                                      const Place& place) {
    std::vector<aws::kms::RegionalEndpoint> out;
    for (const aws::KeyArn& key : keys) {
        if (key.region == place.region ||
            std::ranges::find(out, key.region, &aws::kms::RegionalEndpoint::region) != out.end()) {
            continue;
        }
        out.push_back({key.region, place.stand_ins ? own
                                                   : aws::regional_endpoint(
                                                         "kms", key.region, key.partition,
                                                         aws::kind_of(own, place.partition))});
    }
    return out;
}

void check_partitions(Variables& variables, const std::vector<aws::KeyArn>& keys) {
    for (const aws::KeyArn& key : keys) {
        if (key.partition == keys.front().partition) continue;
        variables.mistake("the KMS key " + key.text + " is of another partition of AWS than " +
                          keys.front().text + ": name keys of one partition only");
    }
}

}  // namespace

AwsConfig read_aws(Variables& variables) {
    AwsConfig config;
    config.region = variables.required("AWS_REGION", "the function's Region (Lambda does)");
    if (!config.region.empty() && !aws::is_region(config.region)) {
        variables.wrong_value("AWS_REGION", config.region, "is not the name of a Region");
    }
    constexpr std::string_view credentials = "the role's credentials (Lambda does)";
    config.credentials.access_key_id = variables.required_text("AWS_ACCESS_KEY_ID", credentials);
    config.credentials.secret_access_key =
        Secret(variables.required_text("AWS_SECRET_ACCESS_KEY", credentials));
    config.credentials.session_token = Secret(variables.optional_text("AWS_SESSION_TOKEN"));
    return config;
}

std::vector<aws::KeyArn> read_key_arns(Variables& variables, const std::string& name,
                                       const std::string& region) {
    std::vector<aws::KeyArn> arns;
    const std::string& list = variables.get(name);
    if (list.empty()) return arns;
    std::size_t position = 0;
    for (const std::string& entry : split(list)) {
        const std::string which = entry_name(name, ++position);
        auto arn = aws::parse_key_arn(entry);
        if (!arn) {
            variables.wrong_value(
                which, entry,
                entry.empty() ? "is empty: remove a comma"
                              : "is not a key ARN (arn:aws:kms:<region>:<account>:key/<id>; "
                                "an alias will not do)");
            continue;
        }
        if (aws::is_region(region) && arn->region != region) {
            variables.mistake(which + " (" + entry + ") is not of the function's Region, " +
                              region);
        }
        if (std::ranges::find(arns, entry, &aws::KeyArn::text) != arns.end()) {
            variables.mistake(which + " (" + entry + ") is listed twice");
        }
        arns.push_back(std::move(*arn));
    }
    return arns;
}

std::vector<aws::KeyArn> read_wrapping_keys(Variables& variables) {
    auto keys = read_key_arns(variables, "WRAPPING_KEYS", "");
    if (keys.size() > most_wrapping_keys) {
        variables.mistake("WRAPPING_KEYS lists more than " + std::to_string(most_wrapping_keys) +
                          " keys");
    }
    return keys;
}

std::string read_table(Variables& variables, const std::string& name, std::string_view what) {
    std::string table = variables.required(name, what);
    const bool is_legal = table.size() <= 255 && std::ranges::all_of(table, [](unsigned char c) {
                              return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
                          });
    if (!is_legal) {
        variables.wrong_value(name, table,
                              "is not a table's name: up to 255 letters, digits and _-.");
    }
    return table;
}

void read_services(Variables& variables, const std::vector<aws::KeyArn>& keys, AwsConfig& config) {
    const Place place{
        config.region, keys.empty() ? "aws" : keys.front().partition,
        std::ranges::all_of(
            keys, [](const aws::KeyArn& key) { return key.account == aws::stand_in_account; }),
        read_endpoint_kind(variables)};
    check_partitions(variables, keys);
    config.hedging = !variables.is_set_to("HEDGING", "off");
    config.trusted_roots = read_trusted_roots(variables, place.stand_ins);
    config.kms = read_endpoint(variables, "kms", "AWS_ENDPOINT_URL_KMS", place);
    config.kms_elsewhere = kms_elsewhere(keys, config.kms, place);
    config.dynamodb = read_endpoint(variables, "dynamodb", "AWS_ENDPOINT_URL_DYNAMODB", place);
}

}  // namespace redoubt::bootstrap
