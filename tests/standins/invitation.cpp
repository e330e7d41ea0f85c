// SPDX-License-Identifier: Apache-2.0
#include "invitation.hpp"

#include <algorithm>
#include <sstream>

#include <redoubt/base/encoding.hpp>

namespace redoubt::standins {

namespace {

/// Far above any round that the baker reaches, so that it does not hinder a further run.
constexpr std::uint32_t free_round = 1000;

/// Scheme, host and port, without the base path.
std::string origin_of(const std::string& url) { return url.substr(0, url.find('/', 7)); }

}  // namespace

std::string invitation(const Setup& setup, const OctezClient& client, const Slot& last) {
    const tezos::KeyInfo& key = setup.keys.front();
    // Nothing is signed at or below the level that the keys were armed at.
    const Slot slot{.chain = setup.chain,
                    .level = std::max(last.level, setup.start_level + 1),
                    .round = free_round};
    const std::string origin = origin_of(setup.url);
    const auto vote = [&] {
        const Bytes payload = attestation_payload(slot, key.hash.scheme, 0);
        return "curl -H 'Content-Type: application/json' -d '\"" + to_hex(payload) + "\"' \\\n  '" +
               origin + client.sign_path(key.hash, payload) + "'\n";
    };
    std::ostringstream out;
    out << "It stays up; end it with Ctrl-C. In another terminal:\n\n"
        << "# the questions of a baker\n"
        << "curl " << setup.url << "/authorized_keys\n"
        << "curl " << setup.url << "/keys/" << key.address << "\n\n"
        << "# an attestation of level " << slot.level << ", round " << slot.round
        << ": signed, however often you send it\n"
        << vote() << "\n"
        << "# another one of that level and round: refused, once the first is signed\n"
        << vote() << "\n"
        << "# the operator's view: what it holds, and live what it signs\n"
        << "deploy/redoubt --local " << origin << " status\n"
        << "deploy/redoubt --local " << origin << " top\n"
        << "# the first of them by hand\n"
        << "curl -d '{\"redoubt\":{\"command\":\"status\"}}' " << origin
        << "/2015-03-31/functions/redoubt-operator/invocations\n"
        << "# the same with the AWS CLI, version 1 or 2\n"
        << "echo '{\"redoubt\":{\"command\":\"status\"}}' |\n"
        << "  AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_PAGER= \\\n"
        << "  aws lambda invoke --region us-east-1 --endpoint-url " << origin << " \\\n"
        << "  --function-name redoubt-operator --payload fileb:///dev/stdin /dev/stdout\n\n"
        << "# a baker's own client: the key that may ask, then the key that signs\n"
        << "octez-client import secret key auth unencrypted:" << setup.authorized_secret.secret
        << "\n"
        << "octez-client import secret key consensus " << setup.url << "/" << key.address << "\n\n";
    return out.str();
}

}  // namespace redoubt::standins
