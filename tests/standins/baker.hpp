// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/tezos/keys.hpp>

#include "octez_client.hpp"
#include "payloads.hpp"
#include "slots.hpp"
#include "summary.hpp"

namespace redoubt::standins {

/// One request of the baker and what came of it.
struct BakerSignature {
    Slot slot;
    std::string kind;
    const tezos::KeyInfo& key;
    Bytes payload;
    SignReply reply;
    bool verified = false;  ///< by the baker itself, as octez-client does
};

/// Plays a baker with several keys: at each level one key proposes a block, then all preattest,
/// then all attest, one after the other.
class Baker {
public:
    struct Settings {
        tezos::ChainId chain;
        std::uint32_t head = 0;  ///< the level below the first one
        SteadyTime start;        ///< when the first level begins
        std::uint32_t blocks = 20;
        Milliseconds block{1000};
    };

    /// `keys`, `client` and `pause` outlive the baker.
    Baker(Settings settings, const tezos::Keys& keys, const OctezClient& client, Pause& pause);

    using OnSignature = std::function<void(const BakerSignature&)>;
    /// Until all is signed, or the pause ends.
    Summary run(const OnSignature& on_signature);

    /// The slot of the last block.
    [[nodiscard]] const Slot& slot() const { return slots_.current(); }

private:
    void bake(const OnSignature& on_signature);
    void ask(const std::string& kind, const tezos::KeyInfo& key, Bytes payload,
             const OnSignature& on_signature);

    Settings settings_;
    const tezos::Keys& keys_;
    const OctezClient& client_;
    Pause& pause_;
    Slots slots_;
    std::uint32_t block_ = 0;
    Summary summary_;
};

}  // namespace redoubt::standins
