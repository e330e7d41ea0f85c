// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
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

/// A request that is there to show something, and what came of it.
struct Shown {
    /// What it should come to.
    struct Due {
        int status = 200;
        std::string code{};       ///< X-Redoubt-Error
        std::string signature{};  ///< empty: any that verifies
    };

    std::string what;  ///< for people
    Due due;
    BakerSignature made;

    [[nodiscard]] bool as_expected() const;
};

/// Plays a baker with several keys: at each level one key proposes a block, then all preattest,
/// then all attest, one after the other. Where an attestation of a tz4 key attests DAL content, its
/// companion signs the same bytes next.
class Baker {
public:
    struct Settings {
        tezos::ChainId chain;
        std::uint32_t head = 0;  ///< the level below the first one
        SteadyTime start;        ///< when the first level begins
        std::uint32_t blocks = 20;
        Milliseconds block{1000};
    };

    /// Of each key, in its order, the companion that it may have.
    using Companions = std::vector<std::optional<tezos::KeyInfo>>;
    /// All but the settings outlive the baker.
    Baker(Settings settings, const tezos::Keys& keys, const Companions& companions,
          const OctezClient& client, Pause& pause);

    using OnSignature = std::function<void(const BakerSignature&)>;
    using OnLevelEnd = std::function<void()>;
    /// Until all is signed, or the pause ends.
    Summary run(const OnSignature& on_signature, const OnLevelEnd& on_level_end);

    /// What a second baker with the same key would ask for: another vote at the slot of the last
    /// one that was signed. Then that one again, as a baker does that lost the answer; and the last
    /// block again, once the environments were killed, as they forget nothing. Nothing of what was
    /// not signed.
    using OnShown = std::function<void(const Shown&)>;
    void contradict(const OnShown& on_shown, const std::function<void()>& kill_environments);

    /// The slot of the last block.
    [[nodiscard]] const Slot& slot() const { return slots_.current(); }

private:
    void bake(const OnSignature& on_signature);
    [[nodiscard]] std::optional<BakerSignature> made(const std::string& kind, const Slot& slot,
                                                     const tezos::KeyInfo& key,
                                                     Bytes payload) const;
    void attest(std::size_t which, const OnSignature& on_signature);
    void ask(const std::string& kind, const tezos::KeyInfo& key, Bytes payload,
             const OnSignature& on_signature);

    Settings settings_;
    const tezos::Keys& keys_;
    const Companions& companions_;
    const OctezClient& client_;
    Pause& pause_;
    Slots slots_;
    std::uint32_t block_ = 0;
    Summary summary_;
    std::optional<BakerSignature> vote_;      ///< the last that was signed
    std::optional<BakerSignature> proposal_;  ///< the last, if it was signed
};

}  // namespace redoubt::standins
