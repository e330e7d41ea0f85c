// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/address.hpp>

#include <redoubt/crypto/keccak.hpp>

namespace redoubt::ethereum {

/// EIP-55: a letter is a capital where the digit of the same place in the hash of the lower-case
/// text is above 7.
std::string to_text(const Address& address) {
    std::string digits = to_hex(address.bytes);
    const ByteArray<32> hash = crypto::keccak_256(bytes_of(digits));
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const unsigned nibble = unsigned{hash[i / 2]} >> (i % 2 == 0 ? 4U : 0U) & 0xfU;
        if (digits[i] >= 'a' && nibble > 7) digits[i] = static_cast<char>(digits[i] - 'a' + 'A');
    }
    return "0x" + digits;
}

Result<Address> parse_address(std::string_view text) {
    const auto bytes = parse_prefixed_hex<20>(text);
    if (!bytes) return fail(Code::BadRequest, "the address is not `0x` and 40 hex digits");
    const Address address{*bytes};
    if (address == Address{}) {
        return fail(Code::BadRequest, "the address is zero, which is nobody's");
    }
    if (to_text(address) != text) {
        return fail(Code::BadRequest,
                    "the address has not the checksum of EIP-55 (the case of its letters): copy it "
                    "anew from where it is shown, and do not type it");
    }
    return address;
}

}  // namespace redoubt::ethereum
