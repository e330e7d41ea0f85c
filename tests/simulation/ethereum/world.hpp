// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <simulation/engine/context.hpp>
#include <simulation/engine/world.hpp>

#include "client.hpp"
#include "cloud.hpp"
#include "environment.hpp"
#include "operators.hpp"
#include "oracle.hpp"
#include "vault.hpp"

namespace redoubt::simulation::ethereum {

/// Validator clients that ask, operators who switch and import, KMS and a table of validators,
/// judged by an oracle.
class World final : public simulation::World {
public:
    World(Fixtures& fixtures, Context& context);

    void start_environment(Machine& machine) override;
    void ask(Machine& machine, std::size_t client) override;
    void operate(Machine& machine) override;
    [[nodiscard]] bool on_answer(Machine& machine) override;
    void on_kill(Machine& machine) override;

    Reply act(const Flight& flight) override;
    Reply update(const Json& body) override;
    [[nodiscard]] bool may_come_late(const Json& /*update*/) const override { return true; }
    void falsify(Json& row) const override;
    void on_call(const Machine& machine, const Flight& flight) override;
    void on_fault(const Machine& machine, bool is_lasting) override;
    void on_row(const Machine& machine, const Json& row) override;

    void damage_or_repair() override;
    void settle(Engine& engine) override;

private:
    void put_keys();
    void begin(Machine& machine, Prepared asked);
    void command(Machine& machine, const Json& command);
    [[nodiscard]] Present present() const;
    void rest();

    [[nodiscard]] Validator validator_of(const Json& item) const;
    void tell_of_wraps();
    void damage_row(std::size_t key);
    void repair(std::size_t key);
    void restore_secret(std::size_t key);
    void repair_all();

    void on_write(const std::string& key, const std::optional<Message>& message, const Json& item);
    void hear_of_wraps(const Machine& machine);

    void repeat_questions(Engine& engine);
    void ask_for_duties(Engine& engine);
    void ask_for_duty(Engine& engine, std::size_t key, Kind kind);
    void give_command(Engine& engine, const Json& command);

    /// What an attribute of a row was, and is while it is damaged; null where there is none.
    struct Damage {
        std::string attribute;
        Json was;
        Json is = {};
    };

    Fixtures& fixtures_;
    Context& context_;
    Sealing& sealing_;
    Cloud cloud_;
    Vault vault_;
    Oracle oracle_;
    Operators operators_;
    std::vector<Client> clients_;                             // by their number
    std::vector<std::unique_ptr<Environment>> environments_;  // by number of the machine
    /// Of its clock, when it was asked last; by number of the machine.
    std::vector<std::optional<Milliseconds>> offsets_;
    std::map<std::uint64_t, Choice> asked_;  // by request
    std::map<std::size_t, Damage> damaged_;  // by number of the key
    std::uint64_t requests_ = 0;
    std::uint64_t started_ = 0;  // environments
    Outcome last_;
};

}  // namespace redoubt::simulation::ethereum
