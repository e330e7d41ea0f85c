// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/domain.hpp>

#include <algorithm>

#include <redoubt/ethereum/ssz.hpp>

namespace redoubt::ethereum {

Domain compute_domain(DomainType type, const ForkVersion& version,
                      const Root& genesis_validators_root) {
    // ForkData{current_version, genesis_validators_root}
    const Root fork_data = ssz::container({ssz::bytes(version), genesis_validators_root});
    ByteArray<32> domain{};
    for (std::size_t i = 0; i < 4; ++i) {
        domain[i] = static_cast<Byte>(static_cast<std::uint32_t>(type) >> (24 - 8 * i));
    }
    std::copy_n(fork_data.begin(), 28, domain.begin() + 4);
    return Domain(domain);
}

Root signing_root(const Root& object, const Domain& domain) {
    // SigningData{object_root, domain}
    return ssz::container({object, domain.value()});
}

}  // namespace redoubt::ethereum
