// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtCore/QCryptographicHash>

#include "updated_sector.h"

using namespace lsw;
using namespace lsw::proofs;

/// What is read of a sector for PoSt, and what must not be handed out: a sector that is damaged is to be skipped, not proved wrongly.
class TestOfficialPost : public QObject {
    Q_OBJECT

    static VanillaPostOrder order(const UpdatedSector& sector) {
        return {PostProof{0}, 1, {1, 7}, UpdatedSector::keyCommR(), sector.sealed, sector.cache};
    }

private Q_SLOTS:
    void initTestCase() { qputenv("FIL_PROOFS_PARAMETER_CACHE", "/nowhere/parameters"); }

    void vanillaProofsAreTheRecordedOnes() {
        UpdatedSector sector;
        const auto before = sector.sectorFiles();
        const auto proof = sector.engine.vanillaPost(order(sector), {});
        LSW_DONE(proof);
        const QByteArray bytes(reinterpret_cast<const char*>(proof->data()), static_cast<qsizetype>(proof->size()));
        QCOMPARE(bytes.size(), 1232);
        QCOMPARE(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex(),
                 QByteArray("724a6b7d1498c23c602548fb34baebbb0c28ff7a7ca5f1efd203e24ae8a417ca"));
        QVERIFY(sector.sectorFiles() == before);
    }
    void anUpdatedSectorIsReadFromItsUpdateFiles() {
        UpdatedSector sector;
        sector.takeRecordedUpdate();
        LSW_DONE(sector.engine.vanillaPost({PostProof{10}, 1, {0, 63}, UpdatedSector::newCommR(), sector.update, sector.updateCache}, {}));
        // The update files of one state with the CommR of the other.
        LSW_REFUSED(
            sector.engine.vanillaPost({PostProof{10}, 1, {0, 63}, UpdatedSector::keyCommR(), sector.update, sector.updateCache}, {}),
            ErrorCode::VerificationFailed);
    }
    void aDamagedSectorIsSaid() {
        UpdatedSector sector;
        QByteArray replica = contentOf(sector.sealed);
        replica[7 * 32] = static_cast<char>(replica[7 * 32] ^ 1);
        writeFile(sector.sealed, replica);
        LSW_REFUSED(sector.engine.vanillaPost(order(sector), {}), ErrorCode::VerificationFailed);
        writeFile(sector.sealed, contentOf(UpdatedSector::recorded("sealed")));
        LSW_DONE(sector.engine.vanillaPost(order(sector), {}));
        const auto tree = sector.cache / "sc-02-data-tree-r-last.dat";
        writeFile(tree, QByteArray(32, '\1'));
        LSW_REFUSED(sector.engine.vanillaPost(order(sector), {}), ErrorCode::VerificationFailed);
        writeFile(tree, QByteArray(31, '\1'));
        LSW_REFUSED(sector.engine.vanillaPost(order(sector), {}), ErrorCode::Corrupt);
        std::filesystem::remove(tree);
        LSW_REFUSED(sector.engine.vanillaPost(order(sector), {}), ErrorCode::NotFound);
    }
    void missingFilesAreNamed() {
        UpdatedSector sector;
        std::filesystem::remove(sector.cache / "p_aux");
        LSW_REFUSED(sector.engine.vanillaPost(order(sector), {}), ErrorCode::NotFound);
        std::filesystem::remove(sector.sealed);
        LSW_REFUSED(sector.engine.vanillaPost(order(sector), {}), ErrorCode::NotFound);
    }
    void theFilesMayBeReadOnly() {
        UpdatedSector sector;
        for (const auto& file :
             {sector.sealed, sector.cache / "p_aux", sector.cache / "t_aux", sector.cache / "sc-02-data-tree-r-last.dat"})
            std::filesystem::permissions(file, std::filesystem::perms::owner_read);
        LSW_DONE(sector.engine.vanillaPost(order(sector), {}));
    }
    void wrongOrdersAreRefused() {
        UpdatedSector sector;
        auto wrong = order(sector);
        wrong.challenges = {64};
        LSW_REFUSED(sector.engine.vanillaPost(wrong, {}), ErrorCode::InvalidArgument);
        wrong.challenges.clear();
        LSW_REFUSED(sector.engine.vanillaPost(wrong, {}), ErrorCode::InvalidArgument);
        wrong = order(sector);
        wrong.proof = PostProof{15};
        LSW_REFUSED(sector.engine.vanillaPost(wrong, {}), ErrorCode::Unsupported);
        wrong.proof = PostProof{1}; // 8 MiB
        LSW_REFUSED(sector.engine.vanillaPost(wrong, {}), ErrorCode::Corrupt);
        LSW_REFUSED(sector.engine.winningPost({PostProof{10}, 1, {}, {Bytes(1)}}, {}), ErrorCode::InvalidArgument);
        LSW_REFUSED(sector.engine.windowPost({PostProof{0}, 1, {}, {Bytes(1)}, 0}, {}), ErrorCode::InvalidArgument);
        LSW_REFUSED(sector.engine.winningPost({PostProof{0}, 1, {}, {}}, {}), ErrorCode::InvalidArgument);
        LSW_REFUSED(sector.engine.verifyPost({PostProof{0}, 1, {}, {}, {}}, {}), ErrorCode::InvalidArgument);
    }
    void parametersThatAreNotThereAreNamed() {
        UpdatedSector sector;
        const auto winning = sector.engine.winningPost({PostProof{0}, 1, {}, {Bytes(1)}}, {});
        QVERIFY(!winning && winning.error().code() == ErrorCode::NotInstalled);
        QVERIFY(winning.error().message().find("3ea05428c9d11689") != std::string::npos);
        const auto window = sector.engine.windowPost({PostProof{10}, 1, {}, {Bytes(1)}, 0}, {});
        QVERIFY(!window && window.error().code() == ErrorCode::NotInstalled);
        QVERIFY(window.error().message().find("0170db1f394b35d9") != std::string::npos);
        LSW_REFUSED(sector.engine.verifyPost({PostProof{10}, 1, {}, {{1, {}}}, {}}, {}), ErrorCode::NotInstalled);
    }
};

QTEST_GUILESS_MAIN(TestOfficialPost)
#include "tst_official_post.moc"
