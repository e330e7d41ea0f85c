// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <standins/front.hpp>
#include <standins/function.hpp>
#include <standins/octez_client.hpp>
#include <standins/options.hpp>
#include <standins/server.hpp>
#include <standins/world.hpp>

namespace redoubt::bench {

/// What no program could avoid in this host: an event, two waits, an answer (`redoubt-floor`).
class Floor {
public:
    enum class Order { Parallel, Serial };

    /// Waits as long as the world's services make the signer wait. All outlive the floor.
    Floor(const standins::Options& options, standins::World& world, standins::Pause& pause);

    [[nodiscard]] const standins::OctezClient& client(Order order) const {
        return lane(order).client;
    }
    [[nodiscard]] standins::Function& function(Order order) { return lane(order).function; }

private:
    /// One order of the waits: the function, its URL and a baker.
    struct Lane {
        Lane(const standins::Server& kms, const standins::Server& dynamodb, Order order,
             standins::World& world, const standins::SigningKey& key, standins::Pause& pause);

        standins::Function function;
        standins::Front front;
        standins::OctezClient client;
    };

    [[nodiscard]] const Lane& lane(Order order) const {
        return order == Order::Parallel ? parallel_ : serial_;
    }
    [[nodiscard]] Lane& lane(Order order) { return order == Order::Parallel ? parallel_ : serial_; }

    standins::SigningKey key_{crypto::SignatureScheme::Secp256k1};
    standins::Server kms_;
    standins::Server dynamodb_;
    Lane parallel_;
    Lane serial_;
};

}  // namespace redoubt::bench
