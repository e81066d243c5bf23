// SPDX-License-Identifier: MIT OR Apache-2.0
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <set>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "support/test_paths.h"
#include "tasks/idle_children.h"
#include "tasks/isolated_engine.h"
#include "tasks/prover_program.h"
#include "tasks/scratch_folder.h"

using namespace lsw;
using namespace lsw::proofs;
using tasks::IsolatedEngine;

namespace {

tasks::ProverSettings settingsFor(const std::string& mode, const std::string& folder) {
    tasks::ProverSettings settings;
    settings.folder = lsw::test::kFakeProverFolder;
    settings.scratch = folder + "/scratch";
    settings.environment = {{"FAKE_PROVER", mode}, {"FAKE_PROVER_PID", folder + "/pid"}};
    return settings;
}
tasks::ProverSettings settingsFor(const QString& mode, const QTemporaryDir& dir) {
    return settingsFor(mode.toStdString(), dir.path().toStdString());
}

pid_t notedPid(const QTemporaryDir& dir) {
    QFile file(dir.filePath(QStringLiteral("pid")));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toInt() : 0;
}

/// Gone, or dead and waiting for whoever adopted it.
bool isDead(pid_t pid) {
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly)) return true;
    const QByteArray stat = file.readAll();
    return stat.mid(stat.lastIndexOf(')') + 2, 1) == "Z";
}

bool isGone(pid_t pid) { return pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH; }

qsizetype scratchFiles(const QTemporaryDir& dir) {
    return QDir(dir.filePath(QStringLiteral("scratch"))).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden).size();
}

template <typename T>
QString messageOf(const Expected<T>& result) {
    return result ? QString() : QString::fromStdString(result.error().message());
}

VanillaPostOrder sectorNumber(std::uint64_t number) {
    VanillaPostOrder order;
    order.sectorNumber = number;
    return order;
}

/// The prover that read the sector; 0 when none could.
pid_t readerOf(std::uint64_t sector, IsolatedEngine& engine) {
    const auto proof = engine.vanillaPost(sectorNumber(sector), {});
    return proof ? std::stoi(std::string(proof->begin(), proof->end())) : 0;
}

} // namespace

class IsolatedEngineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anAnswerComesBackWithProgressAndPeakMemory();
    void aChildThatDiesIsToldWithItsEnd_data();
    void aChildThatDiesIsToldWithItsEnd();
    void anErrorOfTheChildKeepsItsCode();
    void nonsenseIsRefusedAndTheChildEnded_data();
    void nonsenseIsRefusedAndTheChildEnded();
    void aStopReallyEndsTheChild();
    void aStopBeforeTheStartStartsNothing();
    void aChildThatLingersAfterItsAnswerIsEnded();
    void bigResultsAndInputsGoThroughFilesThatAreRemoved();
    void aFileOutsideTheScratchFolderIsRefused();
    void staleScratchFoldersAreRemovedAtTheStart();
    void whatKilledTasksLeftInAStoragePathIsRemoved();
    void aPieceReachesTheChildThroughItsDescriptor();
    void theChildHasTheSettingsAndNoOtherDescriptors();
    void aMissingProverNamesBothPaths();
    void theOptimisedProverIsTakenOnlyWhereItRuns();
    void aProverThatCannotBeStartedIsNamed();
    void childrenDieWithTheirParent();
    void manyAtOnce();
    void oneProverReadsManySectors();
    void aSectorThatEndsItsProverHarmsNoOther();
    void aReadThatIsStoppedEndsItsProver();
    void asManyProversReadAsThereAreReaders();
    void aProverThatNobodyNeedsIsEnded();
};

void IsolatedEngineTest::anAnswerComesBackWithProgressAndPeakMemory() {
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(QStringLiteral("progress"), dir));
    std::vector<Progress> seen;
    const auto result = engine.preCommit1({}, {{}, [&](const Progress& p) { seen.push_back(p); }});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QVERIFY(result->starts_with("nice="));
    QCOMPARE(seen.size(), std::size_t(3));
    QCOMPARE(seen[1].step, std::string("layer 2 of 3"));
    QCOMPARE(seen[1].done, std::uint64_t(2));
    QCOMPARE(IsolatedEngine::lastPeakMemory(), std::uint64_t(12345));
    QVERIFY(isGone(notedPid(dir)));
}

void IsolatedEngineTest::aChildThatDiesIsToldWithItsEnd_data() {
    QTest::addColumn<QString>("mode");
    QTest::addColumn<QString>("said"); // parts between semicolons
    QTest::newRow("exit code and last words") << "exit" << "exit code 3;first words | the disk is on fire";
    QTest::newRow("abort") << "abort" << "SIGABRT";
    QTest::newRow("killed") << "kill" << "SIGKILL;out of memory";
    QTest::newRow("half an answer") << "half" << "exit code 0";
    QTest::newRow("never reads its order") << "deaf" << "exit code 4";
}

void IsolatedEngineTest::aChildThatDiesIsToldWithItsEnd() {
    QFETCH(QString, mode);
    QFETCH(QString, said);
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(mode, dir));
    PreCommit2Order order;
    order.phase1Output = std::string(900000, 'x'); // more than fits into the pipe at once
    const auto result = engine.preCommit2(order, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::ChildDied);
    for (const QString& part : said.split(QLatin1Char(';'))) QVERIFY2(messageOf(result).contains(part), qPrintable(messageOf(result)));
    QVERIFY(!messageOf(result).contains(QLatin1Char('\n')));
    QVERIFY(isGone(notedPid(dir)));
    QCOMPARE(scratchFiles(dir), 0);
}

void IsolatedEngineTest::anErrorOfTheChildKeepsItsCode() {
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(QStringLiteral("error"), dir));
    const auto result = engine.preCommit1({}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::NoSpace);
    QVERIFY(messageOf(result).endsWith(QLatin1String("no room for the layer")));
    QCOMPARE(IsolatedEngine::lastPeakMemory(), std::uint64_t(7));
}

void IsolatedEngineTest::nonsenseIsRefusedAndTheChildEnded_data() {
    QTest::addColumn<QString>("mode");
    QTest::addColumn<QString>("said");
    QTest::newRow("no JSON") << "garbage" << "thread 'main' panicked at 42";
    QTest::newRow("a line without end") << "endless" << "a line of more than 67108864 bytes";
}

void IsolatedEngineTest::nonsenseIsRefusedAndTheChildEnded() {
    QFETCH(QString, mode);
    QFETCH(QString, said);
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(mode, dir));
    const auto result = engine.preCommit1({}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::Corrupt);
    QVERIFY2(messageOf(result).contains(said), qPrintable(messageOf(result)));
    QVERIFY(isGone(notedPid(dir)));
}

void IsolatedEngineTest::aStopReallyEndsTheChild() {
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(QStringLiteral("silent"), dir));
    std::stop_source stop;
    // The child tells its progress once, so that the stop comes in the middle of its work.
    const auto result = engine.preCommit1({}, {stop.get_token(), [&](const Progress&) { stop.request_stop(); }});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::Cancelled);
    QVERIFY(isGone(notedPid(dir))); // not even a zombie
    QCOMPARE(scratchFiles(dir), 0);
}

void IsolatedEngineTest::aStopBeforeTheStartStartsNothing() {
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(QStringLiteral("silent"), dir));
    std::stop_source stop;
    stop.request_stop();
    const auto result = engine.preCommit1({}, {stop.get_token()});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::Cancelled);
    QCOMPARE(notedPid(dir), 0);
}

void IsolatedEngineTest::aChildThatLingersAfterItsAnswerIsEnded() {
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(QStringLiteral("linger"), dir));
    QVERIFY(engine.preCommit1({}, {}));
    QVERIFY(isGone(notedPid(dir)));
}

void IsolatedEngineTest::bigResultsAndInputsGoThroughFilesThatAreRemoved() {
    const QTemporaryDir dir;
    auto settings = settingsFor(QStringLiteral("big"), dir);
    settings.environment["FAKE_PROVER_SCRATCH"] = dir.filePath(QStringLiteral("noted")).toStdString();
    IsolatedEngine engine(settings);
    const auto text = engine.commit1({}, {});
    QVERIFY2(text, qPrintable(messageOf(text)));
    QVERIFY(*text == std::string(3U << 20, 'c'));
    QFile noted(dir.filePath(QStringLiteral("noted")));
    QVERIFY(noted.open(QIODevice::ReadOnly));
    QVERIFY(QString::fromUtf8(noted.readAll()).startsWith(dir.filePath(QStringLiteral("scratch/"))));
    QCOMPARE(scratchFiles(dir), 0);
    IsolatedEngine other(settingsFor(QStringLiteral("echo-input"), dir));
    const auto proof = other.commit2({std::string(2U << 20, 'i'), {}}, {});
    QVERIFY2(proof, qPrintable(messageOf(proof)));
    QCOMPARE(*proof, (Bytes{1, 2, 3}));
    QCOMPARE(scratchFiles(dir), 0);
}

void IsolatedEngineTest::aFileOutsideTheScratchFolderIsRefused() {
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(QStringLiteral("outside"), dir));
    const auto result = engine.commit1({}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::Corrupt);
}

void IsolatedEngineTest::staleScratchFoldersAreRemovedAtTheStart() {
    const QTemporaryDir dir;
    const std::filesystem::path scratch = dir.filePath(QStringLiteral("scratch")).toStdString();
    for (const char* name : {"lsw-order-old", "lsw-order-new", "other"}) std::filesystem::create_directories(scratch / name);
    std::ofstream(scratch / "lsw-order-old" / "bulk") << "left behind";
    for (const char* name : {"lsw-order-old", "other"})
        std::filesystem::last_write_time(scratch / name, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    const IsolatedEngine engine(settingsFor(QStringLiteral("text"), dir));
    QVERIFY(!std::filesystem::exists(scratch / "lsw-order-old"));
    QVERIFY(std::filesystem::exists(scratch / "lsw-order-new"));
    QVERIFY(std::filesystem::exists(scratch / "other"));
}

void IsolatedEngineTest::whatKilledTasksLeftInAStoragePathIsRemoved() {
    const QTemporaryDir dir;
    const std::filesystem::path path = dir.path().toStdString();
    for (const char* name : {"lsw-unseal-abc123", "lsw-key-abc123", "lsw-backup", "sealed"}) std::filesystem::create_directories(path / name);
    std::ofstream(path / "lsw-unseal-abc123" / "layer") << "left behind";
    const auto used = tasks::ScratchFolder::make(path, tasks::ScratchFolder::kUnsealPrefix);
    QVERIFY(used);
    tasks::ScratchFolder::removeLeft(path);
    QVERIFY(!std::filesystem::exists(path / "lsw-unseal-abc123") && !std::filesystem::exists(path / "lsw-key-abc123"));
    QVERIFY(std::filesystem::exists(used->path()));
    QVERIFY(std::filesystem::exists(path / "lsw-backup") && std::filesystem::exists(path / "sealed"));
}

void IsolatedEngineTest::aPieceReachesTheChildThroughItsDescriptor() {
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(QStringLiteral("piece"), dir));
    std::array<int, 2> ends{};
    QCOMPARE(::pipe2(ends.data(), O_CLOEXEC), 0);
    std::jthread sender([fd = ends[1]] {
        const std::string block(2000000, 'p');
        for (std::size_t at = 0; at < block.size();) {
            const ssize_t n = ::write(fd, block.data() + at, block.size() - at);
            if (n <= 0) break;
            at += static_cast<std::size_t>(n);
        }
        ::close(fd);
    });
    AddPieceOrder order;
    order.source.descriptor = ends[0];
    const auto piece = engine.addPiece(order, {});
    ::close(ends[0]);
    QVERIFY2(piece, qPrintable(messageOf(piece)));
    QCOMPARE(piece->size.value, std::uint64_t(2000000));
    QCOMPARE(int(piece->commitment[0]), 3);
}

void IsolatedEngineTest::theChildHasTheSettingsAndNoOtherDescriptors() {
    const QTemporaryDir dir;
    const int open = ::open("/dev/null", O_RDONLY); // not close-on-exec
    qputenv("MINER_API_INFO", "secret:/ip4/127.0.0.1/tcp/1/http");
    auto settings = settingsFor(QStringLiteral("text"), dir);
    settings.parameterCache = "/params";
    settings.parentCache = "/parents";
    settings.niceness = 15;
    IsolatedEngine engine(settings);
    const auto text = engine.preCommit1({}, {});
    ::close(open);
    qunsetenv("MINER_API_INFO");
    QVERIFY2(text, qPrintable(messageOf(text)));
    const int nice = std::max(15, ::getpriority(PRIO_PROCESS, 0));
    QCOMPARE(*text, "nice=" + std::to_string(nice) +
                        " session=own FIL_PROOFS_PARAMETER_CACHE=/params FIL_PROOFS_PARENT_CACHE=/parents MINER_API_INFO=unset");
}

void IsolatedEngineTest::aMissingProverNamesBothPaths() {
    const QTemporaryDir dir;
    tasks::ProverSettings settings;
    settings.folder = dir.path().toStdString();
    settings.scratch = settings.folder;
    IsolatedEngine engine(settings);
    const auto result = engine.commit1({}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::NotInstalled);
    QVERIFY2(messageOf(result).contains(dir.filePath(QStringLiteral("lotus-seal-prover-opt"))), qPrintable(messageOf(result)));
    QCOMPARE(messageOf(result).count(dir.filePath(QStringLiteral("lotus-seal-prover"))), 2);
}

void IsolatedEngineTest::theOptimisedProverIsTakenOnlyWhereItRuns() {
    const QTemporaryDir dir;
    const std::filesystem::path folder = dir.path().toStdString();
    const auto install = [&](const char* name) {
        std::ofstream(folder / name) << "#!/bin/sh\n";
        std::filesystem::permissions(folder / name, std::filesystem::perms::owner_all);
    };
    install("lotus-seal-prover-opt");
    QCOMPARE(tasks::findProver(folder, true)->filename().string(), std::string("lotus-seal-prover-opt"));
    QCOMPARE(tasks::findProver(folder, false).error().code(), ErrorCode::NotInstalled);
    install("lotus-seal-prover");
    QCOMPARE(tasks::findProver(folder, true)->filename().string(), std::string("lotus-seal-prover-opt"));
    QCOMPARE(tasks::findProver(folder, false)->filename().string(), std::string("lotus-seal-prover"));
}

void IsolatedEngineTest::aProverThatCannotBeStartedIsNamed() {
    const QTemporaryDir dir;
    auto settings = settingsFor(QStringLiteral("text"), dir);
    settings.folder = dir.path().toStdString();
    std::ofstream(settings.folder / "lotus-seal-prover") << "neither script nor program";
    std::filesystem::permissions(settings.folder / "lotus-seal-prover", std::filesystem::perms::owner_all);
    IsolatedEngine engine(settings);
    const auto result = engine.preCommit1({}, {});
    QVERIFY(!result);
    QVERIFY2(messageOf(result).contains(dir.filePath(QStringLiteral("lotus-seal-prover: Exec format error"))),
             qPrintable(messageOf(result)));
}

void IsolatedEngineTest::childrenDieWithTheirParent() {
    const QTemporaryDir dir;
    std::string name = "tst_isolated_engine", option = "--hold-a-child", folder = dir.path().toStdString();
    const std::array<char*, 4> argv{name.data(), option.data(), folder.data(), nullptr};
    pid_t parent = 0;
    QCOMPARE(::posix_spawn(&parent, "/proc/self/exe", nullptr, nullptr, argv.data(), environ), 0);
    QTRY_VERIFY_WITH_TIMEOUT(notedPid(dir) > 0, 20000);
    const pid_t child = notedPid(dir);
    QVERIFY(!isDead(child));
    ::kill(parent, SIGKILL);
    QCOMPARE(::waitpid(parent, nullptr, 0), parent);
    QTRY_VERIFY_WITH_TIMEOUT(isDead(child), 20000);
}

void IsolatedEngineTest::manyAtOnce() {
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(QStringLiteral("flood"), dir));
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                for (int round = 0; round < 4; ++round) good += engine.preCommit1({}, {}).hasValue();
            });
        }
    }
    QCOMPARE(good.load(), 32);
    QCOMPARE(scratchFiles(dir), 0);
}

void IsolatedEngineTest::oneProverReadsManySectors() {
    const QTemporaryDir dir;
    pid_t reader = 0;
    {
        IsolatedEngine engine(settingsFor(QStringLiteral("reads"), dir));
        reader = readerOf(1, engine);
        QVERIFY(reader > 0);
        for (std::uint64_t sector = 2; sector < 6; ++sector) QCOMPARE(readerOf(sector, engine), reader);
        QVERIFY(!isDead(reader));
        ::kill(reader, SIGKILL); // the kernel may take one that waits
        QTRY_VERIFY(isDead(reader));
        const pid_t next = readerOf(6, engine);
        QVERIFY(next > 0 && next != reader);
        QVERIFY(isGone(reader)); // not even a zombie
        reader = next;
    }
    QVERIFY(isGone(reader));
}

void IsolatedEngineTest::aSectorThatEndsItsProverHarmsNoOther() {
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(QStringLiteral("reads"), dir));
    const pid_t first = readerOf(1, engine);
    QVERIFY(first > 0);
    const auto died = engine.vanillaPost(sectorNumber(13), {});
    QVERIFY(!died);
    QCOMPARE(died.error().code(), ErrorCode::ChildDied);
    QVERIFY2(messageOf(died).contains(QLatin1String("SIGABRT")), qPrintable(messageOf(died)));
    QVERIFY(isGone(first));
    const pid_t second = readerOf(2, engine);
    QVERIFY(second > 0 && second != first);
    // What an earlier order broke is not laid to a sector: a fresh prover reads it.
    const pid_t third = readerOf(27, engine);
    QVERIFY(third > 0 && third != second);
    QVERIFY(isGone(second));
}

void IsolatedEngineTest::aReadThatIsStoppedEndsItsProver() {
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(QStringLiteral("reads"), dir));
    const pid_t first = readerOf(1, engine);
    std::stop_source stop;
    const auto stopped = engine.vanillaPost(sectorNumber(66), {stop.get_token(), [&](const Progress&) { stop.request_stop(); }});
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code(), ErrorCode::Cancelled);
    QVERIFY(isGone(first));
    QVERIFY(readerOf(2, engine) > 0);
}

void IsolatedEngineTest::asManyProversReadAsThereAreReaders() {
    constexpr std::size_t kReaders = 4, kSectors = 25;
    const QTemporaryDir dir;
    IsolatedEngine engine(settingsFor(QStringLiteral("reads"), dir));
    std::array<std::set<pid_t>, kReaders> seen;
    {
        std::vector<std::jthread> threads;
        for (auto& mine : seen) {
            threads.emplace_back([&] {
                for (std::uint64_t sector = 100; sector < 100 + kSectors; ++sector) mine.insert(readerOf(sector, engine));
            });
        }
    }
    std::set<pid_t> all;
    for (const auto& mine : seen) all.insert(mine.begin(), mine.end());
    QVERIFY(!all.contains(0));
    QVERIFY2(all.size() <= kReaders, std::to_string(all.size()).c_str());
}

void IsolatedEngineTest::aProverThatNobodyNeedsIsEnded() {
    tasks::ChildStarter starter;
    tasks::IdleChildren idle(std::chrono::milliseconds(20));
    std::vector<pid_t> pids;
    for (int i = 0; i < 3; ++i) {
        auto child = starter.start({"/bin/cat", {}});
        QVERIFY2(child, qPrintable(messageOf(child)));
        pids.push_back(child->pid);
        idle.keep(std::move(*child));
    }
    for (const pid_t pid : pids) QTRY_VERIFY_WITH_TIMEOUT(isGone(pid), 20000);
    QVERIFY(!idle.take());
}

int main(int argc, char** argv) {
    if (argc == 3 && std::string_view(argv[1]) == "--hold-a-child") {
        IsolatedEngine engine(settingsFor(std::string("silent"), std::string(argv[2])));
        return engine.preCommit1({}, {}) ? 0 : 1;
    }
    QCoreApplication app(argc, argv);
    IsolatedEngineTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_isolated_engine.moc"
