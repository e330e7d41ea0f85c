// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

#include <redoubt/aws/roots.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/base/handle.hpp>
#include <redoubt/crypto/hash.hpp>

namespace redoubt::bootstrap {
namespace {

/// At commas; spaces around an entry are forgiven, empty entries are kept (and refused later).
std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t end = list.find(',');
        std::string_view part = list.substr(0, end);
        part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
        part = part.substr(0, part.find_last_not_of(' ') + 1);
        parts.emplace_back(part);
        if (end == std::string_view::npos) return parts;
        list.remove_prefix(end + 1);
    }
}

/// What the fingerprint covers, in its order. Not BASE_PATH: it may be short, and whoever reads the
/// log knows all the others, so could find it by trying.
constexpr std::array<std::string_view, 10> fingerprinted = {
    "AUTHORIZED_KEYS",      "AWS_CA_BUNDLE",  "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_KMS", "HEDGING",        "KMS_KEY_ID",       "KNOWN_KEYS",
    "PUBLIC_KEYS",          "WATERMARK_TABLE"};

std::string fingerprint_of(const Environment& environment) {
    std::string lines;
    for (std::string_view name : fingerprinted) {
        const std::string& value = environment.get(name);
        if (!value.empty()) lines += std::string(name) + "=" + value + "\n";
    }
    return to_hex(crypto::sha256(bytes_of(lines)));
}

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

/// Reads variables one after the other and collects what is wrong with them.
class ConfigReader {
public:
    explicit ConfigReader(const Environment& environment) : environment_(environment) {}

    std::expected<Config, Mistakes> read() {
        config_.is_operator = environment_.get("_HANDLER") == "operator";
        read_region();
        read_credentials();
        read_key_arns();
        read_public_keys();
        read_authorized_keys();
        read_table();
        read_base_path();
        read_known_keys();
        read_hedging();
        read_trust();
        config_.kms = read_endpoint("kms", "AWS_ENDPOINT_URL_KMS");
        config_.dynamodb = read_endpoint("dynamodb", "AWS_ENDPOINT_URL_DYNAMODB");
        config_.fingerprint = fingerprint_of(environment_);
        if (!mistakes_.empty()) return std::unexpected(std::move(mistakes_));
        return std::move(config_);
    }

private:
    void mistake(std::string what) { mistakes_.push_back(std::move(what)); }

    const std::string& required(std::string_view name, std::string_view what) {
        const std::string& value = environment_.get(name);
        if (value.empty()) {
            mistake(std::string(name) + " is missing: set it to " + std::string(what));
        }
        return value;
    }

    void read_region() {
        config_.region = required("AWS_REGION", "the function's Region (Lambda does)");
        if (!config_.region.empty() && !aws::is_region(config_.region)) {
            mistake("AWS_REGION is no Region");
        }
    }

    void read_credentials() {
        config_.credentials.access_key_id =
            required("AWS_ACCESS_KEY_ID", "the role's credentials (Lambda does)");
        config_.credentials.secret_access_key =
            Secret(required("AWS_SECRET_ACCESS_KEY", "the role's credentials (Lambda does)"));
        config_.credentials.session_token = Secret(environment_.get("AWS_SESSION_TOKEN"));
    }

    void read_key_arns() {
        const std::string& list = required("KMS_KEY_ID", "one or more KMS key ARNs");
        if (list.empty()) return;
        int position = 0;
        for (const std::string& entry : split(list)) {
            ++position;
            auto arn = aws::parse_key_arn(entry);
            if (!arn) {
                mistake("KMS_KEY_ID: entry " + std::to_string(position) +
                        " is no key ARN (arn:aws:kms:<region>:<account>:key/<id>; no alias)");
                continue;
            }
            if (arn->region != config_.region) {
                mistake("KMS_KEY_ID: " + entry + " is not of the function's Region " +
                        config_.region);
            }
            if (std::ranges::find(config_.key_arns, entry, &aws::KeyArn::text) !=
                config_.key_arns.end()) {
                mistake("KMS_KEY_ID: " + entry + " is listed twice");
            }
            config_.key_arns.push_back(std::move(*arn));
        }
        stand_ins_ = std::ranges::all_of(config_.key_arns, [](const aws::KeyArn& arn) {
            return arn.account == aws::stand_in_account;
        });
    }

    tezos::Keys read_keys(const std::string& name, const std::string& list) {
        tezos::Keys keys;
        int position = 0;
        for (const std::string& entry : split(list)) {
            // Entries are not quoted: a secret key may have been pasted here.
            const std::string which = name + ": entry " + std::to_string(++position);
            auto key = tezos::parse_public_key(entry);
            if (!key) {
                mistake(which + " is no Tezos public key (edpk, sppk or p2pk)");
                continue;
            }
            tezos::KeyInfo named(std::move(*key));
            if (tezos::find(keys, named.hash) != nullptr) {
                mistake(which + " (" + named.address + ") is listed twice");
            }
            keys.push_back(std::move(named));
        }
        return keys;
    }

    void read_public_keys() {
        const std::string& list = environment_.get("PUBLIC_KEYS");
        if (list.empty()) return;
        config_.public_keys = read_keys("PUBLIC_KEYS", list);
        if (split(list).size() != split(environment_.get("KMS_KEY_ID")).size()) {
            mistake(
                "PUBLIC_KEYS names another number of keys than KMS_KEY_ID: list one for each, "
                "in the same order, or remove it");
        }
    }

    void read_authorized_keys() {
        const std::string& list =
            required("AUTHORIZED_KEYS", "the Tezos public keys whose requests are signed");
        if (!list.empty()) config_.authorized_keys = read_keys("AUTHORIZED_KEYS", list);
    }

    void read_table() {
        config_.table = required("WATERMARK_TABLE", "the name of the table of watermarks");
        const bool legal =
            config_.table.size() <= 255 && std::ranges::all_of(config_.table, [](unsigned char c) {
                return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
            });
        if (!legal) mistake("WATERMARK_TABLE is no table name");
    }

    void read_base_path() {
        std::string_view path = environment_.get("BASE_PATH");
        if (path.empty()) return;
        if (path.front() != '/') return mistake("BASE_PATH begins with a slash: /name");
        while (!path.empty()) {
            path.remove_prefix(1);
            const std::size_t end = std::min(path.find('/'), path.size());
            const std::string_view part = path.substr(0, end);
            const bool legal = !part.empty() && std::ranges::all_of(part, [](unsigned char c) {
                return std::isalnum(c) != 0 ||
                       std::string_view("-._~$").contains(static_cast<char>(c));
            });
            if (!legal) {
                return mistake(
                    "BASE_PATH has parts of letters, digits and -._~$, each after one "
                    "slash, with none at the end");
            }
            config_.base_path.emplace_back(part);
            path.remove_prefix(end);
        }
    }

    void read_known_keys() {
        const std::string& value = environment_.get("KNOWN_KEYS");
        config_.known_keys = value == "on";
        if (!value.empty() && value != "on") mistake("KNOWN_KEYS is `on` or absent");
    }

    void read_hedging() {
        const std::string& value = environment_.get("HEDGING");
        config_.hedging = value.empty();
        if (!value.empty() && value != "off") mistake("HEDGING is `off` or absent");
    }

    void read_trust() {
        const std::string& path = environment_.get("AWS_CA_BUNDLE");
        config_.trusted_roots = aws::amazon_roots();
        if (path.empty()) return;
        if (!stand_ins_) {
            return mistake(
                "AWS_CA_BUNDLE is for stand-ins of AWS only: remove it (the Amazon "
                "roots are built in)");
        }
        config_.trusted_roots = read_file(path);
        if (!config_.trusted_roots.contains("-----BEGIN CERTIFICATE-----")) {
            mistake("AWS_CA_BUNDLE names no readable file with a PEM certificate");
        }
    }

    aws::Endpoint read_endpoint(std::string_view service, const std::string& own_name) {
        const std::string partition =
            config_.key_arns.empty() ? "aws" : config_.key_arns.front().partition;
        const bool has_own = !environment_.get(own_name).empty();
        const std::string name = has_own ? own_name : "AWS_ENDPOINT_URL";
        const std::string& url = environment_.get(name);
        if (url.empty()) return aws::regional_endpoint(service, config_.region, partition);
        auto endpoint = aws::parse_endpoint(url, service, config_.region, partition, stand_ins_);
        if (endpoint) return std::move(*endpoint);
        mistake(name + " is no regional, FIPS or dual-stack https endpoint of " +
                std::string(service) + " in this Region: correct or remove it");
        return {};
    }

    const Environment& environment_;
    Config config_;
    Mistakes mistakes_;
    // Every key is in the account that only stand-ins have. Without any key, which is a mistake by
    // itself, nothing is said of the variables that depend on it.
    bool stand_ins_ = true;
};

}  // namespace

std::expected<Config, Mistakes> read_config(const Environment& environment) {
    return ConfigReader(environment).read();
}

}  // namespace redoubt::bootstrap
