// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <redoubt/base/encoding.hpp>
#include <redoubt/ethereum/network.hpp>
#include <redoubt/tezos/base58.hpp>

#include "policies.hpp"
#include "random.hpp"

namespace redoubt::standins {

namespace {

constexpr std::string_view chain_name = "NetXdQprcVkpaWU";
constexpr std::uint32_t start_level = 1'000'000;

/// The prefixes of edsk (a seed), spsk and p2sk.
std::string secret_text(const SigningKey& key) {
    static constexpr std::array<ByteArray<4>, 3> prefixes = {ByteArray<4>{0x0d, 0x0f, 0x3a, 0x07},
                                                             ByteArray<4>{0x11, 0xa2, 0xe0, 0xc9},
                                                             ByteArray<4>{0x10, 0x51, 0xee, 0xbd}};
    const ByteArray<4>& prefix = prefixes.at(static_cast<std::size_t>(key.scheme()));
    Bytes bytes(prefix.begin(), prefix.end());
    append(bytes, key.secret());
    return tezos::to_base58check(bytes);
}

void add_to_list(std::string& list, const std::string& one) {
    list += (list.empty() ? "" : ",") + one;
}

/// All keys, in the variables that name them; none is there without one.
void name_keys(const Setup& setup, Variables& variables) {
    for (std::size_t at = 0; at < setup.keys.size(); ++at) {
        const bool is_sealed = setup.secrets[at].arn.empty();
        add_to_list(variables[is_sealed ? "SEALED_KEYS" : "PUBLIC_KEYS"],
                    setup.keys[at].public_key_text);
        if (!is_sealed) add_to_list(variables["KMS_KEY_ID"], setup.secrets[at].arn);
        if (const auto& companion = setup.companions[at]) {
            add_to_list(variables["SEALED_KEYS"], companion->public_key_text);
        }
    }
    for (const std::string& arn : setup.wrapping) add_to_list(variables["WRAPPING_KEYS"], arn);
}

std::size_t count_tz4(const Options& options) {
    return static_cast<std::size_t>(
        std::ranges::count(options.keys, crypto::SignatureScheme::Bls12381));
}

/// An environment makes eight calls at once, and some of them twice; two functions sign.
std::size_t connections_to_each(const Options& options) {
    constexpr std::size_t usual = 64;
    constexpr std::size_t of_one = 10;
    return std::max(usual, of_one * options.environments);
}

std::string variable(const Options& options, std::string_view wanted) {
    std::string value;
    for (const auto& [name, given] : options.variables) {
        if (name == wanted) value = given;
    }
    return value;
}

}  // namespace

World::World(const Options& options, Report& report, Pause& pause) : pause_(pause) {
    setup_.credentials = {.access_key_id = "ASIA" + to_hex(random_bytes(8)),
                          .secret_access_key = to_base64(random_bytes(30)),
                          .session_token = to_base64(random_bytes(60))};
    for (char& c : setup_.credentials.access_key_id) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    setup_.chain = *tezos::parse_chain_id(chain_name);
    setup_.start_level = start_level;
    setup_.bootstrap = options.bootstrap;
    setup_.environments = options.environments;
    setup_.ca_file = folder_.write("authority.pem", authority_.pem());
    make_keys(options);
    create_watermarks(dynamodb_, setup_.table);
    protect_watermarks(dynamodb_, setup_.table);
    if (!options.network.empty()) make_validators(options);
    start_services(options);
    start_functions(options, report);
    faults_.replace(options.faults);
}

World::~World() {
    pause_.end();
    if (signer_) signer_->end();
    if (operator_) operator_->end();
    if (recovery_) recovery_->end();
    if (ethereum_signer_) ethereum_signer_->end();
    if (ethereum_operator_) ethereum_operator_->end();
    if (ethereum_recovery_) ethereum_recovery_->end();
    if (front_) front_->stop();
    if (ethereum_url_) ethereum_url_->stop();
}

void World::make_keys(const Options& options) {
    for (const crypto::SignatureScheme scheme : options.keys) {
        if (scheme == crypto::SignatureScheme::Bls12381) continue;  // KMS has none
        const std::string arn = kms_.create(scheme);
        static_cast<void>(kms_.operate(
            "PutKeyPolicy", {{"KeyId", arn}, {"Policy", sound_key_policy("000000000000")}}, {}));
        const SigningKey& key = kms_.key(arn)->signer();
        setup_.keys.emplace_back(key.public_key());
        setup_.secrets.push_back({.arn = arn, .secret = secret_text(key)});
        setup_.companions.emplace_back();
    }
    make_wrapping_keys(options);
    setup_.authorized.emplace_back(authorized_.public_key());
    setup_.authorized_secret = {.arn = "", .secret = secret_text(authorized_)};
}

void World::make_wrapping_keys(const Options& options) {
    std::vector<std::string> regions = options.wrapping_regions;
    const bool seals = count_tz4(options) > 0 || !options.network.empty();
    if (regions.empty() && seals) regions = {"us-east-1"};
    for (const std::string& region : regions) {
        setup_.wrapping.push_back(kms_.create_symmetric({.region = region}));
        static_cast<void>(kms_.operate("PutKeyPolicy",
                                       {{"KeyId", setup_.wrapping.back()},
                                        {"Policy", sound_wrapping_key_policy("000000000000")}},
                                       {}, region));
    }
}

/// An empty table, which says what it is for, as a deployment leaves it.
void World::make_validators(const Options& options) {
    setup_.validator_table = "redoubt-validators";
    create_validators(dynamodb_, setup_.validator_table);
    const auto network = ethereum::find_network(options.network).value();
    static_cast<void>(dynamodb_.operate(
        "PutItem", {{"TableName", setup_.validator_table},
                    {"Item",
                     {{"id", {{"S", "network"}}},
                      {"root", {{"S", ethereum::prefixed_hex(network.genesis_validators_root)}}},
                      {"table", {{"S", setup_.validator_table}}}}}}));
}

/// By the operator function, as on a deployment: a consensus key and its companion for each tz4.
void World::make_sealed_keys(const Options& options, Report& report) {
    const auto count = 2 * count_tz4(options);
    const auto maker = make_function(options, report, operator_name, "operator", 1, nullptr);
    // Of several KMS keys, any one may be lost.
    const std::size_t threshold = std::max<std::size_t>(setup_.wrapping.size() - 1, 1);
    const Outcome outcome = maker->invoke(dump({{"redoubt",
                                                 {{"command", "create_key"},
                                                  {"count", count},
                                                  {"batch", "local"},
                                                  {"threshold", threshold}}}}));
    const Json answer = Json::parse(outcome.payload, nullptr, false);
    const Json* redoubt = member(answer, "redoubt");
    const Json* keys = redoubt == nullptr ? nullptr : member(*redoubt, "keys");
    tezos::Keys made;
    for (const Json& key : keys == nullptr ? Json::array() : *keys) {
        auto parsed = tezos::parse_public_key(key.value("public_key", ""));
        if (parsed) made.emplace_back(*std::move(parsed));
    }
    if (made.size() != count) {
        for (const std::string& line : maker->log().lines()) report.note(line);
        throw std::runtime_error("the tz4 keys could not be made: " + outcome.payload);
    }
    for (std::size_t at = 0; at < made.size(); at += 2) {
        setup_.keys.push_back(made[at]);
        setup_.secrets.push_back({});
        setup_.companions.emplace_back(made[at + 1]);
    }
}

void World::start_services(const Options& options) {
    const std::size_t connections = connections_to_each(options);
    kms_service_ = std::make_unique<Service>(
        Service::Settings{.name = "kms",
                          .target_prefix = "TrentService.",
                          .content_type = "application/x-amz-json-1.1",
                          .target = Target::Kms,
                          .region = {},
                          .latency = options.kms,
                          .tls = tls_.get(),
                          .connections = connections,
                          .record = [this](const ServiceCall& call) { record(call); }},
        setup_.credentials, clock_, faults_, pause_,
        [this](std::string_view operation, const Json& call, const std::vector<Fault>& faults,
               const std::string& region) {
            return kms_.operate(operation, call, faults, region);
        });
    dynamodb_service_ = std::make_unique<Service>(
        Service::Settings{.name = "dynamodb",
                          .target_prefix = "DynamoDB_20120810.",
                          .content_type = "application/x-amz-json-1.0",
                          .target = Target::DynamoDb,
                          .latency = options.dynamodb,
                          .tls = tls_.get(),
                          .connections = connections},
        setup_.credentials, clock_, faults_, pause_,
        [this](std::string_view operation, const Json& call, const std::vector<Fault>& faults,
               const std::string&) {
            const auto left = std::ranges::find(faults, FaultKind::Unprocessed, &Fault::kind);
            if (left == faults.end() || operation != "BatchGetItem") {
                return dynamodb_.operate(operation, call);
            }
            return batch_get_in_part(dynamodb_, call, left->argument);
        });
    setup_.kms_endpoint = kms_service_->endpoint();
    setup_.dynamodb_endpoint = dynamodb_service_->endpoint();
}

void World::record(const ServiceCall& call) {
    const std::string* key = string_member(call.parameters, "KeyId");
    const auto known = key == nullptr ? nullptr : kms_.key(*key);
    if (known) trail_.add(call, known->arn);
}

std::unique_ptr<Function> World::make_function(const Options& options, Report& report,
                                               const char* name, const char* handler,
                                               std::size_t environments, Faults* faults) const {
    return std::make_unique<Function>(
        Function::Settings{
            .environment = {.function = name,
                            .function_arn = "arn:aws:lambda:us-east-1:000000000000:function:" +
                                            std::string(name),
                            .program = options.bootstrap,
                            .variables = variables(options, name, handler),
                            .note = [&report](const std::string& text) { report.note(text); }},
            .environments = environments,
            .timeout = options.timeout,
            .started_by_use = faults == nullptr},
        faults);
}

void World::start_functions(const Options& options, Report& report) {
    if (count_tz4(options) > 0) make_sealed_keys(options, report);
    signer_ = make_function(options, report, signer_name, "signer", options.environments, &faults_);
    operator_ = make_function(options, report, operator_name, "operator", 1, nullptr);
    functions_ = {{signer_name, signer_.get()}, {operator_name, operator_.get()}};
    if (!setup_.wrapping.empty()) {
        recovery_ = make_function(options, report, recovery_name, "recovery", 1, nullptr);
        functions_[recovery_name] = recovery_.get();
    }
    if (!setup_.validator_table.empty()) start_ethereum(options, report);
    front_ = std::make_unique<Front>(options.port, *signer_, functions_,
                                     Front::Services{clock_, trail_, kms_});
    std::string base_path = variable(options, "BASE_PATH");
    if (!base_path.starts_with('/')) base_path.clear();  // a mistake that bootstrap reports
    setup_.url = front_->url() + base_path;
    client_ = std::make_unique<OctezClient>(front_->port(), base_path, authorized_, pause_);
}

void World::start_ethereum(const Options& options, Report& report) {
    ethereum_signer_ = make_function(options, report, ethereum_signer_name, "ethereum-signer",
                                     options.environments, &faults_);
    ethereum_operator_ =
        make_function(options, report, ethereum_operator_name, "ethereum-operator", 1, nullptr);
    ethereum_recovery_ =
        make_function(options, report, ethereum_recovery_name, "recovery", 1, nullptr);
    functions_[ethereum_signer_name] = ethereum_signer_.get();
    functions_[ethereum_operator_name] = ethereum_operator_.get();
    functions_[ethereum_recovery_name] = ethereum_recovery_.get();
    ethereum_url_ = std::make_unique<FunctionUrl>(*ethereum_signer_, clock_);
    setup_.ethereum_url = ethereum_url_->url();
}

Variables World::variables(const Options& options, const std::string& function,
                           const std::string& handler) const {
    Variables all = {
        {"_HANDLER", handler},
        {"AWS_REGION", "us-east-1"},
        {"AWS_DEFAULT_REGION", "us-east-1"},
        {"AWS_LAMBDA_FUNCTION_NAME", function},
        {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
        {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769"},
        {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
        {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function},
        {"AWS_LAMBDA_LOG_STREAM_NAME", "local"},
        {"AWS_ACCESS_KEY_ID", setup_.credentials.access_key_id},
        {"AWS_SECRET_ACCESS_KEY", setup_.credentials.secret_access_key},
        {"AWS_SESSION_TOKEN", setup_.credentials.session_token},
        {"LAMBDA_TASK_ROOT", "/var/task"},
        {"LAMBDA_RUNTIME_DIR", "/var/runtime"},
        {"LANG", "en_US.UTF-8"},
        {"PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin"},
        {"TZ", ":UTC"},
        {"AWS_CA_BUNDLE", setup_.ca_file},
        {"AWS_ENDPOINT_URL_KMS", setup_.kms_endpoint},
        {"AWS_ENDPOINT_URL_DYNAMODB", setup_.dynamodb_endpoint},
    };
    const bool is_ethereum = function == ethereum_signer_name ||
                             function == ethereum_operator_name ||
                             function == ethereum_recovery_name;
    if (is_ethereum) {
        name_ethereum(options, all);
    } else {
        name_tezos(handler, all);
    }
    for (const auto& [name, value] : options.variables) {
        if (value.empty()) {
            all.erase(name);
        } else {
            all[name] = value;
        }
    }
    return all;
}

void World::name_tezos(const std::string& handler, Variables& all) const {
    all["WATERMARK_TABLE"] = setup_.table;
    all["AUTHORIZED_KEYS"] = setup_.authorized.front().public_key_text;
    name_keys(setup_, all);
    // What is sealed here is lost with this program.
    if (!setup_.wrapping.empty() && handler != "signer") all["BACKUP"] = "none";
}

void World::name_ethereum(const Options& options, Variables& all) const {
    all["VALIDATOR_TABLE"] = setup_.validator_table;
    all["NETWORK"] = options.network;
    all["BACKUP"] = "none";
    for (const std::string& arn : setup_.wrapping) add_to_list(all["WRAPPING_KEYS"], arn);
}

std::optional<std::string> World::arm() {
    const Json command = {
        {"redoubt",
         {{"command", "arm"}, {"chain", to_text(setup_.chain)}, {"level", setup_.start_level}}}};
    const Outcome outcome = operator_->invoke(dump(command));
    armed_at_ = std::chrono::steady_clock::now();
    if (outcome.kind == Outcome::Kind::Busy) return "the operator function does not start in time";
    const Json answer = Json::parse(outcome.payload, nullptr, false);
    const Json* redoubt = member(answer, "redoubt");
    const Json* fine = redoubt == nullptr ? nullptr : member(*redoubt, "ok");
    if (fine == nullptr || *fine != true) return "the keys could not be armed: " + outcome.payload;
    setup_.armed = true;
    return std::nullopt;
}

}  // namespace redoubt::standins
