// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <redoubt/base/bytes.hpp>

namespace redoubt {

/// Overwrites, even where nobody reads the bytes again.
void wipe(std::span<Byte> bytes) noexcept;
void wipe(std::span<char> characters) noexcept;
/// All that the text holds or held since it grew last. It is empty then.
void wipe(std::string& text) noexcept;

/// Overwrites what functions that have returned left below the caller's frame, 64 KB of it.
void wipe_stack() noexcept;

/// Appends. Where the text has to move, what it moves away from is wiped.
void append_wiping(std::string& to, std::string_view more);

/// Takes as long whatever the bytes are; only their number shows.
[[nodiscard]] bool equal_in_constant_time(ByteView a, ByteView b);

/// A text that is neither copied nor printed, and is wiped when it goes. Whoever needs it says
/// `expose()`. (What was read of the environment, from which AWS credentials come, keeps its
/// copy: a Secret limits where else they go.)
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }
    Secret& operator=(Secret&& other) noexcept;
    ~Secret() { wipe(text_); }

    [[nodiscard]] std::string_view expose() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

private:
    std::string text_;
};

}  // namespace redoubt
