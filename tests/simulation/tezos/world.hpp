// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <simulation/engine/context.hpp>
#include <simulation/engine/world.hpp>

#include "baker.hpp"
#include "cloud.hpp"
#include "environment.hpp"
#include "handovers.hpp"
#include "oracle.hpp"
#include "vault.hpp"

namespace redoubt::simulation::tezos {

/// Bakers who ask, operators who arm, raise and hand over, KMS and one or two tables of watermarks,
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
    void falsify(Json& row) const override { row["lvl"]["N"] = "1"; }
    void on_call(const Machine& machine, const Flight& flight) override;
    void on_fault(const Machine& machine, bool is_lasting) override;
    void on_row(const Machine& machine, const Json& row) override;

    void damage_or_repair() override;
    void settle(Engine& engine) override;

private:
    void arm_first_chain();
    void on_write(const RowName& name, const Json& item, bool by_operator);
    void begin(Machine& machine, std::size_t client, const Prepared& asked);
    [[nodiscard]] std::uint32_t head() const;

    void start_environment(Machine& machine, std::size_t table);
    [[nodiscard]] Json arm_or_raise();

    void hear_of_keys(const Machine& machine);
    void tell_of_keys();
    void damage(const RowName& name);
    void repair(RowName name);

    void repeat_questions(Engine& engine);
    void ask_next_levels(Engine& engine);
    void ask_next_level(Engine& engine, std::size_t table, std::size_t key, Kind kind);
    [[nodiscard]] int ask_calmly(Engine& engine, const Choice& choice);

    Fixtures& fixtures_;
    Context& context_;
    Cloud cloud_;
    Vault vault_;
    std::size_t tables_;  // that are in use, each by signers of its own
    Handovers handovers_;
    Oracle oracle_;
    std::vector<Baker> bakers_;                               // by number of the client
    std::vector<std::unique_ptr<Environment>> environments_;  // by number of the machine
    std::vector<std::size_t> table_of_;                       // the same
    std::map<RowName, Json> damaged_;                         // rows as they were before
    std::uint64_t requests_ = 0;
    std::uint64_t started_ = 0;  // environments
    int last_status_ = 0;
};

}  // namespace redoubt::simulation::tezos
