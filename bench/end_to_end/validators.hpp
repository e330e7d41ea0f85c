// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/base/json.hpp>
#include <standins/world.hpp>

namespace redoubt::bench {

/// Validators in the table of a world, in the product's own form and with real secrets. Put there
/// behind its back: by `create_keys`, which makes mnemonics and deposits besides, ten thousand take
/// a processor half a minute. The same keys in each run.
class Validators {
public:
    /// What one call of `create_keys` seals under one wrap.
    static constexpr std::size_t usual_batch = 100;
    /// Whether a wrap may be opened ahead: the item `network` names those in use; a start opens the
    /// first of them, and seven more are opened after an answer.
    enum class Wraps { Named, Unnamed };

    /// `world` has a network, and outlives it.
    explicit Validators(standins::World& world) : world_(world) {}

    /// `count` more keys that are on and have signed nothing, each `batch` of them under a wrap of
    /// their own.
    void add(std::size_t count, std::size_t batch = usual_batch, Wraps wraps = Wraps::Named);
    /// As `reseal` leaves all keys: no other wrap is in use.
    void seal_under_one_wrap();

    [[nodiscard]] std::size_t size() const { return keys_.size(); }
    [[nodiscard]] const ethereum::PublicKey& key(std::size_t number) const {
        return keys_.at(number).name;
    }
    /// One whose wrap a start opens.
    [[nodiscard]] const ethereum::PublicKey& key_open_at_start() const;

private:
    struct Key {
        ethereum::PublicKey name;
        std::size_t wrap;  // which of the wraps
    };
    struct Wrap {
        sealed::WrapId id;
        sealed::WrapKey key;
        Wraps named;
    };
    void make_wrap(Wraps named);
    void put_key(std::size_t number);
    void name_wraps();
    void put(const ObjectText& item);

    standins::World& world_;
    std::vector<Key> keys_;
    std::vector<Wrap> wraps_;
};

}  // namespace redoubt::bench
