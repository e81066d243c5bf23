// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtCore/QCryptographicHash>

#include "test_parameters.h"
#include "updated_sector.h"

using namespace lsw;
using namespace lsw::proofs;

namespace {

constexpr std::uint64_t kMiner = 1000;

/// What the chain would ask of the sector at `index` of a deadline.
/// source  rust-fil-proofs storage-proofs-post/src/fallback
std::vector<std::uint64_t> challenges(const sector::PostProofInfo& info, const Bytes32& randomness, std::uint64_t number,
                                      std::uint64_t index) {
    std::vector<std::uint64_t> out;
    const auto little = [](std::uint64_t value) {
        QByteArray bytes;
        for (unsigned shift = 0; shift < 64; shift += 8) bytes.append(static_cast<char>(value >> shift & 0xff));
        return bytes;
    };
    QByteArray seed(reinterpret_cast<const char*>(randomness.data()), static_cast<qsizetype>(randomness.size()));
    seed.back() = static_cast<char>(seed.back() & 0x3f);
    const auto count = static_cast<std::uint64_t>(info.challenges);
    for (std::uint64_t n = 0; n < count; ++n) {
        const std::uint64_t counter = info.number() < 10 ? index * count + n : n; // window V1_1 counts anew for each sector
        const QByteArray hash = QCryptographicHash::hash(QByteArray(seed + little(number) + little(counter)), QCryptographicHash::Sha256);
        std::uint64_t value = 0;
        for (int i = 0; i < 8; ++i) value |= std::uint64_t{static_cast<std::uint8_t>(hash[i])} << (8 * i);
        out.push_back(value % (info.sectorSize.value / 32));
    }
    return out;
}

} // namespace

/// The SNARKs of winning and window PoSt and the official verifier. The parameters are made once for a machine (half a minute).
class TestOfficialPostProof : public QObject {
    Q_OBJECT

    std::unique_ptr<UpdatedSector> m_sector;
    Bytes32 m_randomness = counting(0xe0); ///< its last byte has the two bits that do not count

    /// The sector as it was sealed, or its update.
    Expected<Bytes> vanilla(PostProof proof, std::uint64_t number, std::uint64_t index, bool updated) {
        UpdatedSector& s = *m_sector;
        VanillaPostOrder order{
            proof,    number, challenges(**sector::postProofInfo(proof), m_randomness, number, index), UpdatedSector::keyCommR(),
            s.sealed, s.cache};
        if (updated) {
            order.commR = UpdatedSector::newCommR();
            order.sealed = s.update;
            order.cache = s.updateCache;
        }
        return s.engine.vanillaPost(order, {});
    }
    bool holds(const VerifyPostOrder& order) {
        const auto verdict = m_sector->engine.verifyPost(order, {});
        if (!verdict) qWarning("%s", verdict.error().forLog().c_str());
        return verdict && *verdict;
    }
    bool isRefused(const VerifyPostOrder& order) {
        const auto verdict = m_sector->engine.verifyPost(order, {});
        if (!verdict) qWarning("%s", verdict.error().forLog().c_str());
        return verdict && !*verdict;
    }

private Q_SLOTS:
    void initTestCase() {
        qputenv("FIL_PROOFS_PARAMETER_CACHE", QByteArray::fromStdString(parameterFolder().string()));
        m_sector = std::make_unique<UpdatedSector>();
        m_sector->takeRecordedUpdate();
    }
    void theParametersOfTestSectorsAreMadeOnce() {
        makeTestParameters(Circuit::WinningPost, "8-0-0-3ea05428c9d11689f23529cde32fd30aabd50f7d2c93657c1d3650bca3e8ea9e", 1U << 20);
        makeTestParameters(Circuit::WindowPost, "8-0-0-0170db1f394b35d995252228ee359194b13199d259380541dc529fb0099096b0", 1U << 20);
    }
    void aWinningPostIsMadeAndVerified() {
        constexpr PostProof kWinning{0};
        const auto leaves = vanilla(kWinning, 1, 0, false);
        LSW_DONE(leaves);
        const WinningPostOrder order{kWinning, kMiner, m_randomness, {*leaves}};
        const auto proof = m_sector->engine.winningPost(order, {});
        LSW_DONE(proof);
        QCOMPARE(proof->size(), std::size_t(192));
        const VerifyPostOrder check{kWinning, kMiner, m_randomness, {{1, UpdatedSector::keyCommR()}}, *proof};
        QVERIFY(holds(check));
        auto same = check;
        same.randomness.back() ^= 0xc0;
        QVERIFY(holds(same));
        for (const std::size_t at : {std::size_t(0), std::size_t(100), std::size_t(191)}) {
            auto other = check;
            other.proofBytes = changed(*proof, at);
            QVERIFY(isRefused(other));
        }
        auto other = check;
        other.randomness[0] ^= 1;
        QVERIFY(isRefused(other));
        other = check;
        other.sectors[0].commR = UpdatedSector::newCommR();
        QVERIFY(isRefused(other));
        other = check;
        other.proofBytes.clear();
        QVERIFY(isRefused(other));

        auto wrong = order;
        wrong.randomness[0] ^= 1; // not the challenges of these leaves
        LSW_REFUSED(m_sector->engine.winningPost(wrong, {}), ErrorCode::VerificationFailed);
    }
    void aWindowPostIsMadeAndVerified_data() {
        QTest::addColumn<int>("number");
        QTest::newRow("V1") << 5;
        QTest::newRow("V1_1") << 10;
    }
    void aWindowPostIsMadeAndVerified() {
        QFETCH(int, number);
        const PostProof proof{number};
        // Two partitions: a sector and an updated one, and one that is alone.
        const auto first = vanilla(proof, 1, 0, false), second = vanilla(proof, 2, 1, true), third = vanilla(proof, 7, 2, false);
        LSW_DONE(first);
        LSW_DONE(second);
        LSW_DONE(third);
        const auto one = m_sector->engine.windowPost({proof, kMiner, m_randomness, {*first, *second}, 0}, {});
        LSW_DONE(one);
        const auto two = m_sector->engine.windowPost({proof, kMiner, m_randomness, {*third}, 1}, {});
        LSW_DONE(two);
        QCOMPARE(one->size(), std::size_t(192));
        QCOMPARE(two->size(), std::size_t(192));
        VerifyPostOrder check{proof, kMiner, m_randomness, {{1, UpdatedSector::keyCommR()}, {2, UpdatedSector::newCommR()}}, *one};
        QVERIFY(holds(check));
        check.sectors.push_back({7, UpdatedSector::keyCommR()});
        QVERIFY(isRefused(check)); // a partition is missing
        check.proofBytes.insert(check.proofBytes.end(), two->begin(), two->end());
        QVERIFY(holds(check));
        for (const std::size_t at : {std::size_t(5), std::size_t(191), std::size_t(300)}) {
            auto other = check;
            other.proofBytes = changed(check.proofBytes, at);
            QVERIFY(isRefused(other));
        }
        auto other = check;
        std::swap(other.sectors[0].commR, other.sectors[1].commR);
        QVERIFY(isRefused(other));
        other = check;
        other.randomness[0] ^= 1;
        QVERIFY(isRefused(other));

        auto wrong = WindowPostOrder{proof, kMiner, m_randomness, {*first, *second}, 0};
        wrong.randomness[0] ^= 1;
        LSW_REFUSED(m_sector->engine.windowPost(wrong, {}), ErrorCode::VerificationFailed);
        wrong = {proof, kMiner, m_randomness, {*first, *second, *third}, 0};
        LSW_REFUSED(m_sector->engine.windowPost(wrong, {}), ErrorCode::InvalidArgument);
        wrong.vanillaProofs = {changed(*first, 40)};
        QVERIFY(!m_sector->engine.windowPost(wrong, {}));
        wrong.vanillaProofs = {Bytes(100)};
        QVERIFY(!m_sector->engine.windowPost(wrong, {}));
    }
};

int main(int argc, char** argv) {
    return runWithMemory<TestOfficialPostProof>(argc, argv, std::uint64_t(1) << 30);
}
#include "tst_official_post_proof.moc"
