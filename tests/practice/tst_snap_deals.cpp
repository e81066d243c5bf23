// SPDX-License-Identifier: MIT OR Apache-2.0
// The whole life of an update (SnapDeals) with the real programs: encode, prove, finalize, move, unseal, and the sector key back.
#include "practice/practice_run.h"
#include "sector/sector_files.h"
#include "support/patience.h"
#include "support/test_paths.h"
#include "tasks/isolated_engine.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include <fstream>

using namespace lsw;
namespace fs = std::filesystem;

class SnapDeals : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dataComeIntoASealedSectorAndBack_data();
    void dataComeIntoASealedSectorAndBack();
};

void SnapDeals::dataComeIntoASealedSectorAndBack_data() {
    QTest::addColumn<int>("workers");
    QTest::newRow("one worker") << 1;
    QTest::newRow("one updates what the other has built") << 2;
}

void SnapDeals::dataComeIntoASealedSectorAndBack() {
    QFETCH(int, workers);
    tasks::ProverSettings prover;
    prover.folder = lsw::test::kProgramFolder;
    tasks::IsolatedEngine engine(prover);
    const auto tried = engine.commit2({}, {});
    if (!tried && tried.error().code() == ErrorCode::NotInstalled) QSKIP(tried.error().message().c_str());

    const QTemporaryDir folder;
    practice::PracticeSettings settings;
    settings.snap = true;
    settings.workers = workers;
    settings.folder = fs::path(folder.path().toStdString()) / "run";
    settings.file = fs::path(folder.path().toStdString()) / "data";
    std::ofstream data(settings.file, std::ios::binary);
    for (int i = 0; i < 700; ++i) data.put(static_cast<char>(i * 31 + 7));
    data.close();
    settings.workerProgram = std::string(lsw::test::kProgramFolder) + "/lotus-seal-worker";
    settings.seedWaitMs = 1;

    std::vector<std::string> phases;
    std::map<std::string, boost::json::object> last;
    std::optional<int> code;
    QString said;
    practice::PracticeRun run(settings, engine);
    connect(&run, &practice::PracticeRun::phase, &run, [&](const QByteArray& line) {
        const auto object = boost::json::parse(line.toStdString()).as_object();
        phases.emplace_back(object.at("phase").as_string());
        last[phases.back()] = object;
    });
    connect(&run, &practice::PracticeRun::finished, &run, [&](int ended, const QString& message) {
        code = ended;
        said = message;
    });
    run.start();
    QTRY_VERIFY_WITH_TIMEOUT(code.has_value(), 10 * test::kPatienceMs);
    QVERIFY2(*code == -1, qPrintable(said));
    const std::vector<std::string> wanted{"start", "addpiece", "pc1", "pc2", "seed", "c1", "finalize", "move", "dealdata", "replicaupdate", "pr1", "finalizeupdate",
                                          "moveupdate", "unseal", "readback", "regensectorkey", "done"};
    QVERIFY(phases == wanted);
    QCOMPARE(last["addpiece"].at("data_bytes").to_number<int>(), 0);
    QCOMPARE(last["dealdata"].at("data_bytes").to_number<int>(), 700);
    QVERIFY(last["replicaupdate"].at("comm_d") != last["pc2"].at("comm_d"));
    QVERIFY(last["replicaupdate"].at("comm_r") != last["pc2"].at("comm_r"));
    QVERIFY(last["regensectorkey"].at("equal").as_bool());
    // The update and what stays of the sector are in the storage path, the rest with the worker.
    const std::string name = sector::sectorName({1000, 1});
    for (const char* type : {"update", "update-cache", "cache"}) QVERIFY2(fs::exists(settings.folder / "store" / type / name), type);
    for (const char* type : {"sealed", "unsealed"}) QVERIFY2(fs::exists(settings.folder / "worker" / type / name), type);
}

QTEST_GUILESS_MAIN(SnapDeals)
#include "tst_snap_deals.moc"
