// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/proof_engine.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace lsw::tasks {

/// Several PC1 that were begun together. Each prepares its files by itself and comes here with its order; when all have come, or ended before,
/// the engine computes them together. To its own task each looks like a PC1 of its own: an abort ends one, a failure fails one.
///
/// thread  the pool threads of the tasks; the engine is driven on a thread of its own, so that no task has to outlast the others
class LabelBatch {
public:
    /// `patience`: how long those who came wait for one whose data are still being fetched; it is computed alone then.
    explicit LabelBatch(std::size_t members, std::chrono::milliseconds patience = std::chrono::minutes(10));
    ~LabelBatch();

    Expected<std::string> preCommit1(const proofs::PreCommit1Order& order, proofs::ProofEngine& engine, const TaskContext& context);
    /// A member's task is over. `hasCome`: it has called preCommit1().
    void leave(bool hasCome);

private:
    struct Place {
        std::optional<Expected<std::string>> result;
        std::uint64_t peakMemory = 0;
    };
    void begin(proofs::ProofEngine& engine);

    const std::chrono::steady_clock::time_point m_until;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::size_t m_toCome, m_toLeave;
    bool m_hasBegun = false;
    std::vector<std::shared_ptr<Place>> m_places;       ///< one for each of those who have come and wait
    std::vector<proofs::PreCommit1Member> m_members;    ///< the same, until they begin
    std::thread m_driver;
};

/// A task's seat in a batch, if it is begun in one. Used by its own thread, after the one that begins it has called sit().
class BatchSeat {
public:
    void sit(std::shared_ptr<LabelBatch> batch) { m_batch = std::move(batch); }
    bool isInBatch() const { return m_batch != nullptr; }
    /// Together with the others of the batch the first time; alone when there is none, and when it is tried again.
    Expected<std::string> preCommit1(const proofs::PreCommit1Order& order, proofs::ProofEngine& engine, const TaskContext& context);
    /// The task is over.
    void leave();

private:
    std::shared_ptr<LabelBatch> m_batch;
    bool m_hasCome = false;
};

} // namespace lsw::tasks
