// SPDX-License-Identifier: MIT OR Apache-2.0
#include "test_parameters.h"
#include "updated_sector.h"

using namespace lsw;
using namespace lsw::proofs;

/// The SNARK of an update and the official verifier. The parameters are made once for a machine (8 to 15 minutes on two cores, 3.3 GB).
class TestOfficialUpdateProof : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("FIL_PROOFS_PARAMETER_CACHE", QByteArray::fromStdString(parameterFolder().string())); }
    void theParametersOfTestSectorsAreMadeOnce() { makeTestParameters(Circuit::Update, "empty-sector-update", 300U << 20); }

    void aProofIsMadeAndVerified() {
        UpdatedSector sector;
        LSW_DONE(sector.replicaUpdate());
        const auto vanilla = sector.engine.proveUpdate1(sector.prove1Order(), {});
        LSW_DONE(vanilla);
        const ProveUpdate2Order order{sector.proof, UpdatedSector::keyCommR(), UpdatedSector::newCommR(), UpdatedSector::newCommD(),
                                      *vanilla};

        // Before hours of work: not the proofs of these commitments.
        ProveUpdate2Order wrong = order;
        wrong.vanillaProofs.clear();
        LSW_REFUSED(sector.engine.proveUpdate2(wrong, {}), ErrorCode::VerificationFailed);
        wrong = order;
        wrong.sectorKey = wrong.commR;
        LSW_REFUSED(sector.engine.proveUpdate2(wrong, {}), ErrorCode::VerificationFailed);
        wrong = order;
        wrong.vanillaProofs[0] = changed(wrong.vanillaProofs[0], wrong.vanillaProofs[0].size() / 2);
        QVERIFY(!sector.engine.proveUpdate2(wrong, {}));
        wrong.vanillaProofs[0].resize(100);
        LSW_REFUSED(sector.engine.proveUpdate2(wrong, {}), ErrorCode::VerificationFailed);

        const auto proof = sector.engine.proveUpdate2(order, {});
        LSW_DONE(proof);
        QCOMPARE(proof->size(), std::size_t(192));
        VerifyUpdateOrder check{sector.proof, order.sectorKey, order.commR, order.commD, *proof};
        const auto holds = sector.engine.verifyUpdate(check, {});
        LSW_DONE(holds);
        QVERIFY(*holds);
        for (const std::size_t at : {std::size_t(0), std::size_t(60), std::size_t(191)}) {
            check.proofBytes = changed(*proof, at);
            const auto verdict = sector.engine.verifyUpdate(check, {});
            LSW_DONE(verdict);
            QVERIFY(!*verdict);
        }
        check.proofBytes = *proof;
        for (int which = 0; which < 3; ++which) {
            VerifyUpdateOrder other = check;
            (which == 0 ? other.sectorKey : which == 1 ? other.commR : other.commD)[0] ^= 1;
            QVERIFY(!*sector.engine.verifyUpdate(other, {}));
        }
        check.proofBytes.pop_back();
        QVERIFY(!*sector.engine.verifyUpdate(check, {}));
        check.proofBytes.clear();
        QVERIFY(!*sector.engine.verifyUpdate(check, {}));
    }
};

int main(int argc, char** argv) {
    return runWithMemory<TestOfficialUpdateProof>(argc, argv, std::uint64_t(4) << 30);
}
#include "tst_official_update_proof.moc"
