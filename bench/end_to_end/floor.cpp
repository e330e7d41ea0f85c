// SPDX-License-Identifier: Apache-2.0
#include "floor.hpp"

#include <standins/process.hpp>

namespace redoubt::bench {

namespace {

using standins::HttpRequest;
using standins::HttpResponse;

std::string port(const standins::Server& server) { return std::to_string(server.port()); }

standins::HttpHandler waiting(Milliseconds latency, standins::Pause& pause) {
    return [latency, &pause](const HttpRequest& request) {
        HttpResponse response;
        response.hold = [&pause, due = request.arrived + latency] { (void)pause.until(due); };
        return response;
    };
}

standins::Function::Settings function(const std::string& waits, const std::string& order) {
    return {.environment = {.function = "floor",
                            .function_arn = "arn:aws:lambda:us-east-1:000000000000:function:floor",
                            .program = standins::beside_this_program("redoubt-floor"),
                            .variables = {{"WAITS", waits}, {"ORDER", order}},
                            .note = [](const std::string&) {}},
            .environments = 1};
}

}  // namespace

Floor::Front::Front(const std::string& waits, const std::string& order, standins::World& world,
                    const standins::SigningKey& key, standins::Pause& pause)
    : function(bench::function(waits, order), nullptr),
      front(0, function, {}, {world.clock(), world.trail(), world.kms_keys()}),
      client(front.port(), "", key, pause) {}

Floor::Floor(const standins::Options& options, standins::World& world, standins::Pause& pause)
    : kms_({}, waiting(options.kms, pause)),
      dynamodb_({}, waiting(options.dynamodb, pause)),
      fronts_{Front(port(kms_) + "," + port(dynamodb_), "parallel", world, key_, pause),
              Front(port(kms_) + "," + port(dynamodb_), "serial", world, key_, pause),
              Front(port(dynamodb_), "serial", world, key_, pause)} {}

std::string name(Floor::Lane lane) {
    switch (lane) {
        case Floor::Lane::Vote: return "floor/vote";
        case Floor::Lane::Block: return "floor/block";
        case Floor::Lane::Table: return "floor/table";
    }
    return {};
}

}  // namespace redoubt::bench
