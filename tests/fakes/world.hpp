// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/tezos/remote_signer_api.hpp>

#include "authentication.hpp"
#include "fake_clock.hpp"
#include "local_signer.hpp"
#include "memory_store.hpp"
#include "scripted_runner.hpp"

namespace redoubt::test {

/// A signer with one key of each scheme and one authorized key of each, its table and its time.
class World {
public:
    World();

    [[nodiscard]] tezos::ApiResponse ask(const http::Request& request);
    /// POST /keys/<address>, signed by an authorized key.
    [[nodiscard]] http::Request to_sign(const SecretKey& key, ByteView payload) const;
    [[nodiscard]] tezos::ApiResponse ask_to_sign(const SecretKey& key, ByteView payload) {
        return ask(to_sign(key, payload));
    }

    /// The consensus key of a scheme.
    [[nodiscard]] const SecretKey& key(tezos::SignatureScheme scheme) const;
    /// Creates the row of the scope that `payload` belongs to, unless there is one.
    void arm_for(const SecretKey& key, ByteView payload, tezos::Level level);
    [[nodiscard]] int calls() const { return store.writes_asked + signer.signatures_asked; }

    FakeClock clock;
    MemoryStore store{clock};
    LocalSigner signer;
    ScriptedRunner runner{clock};
    std::vector<SecretKey> bakers;
    tezos::ApiSettings settings;
    int connections_ensured = 0;
    tezos::RequestTrace trace;  // of the last request
    SteadyTime deadline = SteadyTime::max();
};

/// The scope that a payload's first bytes name.
[[nodiscard]] tezos::WatermarkId scope_of(const tezos::KeyHash& key, ByteView payload);

/// The signature in an answer of 200; throws if it is none.
[[nodiscard]] std::string signature_in(const tezos::ApiResponse& answered);

/// Whether a text is a signature of that key over those bytes, with a low s.
[[nodiscard]] bool is_signature(const SecretKey& key, ByteView payload, const std::string& text);

/// Checks status, code, the error trace of octez and the header.
void expect_refusal(const tezos::ApiResponse& answered, int status, std::string_view code);

}  // namespace redoubt::test
