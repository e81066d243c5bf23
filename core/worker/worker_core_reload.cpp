// SPDX-License-Identifier: MIT OR Apache-2.0
// A changed configuration in a running worker: what it takes over, and what has to wait for a restart.
#include "worker/worker_core.h"

#include <algorithm>
#include <cstdlib>

#include "worker/io_thread.h"

namespace lsw::worker {

namespace {

bool isTaskSwitch(const std::string& name) {
    return name == "no-default" || std::ranges::find(tasks::taskFlags(), name, &tasks::TaskFlag::flag) != tasks::taskFlags().end();
}

} // namespace

void WorkerCore::readResourceTable() {
    std::vector<std::string> notes;
    m_table = tasks::resourceTable([this](const std::string& name) {
        if (const auto own = m_settings.environment.find(name); own != m_settings.environment.end()) return own->second;
        const char* value = std::getenv(name.c_str());
        return std::string(value ? value : "");
    }, &notes);
    tasks::limitLabels(m_table, m_settings.preCommit1Memory);
    for (std::string& note : notes)
        if (std::ranges::find(m_notes, note) == m_notes.end()) m_notes.push_back(std::move(note));
}

void WorkerCore::reload(std::function<void(Expected<ReloadResult>)> done) {
    if (!m_settings.reread) return done(Error(ErrorCode::Unsupported, "this worker has no configuration that could be read again"));
    if (!m_runner) return done(Error(ErrorCode::NotRunning, "this worker is still starting"));
    if (m_stopping) return done(Error(ErrorCode::Cancelled, "this worker is stopping"));
    onIoThread(
        m_io, this, [reread = m_settings.reread] { return reread(); },
        [this, done = std::move(done)](Expected<WorkerSettings> next) {
            if (!next) return done(std::move(next).error());
            if (m_stopping) return done(Error(ErrorCode::Cancelled, "this worker is stopping"));
            done(takeOver(std::move(*next)));
        });
}

ReloadResult WorkerCore::takeOver(WorkerSettings next) {
    ReloadResult out;
    // A miner asks once, when a worker registers, whether it is for sealing or for which proofs of storage.
    const bool isOfSameKind = next.switches.windowPost == m_settings.switches.windowPost && next.switches.winningPost == m_settings.switches.winningPost;
    std::map<std::string, ToldSetting> all = m_settings.told;
    all.insert(next.told.begin(), next.told.end());
    for (const auto& [name, known] : all) {
        const auto before = m_settings.told.find(name), after = next.told.find(name);
        const bool isSame = before != m_settings.told.end() && after != next.told.end() && before->second.text == after->second.text;
        if (isSame) continue;
        const bool isLive = known.isLive && (isOfSameKind || !isTaskSwitch(name));
        (isLive ? out.applied : out.restart).push_back(name);
        if (!isLive) continue;
        if (after == next.told.end()) m_settings.told.erase(name);
        else m_settings.told[name] = after->second;
    }
    if (out.applied.empty()) return out;

    if (isOfSameKind) {
        const auto before = tasks::offeredTypes(m_settings.switches), after = tasks::offeredTypes(next.switches);
        // What `tasks enable` and `disable` have changed since the start holds on until the switches say something else.
        if (before && after && *before != *after) m_taskTypes = *after;
        m_settings.switches = std::move(next.switches);
    }
    m_settings.postParallelReads = next.postParallelReads;
    m_settings.postReadTimeoutMs = next.postReadTimeoutMs;
    m_settings.noSwap = next.noSwap;
    m_settings.leaveMemory = next.leaveMemory;
    // The provers have theirs since the start.
    for (const auto& [name, text] : next.prover.environment) next.environment.erase(name);
    for (const auto& [name, text] : m_settings.prover.environment)
        if (const auto old = m_settings.environment.find(name); old != m_settings.environment.end()) next.environment.insert(*old);
    m_settings.environment = std::move(next.environment);
    readResourceTable();
    m_runner->setTable(m_table);
    supplyParameters();
    refreshHost();
    changed(true);
    return out;
}

} // namespace lsw::worker
