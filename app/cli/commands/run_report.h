// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "cli/journal.h"
#include "worker/worker_api.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace lsw::cli {

/// What `run` says while it works: one line for each thing that changed between two views.
class RunReport {
public:
    std::vector<LogLine> changes(const worker::WorkerView& view);

private:
    struct Seen {
        worker::TaskState state{};
        std::string waitReason, refusal;
    };
    worker::ConnectionState m_connection = worker::ConnectionState::NotStarted;
    std::string m_detail, m_session, m_mode;
    std::map<std::string, Seen> m_tasks;
    std::set<std::string> m_notes;
};

/// One sentence about the connection, for people.
std::string connectionSentence(const worker::WorkerView& view);
/// "PC1 of s-t01000-1"
std::string taskName(const worker::TaskView& task);

} // namespace lsw::cli
