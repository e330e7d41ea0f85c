// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

namespace redoubt::test {
namespace {

class Writer {
public:
    Writer& u8(Byte value) {
        bytes_.push_back(value);
        return *this;
    }
    Writer& u32(std::uint32_t value) {
        for (unsigned shift : {24U, 16U, 8U, 0U})
            bytes_.push_back(static_cast<Byte>(value >> shift));
        return *this;
    }
    Writer& fill(std::size_t count, Byte value) {
        bytes_.insert(bytes_.end(), count, value);
        return *this;
    }
    Writer& bytes(ByteView more) {
        append(bytes_, more);
        return *this;
    }
    Bytes take() { return std::move(bytes_); }

private:
    Bytes bytes_;
};

}  // namespace

Bytes to_bytes(const Block& block) {
    Writer out;
    out.u8(0x11).bytes(block.chain).u32(block.level).u8(24);
    out.fill(32, block.filler).fill(8, 0x01).u8(4).fill(32, block.filler);
    out.u32(block.locked_round ? 37 : 33);
    out.u32(1).u8(2).u32(4).u32(block.level).u32(block.locked_round ? 4 : 0);
    if (block.locked_round) out.u32(*block.locked_round);
    out.u32(4).u32(0xffffffff).u32(4).u32(block.round);
    out.fill(32, block.filler).fill(32, block.filler).u32(block.payload_round).fill(8, 0x02);
    out.u8(block.has_seed_nonce_hash ? 0xff : 0x00);
    if (block.has_seed_nonce_hash) out.fill(32, block.filler);
    return out.u8(0x00).take();
}

Bytes to_bytes(const Vote& vote) {
    Writer out;
    out.u8(vote.magic).bytes(vote.chain).fill(32, vote.filler).u8(vote.tag);
    if (vote.has_slot) out.u8(0).u8(7);
    return out.u32(vote.level).u32(vote.round).fill(32, vote.filler).bytes(vote.dal).take();
}

Vote of_tz4(Vote vote) {
    vote.tag = vote.magic == preattestation_magic ? 40 : 41;
    vote.has_slot = false;
    return vote;
}

void overwrite(Bytes& bytes, std::size_t offset, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) {
        bytes.at(offset + i) = static_cast<Byte>(value >> (24U - 8U * i));
    }
}

}  // namespace redoubt::test
