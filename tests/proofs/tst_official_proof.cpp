// SPDX-License-Identifier: MIT OR Apache-2.0
#include "test_parameters.h"

using namespace lsw;
using namespace lsw::proofs;

/// The whole way to a proof that the official verifier accepts, with the parameters of test sectors. They are made once for a machine
/// (10 to 30 minutes on two cores); where memory is short, this is skipped and says so.
class TestOfficialProof : public QObject {
    Q_OBJECT

    QTemporaryDir m_shared;

private Q_SLOTS:
    void initTestCase() {
        qputenv("FIL_PROOFS_PARENT_CACHE", m_shared.filePath(QStringLiteral("parents")).toLocal8Bit());
        qputenv("FIL_PROOFS_PARAMETER_CACHE", QByteArray::fromStdString(parameterFolder().string()));
    }
    void theParametersOfTestSectorsAreMadeOnce() { makeTestParameters(Circuit::Seal, "stacked-proof-of-replication", 500U << 20); }
    void aProofIsMadeAndVerified() {
        SealedSector sector(5);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        const auto vanilla = sector.commit1();
        LSW_DONE(vanilla);
        const auto proof = sector.engine.commit2({*vanilla, sector.id}, {});
        LSW_DONE(proof);
        QCOMPARE(proof->size(), std::size_t(192));
        VerifySealOrder order{sector.proof, sector.id, sector.ticket, sector.seed, sector.phase2.commR, sector.phase2.commD, *proof};
        const auto holds = sector.engine.verifySeal(order, {});
        LSW_DONE(holds);
        QVERIFY(*holds);
        order.seed[0] ^= 1;
        QVERIFY(!*sector.engine.verifySeal(order, {}));
    }
};

int main(int argc, char** argv) {
    return runWithMemory<TestOfficialProof>(argc, argv, std::uint64_t(7) << 30);
}
#include "tst_official_proof.moc"
