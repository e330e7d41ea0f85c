// SPDX-License-Identifier: Apache-2.0
#include "control.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <redoubt/base/encoding.hpp>

#include "aws_exception.hpp"

namespace redoubt::standins {

namespace {

AwsException bad_request(const std::string& message) {
    return {.type = "BadRequest", .message = message, .status = 400};
}

Json body_of(const HttpRequest& request) {
    auto json = parse_json(request.body);
    if (!json) throw bad_request("the body is not JSON");
    return *std::move(json);
}

std::int64_t number_of(const Json& body, const char* name) {
    const Json* value = member(body, name);
    if (value == nullptr || !value->is_number_integer()) {
        throw bad_request(std::string("a whole number is missing: ") + name);
    }
    return value->get<std::int64_t>();
}

std::string parameter(const HttpRequest& request, const std::string& name) {
    const std::string query = "&" + std::string(request.query());
    const auto at = query.find("&" + name + "=");
    if (at == std::string::npos) throw bad_request("a parameter is missing: " + name);
    const std::string rest = query.substr(at + name.size() + 2);
    const auto value = percent_decode(rest.substr(0, rest.find('&')), true);
    if (!value) throw bad_request("a parameter is not readable: " + name);
    return *value;
}

Json setup(World& world, const HttpRequest& /*request*/) { return to_json(world.setup()); }

Json counts(const Service& service) {
    const ServiceCounts counted = service.counts();
    return {{"calls", counted.calls},
            {"refused", counted.refused},
            {"connections", counted.server.connections},
            {"opening", counted.server.opening},
            {"handshakes", counted.server.handshakes},
            {"resumed", counted.server.resumed},
            {"bytes_in", counted.server.bytes_in},
            {"bytes_out", counted.server.bytes_out}};
}

Json calls(World& world, const HttpRequest& /*request*/) {
    return {{"kms", counts(world.kms())}, {"dynamodb", counts(world.dynamodb())}};
}

Json end_connections(World& world, const HttpRequest& request) {
    const Json body = body_of(request);
    const std::string* how = string_member(body, "how");
    if (how == nullptr || (*how != "closed" && *how != "deserted")) {
        throw bad_request("`how` is closed or deserted");
    }
    const Ending ending = *how == "closed" ? Ending::Closed : Ending::Deserted;
    world.kms().end_connections(ending);
    world.dynamodb().end_connections(ending);
    return Json::object();
}

Json faults(World& world, const HttpRequest& /*request*/) {
    Json specs = Json::array();
    for (const Fault& fault : world.faults().current()) specs.push_back(fault.spec);
    return specs;
}

Json set_faults(World& world, const HttpRequest& request) {
    const Json specs = body_of(request);
    if (!specs.is_array()) throw bad_request("the body is not a list");
    std::vector<Fault> wanted;
    for (const Json& spec : specs) {
        const auto* text = spec.get_ptr<const std::string*>();
        const auto fault = text == nullptr ? std::nullopt : parse_fault(*text);
        if (!fault) throw bad_request("not a fault: " + dump(spec));
        wanted.push_back(*fault);
    }
    world.faults().replace(std::move(wanted));
    return faults(world, request);
}

/// A row as people read it; numbers that are too large for an int64 stay text.
Json row(const Item& item) {
    Json shown = Json::object();
    for (const auto& [name, attribute] : item) {
        if (attribute.type == Type::B) {
            shown[name] = to_hex(bytes_of(attribute.text));
        } else if (attribute.type == Type::N) {
            const Json number = Json::parse(attribute.number.text(), nullptr, false);
            shown[name] = number.is_number_integer() ? number : Json(attribute.number.text());
        } else if (attribute.type == Type::S) {
            shown[name] = attribute.text;
        } else {
            shown[name] = *to_json(attribute).begin();
        }
    }
    shown["item"] = to_json(item);
    return shown;
}

Json rows(World& world, const HttpRequest& /*request*/) {
    Json all = Json::array();
    for (const Item& item : world.table().items()) all.push_back(row(item));
    return all;
}

Json put_row(World& world, const HttpRequest& request) {
    Table& table = world.table();
    Item item = parse_item(body_of(request));
    table.change(table.key_of(item), [&](const auto&) { return item; });
    return row(item);
}

Json delete_row(World& world, const HttpRequest& request) {
    Table& table = world.table();
    const Item key = {{"pkh", {.type = Type::S, .text = parameter(request, "pkh")}},
                      {"scope", {.type = Type::S, .text = parameter(request, "scope")}}};
    table.change(table.check_key(key), [](const auto&) { return std::nullopt; });
    return Json::object();
}

std::string_view name(Environment::State state) {
    switch (state) {
        case Environment::State::Starting: return "starting";
        case Environment::State::Idle: return "idle";
        case Environment::State::Busy: return "busy";
        case Environment::State::Failed: return "failed";
    }
    return "";
}

Json environments(World& world, const HttpRequest& /*request*/) {
    Json all = Json::array();
    for (const auto& [function, running] : world.functions()) {
        for (const Environment::Status& status : running->environments()) {
            all.push_back({{"function", function},
                           {"pid", status.pid},
                           {"state", name(status.state)},
                           {"invocations", status.invocations},
                           {"starts", status.starts},
                           {"init_ms", status.init_ms}});
        }
    }
    return all;
}

Json kill_environment(World& world, const HttpRequest& request) {
    const auto pid = static_cast<int>(number_of(body_of(request), "pid"));
    const bool killed = std::ranges::any_of(
        world.functions(), [pid](const auto& one) { return one.second->kill(pid); });
    if (!killed) throw bad_request("no environment has that pid");
    return Json::object();
}

Json log(World& world, const HttpRequest& request) {
    const auto function = world.functions().find(parameter(request, "function"));
    if (function == world.functions().end()) throw bad_request("no such function");
    return function->second->log().lines();
}

Json shift_clock(World& world, const HttpRequest& request) {
    world.clock().shift(Milliseconds(number_of(body_of(request), "offset_ms")));
    return Json::object();
}

struct Route {
    std::string_view method;
    std::string_view path;
    Json (*answer)(World& world, const HttpRequest& request);
};

constexpr std::array routes = {
    Route{"GET", "/setup", setup},
    Route{"GET", "/calls", calls},
    Route{"POST", "/connections/end", end_connections},
    Route{"GET", "/faults", faults},
    Route{"POST", "/faults", set_faults},
    Route{"GET", "/rows", rows},
    Route{"PUT", "/rows", put_row},
    Route{"DELETE", "/rows", delete_row},
    Route{"GET", "/environments", environments},
    Route{"POST", "/environments/kill", kill_environment},
    Route{"GET", "/log", log},
    Route{"POST", "/clock", shift_clock},
};

}  // namespace

Control::Control(int port, World& world)
    : world_(world), server_({.port = port, .threads = 8}, [this](const HttpRequest& request) {
          return handle(request);
      }) {}

std::string Control::url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }

HttpResponse Control::handle(const HttpRequest& request) {
    for (const Route& route : routes) {
        if (route.method != request.method || route.path != request.path()) continue;
        try {
            return {.body = dump(route.answer(world_, request))};
        } catch (const AwsException& error) {
            return {.status = error.status, .body = dump({{"error", error.message}})};
        }
    }
    return {.status = 404, .body = dump({{"error", "no such route"}})};
}

}  // namespace redoubt::standins
