// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include <standins/front.hpp>
#include <standins/function.hpp>
#include <standins/octez_client.hpp>
#include <standins/options.hpp>
#include <standins/server.hpp>
#include <standins/world.hpp>

namespace redoubt::bench {

/// What no program could avoid in this host: an event, the waits for the services, an answer
/// (`redoubt-floor`).
class Floor {
public:
    /// Whose floor it is: a vote waits for KMS and DynamoDB at once, a block for one after the
    /// other, and what is signed in the function itself for DynamoDB alone.
    enum class Lane { Vote, Block, Table };

    /// Waits as long as the world's services make the signer wait. All outlive the floor.
    Floor(const standins::Options& options, standins::World& world, standins::Pause& pause);

    [[nodiscard]] const standins::OctezClient& client(Lane lane) const {
        return front(lane).client;
    }
    [[nodiscard]] standins::Function& function(Lane lane) { return front(lane).function; }

private:
    /// The function, its URL and a baker.
    struct Front {
        /// `waits` and `order` as `redoubt-floor` takes them.
        Front(const std::string& waits, const std::string& order, standins::World& world,
              const standins::SigningKey& key, standins::Pause& pause);

        standins::Function function;
        standins::Front front;
        standins::OctezClient client;
    };

    [[nodiscard]] const Front& front(Lane lane) const {
        return fronts_.at(static_cast<std::size_t>(lane));
    }
    [[nodiscard]] Front& front(Lane lane) { return fronts_.at(static_cast<std::size_t>(lane)); }

    standins::SigningKey key_{crypto::SignatureScheme::Secp256k1};
    standins::Server kms_;
    standins::Server dynamodb_;
    std::array<Front, 3> fronts_;  // by lane
};

[[nodiscard]] std::string name(Floor::Lane lane);

}  // namespace redoubt::bench
