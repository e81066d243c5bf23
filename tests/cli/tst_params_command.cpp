// SPDX-License-Identifier: MIT OR Apache-2.0
// The real program fetches from gateways that do everything wrong, and is killed at any moment. LSW_DOWNLOADS=500 for the long form.
#include "params/naughty_gateway.h"
#include "params/parameter_set.h"
#include "support/program.h"
#include "support/test_paths.h"

#include <algorithm>
#include <array>

#include <unistd.h>

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::test;
namespace fs = std::filesystem;

namespace {

const QString kProgram = QString::fromUtf8(lsw::test::kProgramFile);

struct Bench {
    QTemporaryDir home;
    ParameterSet set;

    explicit Bench(std::uint64_t seed) : set({3076, 13636, 32356}, {300000, 2 << 20, 6 << 20}, seed) { putFile(root() / "list.json", asBytes(set.asManifest())); }
    fs::path root() const { return home.path().toStdString(); }
    fs::path folder() const { return root() / "parameters"; }
    QStringList command(const QString& verb, const QStringList& more = {}) const {
        return QStringList{QStringLiteral("params"), verb, QStringLiteral("--size"), QStringLiteral("2KiB"), QStringLiteral("--for"), QStringLiteral("all"),
                           QStringLiteral("--folder"), QString::fromStdString(folder().string()), QStringLiteral("--manifest"),
                           QString::fromStdString((root() / "list.json").string())} + more;
    }
    QStringList fetchFrom(const std::vector<const NaughtyGateway*>& servers) const {
        QStringList out = command(QStringLiteral("fetch"));
        for (const NaughtyGateway* one : servers) out << QStringLiteral("--gateway") << QString::fromStdString(one->address());
        return out;
    }
    std::uint64_t bytes() const {
        std::uint64_t sum = 0;
        for (const auto& [cid, content] : set.byCid) sum += content.size();
        return sum;
    }
    bool isWhole() const {
        for (std::size_t i = 0; i < set.manifest.size(); ++i)
            if (contentOf(folder() / set.manifest[i].name) != set.bytesOf(i)) return false;
        return true;
    }
};

} // namespace

class ParamsCommandTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fromNothingToRight() {
        Bench bench(5);
        const ProgramRun before = runProgram(kProgram, bench.command(QStringLiteral("status"), {QStringLiteral("--json")}), bench.home.path());
        QVERIFY2(before.exitCode == 0, before.describe().constData());
        QCOMPARE(before.jsonLines().size(), 6);
        for (const QJsonObject& line : before.jsonLines()) QCOMPARE(line.value(QStringLiteral("state")).toString(), QStringLiteral("missing"));
        QCOMPARE(runProgram(kProgram, bench.command(QStringLiteral("verify")), bench.home.path()).exitCode, 13);

        NaughtyGateway server(bench.set.byCid);
        const ProgramRun fetched = runProgram(kProgram, bench.fetchFrom({&server}) + QStringList{QStringLiteral("--json")}, bench.home.path());
        QVERIFY2(fetched.exitCode == 0, fetched.describe().constData());
        QVERIFY(bench.isWhole());
        const QJsonObject last = fetched.jsonLines().constLast();
        QVERIFY(last.value(QStringLiteral("ok")).toBool());
        QCOMPARE(static_cast<std::uint64_t>(last.value(QStringLiteral("received")).toDouble()), bench.bytes());
        const ProgramRun verified = runProgram(kProgram, bench.command(QStringLiteral("verify"), {QStringLiteral("--anew")}), bench.home.path());
        QVERIFY2(verified.exitCode == 0, verified.describe().constData());

        // One bit on the disk.
        const fs::path damaged = bench.folder() / bench.set.manifest[4].name;
        Bytes bytes = contentOf(damaged);
        bytes[1000] ^= 4;
        putFile(damaged, bytes);
        const ProgramRun found = runProgram(kProgram, bench.command(QStringLiteral("verify")), bench.home.path());
        QVERIFY2(found.exitCode == 13 && found.err.contains(bench.set.manifest[4].name.c_str()), found.describe().constData());
        QVERIFY(runProgram(kProgram, bench.fetchFrom({&server}), bench.home.path()).exitCode == 0);
        QVERIFY(bench.isWhole());
    }

    void whatIsNeededFollowsTheConfiguration() {
        QTemporaryDir home;
        const auto ask = [&](const QStringList& words) { return runProgram(kProgram, words, home.path()); };
        const QString status = QStringLiteral("params status --json --size 32GiB");
        QVERIFY(ask({QStringLiteral("set"), QStringLiteral("role=pc1")}).exitCode == 0);
        const ProgramRun none = ask(QStringLiteral("params status").split(QLatin1Char(' ')));
        QVERIFY2(none.exitCode == 0 && none.err.contains("need no proof parameters"), none.describe().constData());
        QVERIFY(ask({QStringLiteral("set"), QStringLiteral("role=pc2c2"), QStringLiteral("parameter-cache=") + home.filePath(QStringLiteral("p"))}).exitCode == 0);
        QStringList circuits;
        for (const QJsonObject& line : ask(status.split(QLatin1Char(' '))).jsonLines()) circuits << line.value(QStringLiteral("circuit")).toString();
        circuits.removeDuplicates();
        circuits.sort();
        QCOMPARE(circuits, (QStringList{QStringLiteral("porep"), QStringLiteral("update")}));
        const ProgramRun shown = ask(QStringLiteral("params status").split(QLatin1Char(' ')));
        QVERIFY2(shown.out.contains(QByteArray("Folder: " + home.filePath(QStringLiteral("p")).toUtf8())), shown.out.constData());
    }
    void importedFromAnotherDisk() {
        Bench bench(6);
        const fs::path disk = bench.root() / "disk";
        fs::create_directory(disk);
        for (std::size_t i = 0; i < bench.set.manifest.size(); ++i) putFile(disk / bench.set.manifest[i].name, bench.set.bytesOf(i));
        const ProgramRun run = runProgram(kProgram, bench.command(QStringLiteral("import"), {QString::fromStdString(disk.string())}), bench.home.path());
        QVERIFY2(run.exitCode == 0, run.describe().constData());
        QVERIFY(bench.isWhole());
        const ProgramRun nowhere = runProgram(kProgram, bench.command(QStringLiteral("import"), {QStringLiteral("/nowhere")}), bench.home.path());
        QVERIFY2(nowhere.exitCode == 2 && nowhere.err.contains("/nowhere"), nowhere.describe().constData());
    }

    void whatIsWrongIsSaidInOneSentence_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const QString& arguments, int code, const char* words) {
            QTest::newRow(name) << QString(QStringLiteral("params ") + arguments).split(QLatin1Char(' '), Qt::SkipEmptyParts) << code << QString::fromUtf8(words);
        };
        row("no verb", QStringLiteral("status --size 3GiB"), 2, "3GiB");
        row("purpose", QStringLiteral("status --for pc1"), 2, "pc1");
        row("gateway", QStringLiteral("fetch --gateway somewhere"), 2, "somewhere");
        row("gateway with a CID", QStringLiteral("gateways --gateway https://a.example/ipfs/QmWceMgnWYLopMuM4AoGMvGEau7tNe5UK83XFjH5V9B17h"), 2, "CID");
        row("list", QStringLiteral("status --manifest /nowhere.json"), 2, "/nowhere.json");
        row("limit", QStringLiteral("fetch --limit fast"), 2, "limit");
        row("limit below nothing", QStringLiteral("fetch --limit=-5"), 2, "such as 10MiB");
        row("limit without end", QStringLiteral("limit 99999999999999999999"), 2, "such as 10MiB");
        row("list is a folder", QStringLiteral("status --manifest /"), 2, "is a folder and not a file");
        row("list never ends", QStringLiteral("status --manifest /dev/zero"), 2, "is larger than 1024 KiB");
        row("nothing to do", QString(), 2, "status, fetch, verify, import");
        row("folder", QStringLiteral("fetch --folder /proc/parameters --gateway http://127.0.0.1:9/"), 2, "/proc/parameters");
    }
    void whatIsWrongIsSaidInOneSentence() {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QString, words);
        QTemporaryDir home;
        const ProgramRun run = runProgram(kProgram, arguments, home.path());
        QVERIFY2(run.exitCode == exitCode && QString::fromUtf8(run.err).contains(words), run.describe().constData());
    }

    void aFolderOfAnotherUserIsNotTakenForEmpty() {
        Bench bench(9);
        fs::create_directory(bench.folder());
        fs::permissions(bench.folder(), fs::perms::none);
        if (::access(bench.folder().c_str(), R_OK) == 0) QSKIP("this user may read everything");
        const ProgramRun run = runProgram(kProgram, bench.command(QStringLiteral("status")), bench.home.path());
        fs::permissions(bench.folder(), fs::perms::owner_all);
        QVERIFY2(run.exitCode == 4 && run.err.contains("may not look into"), run.describe().constData());
    }

    void theEnvironmentChoosesTheGateway() {
        QTemporaryDir home;
        const ProgramRun run = runProgram(kProgram, {QStringLiteral("params"), QStringLiteral("gateways"), QStringLiteral("--json")}, home.path(),
                                          {{QStringLiteral("IPFS_GATEWAY"), QStringLiteral("https://proof-parameters.s3.cn-south-1.jdcloud-oss.com/ipfs/")}});
        QVERIFY2(run.exitCode == 0 && run.jsonLines().size() == 1, run.describe().constData());
        QCOMPARE(run.jsonLines().constFirst().value(QStringLiteral("name")).toString(), QStringLiteral("china"));
        QCOMPARE(run.jsonLines().constFirst().value(QStringLiteral("origin")).toString(), QStringLiteral("from environment"));
    }

    void gatewaysAreChangedWhileItRuns() {
        Bench bench(7);
        NaughtyGateway slow(bench.set.byCid), fast(bench.set.byCid);
        slow.rate = 256 << 10;
        QProcess program;
        program.setProcessChannelMode(QProcess::MergedChannels);
        program.start(kProgram, bench.fetchFrom({&slow}));
        QTRY_VERIFY_WITH_TIMEOUT(slow.sent() > 0, 20000);
        const auto use = [&](const QString& gateway) {
            return runProgram(kProgram, {QStringLiteral("params"), QStringLiteral("use"), gateway, QStringLiteral("--folder"), QString::fromStdString(bench.folder().string())},
                              bench.home.path());
        };
        const ProgramRun chosen = use(QString::fromStdString(fast.address()));
        QVERIFY2(chosen.exitCode == 0 && chosen.err.contains(fast.address().c_str()), chosen.describe().constData());
        QVERIFY(program.waitForFinished(60000));
        const QByteArray said = program.readAll();
        QVERIFY2(program.exitCode() == 0 && said.contains("Going over to"), said.constData());
        QVERIFY(bench.isWhole());
        QVERIFY(fast.sent() > 0);

        // It is kept for the next fetch, and taken back.
        const auto origin = [&] {
            const ProgramRun run = runProgram(kProgram, {QStringLiteral("params"), QStringLiteral("gateways"), QStringLiteral("--json"), QStringLiteral("--folder"),
                                                         QString::fromStdString(bench.folder().string())}, bench.home.path());
            return run.jsonLines().isEmpty() ? QString() : run.jsonLines().constFirst().value(QStringLiteral("origin")).toString();
        };
        QCOMPARE(origin(), QStringLiteral("chosen"));
        QCOMPARE(use(QStringLiteral("nonsense")).exitCode, 2);
        QCOMPARE(origin(), QStringLiteral("chosen"));
        QCOMPARE(use(QStringLiteral("--automatic")).exitCode, 0);
        QCOMPARE(origin(), QStringLiteral("automatic"));
    }

    void itIsPausedAndLimitedWhileItRuns() {
        Bench bench(8);
        NaughtyGateway server(bench.set.byCid);
        const auto tell = [&](const QString& verb, const QStringList& more = {}) {
            return runProgram(kProgram, QStringList{QStringLiteral("params"), verb, QStringLiteral("--json"), QStringLiteral("--folder"), QString::fromStdString(bench.folder().string())} + more,
                              bench.home.path());
        };
        const ProgramRun paused = tell(QStringLiteral("pause"));
        QVERIFY2(paused.exitCode == 0 && paused.jsonLines().value(0).value(QStringLiteral("paused")).toBool(), paused.describe().constData());
        QProcess program;
        program.setProcessChannelMode(QProcess::MergedChannels);
        program.start(kProgram, bench.fetchFrom({&server}));
        QByteArray said;
        QTRY_VERIFY_WITH_TIMEOUT((said += program.readAll()).contains("Paused"), 20000);
        QCOMPARE(server.requests(), 0);
        const ProgramRun slow = tell(QStringLiteral("limit"), {QStringLiteral("100MiB")});
        QCOMPARE(slow.jsonLines().value(0).value(QStringLiteral("limit")).toDouble(), 104857600.0);
        QVERIFY(slow.jsonLines().value(0).value(QStringLiteral("paused")).toBool());
        QCOMPARE(tell(QStringLiteral("resume")).exitCode, 0);
        QVERIFY(program.waitForFinished(60000));
        said += program.readAll();
        QVERIFY2(program.exitCode() == 0 && said.contains("It goes on"), said.constData());
        QVERIFY(bench.isWhole());
        QVERIFY(fs::exists(bench.folder() / "lotus-seal-worker-pace"));
        QCOMPARE(tell(QStringLiteral("limit"), {QStringLiteral("0")}).exitCode, 0);
        QVERIFY(!fs::exists(bench.folder() / "lotus-seal-worker-pace"));
    }

    void whatCameBeforeAKillIsNotFetchedAgain() {
        const std::uint64_t seed = std::random_device()();
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        std::mt19937_64 random(seed);
        Bench bench(seed);
        std::vector<std::size_t> sizes;
        for (int i = 0; i < 16; ++i) sizes.push_back((3 << 20) + random() % (2 << 20));
        bench.set = ParameterSet({3076}, sizes, seed);
        putFile(bench.root() / "list.json", asBytes(bench.set.asManifest()));
        NaughtyGateway server(bench.set.byCid);
        server.rate = 4 << 20;
        // Chunks of 64 KiB of which every byte is on the disk.
        const auto there = [&] {
            std::uint64_t sum = 0;
            for (std::size_t i = 0; i < bench.set.manifest.size(); ++i) {
                const Bytes& right = bench.set.bytesOf(i);
                Bytes now = contentOf(bench.folder() / bench.set.manifest[i].name);
                if (now.empty()) now = contentOf(bench.folder() / (bench.set.manifest[i].name + ".part"));
                for (std::size_t begin = 0; begin < right.size() && now.size() == right.size(); begin += 1 << 16) {
                    const std::size_t end = std::min<std::size_t>(right.size(), begin + (1 << 16));
                    if (std::equal(right.begin() + static_cast<std::ptrdiff_t>(begin), right.begin() + static_cast<std::ptrdiff_t>(end),
                                   now.begin() + static_cast<std::ptrdiff_t>(begin)))
                        sum += end - begin;
                }
            }
            return sum;
        };
        for (int kill = 0; kill < 4; ++kill) {
            QProcess program;
            program.setStandardOutputFile(QProcess::nullDevice());
            program.setStandardErrorFile(QProcess::nullDevice());
            program.start(kProgram, bench.fetchFrom({&server}));
            QVERIFY(program.waitForStarted());
            if (program.waitForFinished(static_cast<int>(200 + random() % 800))) break;
            program.kill();
            program.waitForFinished();
        }
        const std::uint64_t before = there();
        const ProgramRun run = runProgram(kProgram, bench.fetchFrom({&server}) + QStringList{QStringLiteral("--json")}, bench.home.path());
        QVERIFY2(run.exitCode == 0, run.describe().constData());
        QVERIFY(bench.isWhole());
        const auto received = static_cast<std::uint64_t>(run.jsonLines().constLast().value(QStringLiteral("received")).toDouble());
        qInfo("%llu of %llu bytes were there, %llu came", static_cast<unsigned long long>(before), static_cast<unsigned long long>(bench.bytes()),
              static_cast<unsigned long long>(received));
        QVERIFY(received <= bench.bytes() - before + bench.bytes() / 50);
    }

    void killedAtAnyMomentUnderEveryFault() {
        const int downloads = std::max(20, qEnvironmentVariableIntValue("LSW_DOWNLOADS"));
        const std::uint64_t seed = std::random_device()();
        qInfo("seed %llu, %d downloads", static_cast<unsigned long long>(seed), downloads);
        std::uint64_t kills = 0, honestly = 0, fetched = 0, deceivedly = 0, fetchedDeceived = 0;
        for (int download = 0; download < downloads; ++download) {
            Bench bench(seed + static_cast<std::uint64_t>(download));
            std::mutex mutex;
            std::mt19937_64 random(seed + static_cast<std::uint64_t>(download));
            std::vector<std::size_t> sizes(16);
            std::generate(sizes.begin(), sizes.end(), [&] { return (2 << 20) + random() % (4 << 20); }); // 64 MiB
            bench.set = ParameterSet({3076, 13636, 32356}, sizes, random());
            putFile(bench.root() / "list.json", asBytes(bench.set.asManifest()));
            // A mirror that gives wrong bytes or lengths makes right ones doubtful, which are then fetched again from another.
            const bool deceives = random() % 2 == 0;
            const auto draw = [&](std::uint64_t below) {
                const std::lock_guard lock(mutex);
                return random() % below;
            };
            NaughtyGateway any(bench.set.byCid, [&](const std::string&, std::uint64_t) {
                constexpr std::array kFaults{Fault::Page,  Fault::Forbidden,  Fault::ServerError, Fault::Reset,     Fault::Short,   Fault::OtherRange,
                                             Fault::Empty, Fault::ErrorAsFile, Fault::Redirect,    Fault::TooMuch,   Fault::WrongBytes, Fault::LyingSize};
                return draw(3) == 0 ? kFaults[draw(kFaults.size() - (deceives ? 0 : 2))] : Fault::None;
            });
            NaughtyGateway honest(bench.set.byCid, [&](const std::string&, std::uint64_t) { return draw(100) == 0 ? Fault::Reset : Fault::None; });
            honest.rate = 24 << 20;
            for (std::uint64_t left = draw(4); left > 0; --left) {
                QProcess program;
                program.setStandardOutputFile(QProcess::nullDevice());
                program.setStandardErrorFile(QProcess::nullDevice());
                program.start(kProgram, bench.fetchFrom({&any, &honest}));
                QVERIFY(program.waitForStarted());
                if (!program.waitForFinished(static_cast<int>(20 + draw(500)))) {
                    program.kill();
                    program.waitForFinished();
                    ++kills;
                }
            }
            const ProgramRun run = runProgram(kProgram, bench.fetchFrom({&any, &honest}), bench.home.path());
            QVERIFY2(run.exitCode == 0, run.describe().constData());
            QVERIFY(bench.isWhole());
            (deceives ? deceivedly : honestly) += bench.bytes();
            (deceives ? fetchedDeceived : fetched) += any.sentRightly() + honest.sentRightly();
        }
        const auto twice = [](std::uint64_t came, std::uint64_t wanted) { return wanted ? 100 * (static_cast<double>(came) / static_cast<double>(wanted) - 1) : 0; };
        qInfo("%llu kills; fetched twice: %.2f %%, and where a mirror gave wrong bytes or lengths %.2f %%", static_cast<unsigned long long>(kills), twice(fetched, honestly),
              twice(fetchedDeceived, deceivedly));
        QVERIFY(twice(fetched, honestly) <= 2);
    }
};

QTEST_GUILESS_MAIN(ParamsCommandTest)
#include "tst_params_command.moc"
