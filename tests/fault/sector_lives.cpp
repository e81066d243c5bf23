// SPDX-License-Identifier: MIT OR Apache-2.0
// Many lives of a sector with the real programs, each disturbed in its own way: what is counted at the end has to be nothing.
#include "journal_watch.h"
#include "life_faults.h"
#include "support/test_paths.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>

using namespace lsw;
using namespace lsw::test;
namespace fs = std::filesystem;

namespace {

constexpr int kSkipped = 77, kRetries = 40, kLifeLimitMs = 240000;

/// The same everywhere, so that a seed repeats a life on another machine too.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t kind, std::uint64_t index) {
    std::uint64_t x = seed * 0x9E3779B97F4A7C15ULL + kind * 0xBF58476D1CE4E5B9ULL + index * 0x94D049BB133111EBULL + 1;
    for (int i = 0; i < 3; ++i) {
        x ^= x >> 30;
        x *= 0xBF58476D1CE4E5B9ULL;
        x ^= x >> 27;
    }
    return x;
}

struct Counts {
    int lives = 0, finished = 0, happened = 0, heldResults = 0, lostResults = 0, lostCalls = 0, wrongCommR = 0, stray = 0, other = 0;
    bool clean() const { return lives == finished && lostResults + lostCalls + wrongCommR + stray + other == 0; }
};

class Lives {
public:
    Lives(std::uint64_t seed, bool mayMount, bool tellAll, QString keep)
        : m_seed(seed), m_mayMount(mayMount), m_tellAll(tellAll), m_keep(std::move(keep)), m_disk(base() / "control") {
        qputenv("LSW_DISK_CONTROL", QByteArray::fromStdString((base() / "control").string()));
    }

    QString reasonToSkip() { return m_life.reasonToSkip(); }

    /// One that nothing happens to: what all the others have to give.
    bool undisturbed() {
        prepare("run-0");
        const LifeResult life = m_life.live([](practice::PracticeRun&) {});
        m_commR = life.commR();
        m_lifeMs = static_cast<int>(life.seconds * 1000);
        if (life.errorCode == -1 && !m_commR.empty() && life.askedAgain == 0) return true;
        std::printf("the undisturbed life failed: %s\n%s\n", qPrintable(life.message), qPrintable(life.workerLog));
        return false;
    }
    int lifeMs() const { return m_lifeMs; }

    void live(const FaultKindInfo& info, int index) {
        const fs::path run = base() / ("run-" + std::to_string(++m_runs)), shadow = base() / "shadow";
        prepare(run.filename().string());
        std::error_code ignored;
        fs::remove_all(shadow, ignored);
        fs::create_directories(shadow, ignored);
        const bool usesShim = info.kind == FaultKind::SlowDisk || info.kind == FaultKind::PowerLoss;
        qputenv("LSW_DISK_ROOTS", QByteArray::fromStdString((run / "worker").string() + ':' + (run / "store").string()));
        if (info.kind == FaultKind::PowerLoss) qputenv("LSW_DISK_SHADOW", QByteArray::fromStdString(shadow.string()));
        else qunsetenv("LSW_DISK_SHADOW");
        if (usesShim) qputenv("LD_PRELOAD", lsw::test::kDiskShimFile);
        m_life.settings().retries = info.kind == FaultKind::Restart ? kRetries / 4 : kRetries;

        Counts& counts = m_counts[info.kind];
        JournalWatch watch(run);
        LifeResult life;
        std::string story, wrong;
        {
            LifeFaults faults({info.kind, mixed(m_seed, static_cast<std::uint64_t>(info.kind), static_cast<std::uint64_t>(index)), m_lifeMs, run, shadow, &m_disk,
                               m_mayMount});
            std::set<std::string> taken;
            life = m_life.live(
                [&](practice::PracticeRun& one) {
                    faults.attach(one);
                    QObject::connect(&one, &practice::PracticeRun::workerDied, &one, [&] { watch.look(taken); });
                    auto watching = std::make_shared<bool>(false);
                    QObject::connect(&one, &practice::PracticeRun::workerStarted, &one, [&, watching] {
                        if (std::exchange(*watching, true)) return;
                        QObject::connect(one.miner(), &practice::PracticeMiner::taken, &one,
                                         [&](const QString&, const QString& uuid) { taken.insert(uuid.toStdString()); });
                    });
                },
                kLifeLimitMs);
            story = faults.story();
            wrong = faults.wrong();
            counts.happened += faults.happened();
        }
        qunsetenv("LD_PRELOAD");
        fs::remove_all(run, ignored);

        ++counts.lives;
        const auto tell = [&wrong](const std::string& what) { wrong += (wrong.empty() ? "" : "; ") + what; };
        if (!wrong.empty()) ++counts.other;
        if (life.errorCode == -1) ++counts.finished;
        else tell("not finished: " + life.message.toStdString());
        // The last check of a run names what is stray; a run that ends well has none.
        if (life.message.contains(QLatin1String("is not declared")) || life.message.contains(QLatin1String("but not there")) ||
            life.message.contains(QLatin1String("was left by")))
            ++counts.stray;
        if (!life.commR().empty() && life.commR() != m_commR) {
            ++counts.wrongCommR;
            tell("CommR is " + life.commR());
        }
        const auto verdict = watch.judge(life);
        counts.heldResults += watch.finished();
        counts.lostResults += verdict.lostResults;
        counts.lostCalls += verdict.lostCalls;
        if (!verdict.what.empty()) tell(verdict.what);
        if (m_tellAll || !wrong.empty())
            std::printf("%s:%d %s (%.1f s; %s)\n", std::string(info.name).c_str(), index, wrong.empty() ? "ok" : ("FAILED: " + wrong).c_str(), life.seconds,
                        story.c_str());
        if (!wrong.empty()) {
            std::printf("  again with: --seed %llu --only %s:%d\n--- worker:\n%s\n---\n", static_cast<unsigned long long>(m_seed),
                        std::string(info.name).c_str(), index, qPrintable(life.workerLog));
            if (!m_keep.isEmpty()) keepLog(info, index, life);
        }
        std::fflush(stdout);
    }

    bool report() const {
        bool clean = true;
        for (const FaultKindInfo& info : faultKinds()) {
            const auto found = m_counts.find(info.kind);
            if (found == m_counts.end()) continue;
            const Counts& c = found->second;
            clean = clean && c.clean();
            std::printf("%-10s %4d lives, %4d faults, %4d sectors finished; %d results held by dead workers: %d lost; %d calls lost, %d wrong CommR, "
                        "%d with undeclared or orphaned files, %d other   (%s)\n",
                        std::string(info.name).c_str(), c.lives, c.happened, c.finished, c.heldResults, c.lostResults, c.lostCalls, c.wrongCommR, c.stray,
                        c.other, std::string(info.what).c_str());
        }
        std::printf("%s\n", clean ? "nothing was lost" : "SOMETHING WAS LOST");
        return clean;
    }

private:
    fs::path base() const { return m_folder.path().toStdString(); }
    void prepare(const std::string& run) { m_life.settings().folder = base() / run; }
    void keepLog(const FaultKindInfo& info, int index, const LifeResult& life) const {
        std::error_code ignored;
        fs::create_directories(m_keep.toStdString(), ignored);
        std::ofstream(fs::path(m_keep.toStdString()) / (std::string(info.name) + '-' + std::to_string(index) + ".log")) << life.workerLog.toStdString();
    }

    QTemporaryDir m_folder;
    std::uint64_t m_seed;
    bool m_mayMount, m_tellAll;
    QString m_keep;
    DiskControlFile m_disk;
    SectorLife m_life;
    std::string m_commR;
    int m_lifeMs = 0, m_runs = 0;
    std::map<FaultKind, Counts> m_counts;
};

} // namespace

int main(int argc, char** argv) {
    const bool limitOnly = std::find(argv, argv + argc, std::string_view("--file-limit")) != argv + argc;
    const bool mayMount = !limitOnly && enterMountNamespace(); // before there are threads
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Lives of a 2 KiB sector, each disturbed; exits with 1 when anything was lost."));
    parser.addHelpOption();
    parser.addOption({QStringLiteral("long"), QStringLiteral("As many lives as a release needs, instead of a few of each kind.")});
    parser.addOption({QStringLiteral("seed"), QStringLiteral("Draws what happens; printed."), QStringLiteral("number")});
    parser.addOption({QStringLiteral("only"), QStringLiteral("One kind, or one life of it: kill, kill:17, …"), QStringLiteral("kind[:index]")});
    parser.addOption({QStringLiteral("lives"), QStringLiteral("That many of each kind."), QStringLiteral("number")});
    parser.addOption({QStringLiteral("file-limit"), QStringLiteral("A full disk is a limit of the file size, even where a small file system can be mounted.")});
    parser.addOption({QStringLiteral("all"), QStringLiteral("Tells what happened to the good ones too.")});
    parser.addOption({QStringLiteral("keep"), QStringLiteral("Logs of failed lives go into this folder."), QStringLiteral("folder")});
    parser.process(app);

    const std::uint64_t seed = parser.isSet(QStringLiteral("seed")) ? parser.value(QStringLiteral("seed")).toULongLong() : std::random_device()();
    const QStringList only = parser.value(QStringLiteral("only")).split(QLatin1Char(':'));
    Lives lives(seed, mayMount, parser.isSet(QStringLiteral("all")), parser.value(QStringLiteral("keep")));
    if (const QString reason = lives.reasonToSkip(); !reason.isEmpty()) {
        std::printf("skipped: %s\n", qPrintable(reason));
        return kSkipped;
    }
    if (!lives.undisturbed()) return 1;
    std::printf("seed %llu; an undisturbed life takes %d ms; a full disk is %s\n", static_cast<unsigned long long>(seed), lives.lifeMs(),
                mayMount ? "a small file system" : "a limit of the file size");
    for (const FaultKindInfo& info : faultKinds()) {
        const QString name = QString::fromUtf8(info.name.data(), static_cast<qsizetype>(info.name.size()));
        if (!only.value(0).isEmpty() && only.value(0) != name) continue;
        int count = parser.isSet(QStringLiteral("long")) ? info.longLives : info.shortLives;
        if (parser.isSet(QStringLiteral("lives"))) count = parser.value(QStringLiteral("lives")).toInt();
        if (only.size() > 1) {
            lives.live(info, only.at(1).toInt());
            continue;
        }
        for (int index = 0; index < count; ++index) lives.live(info, index);
    }
    return lives.report() ? 0 : 1;
}
