// SPDX-License-Identifier: MIT OR Apache-2.0
#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <set>

#include <sys/resource.h>

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "outcome_checks.h"
#include "proofs/native/native_engine.h"
#include "proofs/native/native_labels.h"
#include "proofs/native/native_trees.h"
#include "proofs/native/native_unseal.h"
#include "proofs/native/streamed_labels.h"
#include "sector/sector_files.h"

using namespace lsw;
using namespace lsw::proofs;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kBetween = 16;             ///< nodes from one checkpoint to the next, at 2 KiB
constexpr std::uint64_t kLittle = 1500, kLess = 600; ///< bytes for labels of a 2 KiB sector, whose two layers are 4096: some nodes at once, and one or two

std::map<std::string, std::string> filesIn(const fs::path& folder) {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) out[fs::relative(entry.path(), folder).string()] = contentOf(entry.path()).toStdString();
    return out;
}

} // namespace

/// Labels that were made in parts, where memory does not hold two layers, are those that are made in memory.
class TestStreamedLabels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void partsMakeWhatMemoryMakes_data();
    void partsMakeWhatMemoryMakes();
    void itGoesOnWhereItWas_data();
    void itGoesOnWhereItWas();
    void eitherGoesOnWhereTheOtherStopped();
    void aBatchIsDoneOneAfterTheOther();
    void whatIsSaidOfIt();
    void alteredLayersAreFound_data();
    void alteredLayersAreFound();
    void aFullDiskIsAnError();
    void tooLittleMemoryIsRefused();
    void theLastLayerAloneNeedsNoFilesOfTheCaller();

private:
    struct Sector {
        PreCommit1Order order;
        fs::path root;
    };
    Sector make(std::int64_t proof) {
        const auto& info = **sector::proofInfo(SealProof{proof});
        const fs::path root = m_root / std::to_string(m_made++);
        fs::create_directories(root);
        std::string data(info.sectorSize.value, '\0');
        for (std::size_t at = 0; at < data.size(); ++at) data[at] = static_cast<char>(m_random() & (at % 32 == 31 ? 0x3f : 0xff));
        std::ofstream(root / "unsealed", std::ios::binary) << data;
        Bytes32 ticket{};
        for (auto& byte : ticket) byte = static_cast<std::uint8_t>(m_random());
        const auto commD = buildTreeD(info, root / "unsealed", root / "tree", {}, "pc1", {});
        fs::remove(root / "tree");
        if (!commD) qFatal("%s", commD.error().forLog().c_str());
        return {{info.proof, {1000, m_made}, ticket, {{info.sectorSize, *commD}}, root / "unsealed", root / "sealed", root / "cache"}, root};
    }
    static Expected<std::string> label(const Sector& sector, std::uint64_t memory, const TaskContext& context = {}) {
        PreCommit1Order order = sector.order;
        order.memory = memory;
        return NativeEngine(nullptr, kBetween).preCommit1(order, context);
    }
    /// What memory makes of it.
    std::map<std::string, std::string> expected(const Sector& sector) const {
        PreCommit1Order order = sector.order;
        order.sealed = sector.root / "other" / "sealed";
        order.cache = sector.root / "other" / "cache";
        fs::create_directories(sector.root / "other");
        if (auto made = NativeEngine(nullptr).preCommit1(order, {}); !made) qFatal("%s", made.error().forLog().c_str());
        return filesIn(order.cache);
    }
    /// Stops a PC1 when so many nodes are done.
    static void interrupt(const Sector& sector, std::uint64_t memory, std::uint64_t nodes) {
        std::stop_source stop;
        TaskContext context;
        context.stop = stop.get_token();
        context.report = [&](const Progress& told) {
            if (told.unit == "nodes" && told.step.starts_with("layer") && told.done >= nodes) stop.request_stop();
        };
        LSW_REFUSED(label(sector, memory, context), ErrorCode::Cancelled);
    }
    /// Goes on, and says at which node it began.
    static std::uint64_t goOn(const Sector& sector, std::uint64_t memory) {
        std::optional<std::uint64_t> from;
        TaskContext context;
        context.report = [&](const Progress& told) {
            if (told.unit == "nodes" && told.step.starts_with("layer") && !from) from = told.done;
        };
        const auto made = label(sector, memory, context);
        if (!made) qWarning("%s", made.error().forLog().c_str());
        return made ? from.value_or(~0ULL) : ~0ULL;
    }

    QTemporaryDir m_dir{fs::is_directory("/dev/shm") ? QStringLiteral("/dev/shm/lsw-test-XXXXXX") : QDir::tempPath() + QStringLiteral("/lsw-test-XXXXXX")};
    fs::path m_root;
    std::mt19937_64 m_random{20261202};
    std::uint64_t m_made = 0;
};

void TestStreamedLabels::initTestCase() {
    m_root = m_dir.path().toStdString();
    qputenv("FIL_PROOFS_PARENT_CACHE", QByteArray::fromStdString((m_root / "parents").string()));
}

void TestStreamedLabels::partsMakeWhatMemoryMakes_data() {
    QTest::addColumn<int>("proof");
    QTest::addColumn<quint64>("memory");
    for (const quint64 memory : {quint64{kLess}, quint64{700}, quint64{kLittle}, quint64{2048}, quint64{4095}}) QTest::addRow("2 KiB in %llu bytes", memory) << 5 << memory;
    QTest::addRow("V1") << 0 << quint64{kLittle};
    QTest::addRow("synthetic") << 10 << quint64{kLittle};
    QTest::addRow("non-interactive") << 15 << quint64{kLittle};
    QTest::addRow("8 MiB in 1 MiB") << 6 << quint64{1U << 20};
    QTest::addRow("8 MiB in 7 MiB") << 6 << quint64{7U << 20};
    QTest::addRow("8 MiB V1 in 5 MiB") << 1 << quint64{5U << 20};
}

void TestStreamedLabels::partsMakeWhatMemoryMakes() {
    QFETCH(int, proof);
    QFETCH(quint64, memory);
    const Sector sector = make(proof);
    PreCommit1Order order = sector.order;
    order.memory = memory;
    LSW_DONE(NativeEngine(nullptr).preCommit1(order, {}));
    QVERIFY(filesIn(sector.order.cache) == expected(sector));
    QVERIFY(contentOf(sector.order.sealed) == contentOf(sector.order.unsealed));
}

void TestStreamedLabels::itGoesOnWhereItWas_data() {
    QTest::addColumn<quint64>("stopped");
    for (quint64 nodes = 1; nodes < 112; nodes += 9) QTest::addRow("%llu", nodes) << nodes;
}

void TestStreamedLabels::itGoesOnWhereItWas() {
    QFETCH(quint64, stopped);
    const Sector sector = make(5);
    interrupt(sector, kLittle, stopped);
    const std::uint64_t from = goOn(sector, kLittle);
    QVERIFY2(from % kBetween == 0 && from + kBetween > stopped, std::to_string(from).c_str());
    QVERIFY(filesIn(sector.order.cache) == expected(sector));
}

void TestStreamedLabels::eitherGoesOnWhereTheOtherStopped() {
    for (const std::uint64_t nodes : {16U, 48U, 64U, 80U, 112U}) {
        for (const bool isStreamedFirst : {true, false}) {
            const Sector sector = make(5);
            interrupt(sector, isStreamedFirst ? kLittle : 0, nodes);
            QCOMPARE(goOn(sector, isStreamedFirst ? 0 : kLittle), nodes);
            QVERIFY(filesIn(sector.order.cache) == expected(sector));
        }
    }
}

void TestStreamedLabels::aBatchIsDoneOneAfterTheOther() {
    std::vector<Sector> sectors;
    for (int i = 0; i < 4; ++i) sectors.push_back(make(5));
    interrupt(sectors[1], kLittle, 80); // the others join it there, each by itself
    std::vector<PreCommit1Member> members;
    std::vector<Expected<std::string>> results;
    std::stop_source stop;
    for (std::size_t i = 0; i < sectors.size(); ++i) {
        PreCommit1Order order = sectors[i].order;
        order.memory = kLittle / 4; // what each was granted counts together
        TaskContext context;
        if (i == 2) {
            context.stop = stop.get_token();
            context.report = [&](const Progress& told) {
                if (told.done == 32 && told.step.starts_with("layer")) stop.request_stop();
            };
        }
        members.push_back({order, context, [&](Expected<std::string> result) { results.push_back(std::move(result)); }});
    }
    NativeEngine(nullptr, kBetween).preCommit1Together(std::move(members));
    QCOMPARE(results.size(), sectors.size());
    QCOMPARE(std::ranges::count_if(results, [](const auto& one) { return one.hasValue(); }), 3);
    for (const std::size_t i : {0U, 1U, 3U}) QVERIFY(filesIn(sectors[i].order.cache) == expected(sectors[i]));
    QCOMPARE(goOn(sectors[2], kLittle), std::uint64_t{32});
    QVERIFY(filesIn(sectors[2].order.cache) == expected(sectors[2]));
}

void TestStreamedLabels::whatIsSaidOfIt() {
    const Sector sector = make(6);
    std::set<std::string> steps;
    std::uint64_t before = 0;
    bool isInOrder = true;
    TaskContext context;
    context.report = [&](const Progress& told) {
        if (told.unit != "nodes" || !told.step.starts_with("layer")) return;
        steps.insert(told.step);
        isInOrder = isInOrder && told.done >= before;
        before = told.done;
    };
    PreCommit1Order order = sector.order;
    order.memory = 4U << 20;
    LSW_DONE(NativeEngine(nullptr).preCommit1(order, context));
    QVERIFY(isInOrder);
    QCOMPARE(before, std::uint64_t{1} << 19);
    QVERIFY(std::ranges::any_of(steps, [](const std::string& step) { return step.starts_with("layer 2 of 2, in about ") && step.find("parts with 4 MiB of memory: reads ") != std::string::npos; }));
}

void TestStreamedLabels::alteredLayersAreFound_data() {
    QTest::addColumn<int>("layer");
    QTest::addColumn<bool>("isCut");
    for (const int layer : {1, 2})
        for (const bool isCut : {false, true}) QTest::addRow("layer %d %s", layer, isCut ? "cut off" : "altered") << layer << isCut;
}

/// While it works: what was read for a part is compared with what was written, and a file that has become shorter is no end of the process.
void TestStreamedLabels::alteredLayersAreFound() {
    QFETCH(int, layer);
    QFETCH(bool, isCut);
    const Sector sector = make(5);
    const fs::path file = sector.order.cache / sector::layerFileName(layer);
    bool isDone = false;
    TaskContext context;
    context.report = [&](const Progress& told) {
        if (isDone || !told.step.starts_with("layer 2") || told.done < 64 + 32) return;
        isDone = true;
        if (isCut) return fs::resize_file(file, 100);
        std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
        stream.seekp(40);
        stream.put(static_cast<char>(0x5a));
        stream.seekp(41);
        stream.put(static_cast<char>(0x5a));
    };
    const auto made = label(sector, kLess, context);
    LSW_REFUSED(made, ErrorCode::Corrupt);
    QVERIFY(isDone);
    LSW_DONE(label(sector, kLess));
    QVERIFY(filesIn(sector.order.cache) == expected(sector));
}

void TestStreamedLabels::aFullDiskIsAnError() {
    const Sector sector = make(6);
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit little{4U << 20, before.rlim_max};
    PreCommit1Order order = sector.order;
    order.memory = 4U << 20;
    const TaskContext context;
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &little), 0);
    const auto made = NativeEngine(nullptr).preCommit1(order, context);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY(!made);
    LSW_DONE(NativeEngine(nullptr).preCommit1(order, context));
    QVERIFY(filesIn(sector.order.cache) == expected(sector));
}

void TestStreamedLabels::tooLittleMemoryIsRefused() {
    const Sector sector = make(6);
    PreCommit1Order order = sector.order;
    order.memory = 100U << 10;
    const auto made = NativeEngine(nullptr).preCommit1(order, {});
    LSW_REFUSED(made, ErrorCode::Unsupported);
    QVERIFY2(made.error().message().find("at least 256 KiB") != std::string::npos, made.error().message().c_str());
}

void TestStreamedLabels::theLastLayerAloneNeedsNoFilesOfTheCaller() {
    for (const std::int64_t proof : {5, 0}) {
        const auto& info = **sector::proofInfo(SealProof{proof});
        const fs::path scratch = m_root / "scratch";
        fs::create_directories(scratch);
        const Bytes32 id = {1, 2, 3};
        const auto inMemory = lastLayer(info, id, scratch, 0, "unseal", {});
        const auto inFile = lastLayer(info, id, scratch, kLittle, "unseal", {});
        LSW_DONE(inMemory);
        LSW_DONE(inFile);
        QVERIFY(inMemory->memory && !inMemory->file && inFile->file && !inFile->memory);
        QVERIFY(fs::is_empty(scratch));
        Bytes labels(info.sectorSize.value);
        LSW_DONE(inFile->file->readAt(0, labels));
        QVERIFY(std::equal(labels.begin(), labels.end(), inMemory->memory->data()));
    }
}

QTEST_GUILESS_MAIN(TestStreamedLabels)
#include "tst_streamed_labels.moc"
