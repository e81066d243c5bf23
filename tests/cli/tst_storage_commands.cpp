// SPDX-License-Identifier: MIT OR Apache-2.0
// storage list, attach, detach, redeclare, leftovers against a real worker and a practice miner.
#include "protocol/miner_client.h"
#include "support/program.h"
#include "support/running_worker.h"
#include "support/test_paths.h"

#include <QtCore/QJsonArray>

using namespace lsw;
using test::ProgramRun;
using test::RunningWorker;
namespace fs = std::filesystem;

namespace {

QStringList words(const char* text) { return QString::fromUtf8(text).split(QLatin1Char(' '), Qt::SkipEmptyParts); }

QByteArray contents(const QString& file) {
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

} // namespace

class StorageCommandsTest : public QObject {
    Q_OBJECT

    static ProgramRun ask(const RunningWorker& worker, QStringList command) {
        command = QStringList{QStringLiteral("--worker-repo"), worker.file("worker"), QStringLiteral("storage")} + command;
        return RunningWorker::aside([=, home = worker.file("home")] { return test::runProgram(QString::fromUtf8(lsw::test::kProgramFile), command, home); });
    }
    static QJsonArray paths(const RunningWorker& worker) {
        return ask(worker, words("list --json")).jsonLines().value(0).value(QStringLiteral("paths")).toArray();
    }
    static std::string holder(const RunningWorker& worker, std::uint64_t number, const char* type) {
        std::string out;
        const auto holders = worker.miner->holders({1000, number});
        if (const auto found = holders.find(type); found != holders.end())
            for (const auto& one : found->second) out += one.id + (one.primary ? "* " : " ");
        return out;
    }

private Q_SLOTS:
    void aPathIsInitializedAttachedShownAndDetached() {
        RunningWorker worker(lsw::test::kGatedProverFolder);
        QVERIFY(worker.minerStarted);
        worker.start();
        QTRY_VERIFY2_WITH_TIMEOUT(worker.connected(), worker.log().constData(), test::kProgramWait);
        const QString store = worker.file("store");
        write(worker.at("store") / "sealed/s-t01000-7", "sealed");

        // What is wrong is said before anything is written.
        QCOMPARE(ask(worker, {QStringLiteral("attach")}).exitCode, 2);
        QCOMPARE(ask(worker, words("attach --init") << store).exitCode, 2); // neither --seal nor --store
        QCOMPARE(ask(worker, words("attach --init --store --max-storage 5potatoes") << store).exitCode, 2);
        QCOMPARE(ask(worker, words("attach --init --store --allow-types seald") << store).exitCode, 2);
        QCOMPARE(ask(worker, words("attach --init --store --allow-miners me") << store).exitCode, 2);
        QVERIFY(!fs::exists(worker.at("store") / "sectorstore.json"));
        QCOMPARE(ask(worker, QStringList{QStringLiteral("attach"), store}).exitCode, 1); // no sectorstore.json

        const ProgramRun attached = ask(worker, words("attach --init --store --weight 7 --max-storage 1.5GiB --groups a,b --groups c --allow-to d --deny-types "
                                                      "unsealed --allow-miners f01000,f02000 --json")
                                                    << store + QStringLiteral("/"));
        QVERIFY2(attached.exitCode == 0, attached.describe().constData());
        const QJsonObject answer = attached.jsonLines().value(0);
        const QString id = answer.value(QStringLiteral("id")).toString();
        QCOMPARE(id.size(), 36);
        QCOMPARE(answer.value(QStringLiteral("path")).toString(), store);
        // The file as lotus writes it, byte for byte.
        QCOMPARE(contents(store + QStringLiteral("/sectorstore.json")),
                 QByteArray("{\n  \"ID\": \"") + id.toUtf8() +
                     "\",\n  \"Weight\": 7,\n  \"CanSeal\": false,\n  \"CanStore\": true,\n  \"MaxStorage\": 1610612736,\n  \"Groups\": [\n    \"a\",\n    \"b\",\n    \"c\"\n  ],\n"
                     "  \"AllowTo\": [\n    \"d\"\n  ],\n  \"AllowTypes\": null,\n  \"DenyTypes\": [\n    \"unsealed\"\n  ],\n"
                     "  \"AllowMiners\": [\n    \"f01000\",\n    \"f02000\"\n  ],\n  \"DenyMiners\": null\n}");
        QVERIFY(contents(worker.file("worker/storage.json")).contains(QStringLiteral("\"Path\": \"%1\"").arg(store).toUtf8()));
        QCOMPARE(holder(worker, 7, "sealed"), id.toStdString() + "* ");

        const QJsonObject shown = paths(worker).at(1).toObject();
        QCOMPARE(shown.value(QStringLiteral("id")).toString(), id);
        QCOMPARE(shown.value(QStringLiteral("weight")).toInt(), 7);
        QCOMPARE(shown.value(QStringLiteral("limit")).toDouble(), 1610612736.0);
        QVERIFY(shown.value(QStringLiteral("used")).toDouble() > 0);
        QCOMPARE(shown.value(QStringLiteral("groups")).toArray().size(), 3);
        const ProgramRun text = ask(worker, words("list"));
        for (const char* part : {"store, weight 7", "Limit:  1.5 GiB", "Groups: a, b, c", "Only to groups: d", "Not types: unsealed", "Only miners: f01000, f02000"})
            QVERIFY2(text.out.contains(part), text.out.constData());

        const ProgramRun again = ask(worker, words("attach --init --store") << store);
        QVERIFY2(again.exitCode == 1 && again.err.contains("already initialized"), again.describe().constData());
        const ProgramRun twice = ask(worker, QStringList{QStringLiteral("attach"), store});
        QVERIFY2(twice.exitCode == 1 && twice.err.contains("already opened"), twice.describe().constData());

        QCOMPARE(ask(worker, QStringList{QStringLiteral("detach"), store}).exitCode, 2); // not without --really-do-it
        QCOMPARE(paths(worker).size(), 2);
        const ProgramRun detached = ask(worker, words("detach --really-do-it") << store + QStringLiteral("/."));
        QVERIFY2(detached.exitCode == 0 && detached.err.contains("Undo with"), detached.describe().constData());
        QCOMPARE(paths(worker).size(), 1);
        QVERIFY(!contents(worker.file("worker/storage.json")).contains(store.toUtf8()));
        QCOMPARE(holder(worker, 7, "sealed"), std::string());
        QVERIFY(fs::exists(worker.at("store") / "sealed/s-t01000-7"));
        QCOMPARE(ask(worker, words("detach --really-do-it") << store).exitCode, 1);
        const ProgramRun back = ask(worker, QStringList{QStringLiteral("attach"), store});
        QVERIFY2(back.exitCode == 0, back.describe().constData());
        QCOMPARE(holder(worker, 7, "sealed"), id.toStdString() + "* ");
    }

    void redeclaringMendsTheIndex() {
        RunningWorker worker(lsw::test::kGatedProverFolder);
        QVERIFY(worker.minerStarted);
        worker.start();
        QTRY_VERIFY2_WITH_TIMEOUT(worker.connected(), worker.log().constData(), test::kProgramWait);
        const QString own = worker.file("worker");
        const std::string id = paths(worker).at(0).toObject().value(QStringLiteral("id")).toString().toStdString();
        const auto redeclare = [&](const QStringList& more) { return ask(worker, QStringList{QStringLiteral("redeclare")} + more); };
        for (const QStringList& wrong : {QStringList(), words("--all --id x"), words("--all") << own, words("--id x") << own})
            QCOMPARE(redeclare(wrong).exitCode, 2);
        QCOMPARE(redeclare(words("--id 00000000-0000-4000-8000-000000000009")).exitCode, 2);
        QCOMPARE(redeclare(QStringList{worker.file("nowhere")}).exitCode, 2);

        // There and not declared; then declared and gone.
        write(worker.at("worker") / "sealed/s-t01000-5", "sealed");
        QCOMPARE(holder(worker, 5, "sealed"), std::string());
        QCOMPARE(redeclare(QStringList{own}).exitCode, 0);
        QCOMPARE(holder(worker, 5, "sealed"), id + ' ');
        fs::remove(worker.at("worker") / "sealed/s-t01000-5");
        QCOMPARE(redeclare(words("--all --drop-missing=false")).exitCode, 0);
        QCOMPARE(holder(worker, 5, "sealed"), id + ' ');
        const ProgramRun dropped = redeclare(QStringList{QStringLiteral("--id"), QString::fromStdString(id), QStringLiteral("--json")});
        QVERIFY2(dropped.exitCode == 0, dropped.describe().constData());
        QVERIFY(dropped.jsonLines().value(0).value(QStringLiteral("drop_missing")).toBool());
        QCOMPARE(holder(worker, 5, "sealed"), std::string());
    }

    void leftoversAreListedAndDeletedOnRequestAlone() {
        RunningWorker worker(lsw::test::kGatedProverFolder);
        QVERIFY(worker.minerStarted);
        worker.start();
        QTRY_VERIFY2_WITH_TIMEOUT(worker.connected(), worker.log().constData(), test::kProgramWait);
        const fs::path root = worker.at("worker");
        const ProgramRun nothing = ask(worker, words("leftovers"));
        QVERIFY2(nothing.exitCode == 0 && nothing.out.isEmpty() && nothing.err.contains("Nothing is left over"), nothing.describe().constData());

        write(root / "sealed/fetching/s-t01000-3", std::string(5000, 'x'));
        write(root / "sealed/s-t01000-4", "undeclared");
        write(root / "lsw-unseal-abc123/labels", "x");
        const ProgramRun listed = ask(worker, words("leftovers --json"));
        QVERIFY2(listed.exitCode == 0, listed.describe().constData());
        QCOMPARE(listed.jsonLines().value(0).value(QStringLiteral("leftovers")).toArray().size(), 3);
        const ProgramRun text = ask(worker, words("leftovers"));
        for (const char* part : {"transfer  ", "undeclared  ", "scratch  ", " old  ", "sector s-t01000-4"}) QVERIFY2(text.out.contains(part), text.out.constData());
        QVERIFY(text.err.contains("--delete PATH"));
        QVERIFY(fs::exists(root / "sealed/fetching/s-t01000-3") && fs::exists(root / "sealed/s-t01000-4") && fs::exists(root / "lsw-unseal-abc123"));

        QCOMPARE(ask(worker, words("leftovers") << worker.file("worker/sealed/s-t01000-4")).exitCode, 2); // names without --delete
        const ProgramRun deleted = ask(worker, words("leftovers --delete"));
        QVERIFY2(deleted.exitCode == 0 && deleted.err.contains("freed"), deleted.describe().constData());
        QVERIFY(!fs::exists(root / "sealed/fetching/s-t01000-3") && !fs::exists(root / "lsw-unseal-abc123"));
        QVERIFY(fs::exists(root / "sealed/s-t01000-4"));

        // By name; and never what is somebody's.
        write(root / "sealed/s-t01000-6", "declared");
        QCOMPARE(ask(worker, words("redeclare --all")).exitCode, 0);
        write(root / "sealed/s-t01000-8", "undeclared");
        const ProgramRun refused = ask(worker, words("leftovers --delete") << worker.file("worker/sealed/s-t01000-6") << worker.file("worker/storage.json"));
        QVERIFY2(refused.exitCode == 12 && refused.err.contains("not deleted"), refused.describe().constData());
        QVERIFY(fs::exists(root / "sealed/s-t01000-6") && fs::exists(root / "storage.json"));
        const ProgramRun named = ask(worker, words("leftovers --delete --json") << worker.file("worker/sealed/s-t01000-8"));
        QVERIFY2(named.exitCode == 0, named.describe().constData());
        QVERIFY(!fs::exists(root / "sealed/s-t01000-8") && fs::exists(root / "sealed/s-t01000-4"));
    }

    void leftoversOfAStoppedWorkerAreListedToo() {
        RunningWorker worker(lsw::test::kGatedProverFolder);
        QVERIFY(worker.minerStarted);
        const fs::path spool = worker.at("worker") / "lotus-seal-worker/spool";
        write(spool / "body-old", "of an earlier run");
        worker.start();
        QTRY_VERIFY2_WITH_TIMEOUT(worker.connected(), worker.log().constData(), test::kProgramWait);
        QVERIFY(!fs::exists(spool / "body-old"));
        // As if it could not be removed then.
        write(spool / "body-old", "of an earlier run");
        const ProgramRun running = ask(worker, words("leftovers"));
        QVERIFY2(running.exitCode == 0 && running.out.startsWith("spool  ") && running.out.contains("body-old"), running.describe().constData());

        worker.process.kill();
        QVERIFY(worker.process.waitForFinished(test::kProgramWait));
        write(worker.at("worker") / "sealed/fetching/s-t01000-3", "x");
        write(worker.at("worker") / "sealed/s-t01000-4", "only the miner knows whose");
        const ProgramRun stopped = ask(worker, words("leftovers"));
        QVERIFY2(stopped.exitCode == 0 && stopped.err.contains("index was not asked"), stopped.describe().constData());
        QVERIFY2(stopped.out.contains("spool  ") && stopped.out.contains("transfer  ") && !stopped.out.contains("s-t01000-4"), stopped.out.constData());
        const ProgramRun deleted = ask(worker, words("leftovers --delete --json"));
        QVERIFY2(deleted.exitCode == 0, deleted.describe().constData());
        QCOMPARE(deleted.jsonLines().value(0).value(QStringLiteral("deleted")).toArray().size(), 2);
        QVERIFY(!fs::exists(spool / "body-old") && !fs::exists(worker.at("worker") / "sealed/fetching/s-t01000-3") && fs::exists(worker.at("worker") / "sealed/s-t01000-4"));
        const ProgramRun none = ask(worker, words("leftovers"));
        QVERIFY2(none.exitCode == 0 && none.out.isEmpty() && none.err.contains("Nothing else is left over"), none.describe().constData());
    }

    void theMinerIsToldTheStatisticsOfAWorkersPath() {
        RunningWorker worker(lsw::test::kGatedProverFolder);
        QVERIFY(worker.minerStarted);
        worker.start();
        QTRY_VERIFY2_WITH_TIMEOUT(worker.connected(), worker.log().constData(), test::kProgramWait);
        const std::string id = paths(worker).at(0).toObject().value(QStringLiteral("id")).toString().toStdString();
        const auto api = protocol::parseApiInfo(worker.miner->apiInfo());
        QVERIFY(api.hasValue());
        const auto stat = RunningWorker::aside([&] { return protocol::callBlocking(*api, "Filecoin.StorageStat", {boost::json::value(id)}, test::kProgramWait); });
        QVERIFY2(stat.hasValue(), stat ? "" : stat.error().message().c_str());
        QVERIFY(stat->at("Capacity").to_number<double>() > 0 && stat->at("Available").to_number<double>() > 0);
        const auto unknown = RunningWorker::aside([&] { return protocol::callBlocking(*api, "Filecoin.StorageStat", {boost::json::value("x")}, test::kProgramWait); });
        QVERIFY(!unknown && unknown.error().message().find("sector store not found") != std::string::npos);
    }

    void withoutAWorkerTheCodeSaysSo() {
        const QTemporaryDir home;
        for (const QStringList& command : {words("list"), words("leftovers"), words("redeclare --all"), words("detach --really-do-it /x"), words("attach --init --seal") << home.filePath(QStringLiteral("new"))}) {
            const ProgramRun run = test::runProgram(QString::fromUtf8(lsw::test::kProgramFile), QStringList{QStringLiteral("storage")} + command, home.path());
            QVERIFY2(run.exitCode == 7, run.describe().constData());
        }
        QVERIFY(!QFile::exists(home.filePath(QStringLiteral("new"))));
    }
};

QTEST_GUILESS_MAIN(StorageCommandsTest)
#include "tst_storage_commands.moc"
