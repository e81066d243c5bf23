// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "worker_stage.h"

/// What the tests of abort, of the modes and of restarts ask of a Stage.
namespace lsw::test {

using namespace lsw::worker;
namespace fs = std::filesystem;

inline constexpr sector::SealProof kProof{5};

/// A piece of sector data on the worker's path: what PC1 needs.
inline void layUnsealed(const Stage& stage, std::uint64_t number) {
    fs::create_directories(stage.at("worker") / "unsealed");
    std::ofstream(stage.at("worker") / "unsealed" / ("s-t01000-" + std::to_string(number))) << std::string(2048, 'u');
}

inline protocol::TaskCall preCommit1(std::uint64_t number) {
    protocol::SealPreCommit1Call call;
    call.sector = {{1000, number}, kProof};
    call.ticket = Bytes(32, 7);
    protocol::PieceInfo piece;
    piece.size = sector::PaddedBytes{2048};
    call.pieces = {piece};
    return call;
}

inline void give(Stage& stage, const protocol::TaskCall& call) {
    stage.miner->callWorker(stage.worker->view().session, call, [&stage](Expected<protocol::CallId> id) {
        if (id) stage.ids.push_back(id->uuid);
        else stage.refusals.push_back(id.error().message());
    });
}

inline bool waitsFor(const Stage& stage, const std::string& reason) {
    const auto view = stage.worker->view();
    return std::any_of(view.tasks.begin(), view.tasks.end(), [&](const TaskView& task) { return task.state == TaskState::Waiting && task.waitReason == reason; });
}

inline std::string told(const Expected<boost::json::value>& answer) { return answer ? "no error" : answer.error().message(); }

inline bool offers(Stage& stage, const char* type) {
    const auto types = stage.ask("Filecoin.TaskTypes");
    return types && types->as_object().contains(type);
}

} // namespace lsw::test
