// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "lost_power.h"
#include "practice/practice_run.h"
#include "small_disk.h"

#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace lsw::test {

enum class FaultKind { Kill, Restart, Cut, FullDisk, SlowDisk, PowerLoss };

struct FaultKindInfo {
    FaultKind kind;
    std::string_view name, what;
    int shortLives, longLives;
};
std::span<const FaultKindInfo> faultKinds();

/// What happens to one life, all of it drawn from one number.
class LifeFaults : public QObject {
    Q_OBJECT
public:
    struct Settings {
        FaultKind kind;
        std::uint64_t seed = 0;
        int lifeMs = 2000;            ///< how long an undisturbed life takes here
        std::filesystem::path folder; ///< of the run
        std::filesystem::path shadow; ///< for lost power
        DiskControlFile* disk = nullptr;
        bool mayMount = false;
    };
    explicit LifeFaults(Settings settings);
    ~LifeFaults() override;

    /// Prepares the disk and connects to the run, which was not started yet.
    void attach(practice::PracticeRun& run);
    /// What happened, in the order of happening.
    const std::string& story() const { return m_story; }
    int happened() const { return m_happened; }
    /// A check that was made on the way failed.
    const std::string& wrong() const { return m_wrong; }

private:
    int draw(int from, int to) { return std::uniform_int_distribution<int>(from, to)(m_random); }
    bool chance(int percent) { return draw(1, 100) <= percent; }
    void tell(const std::string& what);
    void after(int milliseconds, std::function<void()> then);

    void planKills();
    void planKill(int fromMs, int toMs);
    void killWorker();
    void killProver();
    void restartMiner();
    void cutConnections();
    void fillDisk();
    void losePower();

    Settings m_settings;
    std::mt19937_64 m_random;
    practice::PracticeRun* m_run = nullptr;
    pid_t m_worker = 0;
    int m_starts = 0, m_happened = 0, m_killsLeft = 0, m_killAtCall = 0;
    bool m_powerGoes = false;
    std::optional<SmallDisk> m_small;
    std::string m_story, m_wrong;
};

/// The running children of a process.
std::vector<pid_t> childrenOf(pid_t pid);

} // namespace lsw::test
