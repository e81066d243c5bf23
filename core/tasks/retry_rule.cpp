// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/retry_rule.h"

namespace lsw::tasks {
namespace {

constexpr int kAttemptsOfProver = 3;
constexpr int kAttemptsOfConnection = 5;

/// Whether the call reads data that their sender sends once.
bool readsPushedData(const protocol::TaskCall& call) {
    const protocol::ReaderStream* data = nullptr;
    if (const auto* piece = std::get_if<protocol::AddPieceCall>(&call)) data = &piece->data;
    else if (const auto* cid = std::get_if<protocol::DataCidCall>(&call)) data = &cid->data;
    return data && data->type != "null";
}

} // namespace

std::optional<int> attemptsInAll(const Error& error, const protocol::TaskCall& call, int attempt) {
    if (readsPushedData(call)) return std::nullopt;
    int most = 0;
    if (error.code() == ErrorCode::ChildDied) most = kAttemptsOfProver;
    if (error.code() == ErrorCode::MinerUnreachable || error.code() == ErrorCode::Timeout) most = kAttemptsOfConnection;
    if (attempt >= most) return std::nullopt;
    return most;
}

std::chrono::milliseconds delayBefore(int nextAttempt, std::chrono::milliseconds base) { return base * (1 << (nextAttempt - 2)); }

} // namespace lsw::tasks
