// SPDX-License-Identifier: Apache-2.0
#include "handlers/tezos_signer.hpp"

#include <redoubt/operator/command.hpp>

#include "handlers/sealed_log.hpp"
#include "handlers/tezos_log.hpp"

namespace redoubt::bootstrap {
namespace {

/// Connections are opened ahead; a service that does not answer must not hold up init.
constexpr Milliseconds opening_time{1500};

std::map<tezos::KeyHash, aws::KeyArn> arns_by_key(const TezosSetup& setup) {
    std::map<tezos::KeyHash, aws::KeyArn> out;
    const std::vector<aws::KeyArn>& arns = setup.config.key_arns;
    for (std::size_t i = 0; i < arns.size(); ++i) out.emplace(setup.keys.at(i).hash, arns[i]);
    return out;
}

/// For an HTTP front if the event came from one, or if nobody can tell (a Function URL would make a
/// success of an answer without a status).
Outcome refused(const lambda::Event& event, const Error& error) {
    const auto* http = std::get_if<lambda::HttpEvent>(&event);
    const auto* unreadable = std::get_if<lambda::UnreadableEvent>(&event);
    if (http != nullptr || (unreadable != nullptr && !unreadable->is_json)) {
        const auto form = http == nullptr ? lambda::HeaderForm::Values : http->header_form;
        return {lambda::to_answer(tezos::error_response(error), form), {}, error};
    }
    return {operators::to_answer(operators::failed(error)), {}, error};
}

}  // namespace

TezosSigner::TezosSigner(std::unique_ptr<TezosSetup> setup,
                         std::unique_ptr<tezos_adapters::SealedKeys> sealed, const Clock& clock)
    : setup_(std::move(setup)),
      sealed_(std::move(sealed)),
      store_(setup_->cloud.dynamodb(), setup_->config.table),
      kms_signer_(setup_->cloud.kms(), arns_by_key(*setup_)),
      bls_signer_(*sealed_, clock),
      signer_(bls_signer_, kms_signer_),
      api_({setup_->keys, setup_->config.authorized_keys, setup_->config.base_path,
            setup_->config.known_keys, setup_->config.prove_possession},
           {store_, signer_, setup_->cloud.client(), clock},
           [this](SteadyTime deadline) { setup_->ensure_connections(deadline); }) {}

Outcome TezosSigner::handle(const lambda::Event& event, SteadyTime deadline) {
    if (const auto* request = std::get_if<lambda::HttpEvent>(&event)) {
        return on_request(*request, deadline);
    }
    if (const auto* command = std::get_if<lambda::CommandEvent>(&event)) {
        if (command->name == "warm") return warm(deadline);
    }
    const auto* unreadable = std::get_if<lambda::UnreadableEvent>(&event);
    if (unreadable != nullptr && !unreadable->is_json) {
        return refused(event, {Code::BadRequest, "the event cannot be read as JSON", {}});
    }
    return refused(event, {Code::BadRequest,
                           "this function answers a baker's HTTP requests; commands go to the "
                           "operator function",
                           {}});
}

Outcome TezosSigner::on_request(const lambda::HttpEvent& event, SteadyTime deadline) const {
    auto [response, error, trace] =
        event.request
            ? api_.respond(*event.request, deadline)
            : tezos::ApiResponse{
                  tezos::error_response(event.request.error()), event.request.error(), {}};
    const int status = response.status;
    Json answer = lambda::to_answer(std::move(response), event.header_form);
    return {std::move(answer),
            [told = std::move(trace), status, error] { return log_fields(told, status, error); },
            error};
}

Outcome TezosSigner::warm(SteadyTime deadline) {
    setup_->ensure_connections(deadline);
    sealed_->open(deadline);  // what was closed until now, before somebody needs it
    return {operators::to_answer({}), [] { return LogFields{{"command", "warm"}}; }, std::nullopt};
}

Outcome TezosSigner::internal_error(const lambda::Event& event, std::string detail) const {
    return refused(event, {Code::Internal, "an unexpected error, nothing was released: see the log",
                           std::move(detail)});
}

std::span<const Metric> TezosSigner::metrics() const { return signer_metrics(); }

NewHandler make_tezos_signer(const Environment& environment, const Clock& clock) {
    auto setup = set_up_tezos(environment, clock, TezosRole::Signer);
    if (!setup) return std::unexpected(std::move(setup.error()));
    const TezosConfig& config = (*setup)->config;
    Cloud& cloud = (*setup)->cloud;
    auto sealed = std::make_unique<tezos_adapters::SealedKeys>(
        tezos_adapters::SealedSources{cloud.dynamodb(), config.table, cloud.kms_regions(),
                                      config.wrapping_keys, cloud.client()},
        config.sealed_keys, clock, [&clock](const tezos_adapters::Opening& opening) {
            log_opening(clock, opening, "sealed keys", "pkh");
        });
    const auto run = [&sealed](auto exchanges, SteadyTime deadline) {
        sealed->open(deadline, exchanges);
    };
    if (auto found = find_keys(**setup, clock, run); !found) {
        return std::unexpected(std::move(found.error()));
    }
    (*setup)->ensure_connections(clock.steady() + opening_time);
    return std::make_unique<TezosSigner>(std::move(*setup), std::move(sealed), clock);
}

}  // namespace redoubt::bootstrap
