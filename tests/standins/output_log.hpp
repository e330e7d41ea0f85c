// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <mutex>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt::standins {

/// The last lines that the environments of a function have written. From any thread.
class OutputLog {
public:
    void add(std::string_view line) {
        const std::scoped_lock lock(mutex_);
        lines_.emplace_back(line);
        if (lines_.size() > capacity) lines_.pop_front();
    }

    [[nodiscard]] std::vector<std::string> lines() const {
        const std::scoped_lock lock(mutex_);
        return {lines_.begin(), lines_.end()};
    }

    /// The last lines that fit into so many bytes, as `aws lambda invoke --log-type Tail` shows
    /// them.
    [[nodiscard]] std::string tail(std::size_t max_bytes) const {
        const std::scoped_lock lock(mutex_);
        std::string out;
        for (const std::string& line : lines_ | std::views::reverse) {
            if (out.size() + line.size() + 1 > max_bytes) break;
            out.insert(0, line + "\n");
        }
        return out;
    }

private:
    static constexpr std::size_t capacity = 10000;

    mutable std::mutex mutex_;
    std::deque<std::string> lines_;
};

}  // namespace redoubt::standins
