// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "practice/practice_miner.h"
#include "practice/practice_worker.h"
#include "practice/task_asker.h"
#include "protocol/miner_client.h"

#include <stop_token>

class QEventLoop;

namespace lsw::practice {

/// A practice miner in this process and one worker program beside it, to be measured: each call runs the event loop until its answer is
/// there.
///
/// Both listen on loopback alone. The worker gets one chance: when it ends by itself, what is being waited for fails with ChildDied.
/// thread  the main thread of a program that does nothing else
class BenchBed : public QObject {
    Q_OBJECT
public:
    struct Settings {
        std::filesystem::path folder; ///< made; everything lies in it
        std::string program;          ///< lotus-seal-worker, or the window
        bool window = false;
        std::uint64_t sectorSize = 2048;
        std::filesystem::path minerStorage{};             ///< a storage path of the miner's own; empty: none
        std::map<std::string, std::string> environment{}; ///< of the worker
    };
    BenchBed(Settings settings, std::stop_token stop);
    ~BenchBed() override; ///< ends the worker

    /// Starts both; the result is the seconds from the start of the program until the miner had accepted it.
    Expected<double> start();
    /// Asks for a task and waits for its result.
    Expected<protocol::TaskResult> task(const std::string& name, TaskAsker::MakeCall make);
    /// Calls another method of the worker.
    Expected<boost::json::value> ask(const std::string& method, boost::json::array params);
    /// Lets time pass while the event loop runs.
    Expected<void> pause(int milliseconds);

    PracticeMiner& miner() { return *m_miner; }
    const std::string& session() const { return m_session; }
    /// Where the worker serves; nothing when the miner no longer knows it.
    std::optional<protocol::Endpoint> endpoint() const;
    /// A connection to the worker of its own, as the miner has one.
    std::unique_ptr<protocol::RpcClient> client() const;
    std::int64_t pid() const { return m_pid; }

private:
    /// Runs the event loop until `isDone`, which is looked at after wake(); Timeout, Cancelled, ChildDied.
    Expected<void> wait(const std::function<bool()>& isDone, int limitMs, const std::string& what);
    void wake();

    Settings m_settings;
    std::stop_token m_stop;
    std::unique_ptr<PracticeMiner> m_miner;
    std::unique_ptr<PracticeWorker> m_worker;
    std::unique_ptr<TaskAsker> m_asker;
    std::string m_session;
    std::int64_t m_pid = 0;
    std::optional<Error> m_death;
    QEventLoop* m_loop = nullptr;
};

} // namespace lsw::practice
