// SPDX-License-Identifier: Apache-2.0
#include "handlers/ethereum_signer.hpp"

#include <algorithm>

#include "handlers/ethereum_log.hpp"
#include "handlers/sealed_log.hpp"

namespace redoubt::bootstrap {
namespace {

/// A service that does not answer must not hold up init.
constexpr Milliseconds preparing_time{1000};
/// Nor whoever comes after an answer.
constexpr Milliseconds opening_more_time{500};
/// Nimbus gives three seconds to all of its tries together.
constexpr Milliseconds answering_time{2000};

/// Of a call to AWS, each try: so three of them fit into an answer's time.
std::vector<Milliseconds> times_of_tries() {
    return {Milliseconds(250), Milliseconds(500), Milliseconds(750)};
}

/// For an HTTP front, whoever it was (a Function URL would make a success of an answer without a
/// status).
Outcome refusal_of(const lambda::Event& event, const Error& error) {
    const auto* http = std::get_if<lambda::HttpEvent>(&event);
    const auto form = http == nullptr ? lambda::HeaderForm::Values : http->header_form;
    return {lambda::to_answer(ethereum::error_response(error), form), {}, error};
}

}  // namespace

EthereumSigner::EthereumSigner(std::unique_ptr<EthereumSetup> setup, const Clock& clock)
    : setup_(std::move(setup)),
      clock_(clock),
      wraps_({setup_->cloud.dynamodb(), setup_->config.table, setup_->cloud.kms_regions(),
              setup_->config.wrapping_keys, setup_->cloud.client()},
             [&clock](const sealed_adapters::Opening& opening) {
                 log_opening(clock, opening, "wraps", "wrap");
             }),
      store_({setup_->cloud.dynamodb(), setup_->cloud.client(), setup_->config.table,
              setup_->config.network},
             cache_, wraps_),
      signer_(cache_, wraps_, clock),
      callers_(setup_->cloud.dynamodb(), setup_->cloud.client(), setup_->config.table),
      api_({setup_->config.network, setup_->config.gloas_draft},
           {store_, signer_, setup_->cloud.client(),
            [this] { return setup_->cloud.dynamodb().clock().now(); }},
           doors()) {}

ethereum::Doors EthereumSigner::doors() {
    ethereum::Doors out;
    out.by_token = [this](const access::PresentedToken& token, SteadyTime deadline) {
        return callers_.admit(token, deadline);
    };
    if (setup_->config.principals) {
        out.by_role = [this](const access::RoleArn& role, SteadyTime deadline) {
            return callers_.admit(role, deadline);
        };
    }
    return out;
}

void EthereumSigner::prepare() { store_.prepare(clock_.steady() + preparing_time); }

Outcome EthereumSigner::handle(const lambda::Event& event, SteadyTime deadline) {
    const auto* http = std::get_if<lambda::HttpEvent>(&event);
    if (http == nullptr) {
        return refusal_of(event,
                          {Code::BadRequest,
                           "this function answers validator clients' HTTP requests; commands "
                           "go to the operator function",
                           {}});
    }
    if (!http->request) return refusal_of(event, http->request.error());
    auto [response, error, trace] =
        api_.respond(*http->request, std::min(deadline, clock_.steady() + answering_time));
    const int status = response.status;
    Json answer = lambda::to_answer(std::move(response), http->header_form);
    return {std::move(answer),
            [told = std::move(trace), status, error] { return log_fields(told, status, error); },
            error};
}

Outcome EthereumSigner::internal_error(const lambda::Event& event, std::string detail) const {
    return refusal_of(event,
                      {Code::Internal, "an unexpected error, nothing was released: see the log",
                       std::move(detail)});
}

void EthereumSigner::after_answer(SteadyTime deadline) {
    const SteadyTime opened_by = clock_.steady() + opening_more_time;
    // Without the time for it, after the next one.
    if (opened_by <= deadline) store_.open_more(opened_by);
}

std::span<const Metric> EthereumSigner::metrics() const { return ethereum_signer_metrics(); }

NewHandler make_ethereum_signer(const Environment& environment, const Clock& clock) {
    auto setup = set_up_ethereum(environment, clock, times_of_tries());
    if (!setup) return std::unexpected(std::move(setup.error()));
    auto handler = std::make_unique<EthereumSigner>(std::move(*setup), clock);
    handler->prepare();
    return handler;
}

}  // namespace redoubt::bootstrap
