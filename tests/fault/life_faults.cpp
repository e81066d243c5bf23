// SPDX-License-Identifier: MIT OR Apache-2.0
#include "life_faults.h"

#include <array>
#include <charconv>
#include <csignal>
#include <fstream>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>

#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>

#include "practice/practice_miner.h"

namespace lsw::test {
namespace fs = std::filesystem;
namespace {

constexpr std::array kKinds{
    FaultKindInfo{FaultKind::Kill, "kill", "kill -9 of the worker or a prover", 9, 300},
    FaultKindInfo{FaultKind::Restart, "restart", "the miner goes and comes back with a new session", 2, 50},
    FaultKindInfo{FaultKind::Cut, "cut", "all connections between miner and worker are cut", 3, 50},
    FaultKindInfo{FaultKind::FullDisk, "full-disk", "the worker's disk is full for a while", 2, 20},
    FaultKindInfo{FaultKind::SlowDisk, "slow-disk", "the disk is slow, and fails now and then", 2, 20},
    FaultKindInfo{FaultKind::PowerLoss, "power-loss", "what was not flushed is gone", 4, 50},
};

constexpr std::uint64_t kSmallDisk = 48ULL << 20;

/// Shuts the TCP connections of this process: the miner's, the pushers', those to the worker.
int shutConnections(std::mt19937_64& random, int percent) {
    int count = 0;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd", failure)) {
        const std::string name = entry.path().filename().string();
        int descriptor = -1;
        std::from_chars(name.data(), name.data() + name.size(), descriptor);
        sockaddr_in address{};
        socklen_t length = sizeof address;
        if (descriptor < 0 || ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0 || address.sin_family != AF_INET) continue;
        if (static_cast<int>(random() % 100) >= percent) continue;
        ::shutdown(descriptor, SHUT_RDWR);
        ++count;
    }
    return count;
}

bool isThere(pid_t pid) { return ::kill(pid, 0) == 0; }

} // namespace

std::span<const FaultKindInfo> faultKinds() { return kKinds; }

std::vector<pid_t> childrenOf(pid_t pid) {
    std::vector<pid_t> out;
    std::error_code ignored;
    for (fs::directory_iterator it("/proc/" + std::to_string(pid) + "/task", ignored), end; !ignored && it != end; it.increment(ignored)) {
        std::ifstream list(it->path() / "children");
        for (pid_t one = 0; list >> one;) out.push_back(one);
    }
    return out;
}

LifeFaults::LifeFaults(Settings settings) : m_settings(std::move(settings)), m_random(m_settings.seed) {}

LifeFaults::~LifeFaults() {
    if (auto* disk = m_settings.disk) {
        (*disk)->slowWriteUs = (*disk)->slowSyncUs = (*disk)->failPerMillion = (*disk)->keepsShadow = 0;
    }
}

void LifeFaults::tell(const std::string& what) {
    ++m_happened;
    m_story += (m_story.empty() ? "" : ", ") + what;
}

void LifeFaults::after(int milliseconds, std::function<void()> then) {
    // The run ends before this object; nothing happens to it after that.
    QTimer::singleShot(milliseconds, m_run, std::move(then));
}

void LifeFaults::attach(practice::PracticeRun& run) {
    m_run = &run;
    const int life = m_settings.lifeMs;
    if (m_settings.kind == FaultKind::FullDisk && m_settings.mayMount) m_small.emplace(m_settings.folder / "worker", kSmallDisk);
    connect(&run, &practice::PracticeRun::workerStarted, this, [this](qint64 pid) {
        m_worker = static_cast<pid_t>(pid);
        if (m_settings.kind == FaultKind::PowerLoss && m_starts == 0) {
            (*m_settings.disk)->keepsShadow = 1;
            noteAllFlushed(m_settings.shadow, m_settings.folder / "store");
        }
        ++m_starts;
        if (m_starts > 1) planKills();
    });
    // The moments are drawn before it is known how long this life takes: what has not happened by then happens now.
    connect(&run, &practice::PracticeRun::phase, this, [this](const QByteArray& line) {
        if (m_happened > 0 || !line.contains("\"phase\":\"finalize\"")) return;
        if (m_settings.kind == FaultKind::Kill || m_settings.kind == FaultKind::PowerLoss) after(draw(0, 300), [this] { killWorker(); });
        if (m_settings.kind == FaultKind::Restart) after(draw(0, 300), [this] { restartMiner(); });
        if (m_settings.kind == FaultKind::Cut) after(draw(0, 300), [this] { cutConnections(); });
        if (m_settings.kind == FaultKind::FullDisk) after(draw(0, 300), [this] { fillDisk(); });
    });
    switch (m_settings.kind) {
    case FaultKind::Kill:
    case FaultKind::PowerLoss:
        m_killsLeft = 1 + (chance(35) ? draw(1, 3) : 0);
        connect(&run, &practice::PracticeRun::workerDied, this, &LifeFaults::losePower);
        planKill(1, life + 200);
        break;
    case FaultKind::Restart:
        for (int i = chance(40) ? 2 : 1; i > 0; --i) after(draw(100, life), [this] { restartMiner(); });
        if (chance(20)) {
            m_killsLeft = 1;
            planKill(1, life);
        }
        break;
    case FaultKind::Cut:
        for (int i = draw(3, 10); i > 0; --i) after(draw(50, life + 1000), [this] { cutConnections(); });
        break;
    case FaultKind::FullDisk:
        for (int i = draw(1, 4); i > 0; --i) after(draw(100, life + 500), [this] { fillDisk(); });
        break;
    case FaultKind::SlowDisk:
        (*m_settings.disk)->slowWriteUs = static_cast<std::uint32_t>(draw(0, 4000));
        (*m_settings.disk)->slowSyncUs = static_cast<std::uint32_t>(draw(1000, 80000));
        tell("writes up to " + std::to_string((*m_settings.disk)->slowWriteUs) + " us, flushes up to " +
             std::to_string((*m_settings.disk)->slowSyncUs) + " us slower");
        if (chance(60)) {
            const auto rate = static_cast<std::uint32_t>(draw(1000, 15000));
            tell(std::to_string(rate) + " of a million writes and flushes fail");
            // A worker that finds its disk failing when it starts says so and ends; here it fails later.
            connect(&run, &practice::PracticeRun::phase, this, [this, rate](const QByteArray& line) {
                (*m_settings.disk)->failPerMillion = line.contains("\"phase\":\"readback\"") ? 0 : rate;
            });
        }
        if (chance(30)) {
            m_killsLeft = 1;
            connect(&run, &practice::PracticeRun::workerDied, this, [this] { (*m_settings.disk)->failPerMillion = 0; });
            planKill(100, 2 * life);
        }
        break;
    }
}

void LifeFaults::planKills() {
    if (m_killsLeft > 0) planKill(1, m_settings.lifeMs);
}

/// At a moment, or when the worker calls its miner for the nth time from now.
void LifeFaults::planKill(int fromMs, int toMs) {
    --m_killsLeft;
    const bool prover = m_settings.kind == FaultKind::Kill && chance(35);
    if (!prover && chance(30)) {
        m_killAtCall = draw(1, 60);
        const auto watch = std::make_shared<QMetaObject::Connection>();
        const auto listen = [this, watch] {
            QObject::disconnect(*watch);
            *watch = connect(m_run->miner(), &practice::PracticeMiner::called, this, [this, watch](const QString& method) {
                if (m_killAtCall == 0 || --m_killAtCall > 0) return;
                QObject::disconnect(*watch);
                tell("at " + method.toStdString());
                killWorker();
            });
        };
        if (m_run->miner()) listen();
        else *watch = connect(m_run, &practice::PracticeRun::workerStarted, this, listen);
        return;
    }
    after(draw(fromMs, toMs), [this, prover] {
        if (prover) killProver();
        else killWorker();
    });
}

void LifeFaults::killWorker() {
    if (m_worker == 0 || !isThere(m_worker)) return;
    m_powerGoes = m_settings.kind == FaultKind::PowerLoss;
    const std::vector<pid_t> provers = childrenOf(m_worker);
    ::kill(m_worker, SIGKILL);
    tell(m_powerGoes ? "power lost" : "worker killed");
    // Its provers die with it, but perhaps a moment later.
    if (m_powerGoes)
        for (const pid_t prover : provers)
            while (isThere(prover)) std::this_thread::yield();
}

/// The next prover that is there.
void LifeFaults::killProver() {
    for (const pid_t prover : m_worker ? childrenOf(m_worker) : std::vector<pid_t>()) {
        if (::kill(prover, SIGKILL) != 0) continue;
        tell("prover killed");
        return;
    }
    after(3, [this] { killProver(); });
}

void LifeFaults::losePower() {
    m_worker = 0;
    if (!std::exchange(m_powerGoes, false)) return;
    for (const char* root : {"worker", "store"})
        if (!test::losePower(m_settings.shadow, m_settings.folder / root)) m_wrong = std::string("the folder ") + root + " could not be made anew";
}

void LifeFaults::restartMiner() {
    practice::PracticeMiner* miner = m_run->miner();
    if (!miner) return after(50, [this] { restartMiner(); });
    const int away = chance(50) ? 0 : draw(20, 3000);
    tell("miner away for " + std::to_string(away) + " ms");
    if (away > 0) miner->stop();
    after(away, [this] {
        if (practice::PracticeMiner* back = m_run->miner())
            if (const auto done = back->restart(); !done) m_wrong = done.error().message();
    });
}

void LifeFaults::cutConnections() {
    const int percent = chance(50) ? 100 : draw(20, 90);
    const int count = shutConnections(m_random, percent);
    tell(std::to_string(count) + " connections cut");
}

void LifeFaults::fillDisk() {
    if (m_worker == 0) return;
    constexpr std::array<std::uint64_t, 6> kLeft{0, 4096, 12288, 32768, 131072, 1 << 20};
    const std::uint64_t left = kLeft[static_cast<std::size_t>(draw(0, static_cast<int>(kLeft.size()) - 1))];
    const int lasts = draw(50, 1500);
    if (m_small && *m_small) {
        if (!m_small->fill(left)) return;
        tell("disk full but for " + std::to_string(left) + " bytes for " + std::to_string(lasts) + " ms");
        after(lasts, [this] { m_small->free(); });
        return;
    }
    const std::uint64_t limit = std::max<std::uint64_t>(left, 512);
    limitFileSize(m_worker, limit);
    tell("no file over " + std::to_string(limit) + " bytes for " + std::to_string(lasts) + " ms");
    after(lasts, [this] {
        if (m_worker) limitFileSize(m_worker, 0);
    });
}

} // namespace lsw::test
