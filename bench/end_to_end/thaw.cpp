// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>
#include <thread>

#include "measurements.hpp"
#include "stage.hpp"

namespace redoubt::bench {

namespace {

constexpr std::chrono::seconds longest_handshake{5};

/// What the services saw from one look to the next.
class Watch {
public:
    explicit Watch(Stage& stage) : stage_(stage), before_(look()) {}

    /// Since the last time.
    Json since() {
        const Seen now = look();
        const Json difference = {{"handshakes", now.handshakes - before_.handshakes},
                                 {"resumed", now.resumed - before_.resumed}};
        before_ = now;
        return difference;
    }

private:
    struct Seen {
        std::uint64_t handshakes = 0;
        std::uint64_t resumed = 0;
    };

    /// With every handshake done: a client goes on before its server is.
    Seen look() {
        (void)at_rest(stage_.signer());
        const SteadyTime limit = std::chrono::steady_clock::now() + longest_handshake;
        while (std::chrono::steady_clock::now() < limit) {
            const auto kms = stage_.world().kms().counts().server;
            const auto dynamodb = stage_.world().dynamodb().counts().server;
            if (kms.opening + dynamodb.opening == 0) {
                return {kms.handshakes + dynamodb.handshakes, kms.resumed + dynamodb.resumed};
            }
            std::this_thread::sleep_for(Milliseconds(1));
        }
        throw std::runtime_error("a handshake does not end");
    }

    Stage& stage_;
    Seen before_;
};

/// What a signature finds after the connections have ended in that way.
Json thaw(Stage& stage, standins::Ending ending, const standins::Slot& slot) {
    Watch watch(stage);
    stage.world().kms().end_connections(ending);
    stage.world().dynamodb().end_connections(ending);
    const auto& client = stage.world().client();
    const auto got = checked(client.get());
    const Json in_get = watch.since();
    const tezos::KeyHash& key = stage.key(0).hash;
    const auto posted = checked(client.post(key, payload(Kind::Attestation, slot, key.scheme)));
    return {
        {"get_ms", got.get_ms}, {"post_ms", posted.ms}, {"get", in_get}, {"post", watch.since()}};
}

}  // namespace

Json measure_thaw(const standins::Options& options, std::size_t seconds) {
    Stage stage(options);
    standins::Slots slots = stage.slots();
    const auto next = [&] { return slots.advance(std::chrono::steady_clock::now()); };
    Json closed = Json::array();
    for (int i = 0; i < 20; ++i) {
        const auto warm = stage.sign(stage.key(0), Kind::Attestation, next());
        closed.push_back(thaw(stage, standins::Ending::Closed, next()));
        closed.back()["warm_ms"] = warm.ms;
    }
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    return {{"closed", closed},
            {"deserted", Json::array({thaw(stage, standins::Ending::Deserted, next())})},
            {"seconds", seconds}};
}

}  // namespace redoubt::bench
