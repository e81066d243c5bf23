// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/lotus_types.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lsw::tasks {

enum class CallState { Begun, Finished, Returned };

/// One call as the journal keeps it. Once it is returned, `params` and `returnParams` over 64 KiB are let go (they are then empty).
struct CallRecord {
    protocol::CallId id;
    std::string method;   ///< "SealPreCommit1"
    std::string params;   ///< JSON array as it came
    std::string taskType; ///< "seal/v0/precommit/1"
    std::int64_t proof = 0;
    CallState state = CallState::Begun;
    std::string returnParams; ///< JSON array for the Return method, once finished
    bool succeeded = false;
    std::string error;                                                       ///< message, when it failed
    std::int64_t begunMs = 0, startedMs = 0, finishedMs = 0, returnedMs = 0; ///< UTC, ms since 1970; 0: not yet
    std::uint64_t peakMemory = 0;
};

/// The durable list of calls (SQLite, WAL, synchronous=FULL): a call is committed before it is answered, a result before it
/// is first returned. So no finished work can be lost, whatever ends this process.
///
/// thread  every method may be called from any thread and returns at once; work and callbacks happen on an own thread
///         "lsw-journal" in the order of the calls. A callback posts on to wherever its owner lives.
class CallJournal {
public:
    /// Opens or creates `file`; blocks while it is checked. A lock beside it (`file`.lock) goes with this process.
    /// StorageUnavailable when it cannot be written or another process has it (named); Corrupt (the file is kept and named);
    /// IncompatibleVersion for a newer schema; NoSpace.
    static Expected<std::unique_ptr<CallJournal>> open(const std::filesystem::path& file);
    /// Finishes everything asked so far, then closes.
    ~CallJournal();

    /// An error means that nothing was changed: NoSpace when the disk is full; the same may be asked again later.
    using Done = std::function<void(Expected<void>)>;
    /// Commits a new call as Begun; `begunMs` 0 is set to now. AlreadyExists when its uuid is there.
    void begin(CallRecord record, Done done);
    void started(const protocol::CallId& id, std::int64_t whenMs);
    /// Commits the result. NotFound for an unknown call; AlreadyExists when it has a result, which stays.
    void finish(const protocol::CallId& id, std::string returnParams, bool succeeded, std::string error, std::uint64_t peakMemory,
                Done done);
    /// Commits that the miner has the result; a second time is no error.
    void returned(const protocol::CallId& id, Done done);
    /// What a start has to deal with: records that are Begun or Finished, oldest first.
    void unfinished(std::function<void(Expected<std::vector<CallRecord>>)> done);
    /// The newest `limit` records that were returned, newest first.
    void history(std::size_t limit, std::function<void(Expected<std::vector<CallRecord>>)> done);
    /// Waits until everything asked so far is on disk (used at stop).
    void flush();

private:
    class Private;
    explicit CallJournal(std::unique_ptr<Private> d);
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::tasks
