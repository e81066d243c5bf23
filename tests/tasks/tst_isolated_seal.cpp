// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fstream>

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "tasks/isolated_engine.h"

using namespace lsw;
using namespace lsw::proofs;
using tasks::IsolatedEngine;

/// The official crate in its child: a sector of 2 KiB of zeros, whose commitments are known.
class IsolatedSealTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theInstalledProverSealsASector();
    void aMissingParameterFileIsSaidByName();
    void anUnknownEngineIsSaid();

private:
    tasks::ProverSettings settings() const;
    QTemporaryDir m_dir;
};

tasks::ProverSettings IsolatedSealTest::settings() const {
    tasks::ProverSettings out;
    out.scratch = m_dir.filePath(QStringLiteral("scratch")).toStdString();
    out.parentCache = m_dir.filePath(QStringLiteral("parents")).toStdString();
    out.parameterCache = m_dir.filePath(QStringLiteral("no-parameters")).toStdString();
    return out;
}

void IsolatedSealTest::initTestCase() {
    QVERIFY(m_dir.isValid());
    const auto program = IsolatedEngine(settings()).proverProgram();
    QVERIFY2(program, program ? "" : program.error().message().c_str());
}

void IsolatedSealTest::theInstalledProverSealsASector() {
    IsolatedEngine engine(settings());
    const auto said = [](const auto& result) { return result ? QString() : QString::fromStdString(result.error().message()); };
    const std::filesystem::path folder = m_dir.path().toStdString(), unsealed = folder / "unsealed", sealed = folder / "sealed",
                                cache = folder / "cache";
    const auto make = [](const std::filesystem::path& file) { return std::ofstream(file).good(); };
    QVERIFY(make(unsealed));
    std::filesystem::resize_file(unsealed, 2048);
    const SealProof proof{5};
    const SectorId sector{1000, 1};
    Bytes32 ticket{}, seed{};
    ticket.fill(9);
    seed.fill(1);
    std::vector<std::string> phases;
    const TaskContext context{{}, [&](const Progress& p) { phases.push_back(p.phase); }};

    const auto piece = engine.addPiece({proof, unsealed, {0}, {2032}, {}}, context);
    QVERIFY2(piece, qPrintable(said(piece)));
    QCOMPARE(toHex(piece->commitment), std::string("fc7e928296e516faade986b28f92d44a4f24b935485223376a799027bc18f833"));
    const auto phase1 = engine.preCommit1({proof, sector, ticket, {*piece}, unsealed, sealed, cache}, context);
    QVERIFY2(phase1, qPrintable(said(phase1)));
    QVERIFY(IsolatedEngine::lastPeakMemory() > 0);
    const auto phase2 = engine.preCommit2({*phase1, sealed, cache}, context);
    QVERIFY2(phase2, qPrintable(said(phase2)));
    QCOMPARE(toHex(phase2->commD), toHex(piece->commitment));
    const auto commit1 = engine.commit1({proof, sector, ticket, seed, {*piece}, phase2->commR, phase2->commD, sealed, cache}, context);
    QVERIFY2(commit1, qPrintable(said(commit1)));
    QVERIFY(commit1->find("vanilla_proofs") != std::string::npos);
    QVERIFY(std::find(phases.begin(), phases.end(), "pc1") != phases.end());

    Bytes32 other = phase2->commR;
    other[0] ^= 1;
    QVERIFY(!engine.commit1({proof, sector, ticket, seed, {*piece}, other, phase2->commD, sealed, cache}, context));
    QVERIFY(engine.clearCache({cache, false}, context));
    QVERIFY(!std::filesystem::exists(cache / "sc-02-data-layer-1.dat"));
    QVERIFY(std::filesystem::is_empty(folder / "scratch"));
}

void IsolatedSealTest::aMissingParameterFileIsSaidByName() {
    IsolatedEngine engine(settings());
    const auto result = engine.verifySeal({SealProof{5}, {1000, 1}, {}, {}, {}, {}, Bytes(192)}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::NotInstalled);
    QVERIFY2(QString::fromStdString(result.error().message()).contains(m_dir.filePath(QStringLiteral("no-parameters"))),
             result.error().message().c_str());
}

void IsolatedSealTest::anUnknownEngineIsSaid() {
    auto other = settings();
    other.engine = "steam";
    IsolatedEngine engine(other);
    const auto result = engine.clearCache({m_dir.path().toStdString(), false}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::Unsupported);
    QVERIFY(QString::fromStdString(result.error().message()).contains(QLatin1String("'steam'")));
}

QTEST_GUILESS_MAIN(IsolatedSealTest)
#include "tst_isolated_seal.moc"
