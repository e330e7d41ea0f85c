// SPDX-License-Identifier: Apache-2.0
#include <redoubt/lambda/event.hpp>

#include <gtest/gtest.h>

namespace redoubt::test {
namespace {

using lambda::CommandEvent;
using lambda::HttpEvent;
using lambda::UnreadableEvent;

lambda::Event parsed(const Json& event) { return lambda::parse_event(dump(event)); }

Json answer_to(const Json& event, http::Response response) {
    return lambda::to_answer(std::move(response), std::get<HttpEvent>(parsed(event)).header_form);
}

bool is_http(const Json& event) { return std::holds_alternative<HttpEvent>(parsed(event)); }

/// As a Function URL or an HTTP API sends it (payload 2.0).
Json function_url() {
    return {{"version", "2.0"},
            {"routeKey", "$default"},
            {"rawPath", "/keys/tz1x"},
            {"rawQueryString", "authentication=sig1&version=3"},
            {"headers", {{"content-type", "application/json"}}},
            {"queryStringParameters", {{"authentication", "not this one"}}},
            {"requestContext", {{"http", {{"method", "POST"}, {"path", "/not/this"}}}}},
            {"body", "\"13ab\""},
            {"isBase64Encoded", false}};
}

/// As a REST API sends it (payload 1.0): the query decoded.
Json rest_api() {
    return {{"resource", "/{proxy+}"},
            {"path", "/keys/tz1x"},
            {"httpMethod", "POST"},
            {"headers", {{"Content-Type", "application/json"}}},
            {"multiValueHeaders", {{"Content-Type", {"application/json"}}}},
            {"queryStringParameters", {{"authentication", "sig1"}, {"version", "3"}}},
            {"multiValueQueryStringParameters", {{"authentication", {"sig1"}}, {"version", {"3"}}}},
            {"requestContext", {{"identity", {{"sourceIp", "127.0.0.1"}}}}},
            {"body", "\"13ab\""},
            {"isBase64Encoded", false}};
}

/// As a load balancer sends it: the query as it came; lists if its target group wants them.
Json load_balancer(bool lists) {
    Json event = {{"requestContext", {{"elb", {{"targetGroupArn", "arn"}}}}},
                  {"httpMethod", "POST"},
                  {"path", "/keys/tz1x"},
                  {"body", "\"13ab\""},
                  {"isBase64Encoded", false}};
    if (lists) {
        event["multiValueHeaders"] = {{"content-type", {"application/json"}}};
        event["multiValueQueryStringParameters"] = {{"authentication", {"sig1"}},
                                                    {"version", {"3"}}};
    } else {
        event["headers"] = {{"content-type", "application/json"}};
        event["queryStringParameters"] = {{"authentication", "sig1"}, {"version", "3"}};
    }
    return event;
}

struct Front {
    std::string name;
    Json event;
};
std::vector<Front> fronts() {
    return {{"function URL", function_url()},
            {"REST API", rest_api()},
            {"load balancer", load_balancer(false)},
            {"load balancer with lists", load_balancer(true)}};
}

/// The request, or the code of what made it unreadable.
std::string read(const Json& event) {
    const auto read = parsed(event);
    const auto& request = std::get<HttpEvent>(read).request;
    if (!request) return std::string(name(request.error().code));
    if (!request->query) return "query: " + std::string(name(request->query.error().code));
    if (!request->body) return "body: " + std::string(name(request->body.error().code));
    std::string text = request->method + " " + request->path;
    for (const auto& [key, value] : *request->query) text += " " + key + "=" + value;
    return text + " " + *request->body;
}

std::string query_problem(const Json& event) {
    const auto read = parsed(event);
    return std::get<HttpEvent>(read).request.value().query.error().message;
}

TEST(HttpEvent, OfEveryFrontIsTheSameRequest) {
    for (const Front& front : fronts()) {
        EXPECT_TRUE(is_http(front.event)) << front.name;
        EXPECT_EQ(read(front.event), "POST /keys/tz1x authentication=sig1 version=3 \"13ab\"")
            << front.name;
    }
}

std::string prefix_in(const Json& event) {
    return std::get<HttpEvent>(parsed(event)).request.value().prefix;
}

TEST(HttpEvent, ANamedStageIsWhatAnApiPutsBeforeThePath) {
    struct Row {
        std::string stage, path, prefix;
    };
    for (const Row& row : {Row{"prod", "/prod/healthz", "/prod"}, Row{"prod", "/prod", "/prod"},
                           Row{"prod", "/healthz", ""}, Row{"prod", "/product/healthz", ""},
                           Row{"prod", "/a/prod/healthz", ""}, Row{"", "/healthz", ""},
                           Row{"$default", "/$default/healthz", ""}}) {
        Json event = function_url();
        event["rawPath"] = row.path;
        event["requestContext"]["stage"] = row.stage;
        EXPECT_EQ(prefix_in(event), row.prefix) << row.path;
        Json old = rest_api();
        old["path"] = row.path;
        old["requestContext"]["stage"] = row.stage;
        EXPECT_EQ(prefix_in(old), row.prefix) << row.path;
    }
    Json odd = function_url();
    odd["requestContext"]["stage"] = 7;
    EXPECT_EQ(prefix_in(odd), "");
    EXPECT_EQ(prefix_in(function_url()), "");
    EXPECT_EQ(prefix_in(load_balancer(true)), "");
}

TEST(HttpEvent, TheBasePathOfADomainIsWhatARestApiPutsBeforeItsResource) {
    struct Row {
        std::string resource, proxy, path, prefix;
    };
    for (const Row& row : {Row{"/{proxy+}", "healthz", "/healthz", ""},
                           Row{"/{proxy+}", "healthz", "/signer/healthz", "/signer"},
                           Row{"/{proxy+}", "keys/tz1x", "/a/b/keys/tz1x", "/a/b"},
                           Row{"/secret/{proxy+}", "healthz", "/secret/healthz", ""},
                           Row{"/secret/{proxy+}", "healthz", "/signer/secret/healthz", "/signer"},
                           Row{"/{proxy+}", "healthz", "/signerhealthz", ""},
                           Row{"/{proxy+}", "healthz", "signer/healthz", ""},
                           Row{"/healthz", "healthz", "/signer/healthz", ""},
                           Row{"{proxy+}", "healthz", "/signer/healthz", ""},
                           Row{"/{proxy+}", "other", "/signer/healthz", ""}}) {
        Json event = rest_api();
        event["resource"] = row.resource;
        event["pathParameters"] = {{"proxy", row.proxy}};
        event["path"] = row.path;
        EXPECT_EQ(prefix_in(event), row.prefix) << row.path;
    }
    Json odd = rest_api();
    odd["pathParameters"] = nullptr;
    EXPECT_EQ(prefix_in(odd), "");
}

TEST(HttpEvent, HasAMemberThatCommandsLack) {
    for (const Json& event : {Json{{"requestContext", nullptr}}, Json{{"rawPath", 7}},
                              Json{{"httpMethod", "GET"}, {"redoubt", {{"command", "arm"}}}}}) {
        EXPECT_TRUE(is_http(event)) << event;
    }
    for (const Json& event : {Json(), Json::array({"rawPath"}), Json("rawPath"), Json::object(),
                              Json{{"redoubt", {{"command", "arm"}, {"rawPath", "/"}}}}}) {
        EXPECT_FALSE(is_http(event)) << event;
    }
}

TEST(HttpEvent, BodiesMayBeBase64) {
    for (Front front : fronts()) {
        front.event["body"] = "IjEzYWIi";
        front.event["isBase64Encoded"] = true;
        EXPECT_EQ(read(front.event), "POST /keys/tz1x authentication=sig1 version=3 \"13ab\"");
        front.event["body"] = "IjEzYWIi\n";
        EXPECT_EQ(read(front.event), "body: bad_request") << front.name;
        front.event["body"] = std::string(100'000, 'A');
        EXPECT_EQ(read(front.event), "body: too_large") << front.name;
    }
}

TEST(HttpEvent, NoBodyIsAnEmptyOne) {
    Json event = function_url();
    event["rawQueryString"] = "";
    event.erase("body");
    EXPECT_EQ(read(event), "POST /keys/tz1x ");
    event["body"] = nullptr;
    event["isBase64Encoded"] = nullptr;
    EXPECT_EQ(read(event), "POST /keys/tz1x ");
    event.erase("isBase64Encoded");
    event["body"] = "x";
    EXPECT_EQ(read(event), "POST /keys/tz1x x");
}

TEST(HttpEvent, ABodyOfAnotherTypeIsUnreadable) {
    for (const Json& body : {Json(7), Json::object(), Json::array(), Json(true)}) {
        Json event = function_url();
        event["body"] = body;
        EXPECT_EQ(read(event), "body: bad_request") << body;
    }
    for (const Json& flag : {Json("true"), Json(1), Json::object()}) {
        Json event = function_url();
        event["isBase64Encoded"] = flag;
        EXPECT_EQ(read(event), "body: bad_request") << flag;
    }
}

TEST(HttpEvent, TheRawQueryIsDecodedAndKeepsRepetitions) {
    struct Row {
        std::string raw, shown;
    };
    for (const Row& row : {
             Row{"", ""},
             Row{"a=1&a=2", " a=1 a=2"},
             Row{"a", " a="},
             Row{"a=", " a="},
             Row{"=b", " =b"},
             Row{"&&a=1&&", " a=1"},
             Row{"a=b=c", " a=b=c"},
             Row{"a=%31%2B+%26&%62=%3d", " a=1+ & b=="},
         }) {
        Json event = function_url();
        event["rawQueryString"] = row.raw;
        EXPECT_EQ(read(event), "POST /keys/tz1x" + row.shown + " \"13ab\"") << row.raw;
    }
    for (const std::string raw : {"a=%", "a=%4", "%zz=1", "a=1&b=%g0"}) {
        Json event = function_url();
        event["rawQueryString"] = raw;
        EXPECT_EQ(read(event), "query: bad_request") << raw;
    }
    Json without = function_url();
    without.erase("rawQueryString");
    EXPECT_EQ(read(without), "POST /keys/tz1x \"13ab\"");
}

TEST(HttpEvent, ARestApiSendsItsQueryDecodedAndALoadBalancerAsItCame) {
    Json rest = rest_api();
    rest["multiValueQueryStringParameters"] = {{"a", {"1%2B", "+2"}}};
    EXPECT_EQ(read(rest), "POST /keys/tz1x a=1%2B a=+2 \"13ab\"");
    Json balancer = load_balancer(true);
    balancer["multiValueQueryStringParameters"] = {{"%61", {"1%2B", "+2"}}};
    EXPECT_EQ(read(balancer), "POST /keys/tz1x a=1+ a= 2 \"13ab\"");
    Json direct = function_url();
    direct["rawQueryString"] = "a=%";
    for (const Json& bad : {Json{{"a", {"%"}}}, Json{{"%g0", {"1"}}}}) {
        balancer["multiValueQueryStringParameters"] = bad;
        EXPECT_EQ(query_problem(balancer), query_problem(direct)) << bad;
    }
}

TEST(HttpEvent, ListsCountMoreThanLastValues) {
    Json event = rest_api();
    event["queryStringParameters"] = {{"a", "2"}};
    event["multiValueQueryStringParameters"] = {{"a", {"1", "2"}}};
    EXPECT_EQ(read(event), "POST /keys/tz1x a=1 a=2 \"13ab\"");
    event["multiValueQueryStringParameters"] = nullptr;
    EXPECT_EQ(read(event), "POST /keys/tz1x a=2 \"13ab\"");
    event["queryStringParameters"] = nullptr;
    EXPECT_EQ(read(event), "POST /keys/tz1x \"13ab\"");
}

TEST(HttpEvent, AQueryOfAnotherTypeIsUnreadable) {
    for (const Json& multi : {Json{{"a", "1"}}, Json{{"a", {1}}}, Json{{"a", nullptr}}}) {
        Json event = rest_api();
        event["multiValueQueryStringParameters"] = multi;
        EXPECT_EQ(read(event), "query: bad_request") << multi;
    }
    Json event = load_balancer(false);
    event["queryStringParameters"] = {{"a", 1}};
    EXPECT_EQ(read(event), "query: bad_request");
}

TEST(HttpEvent, PathsAreDecoded) {
    Json event = function_url();
    event["rawPath"] = "//keys/%74z1x/";
    EXPECT_TRUE(read(event).starts_with("POST //keys/tz1x/ "));
    event["rawPath"] = "/%";
    EXPECT_EQ(read(event), "bad_request");
}

TEST(HttpEvent, WithoutMethodOrPathIsUnreadable) {
    Json no_method = function_url(), no_http = no_method, no_context = no_method;
    no_method["requestContext"]["http"].erase("method");
    no_http["requestContext"].erase("http");
    no_context.erase("requestContext");
    Json odd_method = function_url(), odd_path = function_url(), no_path = rest_api();
    odd_method["requestContext"]["http"]["method"] = 7;
    odd_path["rawPath"] = nullptr;
    no_path.erase("path");
    for (const Json& event :
         {no_method, no_http, no_context, odd_method, odd_path, no_path,
          Json{{"requestContext", Json::array()}}, Json{{"rawPath", "/"}, {"httpMethod", "GET"}},
          Json{{"httpMethod", "GET"}}}) {
        EXPECT_EQ(read(event), "bad_request") << event;
    }
}

TEST(HttpAnswer, HasTheFormThatTheFrontWants) {
    const http::Response response{404, {{"Content-Type", "application/json"}, {"X-A", "b"}}, "[]"};
    for (const Front& front : fronts()) {
        const bool lists = front.name == "load balancer with lists";
        const Json headers = lists ? Json{{"Content-Type", {"application/json"}}, {"X-A", {"b"}}}
                                   : Json{{"Content-Type", "application/json"}, {"X-A", "b"}};
        EXPECT_EQ(answer_to(front.event, response),
                  (Json{{"statusCode", 404},
                        {lists ? "multiValueHeaders" : "headers", headers},
                        {"body", "[]"},
                        {"isBase64Encoded", false}}))
            << front.name;
    }
}

TEST(HttpAnswer, IsMadeForEventsThatCouldNotBeRead) {
    EXPECT_EQ(answer_to({{"requestContext", 7}}, {400, {}, ""}).at("statusCode"), 400);
}

TEST(CommandEvent, IsAnObjectWithANameAndItsFields) {
    const auto event = parsed({{"redoubt", {{"command", "arm"}, {"level", 7}}}, {"other", 1}});
    const auto& command = std::get<CommandEvent>(event);
    EXPECT_EQ(command.name, "arm");
    EXPECT_EQ(command.fields, (Json{{"command", "arm"}, {"level", 7}}));
}

TEST(UnreadableEvent, IsWhatIsNeitherRequestNorCommand) {
    for (const Json& event :
         {Json("arm"), Json::array(), Json::object(), Json(7), Json{{"command", "status"}},
          Json{{"redoubt", nullptr}}, Json{{"redoubt", "status"}},
          Json{{"redoubt", {{"command", 7}}}}, Json{{"redoubt", {{"Command", "status"}}}}}) {
        const auto read = parsed(event);
        ASSERT_TRUE(std::holds_alternative<UnreadableEvent>(read)) << event;
        EXPECT_TRUE(std::get<UnreadableEvent>(read).is_json) << event;
    }
    // Of the last one readers could disagree which `redoubt` counts.
    for (const std::string text :
         {"", "null", "{", "\xff", "{}{}",
          R"({"redoubt":{"command":"warm"},"redoubt":{"command":"arm"}})"}) {
        const auto read = lambda::parse_event(text);
        ASSERT_TRUE(std::holds_alternative<UnreadableEvent>(read)) << text;
        EXPECT_FALSE(std::get<UnreadableEvent>(read).is_json) << text;
    }
}

TEST(HttpEvent, OfHeadersThereIsWhatAnApiReadsWhateverTheFrontCallsThem) {
    const auto request = [](Json event, const Json& headers, const char* member) {
        event[member] = headers;
        return std::get<HttpEvent>(parsed(event)).request.value();
    };
    const auto url =
        request(function_url(), {{"authorization", "Bearer t"}, {"accept", "a/b,c/d"}, {"x", "y"}},
                "headers");
    EXPECT_EQ(url.authorization, "Bearer t");
    EXPECT_EQ(url.accept, "a/b,c/d");
    const auto rest =
        request(rest_api(), {{"Authorization", {"Bearer t"}}, {"ACCEPT", {"a/b", "c/d"}}},
                "multiValueHeaders");
    EXPECT_EQ(rest.authorization, "Bearer t");
    EXPECT_EQ(rest.accept, "a/b, c/d") << "`headers` has the last one only";
    for (const Json& odd : {Json(), Json(7), Json{{"Accept", 7}}, Json{{"accept", {{"a", "b"}}}}}) {
        EXPECT_EQ(request(function_url(), odd, "headers").accept, "") << odd;
    }
}

TEST(HttpEvent, ThePrincipalIsTheOneThatAFunctionUrlVerified) {
    const Json iam = {{"iam", {{"userArn", "arn:aws:sts::1:assumed-role/r/s"}}}};
    Json event = function_url();
    EXPECT_EQ(std::get<HttpEvent>(parsed(event)).request->caller, "");
    event["requestContext"]["authorizer"] = iam;
    EXPECT_EQ(std::get<HttpEvent>(parsed(event)).request->caller,
              "arn:aws:sts::1:assumed-role/r/s");
    event["requestContext"]["authorizer"] = {{"iam", {{"userArn", 7}}}};
    EXPECT_EQ(std::get<HttpEvent>(parsed(event)).request->caller, "");
    Json of_another_front = rest_api();
    of_another_front["requestContext"]["authorizer"] = iam;
    EXPECT_EQ(std::get<HttpEvent>(parsed(of_another_front)).request->caller, "");
}

}  // namespace
}  // namespace redoubt::test
