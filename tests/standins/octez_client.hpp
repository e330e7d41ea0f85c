// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/clock.hpp>
#include <redoubt/tezos/keys.hpp>

#include "pause.hpp"
#include "signing_key.hpp"

namespace redoubt::standins {

/// What came of a request for a signature.
struct SignReply {
    int status = 0;           ///< 0: no HTTP answer
    std::string signature{};  ///< base58, if status is 200
    std::string code{};       ///< X-Redoubt-Error
    std::string message{};    ///< of the error trace, or why there is no answer
    int attempts = 0;
    double ms = 0;      ///< the POST, from connecting to the last byte; all attempts
    double get_ms = 0;  ///< the GET before it
};

/// Asks a remote signer as octez-client 25 does: GET /authorized_keys, then a chunked POST, each on
/// a connection of its own; repeats on 502 only. Source: octez http_gen.ml, RPC_client_unix.ml.
class OctezClient {
public:
    /// `authorized` signs the requests. It and `pause` outlive the client.
    OctezClient(int port, std::string base_path, const SigningKey& authorized, Pause& pause);

    /// Both requests.
    [[nodiscard]] SignReply sign(const tezos::KeyHash& key, ByteView payload) const;
    /// The GET alone; sets `get_ms`.
    [[nodiscard]] SignReply get() const;
    /// The POST alone; sets `ms`.
    [[nodiscard]] SignReply post(const tezos::KeyHash& key, ByteView payload) const;

    /// `/keys/<pkh>?authentication=<signature>`
    [[nodiscard]] std::string sign_path(const tezos::KeyHash& key, ByteView payload) const;

private:
    [[nodiscard]] SignReply ask(const std::string& path, const std::string* body) const;

    int port_;
    std::string base_path_;
    const SigningKey& authorized_;
    Pause& pause_;
};

}  // namespace redoubt::standins
