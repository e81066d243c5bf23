// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "protocol/miner_client.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <boost/json.hpp>

#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>

class QEventLoop;
class QProcess;

namespace lsw::practice {

double rounded(double value);
/// The value below which this part of the sorted values lies (nearest rank).
double percentile(const std::vector<double>& sorted, double part);
std::vector<double> sorted(std::vector<double> values);
boost::json::array jsonOf(const std::vector<double>& values);
/// One random block again and again: no zeros that somebody could skip, and quickly written.
Expected<void> writeData(const std::filesystem::path& file, std::uint64_t size);
/// Runs the event loop until the process has ended, well, or for so long, or until a stop. ChildDied; Timeout; Cancelled.
Expected<void> awaitEnd(QProcess& process, int limitMs, const std::string& what, const std::stop_token& stop);

/// In milliseconds.
struct SessionTimes {
    std::vector<double> answers;
    std::vector<double> ownLateness; ///< how much later than wanted this program itself was woken: what the machine adds
};

/// Asks Filecoin.Session every few milliseconds, whether or not the last answer is there.
class SessionAsker {
public:
    static constexpr int kEveryMs = 20;

    explicit SessionAsker(std::unique_ptr<protocol::RpcClient> client);
    /// Waits for what is on its way. What was not answered fails the measurement: it must not make it look better.
    Expected<SessionTimes> finish();

private:
    void ask();

    std::unique_ptr<protocol::RpcClient> m_client;
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<double> m_milliseconds, m_late;
    double m_lastTick = 0;
    int m_ticks = 0;
    std::optional<Error> m_failure;
    QEventLoop* m_loop = nullptr;
    int m_open = 0;
};

/// Asks Filecoin.Session on one kept connection of its own, from a thread that does nothing else: one question every few milliseconds, as a
/// miner's scheduler would notice it, and bursts without a pause, which count what a round trip costs.
class RoundTrips {
public:
    RoundTrips(const protocol::Endpoint& worker, const std::string& token);
    ~RoundTrips();
    struct Times {
        std::vector<double> spaced; ///< ms each, one question every 20 ms
        std::vector<double> bursts; ///< µs for each round trip, one value for each burst of 20
    };
    Expected<Times> finish();

private:
    void run(const std::stop_token& stop);
    Expected<void> ask();

    std::string m_host, m_request;
    std::uint16_t m_port = 0;
    int m_socket = -1;
    Times m_times;
    std::optional<Error> m_failure;
    std::jthread m_thread; // last: it uses the others
};

} // namespace lsw::practice
