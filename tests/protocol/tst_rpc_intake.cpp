// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/go_json.h"
#include "protocol/json_rpc.h"
#include "protocol/lotus_json.h"
#include "protocol/rpc_intake.h"
#include "protocol/spooled_request.h"

#include <fstream>

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::protocol;

namespace {

Bytes pattern(std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
    return out;
}

std::string commit2(const std::string& output) {
    return "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"Filecoin.SealCommit2\",\"params\":[{\"ID\":{\"Miner\":1000,\"Number\":7},\"ProofType\":5},\"" + output +
           "\"],\"meta\":{\"SpanContext\":\"AA\\\"\\\\AA\"}}";
}

/// A spool, a table with the one method, and what it was called with.
struct Stage {
    QTemporaryDir folder;
    std::shared_ptr<SpoolFolder> spool = std::make_shared<SpoolFolder>(std::filesystem::path(folder.path().toStdString()) / "spool");
    MethodTable table;
    std::vector<TaskCall> calls;
    std::string answer;
    int status = 0;

    Stage() {
        if (!spool->prepare()) throw std::runtime_error("no spool");
        table.add("Filecoin.SealCommit2", 2, "", [this](boost::json::array params, RpcRespond respond) {
            auto call = decodeCall("SealCommit2", params);
            if (!call) return respond(call.error());
            calls.push_back(std::move(*call));
            respond(boost::json::value("ok"));
        });
        table.add("Filecoin.Text", 1, "", [](boost::json::array params, RpcRespond respond) { respond(std::move(params.at(0))); });
    }
    Expected<void> take(const std::string& body, std::size_t step) {
        RpcIntake intake(spool);
        for (std::size_t at = 0; at < body.size(); at += step)
            if (auto fed = intake.feed(std::string_view(body).substr(at, step)); !fed) return fed;
        if (auto done = intake.finish(); !done) return done;
        kept = intake.text().size();
        table.dispatch(intake.text(), {}, [this](RpcReply reply) {
            answer = reply.body;
            status = reply.httpStatus;
        }, &intake.strings());
        return {};
    }
    std::size_t files() const {
        std::size_t count = 0;
        for (const auto& one : std::filesystem::directory_iterator(folder.path().toStdString() + "/spool")) count += one.is_regular_file() ? 1U : 0U;
        return count;
    }
    const LargeBytes& output() const { return std::get<SealCommit2Call>(calls.at(0)).commit1Output; }
    std::size_t kept = 0;
};

} // namespace

class TestRpcIntake : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_long_string_goes_decoded_into_a_file_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("step");
        for (const int step : {1, 7, 4096, 65536, 1 << 20})
            for (const int size : {200000, 200001, 200002}) QTest::addRow("%d bytes by %d", size, step) << size << step;
    }
    void a_long_string_goes_decoded_into_a_file() {
        QFETCH(int, size);
        QFETCH(int, step);
        Stage stage;
        const Bytes output = pattern(std::size_t(size));
        QVERIFY(stage.take(commit2(toBase64(output)), std::size_t(step)));
        QCOMPARE(QByteArray::fromStdString(stage.answer), QByteArray("{\"id\":5,\"jsonrpc\":\"2.0\",\"result\":\"ok\"}\n"));
        QVERIFY(stage.kept < 400);
        QVERIFY(stage.output().file());
        QVERIFY(*stage.output().load() == output);
        QCOMPARE(std::get<SealCommit2Call>(stage.calls[0]).sector.id.number, std::uint64_t{7});
        QCOMPARE(stage.files(), std::size_t{1});
        // What the journal keeps of it names the file and nothing else.
        const std::string journalled = boost::json::serialize(callParams(stage.calls[0]));
        QVERIFY(journalled.size() < 200);
        const auto marks = spoolMarks(journalled);
        QCOMPARE(marks.size(), std::size_t{1});
        QCOMPARE(marks[0].name, stage.output().file()->name());
        QCOMPARE(marks[0].size, std::uint64_t(size));
        stage.calls.clear();
        QCOMPARE(stage.files(), std::size_t{0}); // it goes with the call
    }

    void escapes_and_line_breaks_in_it_are_what_they_stand_for() {
        Stage stage;
        const Bytes output = pattern(150000);
        std::string escaped;
        const std::string plain = toBase64(output);
        for (std::size_t i = 0; i < plain.size(); ++i) {
            if (i % 76 == 0) escaped += "\\r\\n";
            if (plain[i] == '/') escaped += i % 2 ? "\\/" : "\\u002f";
            else if (plain[i] == '+') escaped += "\\u002B";
            else escaped += plain[i];
        }
        for (const std::size_t step : {std::size_t{1}, std::size_t{65536}}) {
            stage.calls.clear();
            QVERIFY(stage.take(commit2(escaped), step));
            QVERIFY(*stage.output().load() == output);
        }
    }

    void a_short_string_stays_and_a_batch_has_files_of_its_own() {
        Stage stage;
        const std::string small = toBase64(pattern(3000)), large = toBase64(pattern(100000)), other = toBase64(pattern(99999));
        QVERIFY(stage.take('[' + commit2(small) + ',' + commit2(large) + ',' + commit2(other) + ']', 1000));
        QCOMPARE(stage.calls.size(), std::size_t{3});
        QVERIFY(!stage.output().file());
        QVERIFY(*stage.output().load() == pattern(3000));
        QVERIFY(*std::get<SealCommit2Call>(stage.calls[1]).commit1Output.load() == pattern(100000));
        QVERIFY(*std::get<SealCommit2Call>(stage.calls[2]).commit1Output.load() == pattern(99999));
    }

    void what_is_no_base64_is_told_as_for_a_short_one_data() {
        QTest::addColumn<QByteArray>("bad");
        QTest::newRow("a character") << QByteArray("!!!!");
        QTest::newRow("length") << QByteArray("A");
        QTest::newRow("data after padding") << QByteArray("QQ==QQ==");
        QTest::newRow("not ASCII") << QByteArray("\\u00e9AAA");
    }
    void what_is_no_base64_is_told_as_for_a_short_one() {
        QFETCH(QByteArray, bad);
        Stage shortOne, longOne;
        QVERIFY(shortOne.take(commit2(bad.toStdString()), 100));
        QVERIFY(longOne.take(commit2(std::string(200000, 'A') + bad.toStdString()), 1000));
        QVERIFY(shortOne.calls.empty() && longOne.calls.empty());
        QVERIFY(shortOne.answer.find("illegal base64 data") != std::string::npos);
        QCOMPARE(QByteArray::fromStdString(longOne.answer), QByteArray::fromStdString(shortOne.answer));
        QCOMPARE(longOne.files(), std::size_t{0});
    }

    void what_is_no_json_is_a_parse_error_and_leaves_no_file_data() {
        QTest::addColumn<QByteArray>("body");
        const std::string large = toBase64(pattern(200000));
        QTest::newRow("ends inside the string") << QByteArray::fromStdString("{\"id\":1,\"method\":\"Filecoin.SealCommit2\",\"params\":[\"" + large);
        QTest::newRow("ends after it") << QByteArray::fromStdString("{\"id\":1,\"method\":\"Filecoin.SealCommit2\",\"params\":[\"" + large + '"');
        const std::string begin = "{\"id\":1,\"method\":\"Filecoin.SealCommit2\",\"params\":[{},\"", end = "\"]}";
        QTest::newRow("a line break in it") << QByteArray::fromStdString(begin + large + '\n' + large + end);
        QTest::newRow("a control character in it") << QByteArray::fromStdString(begin + large + '\2' + large + end);
        QTest::newRow("a zero at its begin") << QByteArray::fromStdString(begin + std::string(1, '\0') + large + end);
        QTest::newRow("an escape that is none") << QByteArray::fromStdString(begin + large + "\\q" + large + end);
        QTest::newRow("half a number of a character") << QByteArray::fromStdString(begin + large + "\\u00g0" + large + end);
        QTest::newRow("a zero in a long name") << QByteArray::fromStdString(R"({"jsonrpc":"2.0","id":5,"method":"Store","a)" + std::string(1, '\0') + large +
                                                                         R"(":1,"params":[{"Bytes":"AAAA"}]})");
        QTest::newRow("line breaks at its begin") << QByteArray::fromStdString(begin + "\r\n\n" + large + end);
        QTest::newRow("a string alone, then nonsense") << QByteArray::fromStdString("{\"" + large + "\" x");
    }
    void what_is_no_json_is_a_parse_error_and_leaves_no_file() {
        QFETCH(QByteArray, body);
        Stage stage;
        QVERIFY(stage.take(body.toStdString(), 5000));
        QCOMPARE(stage.status, 500);
        QVERIFY(stage.answer.find("Parse error") != std::string::npos);
        QCOMPARE(stage.files(), std::size_t{0});
    }

    void nobody_outside_can_name_a_file() {
        Stage stage;
        const std::string large = toBase64(pattern(200000));
        // A mark of the journal, and a guess at what stands for the string.
        QVERIFY(stage.take("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Filecoin.SealCommit2\",\"params\":[{\"ID\":{\"Miner\":1,\"Number\":1},\"ProofType\":5},{\"spool_file\":\"x\",\"size\":1}],\"x\":\"" +
                               large + "\"}",
                           5000));
        QVERIFY(stage.calls.empty());
        QVERIFY(stage.answer.find("cannot unmarshal object") != std::string::npos);
        QVERIFY(stage.take("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Filecoin.Text\",\"params\":[\"spooled 00000000000000000000000000000000 0\"]}", 5000));
        QVERIFY(stage.answer.find("spooled 00000000000000000000000000000000 0") != std::string::npos);
    }

    void a_request_that_is_large_beside_its_strings_is_refused() {
        Stage stage;
        const auto taken = stage.take("[" + std::string(17 << 20, '1') + "]", 1 << 20);
        QVERIFY(!taken);
        QCOMPARE(taken.error().code(), ErrorCode::InvalidArgument);
    }

    void a_spool_that_cannot_be_written_is_told() {
        Stage stage;
        std::filesystem::remove_all(stage.folder.path().toStdString() + "/spool");
        QVERIFY(!stage.take(commit2(toBase64(pattern(200000))), 5000));
    }

    void a_result_is_sent_as_if_it_had_been_in_the_text_data() {
        QTest::addColumn<int>("size");
        for (const int size : {1, 2, 3, 65536 * 3 - 1, 65536 * 3, 65536 * 3 + 1, 1000000}) QTest::addRow("%d", size) << size;
    }
    void a_result_is_sent_as_if_it_had_been_in_the_text() {
        QFETCH(int, size);
        Stage stage;
        const Bytes result = pattern(std::size_t(size));
        const auto first = stage.spool->store(result), second = stage.spool->store(Bytes{1, 2});
        QVERIFY(first && second);
        auto request = SpooledRequest::open("[\"{\\\"spool_file\\\":\\\"\"," + *first + ",[" + *second + "],null]", *stage.spool);
        QVERIFY(request);
        const QByteArray wanted = QByteArray::fromStdString("[\"{\\\"spool_file\\\":\\\"\",\"" + toBase64(result) + "\",[\"AQI=\"],null]");
        QCOMPARE((*request)->size(), qint64(wanted.size()));
        QVERIFY((*request)->readAll() == wanted);
        QVERIFY((*request)->reset()); // as for a POST that is repeated
        QByteArray again;
        while (!(*request)->atEnd()) again += (*request)->read(12345);
        QVERIFY(again == wanted);
        for (const qint64 at : {qint64{0}, qint64(wanted.size() / 2), qint64(wanted.size() - 3)}) {
            QVERIFY((*request)->seek(at));
            QVERIFY((*request)->read(3) == wanted.mid(at, 3));
        }
    }

    void a_result_that_is_gone_is_told() {
        Stage stage;
        const auto mark = stage.spool->store(pattern(5000));
        QVERIFY(mark && stage.spool->holdsAllOf(*mark));
        std::filesystem::resize_file(stage.spool->pathOf(spoolMarks(*mark)[0].name), 4999);
        QVERIFY(!stage.spool->holdsAllOf(*mark));
        QVERIFY(!SpooledRequest::open(*mark, *stage.spool));
        stage.spool->removeFilesOf(*mark);
        QCOMPARE(stage.files(), std::size_t{0});
        QVERIFY(!SpooledRequest::open(*mark, *stage.spool));
    }

    void a_start_removes_what_nobody_names() {
        Stage stage;
        const auto kept = stage.spool->store(Bytes{1}), left = stage.spool->store(Bytes{2});
        QVERIFY(kept && left);
        SpoolFolder next(std::filesystem::path(stage.folder.path().toStdString()) / "spool");
        QVERIFY(next.prepare());
        const auto fresh = next.store(Bytes{3}); // of this run: not a leftover, though nobody names it yet
        QVERIFY(fresh);
        QVERIFY(next.leftovers({spoolMarks(*kept)[0].name}) == std::vector<std::filesystem::path>{next.pathOf(spoolMarks(*left)[0].name)});
        next.removeLeftovers({spoolMarks(*kept)[0].name});
        QVERIFY(next.holdsAllOf(*kept) && next.holdsAllOf(*fresh) && !next.holdsAllOf(*left));
        QVERIFY(next.leftovers({spoolMarks(*kept)[0].name}).empty());
    }

    void marks_with_a_way_out_are_none_data() {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"{\"spool_file\":\"../x\",\"size\":1}", "{\"spool_file\":\"/etc/passwd\",\"size\":1}", "{\"spool_file\":\"\",\"size\":1}",
                                 "{\"spool_file\":\"a\",\"size\":}", "{\"spool_file\":\"a\",\"size\":1", "{\"spool_file\":\".\",\"size\":1}"})
            QTest::newRow(text) << QByteArray(text);
    }
    void marks_with_a_way_out_are_none() {
        QFETCH(QByteArray, text);
        QVERIFY(spoolMarks(text.toStdString()).empty());
    }
};

QTEST_GUILESS_MAIN(TestRpcIntake)
#include "tst_rpc_intake.moc"
