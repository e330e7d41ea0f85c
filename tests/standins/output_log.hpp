// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/clock.hpp>

namespace redoubt::standins {

/// The last lines that the environments of a function have written. From any thread.
class OutputLog {
public:
    struct Line {
        std::uint64_t number = 0;  ///< Counted from 0; older ones may be gone.
        WallTime at{};
        std::string text;
    };

    void add(std::string_view text) {
        const auto now =
            std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
        const std::scoped_lock lock(mutex_);
        lines_.push_back({.number = count_++, .at = now, .text = std::string(text)});
        if (lines_.size() > capacity) lines_.pop_front();
    }

    [[nodiscard]] std::vector<Line> entries() const {
        const std::scoped_lock lock(mutex_);
        return {lines_.begin(), lines_.end()};
    }

    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> texts;
        for (Line& line : entries()) texts.push_back(std::move(line.text));
        return texts;
    }

    /// The last lines that fit into so many bytes, as `aws lambda invoke --log-type Tail` shows
    /// them.
    [[nodiscard]] std::string tail(std::size_t max_bytes) const {
        const std::scoped_lock lock(mutex_);
        std::string out;
        for (const Line& line : lines_ | std::views::reverse) {
            if (out.size() + line.text.size() + 1 > max_bytes) break;
            out.insert(0, line.text + "\n");
        }
        return out;
    }

private:
    static constexpr std::size_t capacity = 10000;

    mutable std::mutex mutex_;
    std::uint64_t count_ = 0;
    std::deque<Line> lines_;
};

}  // namespace redoubt::standins
