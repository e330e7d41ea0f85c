// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/guarded.hpp>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <new>

#include <redoubt/base/secret.hpp>

namespace redoubt {

GuardedBytes::GuardedBytes(std::size_t size) {
    if (size == 0) return;
    void* pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    bytes_ = {static_cast<Byte*>(pages), size};
    // Each is more than harden_process() gives for all memory, so a refusal is not the end.
    static_cast<void>(madvise(pages, size, MADV_DONTDUMP));
    // Not mlock: under AddressSanitizer that does nothing.
    static_cast<void>(mlock2(pages, size, 0));
}

GuardedBytes& GuardedBytes::operator=(GuardedBytes&& other) noexcept {
    if (this != &other) {
        release();
        bytes_ = std::exchange(other.bytes_, {});
    }
    return *this;
}

GuardedBytes GuardedBytes::copy_of(ByteView secret) {
    GuardedBytes copy(secret.size());
    std::ranges::copy(secret, copy.bytes().begin());
    return copy;
}

void GuardedBytes::release() noexcept {
    if (bytes_.empty()) return;
    wipe(bytes_);
    static_cast<void>(munmap(bytes_.data(), bytes_.size()));  // unlocks it, too
    bytes_ = {};
}

Hardening harden_process() {
    const rlimit none{0, 0};
    const bool has_no_core = setrlimit(RLIMIT_CORE, &none) == 0;
    const bool is_closed = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
    Byte probe = 0;
    const bool locks_memory = mlock2(&probe, sizeof probe, 0) == 0;
    if (locks_memory) static_cast<void>(munlock(&probe, sizeof probe));
    return {.locks_memory = locks_memory, .forbids_dumps = has_no_core && is_closed};
}

}  // namespace redoubt
