// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/tezos/remote_signer_api.hpp>

#include <gtest/gtest.h>

#include <functional>

#include <redoubt/tezos/base58.hpp>

#include <fakes/messages.hpp>
#include <fakes/world.hpp>

namespace redoubt::test {

using tezos::SignatureScheme;

class RemoteSigner : public ::testing::Test {
protected:
    RemoteSigner() { world.arm_for(key, payload, tezos::Level(99)); }

    http::Request get(const std::string& path) const { return {"GET", path, {}, {}}; }
    http::Request post() const { return world.to_sign(key, payload); }
    std::string path_of_key() const { return "/keys/" + key.named().address; }
    /// The answer of 200 as JSON; its text otherwise.
    Json body_of(const http::Request& request) {
        const auto answered = world.ask(request);
        EXPECT_EQ(answered.response.status, 200) << answered.response.body;
        EXPECT_FALSE(answered.error.has_value());
        return parse_json(answered.response.body).value_or(Json(answered.response.body));
    }

    World world;
    const SecretKey& key = world.key(SignatureScheme::P256);
    const Bytes payload = to_bytes(Vote{});
};

}  // namespace redoubt::test
