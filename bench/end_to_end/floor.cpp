// SPDX-License-Identifier: Apache-2.0
#include "floor.hpp"

#include <standins/process.hpp>

namespace redoubt::bench {

namespace {

using standins::HttpRequest;
using standins::HttpResponse;

standins::HttpHandler waiting(Milliseconds latency, standins::Pause& pause) {
    return [latency, &pause](const HttpRequest& request) {
        HttpResponse response;
        response.hold = [&pause, due = request.arrived + latency] { (void)pause.until(due); };
        return response;
    };
}

standins::Function::Settings function(const standins::Server& kms, const standins::Server& dynamodb,
                                      Floor::Order order) {
    const std::string waits = std::to_string(kms.port()) + "," + std::to_string(dynamodb.port());
    return {.environment = {.function = "floor",
                            .function_arn = "arn:aws:lambda:us-east-1:000000000000:function:floor",
                            .program = standins::beside_this_program("redoubt-floor"),
                            .variables = {{"WAITS", waits},
                                          {"ORDER", order == Floor::Order::Parallel ? "parallel"
                                                                                    : "serial"}},
                            .note = [](const std::string&) {}},
            .environments = 1};
}

}  // namespace

Floor::Lane::Lane(const standins::Server& kms, const standins::Server& dynamodb, Order order,
                  standins::World& world, const standins::SigningKey& key, standins::Pause& pause)
    : function(bench::function(kms, dynamodb, order), nullptr),
      front(0, function, {}, {world.clock(), world.trail(), world.kms_keys()}),
      client(front.port(), "", key, pause) {}

Floor::Floor(const standins::Options& options, standins::World& world, standins::Pause& pause)
    : kms_({}, waiting(options.kms, pause)),
      dynamodb_({}, waiting(options.dynamodb, pause)),
      parallel_(kms_, dynamodb_, Order::Parallel, world, key_, pause),
      serial_(kms_, dynamodb_, Order::Serial, world, key_, pause) {}

}  // namespace redoubt::bench
