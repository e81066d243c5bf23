// SPDX-License-Identifier: MIT OR Apache-2.0
// What an existing lotus-worker was told: units, files of variables, folders, as people have them.
#include "common/lotus_import.h"
#include "setup/unit_file.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::common;

namespace {

constexpr auto kToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJBbGxvdyI6WyJyZWFkIl19.c2VjcmV0";

/// As the documentation of lotus has it, with what people add.
constexpr const char* kUnit = R"(# /etc/systemd/system/lotus-worker.service
[Unit]
Description=Lotus worker ; not a comment
After=network-online.target

[Service]
User=lotus
Environment="GOLOG_FILE=%h/worker.log" GOLOG_LOG_LEVEL=info
Environment=LOTUS_WORKER_LISTEN=10.0.0.5:3456
; Environment=LOTUS_WORKER_NAME=commented
Environment=BELLMAN_CUSTOM_GPU="GeForce RTX 3080:8704"
EnvironmentFile=-@ENV@
EnvironmentFile=/nowhere/at/all
LimitNOFILE=1048576
ExecStart=/usr/local/bin/lotus-worker --worker-repo=@REPO@ run --address ${ADDRESS}:3456 \
  # between two lines
  --precommit1=false --no-swap \
  -parallel-fetch-limit=3 --timeout 30m --sdr-fast --name='box "one"'
Restart=always

[Install]
WantedBy=multi-user.target
)";

std::string listed(const std::vector<ImportedItem>& items) {
    std::string out;
    for (const ImportedItem& item : items) out += item.name + ' ';
    return out;
}

std::string listed(const std::vector<ConfigurationChange>& changes) {
    std::string out;
    for (const ConfigurationChange& one : changes) out += one.key + '=' + one.text + '\n';
    return out;
}

} // namespace

class TestLotusImport : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string at(const char* name) const { return m_dir->path().toStdString() + '/' + name; }
    void write(const char* name, QByteArray text) const {
        const QString path = QString::fromStdString(at(name));
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        text.replace("@ENV@", QByteArray::fromStdString(at("env"))).replace("@REPO@", QByteArray::fromStdString(at("repo")));
        file.write(text);
    }
    Expected<LotusImport> import(const std::vector<const char*>& names) const {
        ImportRequest request;
        for (const char* name : names) request.sources.emplace_back(at(name));
        request.repo = at("repo");
        request.home = "/home/lotus";
        request.systemFolder = at("systemd");
        auto out = readLotusWorker(request);
        // No list and no message has a part of the token.
        std::string said = out ? std::string() : out.error().forLog();
        if (out)
            for (const auto* list : {&out->taken, &out->notNeeded, &out->unknown})
                for (const ImportedItem& item : *list) said += item.name + item.where + item.about;
        if (said.find("eyJ") != std::string::npos || said.find("c2VjcmV0") != std::string::npos) return Error(ErrorCode::Internal, "a token was told");
        return out;
    }

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void aServiceIsReadWhole() {
        write("lotus-worker.service", kUnit);
        write("env", QByteArray("# of the service\nexport MINER_API_INFO=\"") + kToken + ":/ip4/10.0.0.1/tcp/2345/http\"\nADDRESS=10.0.0.7\nFIL_PROOFS_PARAMETER_CACHE=/fast/params # moved\n" +
                         "PC1_32G_MAX_CONCURRENT=2\nFULLNODE_API_INFO=x:/ip4/1.1.1.1/tcp/1\nMY_PASSWORD=hush\nLOTUS_WORKER_NAME=env\nEMPTY=\n");
        write("lotus-worker.service.d/override.conf", "[Service]\nEnvironment=FIL_PROOFS_USE_MULTICORE_SDR=1\n");
        write("repo/storage.json", R"({"StoragePaths":[{"Path":"/a"},{"Path":"/b"}]})");
        write("repo/token", "own");
        const auto found = import({"lotus-worker.service"});
        QVERIFY2(found.hasValue(), found ? "" : found.error().message().c_str());
        QCOMPARE(found->repo.string(), at("repo"));
        QVERIFY(found->miner);
        QCOMPARE(found->miner->token, std::string(kToken));
        QCOMPARE(found->miner->endpoint.url(""), std::string("http://10.0.0.1:2345"));
        QCOMPARE(QString::fromStdString(listed(found->changes)),
                 QString::fromStdString("name=box \"one\"\nlisten=10.0.0.7:3456\nparallel-fetch-limit=3\nprecommit1=false\nno-swap=true\nparameter-cache=/fast/params\n"
                                        "environment.BELLMAN_CUSTOM_GPU=GeForce RTX 3080:8704\nenvironment.FIL_PROOFS_USE_MULTICORE_SDR=1\nenvironment.PC1_32G_MAX_CONCURRENT=2\n"));
        const std::string unknown = listed(found->unknown), notNeeded = listed(found->notNeeded);
        for (const char* name : {"/nowhere/at/all", "--sdr-fast", "MY_PASSWORD", "ADDRESS"}) QVERIFY2(unknown.find(name) != std::string::npos, (name + (": " + unknown)).c_str());
        for (const char* name : {"User=lotus", "GOLOG_FILE", "GOLOG_LOG_LEVEL", "FULLNODE_API_INFO", "--timeout", "LOTUS_WORKER_LISTEN", "LOTUS_WORKER_NAME", "token"})
            QVERIFY2(notNeeded.find(name) != std::string::npos, (name + (": " + notNeeded)).c_str());
        QCOMPARE(found->unknown.size(), std::size_t{4});
        QVERIFY(listed(found->taken).find("storage.json") != std::string::npos);
        for (const ImportedItem& item : found->unknown) QVERIFY2(item.about.find("hush") == std::string::npos, item.about.c_str());
    }
    void whatIsTakenIsASoundConfiguration() {
        aServiceIsReadWhole();
        const auto found = import({"lotus-worker.service"});
        const auto text = changedConfiguration("", found->changes);
        QVERIFY2(text.hasValue(), text ? "" : text.error().message().c_str());
        const auto read = soundConfiguration({at("none"), {}, {}, *text});
        QVERIFY2(read.hasValue(), read ? "" : read.error().message().c_str());
        QCOMPARE(read->at("name").text, std::string("box \"one\""));
        QCOMPARE(read->variables.at("FIL_PROOFS_USE_MULTICORE_SDR").text, std::string("1"));
    }
    void otherFormsAreUnderstood_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("changes");
        const auto unit = [](const char* name, const char* command, const char* changes) { QTest::newRow(name) << QByteArray("[Service]\n" + QByteArray(command) + '\n') << QByteArray(changes); };
        unit("a shell", "ExecStart=/bin/bash -c 'exec lotus-worker run --listen 1.2.3.4:5'", "listen=1.2.3.4:5\n");
        unit("a shell with a variable", "Environment=P=9\nExecStart=/bin/sh -lc \"lotus-worker run --listen 1.2.3.4:$P\"", "listen=1.2.3.4:9\n");
        unit("variables that are words", "Environment='OPTS=--no-swap --addpiece=false'\nExecStart=/x/lotus-worker run $OPTS", "addpiece=false\nno-swap=true\n");
        unit("a prefix", "ExecStart=-!/x/lotus-worker run --no-default --windowpost", "windowpost=true\nno-default=true\n");
        unit("the last command counts", "ExecStart=/x/lotus-worker run --no-swap\nExecStart=\nExecStart=/x/lotus-worker run --unseal=false", "unseal=false\n");
        unit("variables that were taken back", "Environment=LOTUS_WORKER_NAME=a\nEnvironment=\nEnvironment=LOTUS_WORKER_NO_SWAP=1", "no-swap=true\n");
        unit("a flag that appears twice", "ExecStart=/x/lotus-worker run --listen 1.1.1.1:1 --address=2.2.2.2:2", "listen=2.2.2.2:2\n");
        unit("a proxy of a command", "ExecStart=/usr/bin/numactl -N 0 lotus-worker run --no-swap", "");
        unit("the old seed", "Environment=STORAGE_API_INFO=a.b.c:/ip4/10.0.0.1/tcp/2345/http\nExecStart=/x/lotus-seal-worker run", "");
        unit("a folder of a miner and its connection", "Environment=STORAGE_API_INFO=a.b.c:/ip4/10.0.0.1/tcp/2345/http LOTUS_MINER_PATH=/miner\nExecStart=/x/lotus-worker run --no-swap", "no-swap=true\n");
        unit("a folder of a miner", "Environment=LOTUS_MINER_PATH=/miner\nExecStart=/x/lotus-worker run", "miner-repo=/miner\n");
        QTest::newRow("a file of variables") << QByteArray("LOTUS_WORKER_COMMIT=false\n  export LOTUS_WORKER_NAME='a b' # x\nnot a line\n=x\n1A=x\n") << QByteArray("name=a b\ncommit=false\n");
        QTest::newRow("an empty file") << QByteArray() << QByteArray();
        QTest::newRow("Windows lines") << QByteArray("LOTUS_WORKER_COMMIT=false\r\nLOTUS_WORKER_NAME=a\r\n") << QByteArray("name=a\ncommit=false\n");
    }
    void otherFormsAreUnderstood() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, changes);
        write("source", text);
        const auto found = import({"source"});
        QVERIFY2(found.hasValue(), found ? "" : found.error().message().c_str());
        QCOMPARE(QByteArray::fromStdString(listed(found->changes)), changes.replace("@REPO@", QByteArray::fromStdString(at("repo"))));
    }
    void whatNoWorkerWouldTakeIsAnError() {
        write("source", "LOTUS_WORKER_PARALLEL_FETCH_LIMIT=many\n");
        auto found = import({"source"});
        QVERIFY(!found);
        QVERIFY2(found.error().code() == ErrorCode::InvalidArgument && found.error().message().find("LOTUS_WORKER_PARALLEL_FETCH_LIMIT of ") != std::string::npos, found.error().message().c_str());
        write("source", QByteArray("MINER_API_INFO=") + kToken + ":nowhere\n");
        found = import({"source"});
        QVERIFY(!found && found.error().code() == ErrorCode::InvalidArgument);
        QCOMPARE(import({"missing"}).error().code(), ErrorCode::NotFound);
        QCOMPARE(import({}).error().code(), ErrorCode::NotFound);
    }
    void withoutASourceTheUsualPlacesAreLookedAt() {
        write("repo/storage.json", R"({"StoragePaths":[{"Path":"/a"}]})");
        auto found = import({});
        QVERIFY2(found.hasValue(), found ? "" : found.error().message().c_str());
        QVERIFY(found->changes.empty());
        QCOMPARE(found->taken.size(), std::size_t{1});
        QCOMPARE(found->taken[0].about, std::string("1 storage path, used as they are"));
        write("systemd/my-lotus-worker.service", "[Service]\nExecStart=/x/lotus-worker run --no-swap\n");
        write("systemd/other.service", "[Service]\nExecStart=/x/lotus-worker run --unseal=false\n");
        found = import({});
        QVERIFY(found);
        QCOMPARE(listed(found->changes), std::string("no-swap=true\n"));
    }
    void twoWorkersAreNotMixed() {
        write("a.service", "[Service]\nExecStart=/x/lotus-worker run --no-swap\n");
        write("b.service", "[Service]\nExecStart=/x/lotus-worker run --unseal=false\n");
        QCOMPARE(import({"a.service", "b.service"}).error().code(), ErrorCode::InvalidArgument);
    }
};

QTEST_APPLESS_MAIN(TestLotusImport)
#include "tst_lotus_import.moc"
