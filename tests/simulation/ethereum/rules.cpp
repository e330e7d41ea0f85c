// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

namespace redoubt::simulation::ethereum {
namespace {

bool is_repeated(const Row& row, const Message& message) {
    if (message.root == no_root) return false;
    return message.is_block ? message.target == row.slot && message.root == row.block_root
                            : message.target == row.target && message.source == row.source &&
                                  message.root == row.vote_root;
}

bool surrounds(const Message& outer, const Message& inner) {
    return outer.source < inner.source && inner.target < outer.target;
}

}  // namespace

std::string text(const Message& message) {
    const std::string root = " with root " + std::to_string(message.root);
    if (message.is_block) return "block " + std::to_string(message.target) + root;
    return "vote " + std::to_string(message.source) + " to " + std::to_string(message.target) +
           root;
}

std::string text(const Row& row) {
    return std::string(row.is_on ? "on" : "off") + ", source " + std::to_string(row.source) +
           ", target " + std::to_string(row.target) + " root " + std::to_string(row.vote_root) +
           ", slot " + std::to_string(row.slot) + " root " + std::to_string(row.block_root);
}

std::string text(const Marks& marks) {
    return "import of " + std::to_string(marks.source) + " " + std::to_string(marks.target) + " " +
           std::to_string(marks.slot);
}

bool is_slashable(const Message& one, const Message& other) {
    if (one.is_block != other.is_block || one == other) return false;
    if (one.target == other.target) return true;
    return !one.is_block && (surrounds(one, other) || surrounds(other, one));
}

bool approves(const Row& row, const Message& message) {
    if (!row.is_on) return false;
    if (is_repeated(row, message)) return true;
    if (message.is_block) return message.target > row.slot;
    const bool is_forward = message.source < message.target;
    return is_forward && message.source >= row.source && message.target > row.target;
}

Row after_approval(Row row, const Message& message) {
    if (message.is_block) {
        row.slot = message.target;
        row.block_root = message.root;
    } else {
        row.source = message.source;
        row.target = message.target;
        row.vote_root = message.root;
    }
    return row;
}

Row after_import(Row row, const Marks& marks) {
    if (marks.source > row.source || marks.target >= row.target) row.vote_root = no_root;
    if (marks.slot >= row.slot) row.block_root = no_root;
    if (marks.source > row.source) row.source = marks.source;
    if (marks.target > row.target) row.target = marks.target;
    if (marks.slot > row.slot) row.slot = marks.slot;
    return row;
}

}  // namespace redoubt::simulation::ethereum
