// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/remote_fetch.h"
#include "storage_fixture.h"
#include "support/script_server.h"

#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <future>

#include <QtTest/QtTest>

#include "support/patience.h"
#include "support/test_paths.h"

using namespace lsw;
using namespace lsw::storage;
using namespace lsw::test;

namespace {

const std::string kToken = "header.payload.signature";
const std::string kOldDates = "Date: Mon, 23 Nov 2026 03:40:00 GMT\r\nLast-Modified: Mon, 23 Nov 2026 03:00:00 GMT\r\n";

std::string whole(const std::string& body, const std::string& more = {}) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n" + more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string status(int code, const std::string& body = {}) {
    return "HTTP/1.1 " + std::to_string(code) + " Something\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string chunkedTar(const std::string& tar, bool ended = true) {
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", tar.size());
    return "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + (size + tar) + "\r\n" + (ended ? "0\r\n\r\n" : "");
}
std::string partial(const std::string& body, std::size_t from) {
    return "HTTP/1.1 206 Partial Content\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n" + kOldDates + "Content-Range: bytes " + std::to_string(from) +
           '-' + std::to_string(body.size() - 1) + '/' + std::to_string(body.size()) + "\r\nContent-Length: " + std::to_string(body.size() - from) + "\r\n\r\n" +
           body.substr(from);
}

struct Place {
    QTemporaryDir folder{fastFolder()};
    fs::path temporary = fs::path(folder.path().toStdString()) / "sealed/fetching/s-t01000-1";
    fs::path destination = fs::path(folder.path().toStdString()) / "sealed/s-t01000-1";

    Expected<std::string> fetch(const std::vector<std::string>& urls, const TaskContext& context = {}, FetchKind kind = FetchKind::Any) {
        return fetchFile(urls, kToken, temporary, destination, context, kind);
    }
    /// Nothing of an unfinished transfer remains.
    bool isClean() const { return fs::is_empty(temporary.parent_path()); }
};

QByteArray message(const Expected<std::string>& result) { return QByteArray::fromStdString(result ? *result : result.error().message()); }

} // namespace

class TestRemoteFetch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFileArrivesWithProgressAndReplacesTheOld() {
        const std::string body = pattern((1 << 20) + 4711);
        ScriptServer server([&](int, const std::string&, bool&) { return whole(body); });
        Place place;
        writeFile(place.destination, "old");
        std::uint64_t done = 0, total = 0;
        TaskContext context;
        context.report = [&](const Progress& progress) {
            QVERIFY(progress.done > done);
            done = progress.done;
            total = progress.total;
        };
        const auto got = place.fetch({server.url("/x")}, context);
        QVERIFY2(got.hasValue(), message(got).constData());
        QCOMPARE(*got, server.url("/x"));
        QVERIFY(readFile(place.destination) == body);
        QCOMPARE(done, std::uint64_t(body.size()));
        QCOMPARE(total, std::uint64_t(body.size()));
        QVERIFY(place.isClean());
        QVERIFY(server.heads().front().find("\r\nAuthorization: Bearer " + kToken + "\r\n") != std::string::npos);
    }
    void anEmptyFileArrives() {
        ScriptServer server([&](int, const std::string&, bool&) { return whole("", kOldDates); });
        Place place;
        QVERIFY(place.fetch({server.url("/x")}).hasValue());
        QCOMPARE(fs::file_size(place.destination), std::uintmax_t(0));
    }
    void aTarArrivesAsAFolder() {
        const std::string tar = readFile(std::string(lsw::test::kTestData) + "/storage/go-cache.tar");
        ScriptServer server([&](int, const std::string&, bool&) { return chunkedTar(tar); });
        Place place;
        writeFile(place.destination / "stale", "x");
        QVERIFY(place.fetch({server.url("/x")}, {}, FetchKind::Folder).hasValue());
        QCOMPARE(std::distance(fs::directory_iterator(place.destination), fs::directory_iterator()), std::ptrdiff_t(3));
        QVERIFY(place.isClean());
    }
    void aTarWhoseLastChunkIsMissingIsNotWhole() {
        // All bytes of the tar came; only HTTP tells that there should have been more.
        const std::string tar = readFile(std::string(lsw::test::kTestData) + "/storage/go-cache.tar");
        for (const std::size_t size : {tar.size(), std::size_t(576), std::size_t(1024)}) {
            ScriptServer server([&](int, const std::string&, bool&) { return chunkedTar(tar.substr(0, size), false); });
            Place place;
            const auto got = place.fetch({server.url("/x")});
            QVERIFY(!got && got.error().code() == ErrorCode::Timeout);
            QVERIFY(!fs::exists(place.destination));
            QVERIFY(place.isClean());
        }
    }
    void badAnswersAreNamed_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const std::string& answer, ErrorCode code, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(answer) << int(code) << QByteArray(says);
        };
        row("401", status(401), ErrorCode::PermissionDenied, "token is not accepted");
        row("403", status(403), ErrorCode::PermissionDenied, "token is not accepted");
        row("404", status(404), ErrorCode::NotFound, "not there");
        row("500 without text", status(500), ErrorCode::Remote, "could not give it");
        row("500 with text", status(500, "disk \x01 broken\n"), ErrorCode::Remote, "\"disk   broken\"");
        row("repeats our token", status(500, "bad token " + kToken), ErrorCode::Remote, "bad token <token>");
        row("a page", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi", ErrorCode::Remote, "unknown content type \"text/html\"");
        row("no type", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", ErrorCode::Remote, "unknown content type");
        row("no length", "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\nhi", ErrorCode::Remote, "how long");
        row("no HTTP", "nonsense\r\n\r\n", ErrorCode::Timeout, "127.0.0.1");
        row("nothing", "", ErrorCode::Timeout, "127.0.0.1");
        row("too short", "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 5\r\n\r\nhi", ErrorCode::Timeout, "127.0.0.1");
        row("half chunk", "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi", ErrorCode::Timeout, "127.0.0.1");
        row("bad tar", chunkedTar(std::string(2000, 'x')), ErrorCode::Remote, "no whole tar");
        row("redirect to a file", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", ErrorCode::Timeout, "127.0.0.1");
        row("part that was not asked for", "HTTP/1.1 206 Partial\r\nContent-Type: application/octet-stream\r\nContent-Length: 2\r\n\r\nhi", ErrorCode::Remote, "206");
    }
    void badAnswersAreNamed() {
        QFETCH(QByteArray, answer);
        QFETCH(int, code);
        QFETCH(QByteArray, says);
        ScriptServer server([&](int, const std::string&, bool&) { return answer.toStdString(); });
        Place place;
        writeFile(place.destination, "old");
        const auto got = place.fetch({server.url("/x")});
        QVERIFY(!got.hasValue());
        QVERIFY2(message(got).contains(says), message(got).constData());
        QVERIFY2(int(got.error().code()) == code, message(got).constData());
        QVERIFY2(!message(got).contains(kToken.c_str()), message(got).constData());
        QCOMPARE(readFile(place.destination), std::string("old"));
        QVERIFY(place.isClean());
    }
    void sourcesAreTriedInTurn() {
        ScriptServer missing([](int, const std::string&, bool&) { return status(404); });
        ScriptServer broken([](int, const std::string&, bool&) { return whole("abc").substr(0, 60); });
        ScriptServer good([](int, const std::string&, bool&) { return whole("abc"); });
        Place place;
        const auto got = place.fetch({missing.url("/a"), broken.url("/b"), "http://127.0.0.1:1/c", good.url("/d")});
        QVERIFY2(got.hasValue(), message(got).constData());
        QCOMPARE(*got, good.url("/d"));
        QCOMPARE(readFile(place.destination), std::string("abc"));
        const auto none = place.fetch({missing.url("/a"), broken.url("/b")});
        QVERIFY(!none && none.error().code() == ErrorCode::Remote);
        QVERIFY(message(none).contains("/a: status 404") && message(none).contains("/b"));
        QVERIFY(place.fetch({missing.url("/a"), missing.url("/b")}).error().code() == ErrorCode::NotFound);
        QVERIFY(place.fetch({}).error().code() == ErrorCode::NotFound);
    }
    void theWrongKindIsRefused() {
        ScriptServer file([](int, const std::string&, bool&) { return whole("abc"); });
        const std::string bytes = readFile(std::string(lsw::test::kTestData) + "/storage/go-cache.tar");
        ScriptServer tar([&](int, const std::string&, bool&) { return chunkedTar(bytes); });
        Place place;
        QVERIFY(!place.fetch({file.url("/x")}, {}, FetchKind::Folder).hasValue());
        QVERIFY(!place.fetch({tar.url("/x")}, {}, FetchKind::File).hasValue());
        QVERIFY(!fs::exists(place.destination));
        QVERIFY(place.isClean());
    }
    void aBrokenTransferIsContinued() {
        const std::string body = pattern(100000);
        ScriptServer server([&](int number, const std::string& head, bool&) {
            if (number == 0) return whole(body, kOldDates).substr(0, 40000);
            const auto range = head.find("Range: bytes=");
            return partial(body, std::stoul(head.substr(range + 13)));
        });
        Place place;
        const auto got = place.fetch({server.url("/x")});
        QVERIFY2(got.hasValue(), message(got).constData());
        QVERIFY(readFile(place.destination) == body);
        QCOMPARE(server.heads().size(), std::size_t(2));
        QVERIFY(server.heads()[1].find("If-Range: Mon, 23 Nov 2026 03:00:00 GMT\r\n") != std::string::npos);
        QVERIFY(server.heads()[1].find("Range: bytes=0-") == std::string::npos);
        QVERIFY(place.isClean());
    }
    void aFileThatChangedMeanwhileIsFetchedAnew() {
        const std::string old = pattern(100000), changed = pattern(90000, 9);
        ScriptServer server([&](int number, const std::string&, bool&) { return number == 0 ? whole(old, kOldDates).substr(0, 40000) : whole(changed); });
        Place place;
        QVERIFY(place.fetch({server.url("/x")}).hasValue());
        QVERIFY(readFile(place.destination) == changed);
    }
    void aRangeThatIsNotTheOneAskedForIsNotUsed() {
        const std::string body = pattern(100000);
        ScriptServer server([&](int number, const std::string&, bool&) {
            if (number == 0) return whole(body, kOldDates).substr(0, 40000);
            return number == 1 ? partial(body, 10) : whole(body);
        });
        Place place;
        QVERIFY(place.fetch({server.url("/x")}).hasValue());
        QVERIFY(readFile(place.destination) == body);
        QCOMPARE(server.heads().size(), std::size_t(3));
    }
    void aFileThatMayHaveChangedWithinItsSecondIsNotContinued() {
        const std::string body = pattern(100000);
        const std::string sameSecond = "Date: Mon, 23 Nov 2026 03:40:00 GMT\r\nLast-Modified: Mon, 23 Nov 2026 03:40:00 GMT\r\n";
        ScriptServer server([&](int, const std::string&, bool&) { return whole(body, sameSecond).substr(0, 40000); });
        Place place;
        QVERIFY(!place.fetch({server.url("/x")}).hasValue());
        QCOMPARE(server.heads().size(), std::size_t(1));
        QVERIFY(place.isClean());
    }
    void whatCameIsKeptForTheNextTimeAndForThatSourceOnly() {
        const std::string body = pattern(100000);
        std::atomic<bool> isUp = true;
        ScriptServer server([&](int, const std::string& head, bool&) {
            if (!isUp) return std::string();
            const auto range = head.find("Range: bytes=");
            if (range != std::string::npos) return partial(body, std::stoul(head.substr(range + 13)));
            isUp = false;
            return whole(body, kOldDates).substr(0, 40000);
        });
        Place place;
        QVERIFY(!place.fetch({server.url("/x")}).hasValue());
        isUp = true;
        const std::size_t before = server.heads().size();
        QVERIFY(place.fetch({server.url("/x")}).hasValue());
        QVERIFY(readFile(place.destination) == body);
        QCOMPARE(server.heads().size(), before + 1);
        QVERIFY(server.heads().back().find("Range: bytes=") != std::string::npos);

        isUp = true;
        QVERIFY(!place.fetch({server.url("/y")}).hasValue());
        isUp = true;
        ScriptServer other([&](int, const std::string&, bool&) { return whole(body); });
        QVERIFY(place.fetch({other.url("/x")}).hasValue());
        QVERIFY(other.heads().front().find("Range:") == std::string::npos);
        QVERIFY(readFile(place.destination) == body);
    }
    void aStopEndsATransferThatStandsStill() {
        ScriptServer server([](int, const std::string&, bool& hold) {
            hold = true;
            return whole(std::string(1000, 'x'), kOldDates).substr(0, 400);
        });
        Place place;
        std::stop_source stop;
        std::promise<void> begun;
        TaskContext context{stop.get_token(), [&](const Progress&) { begun.set_value(); }};
        auto fetching = std::async(std::launch::async, [&] { return place.fetch({server.url("/x")}, context).error().code(); });
        begun.get_future().wait();
        stop.request_stop();
        QVERIFY(fetching.get() == ErrorCode::Cancelled);
        QTRY_VERIFY_WITH_TIMEOUT(server.wasLeft(), kPatienceMs);
        QVERIFY(place.isClean());
        QVERIFY(!fs::exists(place.destination));
        QVERIFY(place.fetch({server.url("/x")}, {stop.get_token()}).error().code() == ErrorCode::Cancelled);
    }
    void aStopEndsATransferThatNeverPauses() {
        const std::string body = pattern(32 << 20);
        ScriptServer server([&](int, const std::string&, bool&) { return whole(body, kOldDates); });
        Place place;
        std::stop_source stop;
        int reports = 0;
        TaskContext context{stop.get_token(), [&](const Progress&) {
            ++reports;
            stop.request_stop();
        }};
        const auto got = place.fetch({server.url("/x")}, context);
        QVERIFY(!got && got.error().code() == ErrorCode::Cancelled);
        QCOMPARE(reports, 1);
        QVERIFY(place.isClean());
    }
    void aFullDiskEndsItAndFreesWhatWasTaken() {
        const std::string body = pattern(300000);
        const std::string chunked = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n493e0\r\n" + body + "\r\n0\r\n\r\n";
        for (const std::string& answer : {whole(body, kOldDates), chunked}) {
            ScriptServer server([&](int, const std::string&, bool&) { return answer; });
            Place place;
            rlimit before{};
            QVERIFY(::getrlimit(RLIMIT_FSIZE, &before) == 0);
            const auto handler = std::signal(SIGXFSZ, SIG_IGN);
            const rlimit small{65536, before.rlim_max};
            QVERIFY(::setrlimit(RLIMIT_FSIZE, &small) == 0);
            const auto got = place.fetch({server.url("/x"), server.url("/y")});
            ::setrlimit(RLIMIT_FSIZE, &before);
            std::signal(SIGXFSZ, handler);
            QVERIFY(!got.hasValue());
            QVERIFY2(got.error().code() == ErrorCode::NoSpace, message(got).constData());
            // Another source would not make room.
            QCOMPARE(server.heads().size(), std::size_t(1));
            QVERIFY(place.isClean());
        }
    }
    void theTokenDoesNotFollowARedirectToAnotherHost() {
        ScriptServer other([](int, const std::string&, bool&) { return whole("abc"); });
        std::string elsewhere = other.url("/x");
        elsewhere.replace(elsewhere.find("127.0.0.1"), 9, "localhost");
        ScriptServer server([&](int, const std::string&, bool&) { return "HTTP/1.1 302 Found\r\nLocation: " + elsewhere + "\r\nContent-Length: 0\r\n\r\n"; });
        Place place;
        QVERIFY(place.fetch({server.url("/x")}).hasValue());
        QVERIFY(server.heads().front().find(kToken) != std::string::npos);
        QVERIFY(other.heads().front().find(kToken) == std::string::npos);
    }
    void aRemoteFileIsDeleted() {
        int code = 200;
        ScriptServer server([&](int, const std::string&, bool&) { return status(code, code == 200 ? "" : "no " + kToken); });
        QVERIFY(deleteRemote(server.url("/remote/sealed/s-t01000-1?keep=a.b"), kToken, {}).hasValue());
        QVERIFY(server.heads().front().starts_with("DELETE /remote/sealed/s-t01000-1?keep=a.b HTTP/1.1\r\n"));
        code = 401;
        QVERIFY(deleteRemote(server.url("/x"), kToken, {}).error().code() == ErrorCode::PermissionDenied);
        code = 500;
        const auto failed = deleteRemote(server.url("/x"), kToken, {});
        QVERIFY(failed.error().code() == ErrorCode::Remote && failed.error().message().find(kToken) == std::string::npos);
        QVERIFY(!deleteRemote("http://127.0.0.1:1/x", kToken, {}).hasValue());
    }
};

QTEST_GUILESS_MAIN(TestRemoteFetch)
#include "tst_remote_fetch.moc"
