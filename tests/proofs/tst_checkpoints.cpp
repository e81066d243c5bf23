// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "outcome_checks.h"
#include "proofs/native/checkpoint_file.h"
#include "proofs/native/native_engine.h"
#include "proofs/native/native_labels.h"
#include "proofs/native/native_trees.h"
#include "proofs/native/replica_id.h"
#include "sector/sector_files.h"

using namespace lsw;
using namespace lsw::proofs;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kBetween = 16; ///< nodes from one checkpoint to the next
constexpr SectorId kSector{1000, 1};

void flip(const fs::path& path, std::uint64_t at) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ 0x20));
}
std::map<std::string, std::string> filesIn(const fs::path& folder) {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::directory_iterator(folder)) out[entry.path().filename().string()] = contentOf(entry.path()).toStdString();
    return out;
}
void writeData(const fs::path& file, std::uint64_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>((7 * i + 3) & (i % 32 == 31 ? 0x3f : 0xff));
    std::ofstream(file, std::ios::binary) << bytes;
}
Bytes32 filled(std::uint8_t value) {
    Bytes32 out{};
    out.fill(value);
    return out;
}

/// Nodes that were computed, and a stop when so many are done of all.
struct Watch {
    explicit Watch(std::uint64_t stopAt = ~std::uint64_t(0)) {
        context.stop = source.get_token();
        context.report = [this, stopAt](const Progress& progress) {
            if (progress.unit != "nodes" || progress.step == "making the parent cache") return;
            if (!begun) from = progress.done;
            begun = true;
            reached = std::max(reached, progress.done);
            if (progress.done >= stopAt) source.request_stop();
        };
    }
    std::stop_source source;
    TaskContext context;
    bool begun = false;
    std::uint64_t from = 0, reached = 0;
};

} // namespace

/// Interrupted PC1 and PC2: where they go on, what they take for theirs, and that the result is always the same.
class TestCheckpoints : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aSumSeesEveryByteAndItsPlace();
    void aCheckpointIsReadWholeOrNotAtAll();
    void labellingGoesOnAtTheLastCheckpoint_data();
    void labellingGoesOnAtTheLastCheckpoint();
    void anAlteredLayerIsMadeAgain();
    void anAlteredCheckpointOfLabelsCountsForNothing();
    void layersWithoutACheckpointCountForNothing();
    void anotherOrderBeginsAnew_data();
    void anotherOrderBeginsAnew();
    void aHalfLabelledSectorIsNotBuiltOn();
    void treesGoOnAtTheNextTree();
    void anAlteredTreeIsMadeAgain();
    void treesOfOtherLayersCountForNothing();

private:
    Expected<std::string> label(const fs::path& root, std::uint8_t ticket, const TaskContext& context) const {
        return NativeEngine(nullptr, kBetween).preCommit1(order(root, ticket), context);
    }
    PreCommit1Order order(const fs::path& root, std::uint8_t ticket) const {
        return {SealProof{5}, kSector, filled(ticket), {{sector::PaddedBytes{2048}, m_commD}}, m_root / "unsealed", root / "sealed", root / "cache"};
    }
    /// A cache in which PC1 was interrupted when so many nodes were done.
    void interrupt(const fs::path& root, std::uint64_t nodes) const {
        fs::remove_all(root);
        fs::create_directories(root);
        Watch watch(nodes);
        const auto stopped = label(root, 1, watch.context);
        QVERIFY(!stopped && stopped.error().code() == ErrorCode::Cancelled);
        QVERIFY(fs::exists(root / "cache" / sector::kLabelCheckpointName));
    }
    /// PC1 from what is there: how much of it was done already, and that the end is the one of an undisturbed run.
    void finish(const fs::path& root, std::uint64_t from) const {
        Watch watch;
        LSW_DONE(label(root, 1, watch.context));
        QCOMPARE(watch.from, from);
        QVERIFY(filesIn(root / "cache") == m_labelled);
        QCOMPARE(contentOf(root / "sealed"), contentOf(m_root / "unsealed"));
    }

    /// Sixteen base trees, as a 64 GiB sector has them.
    static sector::ProofInfo sixteenTrees() {
        sector::ProofInfo proof = **sector::proofInfo(SealProof{5});
        proof.sectorSize = {32768};
        proof.baseTrees = 16;
        return proof;
    }
    static Expected<ReplicaTrees> build(const sector::ProofInfo& proof, const fs::path& root, const TaskContext& context) {
        auto checkpoint = TreeCheckpoint::resumed(proof, root / "sealed", root / "cache", context);
        if (!checkpoint) return checkpoint.error();
        auto trees = buildReplicaTrees(proof, root / "sealed", root / "cache", context, &*checkpoint);
        if (trees) LSW_TRY(checkpoint->remove());
        return trees;
    }
    /// Layers in a folder where PC2 was interrupted in the tree after so many.
    void interruptTrees(const fs::path& root, std::uint64_t trees) const {
        fs::remove_all(root);
        fs::create_directories(root);
        fs::copy(m_layers, root / "cache");
        Watch watch(64 * trees);
        const auto stopped = build(m_sixteen, root, watch.context);
        QVERIFY(!stopped && stopped.error().code() == ErrorCode::Cancelled);
    }
    void finishTrees(const fs::path& root, std::uint64_t from) const {
        Watch watch;
        const auto trees = build(m_sixteen, root, watch.context);
        if (!trees) QFAIL(trees.error().forLog().c_str());
        QCOMPARE(watch.from, from);
        QVERIFY(trees->commR == m_commR);
        auto files = filesIn(root / "cache");
        files.erase(std::string(sector::kTAuxName)); // the folder is in it
        QVERIFY(files == m_built);
        QCOMPARE(contentOf(root / "sealed").toStdString(), m_replica);
    }

    // In memory where that can be: every checkpoint is flushed, and there are hundreds.
    QTemporaryDir m_dir{fs::is_directory("/dev/shm") ? QStringLiteral("/dev/shm/lsw-test-XXXXXX") : QDir::tempPath() + QStringLiteral("/lsw-test-XXXXXX")};
    fs::path m_root, m_layers;
    Commitment m_commD{}, m_commR{};
    std::map<std::string, std::string> m_labelled, m_built;
    std::string m_replica;
    sector::ProofInfo m_sixteen = sixteenTrees();
};

void TestCheckpoints::initTestCase() {
    m_root = m_dir.path().toStdString();
    qputenv("FIL_PROOFS_PARENT_CACHE", QByteArray::fromStdString((m_root / "parents").string()));
    writeData(m_root / "unsealed", 2048);
    const auto commD = buildTreeD(**sector::proofInfo(SealProof{5}), m_root / "unsealed", m_root / "tree", {}, "pc1", {});
    QVERIFY(commD);
    m_commD = *commD;
    fs::create_directories(m_root / "undisturbed");
    LSW_DONE(label(m_root / "undisturbed", 1, {}));
    m_labelled = filesIn(m_root / "undisturbed" / "cache");
    QCOMPARE(m_labelled.size(), std::size_t{3});

    const fs::path sixteen = m_root / "sixteen";
    m_layers = m_root / "layers";
    fs::create_directories(m_layers);
    fs::create_directories(sixteen);
    writeData(sixteen / "unsealed", 32768);
    const auto commD16 = buildTreeD(m_sixteen, sixteen / "unsealed", m_layers / sector::treeDFileName(), {}, "pc1", {});
    QVERIFY(commD16);
    std::vector<fs::path> files;
    for (const auto& layer : sector::layerFiles(m_sixteen)) files.push_back(m_layers / layer.name);
    LSW_DONE(labelSector(m_sixteen, replicaId(m_sixteen.proof, kSector, filled(1), *commD16), files, "pc1", {}));
    fs::copy(m_layers, sixteen / "cache");
    const auto trees = buildReplicaTrees(m_sixteen, sixteen / "sealed", sixteen / "cache", {});
    QVERIFY(trees);
    m_commR = trees->commR;
    m_built = filesIn(sixteen / "cache");
    m_built.erase(std::string(sector::kTAuxName));
    m_replica = contentOf(sixteen / "sealed").toStdString();
}

void TestCheckpoints::aSumSeesEveryByteAndItsPlace() {
    Bytes bytes(4096);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 256);
    FileSum whole;
    whole.add(0, bytes);
    SharedSum parts; // in another order
    for (const std::size_t at : {2048U, 0U, 3072U, 1024U}) parts.add(at, std::span(bytes).subspan(at, 1024));
    QVERIFY(parts.value() == whole);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        bytes[at] ^= 0x80;
        FileSum other;
        other.add(0, bytes);
        QVERIFY(other != whole);
        bytes[at] ^= 0x80;
    }
    std::swap_ranges(bytes.begin(), bytes.begin() + 512, bytes.begin() + 512);
    FileSum moved;
    moved.add(0, bytes);
    QVERIFY(moved != whole && moved.plain == whole.plain);
    const auto back = FileSum::fromText(whole.text());
    QVERIFY(back && *back == whole);
    QVERIFY(!FileSum::fromText("12") && !FileSum::fromText(std::string(32, 'g')));
}

void TestCheckpoints::aCheckpointIsReadWholeOrNotAtAll() {
    const fs::path file = m_root / "checkpoint";
    const CheckpointFile written{filled(3), {"layer 1 64 x", "layer 2 16 y"}};
    LSW_DONE(written.write(file));
    const auto read = CheckpointFile::read(file, filled(3));
    QVERIFY(read && read->lines == written.lines);
    QVERIFY(!fs::exists(file.string() + ".new"));
    QVERIFY(!CheckpointFile::read(file, filled(4)));
    const std::string whole = contentOf(file).toStdString();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        flip(file, at);
        QVERIFY2(!CheckpointFile::read(file, filled(3)), std::to_string(at).c_str());
        flip(file, at);
    }
    for (std::size_t length = 0; length < whole.size(); ++length) {
        std::ofstream(file, std::ios::binary) << whole.substr(0, length);
        QVERIFY2(!CheckpointFile::read(file, filled(3)), std::to_string(length).c_str());
    }
    std::ofstream(file, std::ios::binary) << whole << "more\n";
    QVERIFY(!CheckpointFile::read(file, filled(3)));
    LSW_DONE(CheckpointFile::remove(file));
    LSW_DONE(CheckpointFile::remove(file));
}

void TestCheckpoints::labellingGoesOnAtTheLastCheckpoint_data() {
    QTest::addColumn<quint64>("stopped");
    for (quint64 nodes = kBetween; nodes < 128; nodes += kBetween) QTest::addRow("%llu", static_cast<unsigned long long>(nodes)) << nodes;
}

void TestCheckpoints::labellingGoesOnAtTheLastCheckpoint() {
    QFETCH(quint64, stopped);
    const fs::path root = m_root / "goes-on";
    interrupt(root, stopped);
    finish(root, stopped);
}

void TestCheckpoints::anAlteredLayerIsMadeAgain() {
    const fs::path root = m_root / "altered", cache = root / "cache";
    // Layer 1 is whole, 32 nodes of layer 2 are done.
    for (std::uint64_t at = 0; at < 2048; at += 97) {
        interrupt(root, 96);
        flip(cache / sector::layerFileName(1), at);
        finish(root, 0);
    }
    for (std::uint64_t at = 5; at < 2048; at += 97) {
        interrupt(root, 96);
        flip(cache / sector::layerFileName(2), at);
        finish(root, at < 1024 ? 64 : 96); // what is not done yet is written over
    }
    interrupt(root, 96);
    fs::resize_file(cache / sector::layerFileName(2), 1024);
    finish(root, 64);
    interrupt(root, 96);
    fs::remove(cache / sector::layerFileName(1));
    finish(root, 0);
    interrupt(root, 96);
    // A layer of the right size of another ticket.
    fs::create_directories(m_root / "foreign");
    LSW_DONE(label(m_root / "foreign", 2, {}));
    fs::copy_file(m_root / "foreign" / "cache" / sector::layerFileName(1), cache / sector::layerFileName(1), fs::copy_options::overwrite_existing);
    finish(root, 0);
}

void TestCheckpoints::anAlteredCheckpointOfLabelsCountsForNothing() {
    const fs::path root = m_root / "altered-checkpoint", file = root / "cache" / sector::kLabelCheckpointName;
    interrupt(root, 96);
    const auto size = fs::file_size(file);
    for (std::uint64_t at = 0; at < size; at += 11) {
        interrupt(root, 96);
        flip(file, at);
        finish(root, 0);
    }
}

void TestCheckpoints::layersWithoutACheckpointCountForNothing() {
    const fs::path root = m_root / "without";
    interrupt(root, 96);
    fs::remove(root / "cache" / sector::kLabelCheckpointName);
    finish(root, 0);
    finish(root, 0); // and of a finished PC1, too
}

void TestCheckpoints::anotherOrderBeginsAnew_data() {
    QTest::addColumn<int>("proof");
    QTest::addColumn<quint64>("number");
    QTest::addColumn<int>("ticket");
    QTest::newRow("ticket") << 5 << quint64(1) << 2;
    QTest::newRow("sector") << 5 << quint64(2) << 1;
    QTest::newRow("proof") << 0 << quint64(1) << 1;
}

void TestCheckpoints::anotherOrderBeginsAnew() {
    QFETCH(int, proof);
    QFETCH(quint64, number);
    QFETCH(int, ticket);
    const fs::path root = m_root / "another", fresh = m_root / "fresh";
    interrupt(root, 96);
    auto other = order(root, static_cast<std::uint8_t>(ticket));
    other.proof = SealProof{proof};
    other.sector.number = number;
    Watch watch;
    LSW_DONE(NativeEngine(nullptr, kBetween).preCommit1(other, watch.context));
    QCOMPARE(watch.from, std::uint64_t{0});
    fs::remove_all(fresh);
    fs::create_directories(fresh);
    other.sealed = fresh / "sealed";
    other.cache = fresh / "cache";
    LSW_DONE(NativeEngine(nullptr, kBetween).preCommit1(other, {}));
    QVERIFY(filesIn(root / "cache") == filesIn(fresh / "cache"));
    QVERIFY(filesIn(root / "cache") != m_labelled);
}

void TestCheckpoints::aHalfLabelledSectorIsNotBuiltOn() {
    const fs::path root = m_root / "half";
    const auto phase1 = label(m_root / "undisturbed", 1, {});
    QVERIFY(phase1);
    interrupt(root, 96); // both layers have their full size already
    const auto refused = NativeEngine(nullptr).preCommit2({*phase1, root / "sealed", root / "cache"}, {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code(), ErrorCode::Corrupt);
    finish(root, 96);
    LSW_DONE(NativeEngine(nullptr).preCommit2({*phase1, root / "sealed", root / "cache"}, {}));
    QVERIFY(!fs::exists(root / "cache" / sector::kTreeCheckpointName));
}

void TestCheckpoints::treesGoOnAtTheNextTree() {
    const fs::path root = m_root / "trees";
    for (const std::uint64_t trees : {1U, 2U, 9U, 15U}) {
        interruptTrees(root, trees);
        finishTrees(root, 64 * trees);
    }
}

void TestCheckpoints::anAlteredTreeIsMadeAgain() {
    const fs::path root = m_root / "altered-trees", cache = root / "cache";
    const auto third = [&](const std::vector<sector::CacheFile>& files) { return cache / files[2].name; };
    for (const fs::path& file : {third(sector::treeCFiles(m_sixteen)), third(sector::treeRLastFiles(m_sixteen))}) {
        interruptTrees(root, 5);
        const auto size = fs::file_size(file);
        for (const std::uint64_t at : {std::uint64_t{0}, size / 2, size - 1}) {
            interruptTrees(root, 5);
            flip(file, at);
            finishTrees(root, 128);
        }
        interruptTrees(root, 5);
        fs::remove(file);
        finishTrees(root, 128);
    }
    for (const std::uint64_t at : {0U, 2048U, 4095U, 10239U}) {
        interruptTrees(root, 5);
        flip(root / "sealed", at);
        finishTrees(root, at / 2048 * 64);
    }
    interruptTrees(root, 5);
    const fs::path checkpoint = cache / sector::kTreeCheckpointName;
    const auto size = fs::file_size(checkpoint);
    for (std::uint64_t at = 0; at < size; at += 101) {
        interruptTrees(root, 5);
        flip(checkpoint, at);
        finishTrees(root, 0);
    }
}

void TestCheckpoints::treesOfOtherLayersCountForNothing() {
    const fs::path root = m_root / "other-layers", fresh = m_root / "other-fresh";
    interruptTrees(root, 5);
    fs::create_directories(fresh / "cache");
    std::vector<fs::path> files;
    for (const auto& layer : sector::layerFiles(m_sixteen)) files.push_back(root / "cache" / layer.name);
    LSW_DONE(labelSector(m_sixteen, replicaId(m_sixteen.proof, kSector, filled(2), m_commD), files, "pc1", {}));
    for (const auto& layer : sector::layerFiles(m_sixteen)) fs::copy_file(root / "cache" / layer.name, fresh / "cache" / layer.name);
    fs::copy_file(root / "cache" / sector::treeDFileName(), fresh / "cache" / sector::treeDFileName());
    Watch watch;
    const auto trees = build(m_sixteen, root, watch.context);
    QVERIFY(trees);
    QCOMPARE(watch.from, std::uint64_t{0});
    const auto expected = buildReplicaTrees(m_sixteen, fresh / "sealed", fresh / "cache", {});
    QVERIFY(expected);
    QVERIFY(trees->commR == expected->commR && trees->commR != m_commR);
}

QTEST_GUILESS_MAIN(TestCheckpoints)
#include "tst_checkpoints.moc"
