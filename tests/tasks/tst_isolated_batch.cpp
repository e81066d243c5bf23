// SPDX-License-Identifier: MIT OR Apache-2.0
#include <csignal>
#include <fstream>
#include <map>

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "proofs/native/native_engine.h"
#include "proofs/native/native_trees.h"
#include "sector/sector_files.h"
#include "support/patience.h"
#include "tasks/isolated_engine.h"

using namespace lsw;
using namespace lsw::proofs;
using tasks::IsolatedEngine;
namespace fs = std::filesystem;

/// Several PC1 in one real prover: sectors of 8 MiB, which take it a second.
class IsolatedBatchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void eachSectorGetsWhatItWouldAlone();
    void anAbortedSectorLeavesTheOthersAlone();
    void allStoppedEndTheProver();
    void aProverThatIsKilledIsGoneOnFrom();

private:
    struct Sector {
        PreCommit1Order order;
        std::stop_source stop{};
        std::function<void(const Progress&)> heard = [](const Progress&) {};
        std::optional<std::uint64_t> from{};
        std::optional<Expected<std::string>> result{};
    };
    /// Their data are zeros; each has a ticket of its own.
    std::vector<Sector> make(int count) const {
        std::vector<Sector> out;
        for (int i = 0; i < count; ++i) {
            const fs::path root = m_root / ("sector-" + std::to_string(i));
            fs::create_directories(root);
            Bytes32 ticket{};
            ticket.fill(static_cast<std::uint8_t>(i + 1));
            out.push_back({{SealProof{6}, {1000, static_cast<std::uint64_t>(i)}, ticket, {m_piece}, m_root / "unsealed", root / "sealed", root / "cache"}});
        }
        return out;
    }
    void runTogether(std::vector<Sector>& sectors) const {
        std::vector<PreCommit1Member> members;
        for (Sector& sector : sectors) {
            TaskContext context;
            context.stop = sector.stop.get_token();
            context.report = [&sector](const Progress& progress) {
                if (progress.unit != "nodes" || progress.step == "making the parent cache") return;
                if (!sector.from) sector.from = progress.done;
                sector.heard(progress);
            };
            members.push_back({sector.order, context, [&sector](Expected<std::string> made) { sector.result = std::move(made); }});
        }
        IsolatedEngine engine(m_settings);
        engine.preCommit1Together(std::move(members));
        for (const Sector& sector : sectors) QVERIFY(sector.result);
    }
    void compareWithSingle(const Sector& sector) const {
        QVERIFY2(*sector.result, sector.result->hasValue() ? "" : sector.result->error().forLog().c_str());
        const fs::path alone = m_root / "alone";
        fs::remove_all(alone);
        fs::create_directories(alone);
        PreCommit1Order order = sector.order;
        order.sealed = alone / "sealed";
        order.cache = alone / "cache";
        const auto single = NativeEngine(nullptr).preCommit1(order, {});
        QVERIFY(single);
        QCOMPARE(QString::fromStdString(**sector.result).replace(QString::fromStdString(sector.order.cache.string()), QString::fromStdString(order.cache.string())),
                 QString::fromStdString(*single));
        std::map<std::string, bool> names;
        for (const auto& entry : fs::directory_iterator(sector.order.cache)) names[entry.path().filename().string()];
        QCOMPARE(names.size(), std::size_t{3});
        for (const auto& [name, unused] : names) QVERIFY2(content(sector.order.cache / name) == content(order.cache / name), name.c_str());
        QVERIFY(content(sector.order.sealed) == content(order.sealed));
    }
    static std::string content(const fs::path& path) {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    /// The prover that works in this folder: it has the parent cache open.
    pid_t prover() const {
        for (const auto& entry : fs::directory_iterator("/proc")) {
            std::error_code failed;
            const std::string name = entry.path().filename().string();
            if (name.find_first_not_of("0123456789") != std::string::npos || name == std::to_string(::getpid())) continue;
            if (content(entry.path() / "maps").find((m_root / "parents").string()) != std::string::npos) return std::stoi(name);
        }
        return -1;
    }

    QTemporaryDir m_dir;
    fs::path m_root;
    tasks::ProverSettings m_settings;
    PieceInfo m_piece;
};

void IsolatedBatchTest::initTestCase() {
    QVERIFY(m_dir.isValid());
    m_root = m_dir.path().toStdString();
    m_settings.scratch = m_root / "scratch";
    m_settings.parentCache = m_root / "parents";
    fs::create_directories(m_settings.scratch);
    qputenv("FIL_PROOFS_PARENT_CACHE", QByteArray::fromStdString(m_settings.parentCache.string()));
    std::ofstream(m_root / "unsealed").put('\0');
    fs::resize_file(m_root / "unsealed", 8U << 20);
    const auto commD = buildTreeD(**sector::proofInfo(SealProof{6}), m_root / "unsealed", m_root / "tree", {}, "pc1", {});
    QVERIFY(commD);
    m_piece = {sector::PaddedBytes{8U << 20}, *commD};
}

void IsolatedBatchTest::init() {
    for (int i = 0; i < 5; ++i) fs::remove_all(m_root / ("sector-" + std::to_string(i)));
}

void IsolatedBatchTest::eachSectorGetsWhatItWouldAlone() {
    auto sectors = make(3);
    sectors[1].order.unsealed = m_root / "is-not-there";
    runTogether(sectors);
    QVERIFY(!*sectors[1].result);
    QVERIFY2(sectors[1].result->error().message().find("is-not-there") != std::string::npos, sectors[1].result->error().message().c_str());
    compareWithSingle(sectors[0]);
    compareWithSingle(sectors[2]);
}

void IsolatedBatchTest::anAbortedSectorLeavesTheOthersAlone() {
    auto sectors = make(4);
    sectors[2].heard = [&](const Progress& progress) {
        if (progress.done > 50000) sectors[2].stop.request_stop();
    };
    runTogether(sectors);
    QVERIFY(!*sectors[2].result && sectors[2].result->error().code() == ErrorCode::Cancelled);
    for (const std::size_t i : {0U, 1U, 3U}) compareWithSingle(sectors[i]);
}

void IsolatedBatchTest::allStoppedEndTheProver() {
    auto sectors = make(2);
    sectors[0].heard = [&](const Progress& progress) {
        if (progress.done < 50000) return;
        for (Sector& sector : sectors) sector.stop.request_stop();
    };
    runTogether(sectors);
    for (const Sector& sector : sectors) QVERIFY(!*sector.result && sector.result->error().code() == ErrorCode::Cancelled);
    QCOMPARE(prover(), -1);
}

void IsolatedBatchTest::aProverThatIsKilledIsGoneOnFrom() {
    auto sectors = make(3);
    sectors[0].heard = [&](const Progress& progress) {
        // The second layer: the first one is in the checkpoints.
        if (progress.done > 300000)
            if (const pid_t child = prover(); child > 0) ::kill(child, SIGKILL);
    };
    runTogether(sectors);
    for (const Sector& sector : sectors) QVERIFY(!*sector.result && sector.result->error().code() == ErrorCode::ChildDied);
    auto again = make(3);
    runTogether(again);
    for (const Sector& sector : again) {
        QCOMPARE(*sector.from, std::uint64_t{1} << 18);
        compareWithSingle(sector);
    }
}

QTEST_GUILESS_MAIN(IsolatedBatchTest)
#include "tst_isolated_batch.moc"
