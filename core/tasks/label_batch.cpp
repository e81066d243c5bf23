// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/label_batch.h"

#include <algorithm>
#include <utility>

#include "tasks/isolated_engine.h"

namespace lsw::tasks {

using namespace proofs;

LabelBatch::LabelBatch(std::size_t members, std::chrono::milliseconds patience)
    : m_until(std::chrono::steady_clock::now() + patience), m_toCome(members), m_toLeave(members) {}

LabelBatch::~LabelBatch() {
    if (m_driver.joinable()) m_driver.join();
}

Expected<std::string> LabelBatch::preCommit1(const PreCommit1Order& order, ProofEngine& engine, const TaskContext& context) {
    std::unique_lock lock(m_mutex);
    --m_toCome;
    m_changed.notify_all();
    if (m_hasBegun) {
        lock.unlock();
        return engine.preCommit1(order, context);
    }
    const auto place = std::make_shared<Place>();
    m_places.push_back(place);
    m_members.push_back({order, context, [this, place](Expected<std::string> result) {
                             const std::lock_guard guard(m_mutex);
                             place->peakMemory = IsolatedEngine::lastPeakMemory();
                             place->result = std::move(result);
                             m_changed.notify_all();
                         }});
    context.report({"pc1", "waits for sectors of its batch", 0, 0, {}});
    m_changed.wait_until(lock, context.stop, m_until, [this] { return m_hasBegun || m_toCome == 0; });
    if (!m_hasBegun && context.stop.stop_requested()) {
        const auto at = std::find(m_places.begin(), m_places.end(), place) - m_places.begin();
        m_places.erase(m_places.begin() + at);
        m_members.erase(m_members.begin() + at);
        return Error(ErrorCode::Cancelled, "stopped on request");
    }
    if (!m_hasBegun) begin(engine);
    m_changed.wait(lock, [&] { return place->result.has_value(); });
    IsolatedEngine::notePeakMemory(place->peakMemory);
    return std::move(*place->result);
}

/// The mutex is held.
void LabelBatch::begin(ProofEngine& engine) {
    m_hasBegun = true;
    m_driver = std::thread([this, &engine, members = std::exchange(m_members, {})]() mutable {
        std::string failure;
        try {
            engine.preCommit1Together(std::move(members));
        } catch (const std::exception& e) {
            failure = e.what();
        }
        const std::lock_guard guard(m_mutex);
        for (const auto& place : m_places)
            if (!place->result) place->result = Error(ErrorCode::Internal, "the batch ended without a result of this sector" + (failure.empty() ? failure : ": " + failure));
        m_changed.notify_all();
    });
}

void LabelBatch::leave(bool hasCome) {
    bool isLast = false;
    {
        const std::lock_guard guard(m_mutex);
        if (!hasCome) --m_toCome;
        isLast = --m_toLeave == 0;
        m_changed.notify_all();
    }
    // The engine may be gone soon after the last task.
    if (isLast && m_driver.joinable()) m_driver.join();
}

Expected<std::string> BatchSeat::preCommit1(const PreCommit1Order& order, ProofEngine& engine, const TaskContext& context) {
    if (!m_batch || std::exchange(m_hasCome, true)) return engine.preCommit1(order, context);
    return m_batch->preCommit1(order, engine, context);
}

void BatchSeat::leave() {
    if (const auto batch = std::exchange(m_batch, nullptr)) batch->leave(m_hasCome);
}

} // namespace lsw::tasks
