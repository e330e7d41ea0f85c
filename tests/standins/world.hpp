// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "certificate.hpp"
#include "dynamodb.hpp"
#include "faults.hpp"
#include "front.hpp"
#include "function.hpp"
#include "function_url.hpp"
#include "kms.hpp"
#include "local_clock.hpp"
#include "octez_client.hpp"
#include "options.hpp"
#include "pause.hpp"
#include "report.hpp"
#include "service.hpp"
#include "setup.hpp"
#include "temporary_folder.hpp"
#include "trail.hpp"

namespace redoubt::standins {

/// Everything local, wired: the stand-ins, functions made of the same program, and the front.
class World {
public:
    static constexpr const char* signer_name = "redoubt-signer";
    static constexpr const char* operator_name = "redoubt-operator";
    static constexpr const char* recovery_name = "redoubt-recovery";  // where keys are sealed

    static constexpr const char* ethereum_signer_name = "redoubt-ethereum-signer";
    static constexpr const char* ethereum_operator_name = "redoubt-ethereum-operator";
    static constexpr const char* ethereum_recovery_name = "redoubt-ethereum-recovery";

    /// Starts it all. Throws std::runtime_error. `report` and `pause` outlive the world.
    World(const Options& options, Report& report, Pause& pause);
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World();

    /// Has the operator function arm the keys at the start level. What is wrong, if something is.
    [[nodiscard]] std::optional<std::string> arm();
    /// When the level after the one that the keys were armed at may begin: a level lasts a second
    /// at least, and the signer's fence counts from the arming.
    [[nodiscard]] SteadyTime first_level_at() const { return armed_at_ + Milliseconds(1005); }

    [[nodiscard]] Setup& setup() { return setup_; }
    [[nodiscard]] const OctezClient& client() const { return *client_; }
    [[nodiscard]] Faults& faults() { return faults_; }
    [[nodiscard]] LocalClock& clock() { return clock_; }
    [[nodiscard]] const Trail& trail() const { return trail_; }
    [[nodiscard]] Kms& kms_keys() { return kms_; }
    [[nodiscard]] Table& table() { return *dynamodb_.table(setup_.table); }
    /// Of a world that has a network.
    [[nodiscard]] Table& validators() { return *dynamodb_.table(setup_.validator_table); }
    [[nodiscard]] Service& kms() { return *kms_service_; }
    [[nodiscard]] Service& dynamodb() { return *dynamodb_service_; }
    [[nodiscard]] const std::map<std::string, Function*>& functions() const { return functions_; }

private:
    void make_keys(const Options& options);
    void make_wrapping_keys(const Options& options);
    void make_sealed_keys(const Options& options, Report& report);
    void make_validators(const Options& options);
    void start_services(const Options& options);
    void record(const ServiceCall& call);
    void start_functions(const Options& options, Report& report);
    void start_ethereum(const Options& options, Report& report);
    [[nodiscard]] std::unique_ptr<Function> make_function(const Options& options, Report& report,
                                                          const char* name, const char* handler,
                                                          std::size_t environments,
                                                          Faults* faults) const;
    /// What only functions of one chain are told.
    void name_tezos(const std::string& handler, Variables& all) const;
    void name_ethereum(const Options& options, Variables& all) const;
    [[nodiscard]] Variables variables(const Options& options, const std::string& function,
                                      const std::string& handler) const;

    Pause& pause_;
    TemporaryFolder folder_;
    Authority authority_;
    TlsContext tls_{authority_.server()};
    LocalClock clock_;
    Faults faults_;
    Kms kms_;
    Trail trail_;
    DynamoDb dynamodb_;
    SigningKey authorized_{crypto::SignatureScheme::Secp256k1};
    Setup setup_;
    SteadyTime armed_at_{};
    std::unique_ptr<Service> kms_service_;
    std::unique_ptr<Service> dynamodb_service_;
    std::unique_ptr<Function> signer_;
    std::unique_ptr<Function> operator_;
    std::unique_ptr<Function> recovery_;
    std::unique_ptr<Function> ethereum_signer_;
    std::unique_ptr<Function> ethereum_operator_;
    std::unique_ptr<Function> ethereum_recovery_;
    std::map<std::string, Function*> functions_;
    std::unique_ptr<Front> front_;
    std::unique_ptr<FunctionUrl> ethereum_url_;
    std::unique_ptr<OctezClient> client_;
};

}  // namespace redoubt::standins
