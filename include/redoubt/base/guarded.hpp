// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include <redoubt/base/bytes.hpp>

namespace redoubt {

/// A secret's bytes, in pages of their own: never in a core dump, in the memory of the machine and
/// not in its swap if the system allows that, wiped and given back when they go. All zero at first.
class GuardedBytes {
public:
    /// None; takes no page.
    GuardedBytes() = default;
    /// Throws std::bad_alloc if the system gives no page.
    explicit GuardedBytes(std::size_t size);
    GuardedBytes(const GuardedBytes&) = delete;
    GuardedBytes& operator=(const GuardedBytes&) = delete;
    GuardedBytes(GuardedBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
    GuardedBytes& operator=(GuardedBytes&& other) noexcept;
    ~GuardedBytes() { release(); }

    /// A copy of `secret`, which its owner wipes.
    [[nodiscard]] static GuardedBytes copy_of(ByteView secret);

    [[nodiscard]] std::span<Byte> bytes() { return bytes_; }
    [[nodiscard]] ByteView view() const { return bytes_; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

private:
    void release() noexcept;

    std::span<Byte> bytes_;  // at the beginning of a mapping that only this object has
};

/// What the system let this process do for its secrets.
struct Hardening {
    bool locks_memory;   // GuardedBytes stay out of swap
    bool forbids_dumps;  // neither a core dump nor a debugger of the same user reads its memory
};

/// Call once, before the first secret is there. Lambda is known to refuse to lock memory; nothing
/// is known that refuses to forbid dumps.
[[nodiscard]] Hardening harden_process();

}  // namespace redoubt
