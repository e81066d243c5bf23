// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QTest>

#include "worker/worker_api.h"

using namespace lsw;
using namespace lsw::worker;

namespace {

WorkerView fullView() {
    WorkerView view;
    view.connection = ConnectionState::Lost;
    view.connectionDetail = "connection refused";
    view.miner = "127.0.0.1:2345";
    view.minerVersion = "1.36.2";
    view.minerActor = "f01000";
    view.sectorSize = 34359738368ULL;
    view.name = "w1";
    view.session = "0a4e6e05-3a43-4f1c-a7a8-6a9c1b1f2c77";
    view.listen = "127.0.0.1:3456";
    view.advertise = "10.0.0.5:3456";
    view.repo = "/home/x/.lotusworker";
    view.version = "0.1.0";
    view.connectedSinceMs = 1'700'000'000'123;
    view.enabled = false;
    view.taskTypes = {"seal/v0/addpiece", "seal/v0/fetch"};
    TaskView task;
    task.call = "c";
    task.sector = "s-t01000-1";
    task.sectors = 2349;
    task.type = "seal/v0/precommit/1";
    task.shortName = "PC1";
    task.state = TaskState::Waiting;
    task.waitReason = "memory";
    task.waitDetail = "needs 64 GiB, 31 GiB free";
    task.progress = {"pc1", "layer 3 of 11", 18'446'744'073'709'551'615ULL, 5, "nodes"};
    task.begunMs = 1;
    task.startedMs = 2;
    task.finishedMs = 3;
    task.sectorSize = 34359738368ULL;
    task.activeMs = 7;
    task.forecast = {120000, 1'800'000'000'000, 1'799'999'999'000, 1'800'000'001'000, 5, 9000, "layer 8 of 11", 7'740'000, 123};
    task.error = "no";
    task.peakMemory = 9'007'199'254'740'993ULL;
    view.tasks = {task};
    task.state = TaskState::Failed;
    view.finished = {task, task};
    view.paths = {{"id", "/p", true, false, 10, 5, 1, 7, 9, 8, {"g"}, {"a"}, {"sealed"}, {"cache"}, {"t01000"}, {"t01001"}, "not mounted", {"a stray file"}}};
    view.mode = WorkMode::Draining;
    view.finishing = true;
    view.memPhysical = 4;
    view.memUsed = 3;
    view.memBudgetUsed = 2;
    view.cpus = 8;
    view.cpusUsed = 7;
    view.gpus = {"NVIDIA GeForce RTX 3090"};
    view.engine = "official";
    view.preCommit1Batch = "each alone";
    view.notes = {"PC1_MIN_MEMORY is \"much\""};
    view.serviceBlocked = 2;
    view.serviceBlockedBy = "Paths";
    return view;
}

} // namespace

class TestWorkerView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyMemberSurvivesTheWayThroughJson() {
        const auto json = toJson(fullView());
        QCOMPARE(json.at("schema").to_number<int>(), 1);
        // Through text, as it goes over the wire.
        auto back = workerViewFromJson(boost::json::parse(boost::json::serialize(json)));
        QVERIFY2(back, back ? "" : back.error().message().c_str());
        QCOMPARE(toJson(*back), json);
        // No two members may be confused with each other or lost: every one of them differs from the empty view.
        const auto fresh = toJson(WorkerView{});
        for (const auto& member : json.as_object())
            if (member.key() != "schema") QVERIFY2(fresh.at(member.key()) != member.value(), std::string(member.key()).c_str());
        QCOMPARE(back->tasks.at(0).peakMemory, 9'007'199'254'740'993ULL);
        QCOMPARE(back->tasks.at(0).waitReason, std::string("memory"));
        QCOMPARE(back->finished.size(), std::size_t{2});
        QCOMPARE(back->notes, fullView().notes);
        QVERIFY(back->tasks.at(0).forecast == fullView().tasks.at(0).forecast);
        QCOMPARE(back->tasks.at(0).activeMs, std::int64_t{7});
    }

    void anEmptyViewSurvivesToo() {
        const auto json = toJson(WorkerView{});
        auto back = workerViewFromJson(json);
        QVERIFY(back);
        QCOMPARE(toJson(*back), json);
    }

    void wrongShapesAreNamed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("named");
        const auto corrupt = static_cast<int>(ErrorCode::Corrupt);
        QTest::newRow("no object") << QByteArray("[]") << corrupt << QByteArray("object");
        QTest::newRow("no schema") << QByteArray("{}") << static_cast<int>(ErrorCode::IncompatibleVersion) << QByteArray("schema");
        QTest::newRow("newer schema") << QByteArray(R"({"schema":2})") << static_cast<int>(ErrorCode::IncompatibleVersion) << QByteArray("schema 2");
        QTest::newRow("number for text") << QByteArray(R"({"schema":1,"name":5})") << corrupt << QByteArray("name");
        QTest::newRow("unknown state") << QByteArray(R"({"schema":1,"connection":"asleep"})") << corrupt << QByteArray("connection");
        QTest::newRow("inside a task") << QByteArray(R"({"schema":1,"tasks":[{"begun_ms":"x"}]})") << corrupt << QByteArray("tasks[0].begun_ms");
        QTest::newRow("negative size") << QByteArray(R"({"schema":1,"sector_size":-1})") << corrupt << QByteArray("sector_size");
        QTest::newRow("list of numbers") << QByteArray(R"({"schema":1,"task_types":[1]})") << corrupt << QByteArray("task_types[0]");
    }
    void wrongShapesAreNamed() {
        QFETCH(QByteArray, text);
        QFETCH(int, code);
        QFETCH(QByteArray, named);
        const auto view = workerViewFromJson(boost::json::parse(std::string_view(text.constData(), static_cast<std::size_t>(text.size()))));
        QVERIFY(!view);
        QCOMPARE(static_cast<int>(view.error().code()), code);
        QVERIFY2(view.error().message().find(named.toStdString()) != std::string::npos, view.error().message().c_str());
    }
};

QTEST_GUILESS_MAIN(TestWorkerView)
#include "tst_worker_view.moc"
