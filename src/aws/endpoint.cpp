// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/endpoint.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace redoubt::aws {
namespace {

bool is_all(std::string_view text, bool (*allowed)(char)) {
    return !text.empty() && std::ranges::all_of(text, allowed);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_name(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; }

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
bool is_lower_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }

/// Source: botocore's endpoint rules and partitions.
struct Domains {
    std::string_view partition, regional, dual_stack;
};
constexpr std::array domains = {
    Domains{"aws", "amazonaws.com", "api.aws"},
    Domains{"aws-us-gov", "amazonaws.com", "api.aws"},
    Domains{"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    Domains{"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"},
};

const Domains* domains_of(std::string_view partition) {
    const auto found = std::ranges::find(domains, partition, &Domains::partition);
    return found == domains.end() ? nullptr : found;
}

constexpr std::string_view fips = "-fips";

/// `vpce-<id>-<letters and digits>`, of a whole endpoint or, with `-<zone>`, of one of its zones.
/// Source: AWS PrivateLink guide, "Access an AWS service using an interface VPC endpoint".
bool is_vpc_endpoint_label(std::string_view label, std::string_view region) {
    const auto parts = split(label, '-');
    if (parts.size() < 3 || parts[0] != "vpce" || !is_all(parts[1], is_hex_digit) ||
        !is_all(parts[2], is_lower_alnum)) {
        return false;
    }
    if (parts.size() == 3) return true;
    const std::string_view zone =
        label.substr(std::string_view("vpce---").size() + parts[1].size() + parts[2].size());
    return zone.size() == region.size() + 1 && zone.starts_with(region) && zone.back() >= 'a' &&
           zone.back() <= 'z';
}

}  // namespace

bool is_region(std::string_view text) {
    return text.size() <= 32 && is_all(text, is_lower_name) && text.front() != '-' &&
           text.back() != '-';
}

std::optional<KeyArn> parse_key_arn(std::string_view text) {
    const auto parts = split(text, ':');
    if (parts.size() != 6 || parts[0] != "arn" || parts[2] != "kms") return std::nullopt;
    if (domains_of(parts[1]) == nullptr || !is_region(parts[3])) return std::nullopt;
    if (parts[4].size() != 12 || !is_all(parts[4], is_digit)) return std::nullopt;
    constexpr std::string_view resource = "key/";
    if (!parts[5].starts_with(resource)) return std::nullopt;
    if (!is_all(parts[5].substr(resource.size()), is_lower_name)) return std::nullopt;
    return KeyArn{std::string(text), std::string(parts[1]), std::string(parts[3]),
                  std::string(parts[4])};
}

std::string_view Endpoint::host() const {
    return std::string_view(origin).substr(origin.find("://") + 3);
}

Endpoint regional_endpoint(std::string_view service, std::string_view region,
                           std::string_view partition, EndpointKind kind) {
    const Domains* const found = domains_of(partition);
    const Domains& domain = found == nullptr ? domains[0] : *found;
    // There, DynamoDB's usual name is that of the endpoint validated by FIPS 140.
    const bool is_fips_anyway =
        service == "dynamodb" && partition == "aws-us-gov" && !kind.dual_stack;
    return {"https://" + std::string(service) +
            std::string(kind.fips && !is_fips_anyway ? fips : "") + "." + std::string(region) +
            "." + std::string(kind.dual_stack ? domain.dual_stack : domain.regional)};
}

EndpointKind kind_of(const Endpoint& endpoint, std::string_view partition) {
    const Domains* const domain = domains_of(partition);
    // `kms-fips.<region>`, in the name of a VPC's own endpoint too.
    return {.fips = endpoint.origin.contains(std::string(fips) + "."),
            .dual_stack = domain != nullptr && endpoint.origin.ends_with(domain->dual_stack)};
}

std::optional<Endpoint> parse_endpoint(std::string_view url, std::string_view service,
                                       std::string_view region, std::string_view partition,
                                       bool stand_ins) {
    if (url.ends_with('/')) url.remove_suffix(1);
    const bool secure = url.starts_with("https://");
    if (!secure && !(stand_ins && url.starts_with("http://"))) return std::nullopt;
    const std::string_view host = url.substr(url.find("://") + 3);
    const auto in_host = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' ||
               c == ':' || c == '[' || c == ']';
    };
    if (!is_all(host, in_host)) return std::nullopt;
    if (stand_ins) return Endpoint{std::string(url)};
    const Domains* domain = domains_of(partition);
    if (domain == nullptr) return std::nullopt;
    for (const std::string_view suffix : {std::string_view(), fips}) {
        const std::string name =
            std::string(service) + std::string(suffix) + "." + std::string(region) + ".";
        if (host == name + std::string(domain->regional) ||
            host == name + std::string(domain->dual_stack)) {
            return Endpoint{std::string(url)};
        }
        const std::string of_a_vpc = "." + name + "vpce." + std::string(domain->regional);
        if (host.ends_with(of_a_vpc) &&
            is_vpc_endpoint_label(host.substr(0, host.size() - of_a_vpc.size()), region)) {
            return Endpoint{std::string(url)};
        }
    }
    return std::nullopt;
}

}  // namespace redoubt::aws
