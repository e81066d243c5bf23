// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fstream>
#include <map>
#include <random>
#include <set>

#include <sys/prctl.h>

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "kernels/labels/labels.h"
#include "outcome_checks.h"
#include "proofs/native/native_engine.h"
#include "proofs/native/native_labels.h"
#include "proofs/native/native_parents.h"
#include "proofs/native/native_trees.h"
#include "sector/sector_files.h"

using namespace lsw;
using namespace lsw::proofs;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kBetween = 16; ///< nodes from one checkpoint to the next
constexpr std::uint64_t kAllNodes = 128; ///< of both layers of a 2 KiB sector

std::map<std::string, std::string> filesIn(const fs::path& folder) {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) out[fs::relative(entry.path(), folder).string()] = contentOf(entry.path()).toStdString();
    return out;
}

/// A PC1 in a folder of its own, what was told of it, and what came of it.
struct Sector {
    PreCommit1Order order;
    fs::path root;
    std::stop_source stop{};
    std::function<void(const Progress&)> heard = [](const Progress&) {};
    std::vector<Progress> progress{};
    std::vector<Expected<std::string>> results{};

    PreCommit1Member member() {
        TaskContext context;
        context.stop = stop.get_token();
        context.report = [this](const Progress& told) {
            if (told.unit != "nodes" || told.step == "making the parent cache") return;
            progress.push_back(told);
            heard(told);
        };
        return {order, context, [this](Expected<std::string> result) { results.push_back(std::move(result)); }};
    }
    /// Stops it when so many nodes are done.
    void stopAt(std::uint64_t nodes) {
        heard = [this, nodes](const Progress& told) {
            if (told.done >= nodes) stop.request_stop();
        };
    }
};

} // namespace

/// Several PC1 at once: the files are those of single runs, and each sector has a life of its own.
class TestLabelBatch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { fs::remove_all(m_root / "sectors"); }
    void aBatchMakesWhatSingleRunsMake_data();
    void aBatchMakesWhatSingleRunsMake();
    void everyWidthMakesTheSame_data();
    void everyWidthMakesTheSame();
    void eachSectorIsToldOf();
    void oneThatIsStoppedLeavesTheOthersAlone_data();
    void oneThatIsStoppedLeavesTheOthersAlone();
    void oneThatFailsFailsAlone();
    void sectorsGoOnWhereEachWas();
    void aSectorThatWaitsCanBeStopped();
    void noSectorIsTwiceInABatch();
    void memoryWithoutHugePagesIsSaid();

private:
    /// Sectors of random data and tickets, not begun.
    std::vector<std::unique_ptr<Sector>> make(std::size_t count, std::int64_t proof) {
        const auto& info = **sector::proofInfo(SealProof{proof});
        std::vector<std::unique_ptr<Sector>> out;
        for (std::size_t i = 0; i < count; ++i) {
            const fs::path root = m_root / "sectors" / std::to_string(m_made++);
            fs::create_directories(root);
            std::string data(info.sectorSize.value, '\0');
            for (std::size_t at = 0; at < data.size(); ++at) data[at] = static_cast<char>(m_random() & (at % 32 == 31 ? 0x3f : 0xff));
            std::ofstream(root / "unsealed", std::ios::binary) << data;
            Bytes32 ticket{};
            for (auto& byte : ticket) byte = static_cast<std::uint8_t>(m_random());
            const auto commD = buildTreeD(info, root / "unsealed", root / "tree", {}, "pc1", {});
            fs::remove(root / "tree");
            if (!commD) qFatal("%s", commD.error().forLog().c_str());
            out.push_back(std::make_unique<Sector>(Sector{{info.proof, {1000, m_made}, ticket, {{info.sectorSize, *commD}}, root / "unsealed", root / "sealed", root / "cache"}, root}));
        }
        return out;
    }
    static void runTogether(const std::vector<std::unique_ptr<Sector>>& sectors, std::uint64_t between = kBetween) {
        std::vector<PreCommit1Member> members;
        for (const auto& sector : sectors) members.push_back(sector->member());
        NativeEngine(nullptr, between).preCommit1Together(std::move(members));
        for (const auto& sector : sectors) QCOMPARE(sector->results.size(), std::size_t{1});
    }
    /// Its files are those of a single run in another folder, and so is what came of it.
    void compareWithSingle(const Sector& sector) const {
        const fs::path alone = m_root / "alone";
        fs::remove_all(alone);
        fs::create_directories(alone);
        PreCommit1Order order = sector.order;
        order.sealed = alone / "sealed";
        order.cache = alone / "cache";
        auto single = NativeEngine(nullptr).preCommit1(order, {});
        LSW_DONE(single);
        QVERIFY(filesIn(sector.order.cache) == filesIn(alone / "cache"));
        QVERIFY(contentOf(sector.order.sealed) == contentOf(alone / "sealed"));
        LSW_DONE(sector.results.back());
        QString expected = QString::fromStdString(*single);
        QCOMPARE(QString::fromStdString(*sector.results.back()), expected.replace(QString::fromStdString(order.cache.string()), QString::fromStdString(sector.order.cache.string())));
    }

    QTemporaryDir m_dir{fs::is_directory("/dev/shm") ? QStringLiteral("/dev/shm/lsw-test-XXXXXX") : QDir::tempPath() + QStringLiteral("/lsw-test-XXXXXX")};
    fs::path m_root;
    std::mt19937_64 m_random{20261201};
    std::uint64_t m_made = 0;
};

void TestLabelBatch::initTestCase() {
    m_root = m_dir.path().toStdString();
    qputenv("FIL_PROOFS_PARENT_CACHE", QByteArray::fromStdString((m_root / "parents").string()));
}

void TestLabelBatch::aBatchMakesWhatSingleRunsMake_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("proof");
    for (const int count : {1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 32, 33}) QTest::addRow("%d of 2 KiB", count) << count << 5;
    QTest::addRow("V1") << 4 << 0;
    QTest::addRow("synthetic") << 3 << 10;
    QTest::addRow("non-interactive") << 2 << 15;
    QTest::addRow("3 of 8 MiB") << 3 << 6;
}

void TestLabelBatch::aBatchMakesWhatSingleRunsMake() {
    QFETCH(int, count);
    QFETCH(int, proof);
    const auto sectors = make(static_cast<std::size_t>(count), proof);
    runTogether(sectors, proof == 6 ? 1U << 16 : kBetween);
    for (const auto& sector : sectors) compareWithSingle(*sector);
}

void TestLabelBatch::everyWidthMakesTheSame_data() {
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("count");
    for (const int width : {1, 2, 4, 16, 32})
        for (const int count : std::set<int>{1, std::max(1, width / 2 + 1), width}) QTest::addRow("%d in %d lanes", count, width) << width << count;
}

/// Which width is chosen depends on the processor: here each has its turn, empty lanes too.
void TestLabelBatch::everyWidthMakesTheSame() {
    QFETCH(int, width);
    QFETCH(int, count);
    if (!kernels::labels().chosen().function.of(static_cast<std::size_t>(width))) QSKIP("the kernel in use has no such width");
    const auto& info = **sector::proofInfo(SealProof{5});
    const auto parents = mappedParents(info, "pc1", {});
    LSW_DONE(parents);
    std::vector<LabelledSector> sectors(static_cast<std::size_t>(count));
    std::vector<LabelledSector*> lanes;
    for (auto& sector : sectors) {
        for (auto& byte : sector.replicaId) byte = static_cast<std::uint8_t>(m_random());
        const fs::path root = m_root / "sectors" / std::to_string(m_made++);
        fs::create_directories(root);
        for (const auto& layer : sector::layerFiles(info)) sector.layerFiles.push_back(root / layer.name);
        lanes.push_back(&sector);
    }
    auto group = LabelLanes::make(info, *parents, static_cast<std::size_t>(width), lanes, "pc1");
    LSW_DONE(group);
    group->run({}, {3, 0}, [] {});
    for (const auto& sector : sectors) {
        QVERIFY(!sector.isOver);
        std::vector<fs::path> files;
        for (const auto& path : sector.layerFiles) files.push_back(path.string() + ".alone");
        LSW_DONE(labelSector(info, sector.replicaId, files, "pc1", {}));
        for (std::size_t layer = 0; layer < files.size(); ++layer) QVERIFY(contentOf(files[layer]) == contentOf(sector.layerFiles[layer]));
    }
}

void TestLabelBatch::eachSectorIsToldOf() {
    const auto sectors = make(4, 5);
    runTogether(sectors);
    for (const auto& sector : sectors) {
        std::uint64_t before = 0;
        for (const Progress& told : sector->progress) {
            QVERIFY(told.phase == "pc1" && told.total == kAllNodes && told.done >= before);
            before = told.done;
        }
        QCOMPARE(before, kAllNodes);
        QCOMPARE(sector->progress.front().done, std::uint64_t{0});
        QVERIFY(sector->progress.size() >= kAllNodes / kBetween);
    }
}

void TestLabelBatch::oneThatIsStoppedLeavesTheOthersAlone_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("stopped");
    QTest::addColumn<quint64>("at");
    for (const quint64 at : {0U, 16U, 48U, 64U, 96U, 112U}) {
        QTest::addRow("1 of 4 at %llu", at) << 4 << 1 << at;
        QTest::addRow("3 of 4 at %llu", at) << 4 << 3 << at; // the last one is labelled alone then
        QTest::addRow("2 of 9 at %llu", at) << 9 << 2 << at;
    }
}

void TestLabelBatch::oneThatIsStoppedLeavesTheOthersAlone() {
    QFETCH(int, count);
    QFETCH(int, stopped);
    QFETCH(quint64, at);
    const auto sectors = make(static_cast<std::size_t>(count), 5);
    for (int i = 0; i < stopped; ++i) sectors[static_cast<std::size_t>(i)]->stopAt(at);
    runTogether(sectors);
    for (int i = 0; i < count; ++i) {
        Sector& sector = *sectors[static_cast<std::size_t>(i)];
        if (i >= stopped) {
            compareWithSingle(sector);
            continue;
        }
        LSW_REFUSED(sector.results.back(), ErrorCode::Cancelled);
        // And alone it goes on where it left.
        Sector again{sector.order, sector.root};
        auto member = again.member();
        again.results.push_back(NativeEngine(nullptr, kBetween).preCommit1(member.order, member.context));
        QCOMPARE(again.progress.front().done, at / kBetween * kBetween);
        compareWithSingle(again);
    }
}

void TestLabelBatch::oneThatFailsFailsAlone() {
    const auto sectors = make(5, 5);
    const auto& second = sectors[1]; // a folder is where its second layer belongs
    second->heard = [&](const Progress& told) {
        if (told.done == 32) fs::create_directories(second->order.cache / sector::layerFileName(2));
    };
    sectors[3]->order.unsealed = m_root / "is-not-there";
    runTogether(sectors);
    LSW_REFUSED(sectors[1]->results.back(), ErrorCode::Io);
    QVERIFY(!sectors[3]->results.back());
    for (const std::size_t i : {0U, 2U, 4U}) compareWithSingle(*sectors[i]);
    fs::remove(second->order.cache / sector::layerFileName(2));
    Sector again{second->order, second->root};
    const auto member = again.member();
    again.results.push_back(NativeEngine(nullptr, kBetween).preCommit1(member.order, member.context));
    QCOMPARE(again.progress.front().done, std::uint64_t{64});
    compareWithSingle(again);
}

void TestLabelBatch::sectorsGoOnWhereEachWas() {
    const std::vector<std::uint64_t> places{0, 96, 16, 64, 96, 112, 16, 0, 48};
    const auto sectors = make(places.size(), 5);
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i] == 0) continue;
        Sector before{sectors[i]->order, sectors[i]->root};
        before.stopAt(places[i]);
        const auto member = before.member();
        LSW_REFUSED(NativeEngine(nullptr, kBetween).preCommit1(member.order, member.context), ErrorCode::Cancelled);
    }
    runTogether(sectors);
    for (std::size_t i = 0; i < places.size(); ++i) {
        QCOMPARE(sectors[i]->progress.front().done, places[i]);
        compareWithSingle(*sectors[i]);
    }
}

void TestLabelBatch::aSectorThatWaitsCanBeStopped() {
    const auto sectors = make(2, 5);
    Sector before{sectors[1]->order, sectors[1]->root};
    before.stopAt(96);
    const auto begun = before.member();
    LSW_REFUSED(NativeEngine(nullptr, kBetween).preCommit1(begun.order, begun.context), ErrorCode::Cancelled);
    sectors[0]->heard = [&](const Progress& told) {
        if (told.done == 32) sectors[1]->stop.request_stop(); // it waits at 96
        if (told.done == 64) QCOMPARE(sectors[1]->results.size(), std::size_t{1});
    };
    runTogether(sectors);
    LSW_REFUSED(sectors[1]->results.back(), ErrorCode::Cancelled);
    QCOMPARE(sectors[1]->progress.back().step, std::string("waits for sectors of its batch"));
    compareWithSingle(*sectors[0]);
}

void TestLabelBatch::noSectorIsTwiceInABatch() {
    auto sectors = make(2, 5);
    sectors.push_back(std::make_unique<Sector>(Sector{sectors[0]->order, sectors[0]->root}));
    auto other = make(1, 0);
    sectors.push_back(std::move(other[0]));
    runTogether(sectors);
    LSW_REFUSED(sectors[2]->results.back(), ErrorCode::InvalidArgument);
    LSW_REFUSED(sectors[3]->results.back(), ErrorCode::InvalidArgument);
    compareWithSingle(*sectors[0]);
    compareWithSingle(*sectors[1]);
}

void TestLabelBatch::memoryWithoutHugePagesIsSaid() {
    std::ifstream modes("/sys/kernel/mm/transparent_hugepage/enabled");
    std::string text;
    std::getline(modes, text);
    if (text.empty() || text.find("[never]") != std::string::npos) QSKIP("this system has no huge pages to do without");
    const auto said = [&] {
        const auto sectors = make(1, 6);
        std::string last;
        sectors[0]->heard = [&](const Progress& told) { last = told.step; };
        runTogether(sectors, 1U << 16);
        return last;
    };
    QCOMPARE(said(), std::string("layer 2 of 2"));
    QCOMPARE(::prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0), 0);
    const std::string without = said();
    QCOMPARE(::prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0), 0);
    QVERIFY2(without.starts_with("layer 2 of 2, without huge pages: "), without.c_str());
}

QTEST_GUILESS_MAIN(TestLabelBatch)
#include "tst_label_batch.moc"
