// SPDX-License-Identifier: MIT OR Apache-2.0
// One sector through two real workers with different tasks: labelled by one, built and committed by the other, kept in a third place.
#include "practice/practice_run.h"
#include "sector/sector_files.h"
#include "support/patience.h"
#include "support/test_paths.h"
#include "tasks/isolated_engine.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include <fstream>
#include <map>
#include <sstream>

using namespace lsw;
namespace fs = std::filesystem;

namespace {

struct Run {
    int errorCode = 0;
    QString message;
    std::map<std::string, boost::json::object> phases;
    std::string text(const std::string& phase, const char* key) const {
        const auto found = phases.find(phase);
        const auto* value = found == phases.end() ? nullptr : found->second.if_contains(key);
        return value && value->is_string() ? std::string(value->as_string()) : std::string();
    }
};

std::string readFile(const fs::path& file) {
    std::ostringstream out;
    out << std::ifstream(file, std::ios::binary).rdbuf();
    return out.str();
}

} // namespace

class TwoWorkers : public QObject {
    Q_OBJECT

private:
    tasks::IsolatedEngine& engine() {
        if (!m_engine) {
            tasks::ProverSettings prover;
            prover.folder = lsw::test::kProgramFolder;
            m_engine = std::make_unique<tasks::IsolatedEngine>(prover);
        }
        return *m_engine;
    }
    Run run(std::uint64_t size, int workers, const fs::path& folder) {
        practice::PracticeSettings settings;
        settings.sectorSize = size;
        settings.workers = workers;
        settings.folder = folder;
        settings.file = m_data;
        settings.workerProgram = std::string(lsw::test::kProgramFolder) + "/lotus-seal-worker";
        settings.ticket = Bytes32{9, 8, 7, 6, 9, 8, 7, 6};
        settings.seed = Bytes32{1, 2, 3, 4, 1, 2, 3, 4};
        settings.seedWaitMs = 1;
        Run out;
        bool finished = false;
        practice::PracticeRun practice(settings, engine());
        connect(&practice, &practice::PracticeRun::phase, &practice, [&](const QByteArray& line) {
            const auto object = boost::json::parse(line.toStdString()).as_object();
            out.phases[std::string(object.at("phase").as_string())] = object;
        });
        connect(&practice, &practice::PracticeRun::finished, &practice, [&](int code, const QString& message) {
            out.errorCode = code;
            out.message = message;
            finished = true;
        });
        practice.start();
        [&] { QTRY_VERIFY_WITH_TIMEOUT(finished, 10 * test::kPatienceMs); }();
        return out;
    }

    std::unique_ptr<tasks::IsolatedEngine> m_engine;
    QTemporaryDir m_folder;
    fs::path m_data;

private Q_SLOTS:
    void initTestCase() {
        const auto tried = engine().commit2({}, {});
        if (!tried && tried.error().code() == ErrorCode::NotInstalled) QSKIP(tried.error().message().c_str());
        m_data = m_folder.path().toStdString() + "/data";
        std::ofstream data(m_data, std::ios::binary);
        for (int i = 0; i < 1700; ++i) data.put(static_cast<char>(i * 29 + 3));
    }

    void theSectorIsTheOneThatOneWorkerMakes() {
        const fs::path root = m_folder.path().toStdString();
        const Run one = run(2048, 1, root / "one"), two = run(2048, 2, root / "two");
        QVERIFY2(one.errorCode == -1, qPrintable(one.message));
        QVERIFY2(two.errorCode == -1, qPrintable(two.message));
        QVERIFY(!two.text("pc2", "comm_r").empty());
        QCOMPARE(two.text("pc2", "comm_r"), one.text("pc2", "comm_r"));
        // The bytes of the kept files too; t_aux alone names the folder in which the labels were made.
        const std::string name = sector::sectorName({1000, 1});
        for (const std::string& file : {"sealed/" + name, "cache/" + name + "/p_aux", "cache/" + name + "/sc-02-data-tree-r-last.dat"}) {
            QVERIFY2(!readFile(root / "one/store" / file).empty(), file.c_str());
            QVERIFY2(readFile(root / "one/store" / file) == readFile(root / "two/store" / file), file.c_str());
        }
    }

    void eachDoesItsPartAndTheThirdPathKeepsIt_data() {
        QTest::addColumn<quint64>("size");
        QTest::newRow("2 KiB") << (quint64{2} << 10);
        QTest::newRow("8 MiB") << (quint64{8} << 20);
    }
    void eachDoesItsPartAndTheThirdPathKeepsIt() {
        QFETCH(quint64, size);
        const fs::path root = fs::path(m_folder.path().toStdString()) / std::to_string(size);
        const Run two = run(size, 2, root);
        QVERIFY2(two.errorCode == -1, qPrintable(two.message));

        const auto& workers = two.phases.at("start").at("workers").as_array();
        QCOMPARE(workers.size(), 2U);
        std::map<std::string, std::string> types;
        for (const auto& worker : workers) types[std::string(worker.at("name").as_string())] = boost::json::serialize(worker.at("task_types"));
        QVERIFY(types["w1"].find("precommit/1") != std::string::npos && types["w1"].find("precommit/2") == std::string::npos);
        QVERIFY(types["w2"].find("precommit/2") != std::string::npos && types["w2"].find("precommit/1") == std::string::npos);
        QVERIFY(readFile(root / "worker.log").find("PC1") != std::string::npos);
        QVERIFY(readFile(root / "worker-2.log").find("PC2") != std::string::npos);

        // The finished sector is in the third path alone; the first worker has the unsealed data that it was asked for at the end.
        const std::string name = sector::sectorName({1000, 1});
        for (const char* type : {"sealed", "cache"}) {
            QVERIFY(fs::exists(root / "store" / type / name));
            QVERIFY(!fs::exists(root / "worker" / type / name));
            QVERIFY(!fs::exists(root / "worker-2" / type / name));
        }
        QVERIFY(fs::exists(root / "worker/unsealed" / name));
        QVERIFY(!fs::exists(root / "worker-2/unsealed" / name));
        for (const char* place : {"worker", "worker-2", "store"})
            for (const char* type : {"unsealed", "sealed", "cache"})
                QVERIFY2(!fs::exists(root / place / type / "fetching") || fs::is_empty(root / place / type / "fetching"), place);
    }
};

QTEST_GUILESS_MAIN(TwoWorkers)
#include "tst_two_workers.moc"
