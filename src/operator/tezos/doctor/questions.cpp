// SPDX-License-Identifier: Apache-2.0
#include "questions.hpp"

#include <algorithm>

namespace redoubt::tezos_operator::doctor {

std::size_t Questions::add(aws::Service& service, std::string operation, std::string body,
                           std::string no_such_thing) {
    operations_.push_back(std::make_unique<aws::Operation>(
        service, std::move(operation), [body = std::move(body)] { return body; },
        std::move(no_such_thing)));
    return operations_.size() - 1;
}

void Questions::ask(io::ExchangeRunner& runner, SteadyTime deadline) {
    constexpr std::size_t at_once = 12;
    while (asked_ < operations_.size()) {
        std::vector<io::Exchange*> exchanges;
        for (; asked_ < operations_.size() && exchanges.size() < at_once; ++asked_) {
            exchanges.push_back(operations_[asked_].get());
        }
        runner.run(exchanges, deadline);
    }
}

const aws::Reply* Questions::answer(std::size_t number, std::string_view of, Report& report) const {
    const Result<aws::Reply>& outcome = operations_.at(number)->outcome();
    if (outcome) return &*outcome;
    report.add(Check::NotSeen, of, true, outcome.error().message);
    return nullptr;
}

std::string text_in(const Json& value, std::string_view name) {
    const std::string* text = string_member(value, name);
    return text == nullptr ? std::string() : *text;
}

const Json& object_in(const Json& value, std::string_view name) {
    static const Json none;
    const Json* found = member(value, name);
    return found == nullptr ? none : *found;
}

}  // namespace redoubt::tezos_operator::doctor
