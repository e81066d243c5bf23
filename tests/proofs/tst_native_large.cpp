// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/file.h"
#include "proofs/native/native_engine.h"
#include "sealed_sector.h"
#include "support/seed.h"

#include <set>

using namespace lsw;
using namespace lsw::proofs;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kBlock = 4U << 20;

/// Both files, a block at a time: they do not fit into memory twice.
void sameFile(const fs::path& ours, const fs::path& theirs) {
    const auto a = File::openToRead(ours), b = File::openToRead(theirs);
    LSW_DONE(a);
    LSW_DONE(b);
    const std::uint64_t size = *a->size();
    QCOMPARE(size, *b->size());
    Bytes x, y;
    for (std::uint64_t at = 0; at < size; at += kBlock) {
        x.resize(std::min(kBlock, size - at));
        y.resize(x.size());
        LSW_DONE(a->readAt(at, x));
        LSW_DONE(b->readAt(at, y));
        QVERIFY2(x == y, ours.c_str());
    }
}

struct Side {
    fs::path sealed, cache;
    PreCommit2Result phase2{};
};

} // namespace

/// A 512 MiB sector of random data, ticket, miner and number through both engines: the same files, byte for byte. Some minutes, 8 GB of disk.
class TestNativeLarge : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSectorIsTheOfficialOne_data() {
        QTest::addColumn<int>("proof");
        QTest::addColumn<quint64>("memory");
        QTest::newRow("512 MiB") << 7 << quint64{0};
        QTest::newRow("512 MiB, labelled in parts, V1") << 2 << quint64{200U << 20};
    }
    void aSectorIsTheOfficialOne() {
        QFETCH(int, proof);
        QFETCH(quint64, memory);
        std::mt19937_64 random = test::seeded();
        const auto& info = **sector::proofInfo(SealProof{proof});
        const QTemporaryDir dir;
        const fs::path root = dir.path().toStdString(), unsealed = root / "unsealed";
        const SectorId id{random() % 100000, random() % 1000000};
        Bytes32 ticket{};
        for (std::uint8_t& byte : ticket) byte = static_cast<std::uint8_t>(random());
        {
            const auto file = File::create(unsealed);
            LSW_DONE(file);
            for (std::uint64_t at = 0; at < info.sectorSize.value; at += kBlock) {
                Bytes block = test::randomBytes(random, kBlock);
                for (std::size_t i = 31; i < block.size(); i += 32) block[i] &= 0x3f;
                LSW_DONE(file->writeAt(at, block));
            }
        }
        const OpenFile opened(unsealed);
        const std::vector<PieceInfo> pieces{{info.sectorSize, *paddedCommitmentOf(opened.fd(), 0, info.sectorSize)}};
        OfficialEngine official;
        NativeEngine native(nullptr);
        Side sides[2]{{root / "native" / "sealed", root / "native" / "cache"}, {root / "official" / "sealed", root / "official" / "cache"}};
        for (int side = 0; side < 2; ++side) {
            ProofEngine& engine = side == 0 ? static_cast<ProofEngine&>(native) : official;
            fs::create_directories(sides[side].cache);
            auto phase1 = engine.preCommit1({info.proof, id, ticket, pieces, unsealed, sides[side].sealed, sides[side].cache, memory}, {});
            LSW_DONE(phase1);
            auto phase2 = engine.preCommit2({*phase1, sides[side].sealed, sides[side].cache}, {});
            LSW_DONE(phase2);
            sides[side].phase2 = *phase2;
        }
        QVERIFY(sides[0].phase2.commR == sides[1].phase2.commR && sides[0].phase2.commD == sides[1].phase2.commD);
        sameFile(sides[0].sealed, sides[1].sealed);
        std::set<std::string> names[2];
        for (int side = 0; side < 2; ++side)
            for (const auto& entry : fs::directory_iterator(sides[side].cache)) names[side].insert(entry.path().filename().string());
        QVERIFY(names[0] == names[1]);
        for (const std::string& name : names[0])
            if (name != sector::kTAuxName) sameFile(sides[0].cache / name, sides[1].cache / name); // the folder is in it
    }
};

QTEST_GUILESS_MAIN(TestNativeLarge)
#include "tst_native_large.moc"
