// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/chunk_sums.h"
#include "params/parameter_fetcher.h"

#include "naughty_gateway.h"
#include "parameter_set.h"

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::params;
using namespace lsw::test;
namespace fs = std::filesystem;

class TestParameterFetcher : public QObject {
    Q_OBJECT

    struct Bench {
        QTemporaryDir temporary;
        ParameterSet set{{3076, 13636}, {1500000, 5 << 20}, 11};
        ParameterFolder folder{temporary.path().toStdString()};

        FetchSettings settings(const std::vector<const NaughtyGateway*>& servers) const {
            FetchSettings out;
            for (std::size_t i = 0; i < servers.size(); ++i) out.gateways.push_back({"g" + std::to_string(i), servers[i]->address(), ""});
            out.stall = std::chrono::milliseconds(600);
            out.backoff = std::chrono::milliseconds(5);
            out.flush = std::chrono::milliseconds(20);
            out.margin = 1 << 20;
            return out;
        }
        std::uint64_t bytes() const {
            std::uint64_t sum = 0;
            for (const auto& [cid, content] : set.byCid) sum += content.size();
            return sum;
        }
        /// Everything is there, right, and nothing else is.
        void verifyWhole() {
            QStringList names{QStringLiteral("fetch.lock"), QStringLiteral("lotus-seal-worker-checked")};
            for (std::size_t i = 0; i < set.manifest.size(); ++i) {
                QVERIFY(contentOf(folder.placeOf(set.manifest[i])) == set.bytesOf(i));
                QCOMPARE(folder.status(set.manifest[i]).state, FileState::Right);
                names << QString::fromStdString(set.manifest[i].name);
            }
            names.sort();
            QCOMPARE(QDir(temporary.path()).entryList(QDir::Files, QDir::Name), names);
        }
    };

private Q_SLOTS:
    void initTestCase() {
        for (const char* proxy : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(proxy);
    }

    void fetchesFromSeveralAtOnceAndAsksForNothingTwice() {
        Bench bench;
        NaughtyGateway first(bench.set.byCid), second(bench.set.byCid);
        ParameterFetcher fetcher(bench.folder, bench.settings({&first, &second}));
        std::uint64_t last = 0, total = 0;
        const auto done = fetcher.fetch(bench.set.manifest, {{}, [&](const Progress& progress) {
                                                                 QVERIFY(progress.done >= last);
                                                                 last = progress.done;
                                                                 total = progress.total;
                                                             }});
        QVERIFY2(done.hasValue(), done ? "" : done.error().message().c_str());
        bench.verifyWhole();
        QVERIFY(last == bench.bytes() && total == bench.bytes());
        QVERIFY(first.sent() > 0 && second.sent() > 0);
        QCOMPARE(fetcher.received(), bench.bytes());
        // What is right is not asked for again.
        const int requests = first.requests() + second.requests();
        ParameterFetcher again(bench.folder, bench.settings({&first, &second}));
        QVERIFY(again.fetch(bench.set.manifest, {}).hasValue());
        QCOMPARE(first.requests() + second.requests(), requests);
    }

    void whateverOneDoesWrongTheOtherHelps_data() {
        QTest::addColumn<int>("fault");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, Fault fault, const char* words) { QTest::newRow(name) << static_cast<int>(fault) << QString::fromUtf8(words); };
        row("page", Fault::Page, "a page (text/html)");
        row("blocked account", Fault::Forbidden, "HTTP 403 (AccountArrear)");
        row("server error", Fault::ServerError, "HTTP 503");
        row("reset", Fault::Reset, "broke off");
        row("short", Fault::Short, "broke off");
        row("stall", Fault::Stall, "too slow");
        row("other range", Fault::OtherRange, "another part");
        row("no ranges", Fault::NoRanges, "parts of files");
        row("wrong bytes", Fault::WrongBytes, "wrong bytes");
        row("lying size", Fault::LyingSize, "wrong length");
        row("error as file", Fault::ErrorAsFile, "an error of 322 bytes and not with the file (AccountArrear)");
        row("too much", Fault::TooMuch, "more than");
        row("empty", Fault::Empty, "an empty file");
    }
    void whateverOneDoesWrongTheOtherHelps() {
        QFETCH(int, fault);
        QFETCH(QString, words);
        Bench bench;
        NaughtyGateway bad(bench.set.byCid, [&](const std::string&, std::uint64_t) { return static_cast<Fault>(fault); });
        NaughtyGateway good(bench.set.byCid);
        good.rate = 3 << 20; // so that the other has something to do as well
        FetchSettings settings = bench.settings({&bad, &good});
        std::string notes;
        settings.note = [&](const std::string& note) { notes += note + '\n'; };
        ParameterFetcher fetcher(bench.folder, settings);
        const auto done = fetcher.fetch(bench.set.manifest, {});
        QVERIFY2(done.hasValue(), done ? "" : done.error().message().c_str());
        bench.verifyWhole();
        QVERIFY2(QString::fromStdString(fetcher.gateways()[0].words).contains(words), fetcher.gateways()[0].words.c_str());
        QVERIFY(!fetcher.gateways()[1].isBanned);
        QVERIFY2(QString::fromStdString(notes).contains(QString::fromStdString("g0 " + fetcher.gateways()[0].words)), notes.c_str());
    }

    void wrongBytesAreFoundWherever_data() {
        QTest::addColumn<int>("every");
        QTest::newRow("all") << 1;
        QTest::newRow("some") << 3;
        QTest::newRow("few") << 40;
    }
    void wrongBytesAreFoundWherever() {
        QFETCH(int, every);
        Bench bench;
        std::atomic<int> count{0};
        NaughtyGateway liar(bench.set.byCid, [&](const std::string&, std::uint64_t begin) { return begin > 0 && ++count % every == 0 ? Fault::WrongBytes : Fault::None; });
        NaughtyGateway a(bench.set.byCid), b(bench.set.byCid);
        a.rate = b.rate = 4 << 20;
        ParameterFetcher fetcher(bench.folder, bench.settings({&a, &liar, &b}));
        const auto done = fetcher.fetch(bench.set.manifest, {});
        QVERIFY2(done.hasValue(), done ? "" : done.error().message().c_str());
        bench.verifyWhole();
        QVERIFY(!fetcher.gateways()[0].isBanned && !fetcher.gateways()[2].isBanned);
    }

    void oneThatSendsWholeFilesAloneWillDo() {
        Bench bench;
        NaughtyGateway server(bench.set.byCid, [](const std::string&, std::uint64_t) { return Fault::NoRanges; });
        ParameterFetcher fetcher(bench.folder, bench.settings({&server}));
        const auto done = fetcher.fetch(bench.set.manifest, {});
        QVERIFY2(done.hasValue(), done ? "" : done.error().message().c_str());
        bench.verifyWhole();
    }

    void aRedirectIsFollowed() {
        Bench bench;
        NaughtyGateway server(bench.set.byCid, [](const std::string&, std::uint64_t) { return Fault::Redirect; });
        ParameterFetcher fetcher(bench.folder, bench.settings({&server}));
        QVERIFY(fetcher.fetch(bench.set.manifest, {}).hasValue());
        bench.verifyWhole();
    }

    void whenNobodyHasItAllOfThemAreNamed() {
        Bench bench;
        NaughtyGateway blocked(bench.set.byCid, [](const std::string&, std::uint64_t) { return Fault::Forbidden; });
        NaughtyGateway liar(bench.set.byCid, [](const std::string&, std::uint64_t) { return Fault::WrongBytes; });
        ParameterFetcher fetcher(bench.folder, bench.settings({&blocked, &liar}));
        const auto done = fetcher.fetch(bench.set.manifest, {});
        QVERIFY(!done);
        QCOMPARE(done.error().code(), ErrorCode::Remote);
        const QString message = QString::fromStdString(done.error().message());
        QVERIFY2(message.contains(QLatin1String("g0 answers HTTP 403 (AccountArrear)")) && message.contains(QLatin1String("g1 gave wrong bytes")), qPrintable(message));
        QVERIFY(!fs::exists(bench.folder.placeOf(bench.set.manifest[0])));
    }

    void whatWasFetchedIsNotFetchedAgain() {
        Bench bench;
        NaughtyGateway first(bench.set.byCid), second(bench.set.byCid);
        first.rate = 2 << 20;
        std::stop_source stop;
        const std::uint64_t half = bench.bytes() / 2;
        {
            ParameterFetcher fetcher(bench.folder, bench.settings({&first}));
            const auto stopped = fetcher.fetch(bench.set.manifest, {stop.get_token(), [&](const Progress& progress) {
                                                                        if (progress.done > half) stop.request_stop();
                                                                    }});
            QVERIFY(!stopped);
            QCOMPARE(stopped.error().code(), ErrorCode::Cancelled);
        }
        // From another gateway, and only what is missing: chunks on their way may come twice.
        ParameterFetcher fetcher(bench.folder, bench.settings({&second}));
        QVERIFY(fetcher.fetch(bench.set.manifest, {}).hasValue());
        bench.verifyWhole();
        QVERIFY2(fetcher.received() < bench.bytes() - half + 4 * (80 << 10), qPrintable(QString::number(fetcher.received())));
    }

    void whatLotusLeftIsTheBeginning() {
        Bench bench;
        const Bytes& bytes = bench.set.bytesOf(3);
        putFile(bench.folder.placeOf(bench.set.manifest[3]), std::span(bytes).first(4 << 20));
        NaughtyGateway server(bench.set.byCid);
        ParameterFetcher fetcher(bench.folder, bench.settings({&server}));
        QVERIFY(fetcher.fetch({bench.set.manifest[3]}, {}).hasValue());
        QVERIFY(contentOf(bench.folder.placeOf(bench.set.manifest[3])) == bytes);
        QVERIFY2(fetcher.received() <= (1 << 20) + (128 << 10), qPrintable(QString::number(fetcher.received()))); // the last MiB, and the chunk asked first
    }

    void aDamagedFileIsMendedWhereItIsDamaged_data() {
        QTest::addColumn<QList<qint64>>("flipped");
        QTest::addColumn<qint64>("cut");
        QTest::addColumn<int>("parts");
        QTest::newRow("one byte") << QList<qint64>{3 << 20} << qint64(0) << 1;
        QTest::newRow("the first and the last") << QList<qint64>{0, (5 << 20) + 4} << qint64(0) << 2;
        QTest::newRow("the end is gone") << QList<qint64>{} << qint64(200000) << 5;
        QTest::newRow("both") << QList<qint64>{70000} << qint64(5) << 2;
    }
    void aDamagedFileIsMendedWhereItIsDamaged() {
        QFETCH(const QList<qint64>, flipped);
        QFETCH(qint64, cut);
        QFETCH(int, parts);
        Bench bench;
        bench.set = ParameterSet({}, {(5 << 20) + 5}, 12);
        const ParameterFile& file = bench.set.manifest[0];
        NaughtyGateway server(bench.set.byCid);
        ParameterFetcher first(bench.folder, bench.settings({&server}));
        QVERIFY(first.fetch(bench.set.manifest, {}).hasValue());
        Bytes damaged = bench.set.bytesOf(0);
        for (const qint64 at : flipped) damaged[static_cast<std::size_t>(at)] ^= 1;
        damaged.resize(damaged.size() - static_cast<std::size_t>(cut));
        putFile(bench.folder.placeOf(file), damaged);
        QCOMPARE(bench.folder.check(file, true, {})->state, FileState::Wrong);
        FetchSettings settings = bench.settings({&server});
        std::string notes;
        settings.note = [&](const std::string& note) { notes += note; };
        ParameterFetcher second(bench.folder, settings);
        const auto done = second.fetch(bench.set.manifest, {});
        QVERIFY2(done.hasValue(), done ? "" : done.error().message().c_str());
        bench.verifyWhole();
        QVERIFY2(second.received() <= static_cast<std::uint64_t>(parts) * (64 << 10), qPrintable(QString::number(second.received())));
        QVERIFY2(notes.find("damaged in " + std::to_string(parts) + " of 81 parts") != std::string::npos, notes.c_str());
    }
    void sumsThatLieCostTimeAlone() {
        Bench bench;
        bench.set = ParameterSet({}, {5 << 20}, 13);
        const ParameterFile& file = bench.set.manifest[0];
        NaughtyGateway server(bench.set.byCid);
        ParameterFetcher first(bench.folder, bench.settings({&server}));
        QVERIFY(first.fetch(bench.set.manifest, {}).hasValue());
        Bytes damaged = bench.set.bytesOf(0);
        damaged[12345] ^= 1;
        putFile(bench.folder.placeOf(file), damaged);
        // As if they had been taken of the damaged one.
        ChunkSums sums(damaged.size());
        sums.add(damaged);
        sums.save(bench.folder.path(), file);
        ParameterFetcher second(bench.folder, bench.settings({&server}));
        const auto done = second.fetch(bench.set.manifest, {});
        QVERIFY2(done.hasValue(), done ? "" : done.error().message().c_str());
        bench.verifyWhole();
        QVERIFY(!second.gateways()[0].isBanned);
    }

    void gatewaysAreChangedWhileItRuns() {
        Bench bench;
        NaughtyGateway slow(bench.set.byCid), fast(bench.set.byCid);
        slow.rate = 1 << 20;
        FetchSettings settings = bench.settings({&slow});
        const FetchSettings others = bench.settings({&fast});
        bool isTime = false;
        int before = 0;
        settings.otherGateways = [&]() -> std::optional<std::vector<Gateway>> {
            if (!std::exchange(isTime, false)) return std::nullopt;
            before = slow.requests();
            return others.gateways;
        };
        bool isTold = false;
        ParameterFetcher fetcher(bench.folder, settings);
        const auto done = fetcher.fetch(bench.set.manifest, {{}, [&](const Progress& progress) {
                                                                 if (progress.done > bench.bytes() / 8 && !std::exchange(isTold, true)) isTime = true;
                                                             }});
        QVERIFY2(done.hasValue(), done ? "" : done.error().message().c_str());
        bench.verifyWhole();
        QVERIFY(before > 0);
        QVERIFY2(slow.requests() <= before + 4, qPrintable(QString::number(slow.requests() - before))); // those on their way
        QVERIFY(fast.sent() > bench.bytes() / 2);
        QCOMPARE(fetcher.received(), bench.bytes());
        QVERIFY(fetcher.gateways()[0].isRetired && !fetcher.gateways()[1].isRetired);
    }

    void whatLotusLeftMayBeAPage() {
        Bench bench;
        putFile(bench.folder.placeOf(bench.set.manifest[2]), asBytes(std::string(700000, '<')));
        NaughtyGateway server(bench.set.byCid);
        ParameterFetcher fetcher(bench.folder, bench.settings({&server}));
        const auto done = fetcher.fetch({bench.set.manifest[2]}, {});
        QVERIFY2(done.hasValue(), done ? "" : done.error().message().c_str());
        QVERIFY(contentOf(bench.folder.placeOf(bench.set.manifest[2])) == bench.set.bytesOf(2));
        QVERIFY(!fetcher.gateways()[0].isBanned);
    }

    void aDiskThatIsTooSmallIsSaidBefore() {
        Bench bench;
        NaughtyGateway server(bench.set.byCid);
        FetchSettings settings = bench.settings({&server});
        settings.margin = UINT64_MAX / 2;
        ParameterFetcher fetcher(bench.folder, settings);
        const auto done = fetcher.fetch(bench.set.manifest, {});
        QVERIFY(!done);
        QCOMPARE(done.error().code(), ErrorCode::NoSpace);
        QCOMPARE(server.requests(), 0);
    }

    void everythingAtRandom() {
        const std::uint64_t seed = std::random_device()();
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        for (std::uint64_t round = 0; round < 4; ++round) {
            Bench bench;
            std::mutex mutex;
            std::mt19937_64 random(seed + round);
            // The first does anything, wrong bytes too; the second only what a bad connection does.
            const auto any = [&](const std::string&, std::uint64_t) {
                const std::lock_guard lock(mutex);
                return random() % 3 == 0 ? static_cast<Fault>(random() % 15) : Fault::None;
            };
            const auto honest = [&](const std::string&, std::uint64_t) {
                const std::lock_guard lock(mutex);
                constexpr Fault kBad[] = {Fault::Reset, Fault::Short, Fault::ServerError, Fault::Redirect};
                return random() % 3 == 0 ? kBad[random() % 4] : Fault::None;
            };
            NaughtyGateway first(bench.set.byCid, any), second(bench.set.byCid, honest);
            FetchSettings settings = bench.settings({&first, &second});
            settings.patience = 40;
            ParameterFetcher fetcher(bench.folder, settings);
            const auto done = fetcher.fetch(bench.set.manifest, {});
            QVERIFY2(done.hasValue(), done ? "" : done.error().message().c_str());
            bench.verifyWhole();
        }
    }
};

QTEST_GUILESS_MAIN(TestParameterFetcher)
#include "tst_parameter_fetcher.moc"
