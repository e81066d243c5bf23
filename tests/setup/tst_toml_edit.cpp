// SPDX-License-Identifier: MIT OR Apache-2.0
// Edits of TOML that people and other programs wrote: what is asked for changes, every other byte stays.
#include "setup/toml_edit.h"

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::setup;

namespace {

/// A part of the file that lotus-miner writes: every default in a comment, two spaces before the keys.
constexpr const char* kLotus = R"([API]
  # Binding address for the Lotus API
  #
  # type: string
  # env var: LOTUS_API_LISTENADDRESS
  #ListenAddress = "/ip4/127.0.0.1/tcp/2345/http"

  # type: string
  # env var: LOTUS_API_REMOTELISTENADDRESS
  #RemoteListenAddress = "127.0.0.1:2345"

  # type: Duration
  #Timeout = "30s"


[Backup]
  # When set to true disables metadata log
  #DisableMetadataLog = true


[Storage]
  # type: int
  #ParallelFetchLimit = 10

  #AllowAddPiece = true
  [Storage.Inner]
    A = 0x10
)";

std::string with(std::string text, const std::string& old, const std::string& now) {
    const auto at = text.find(old);
    return at == std::string::npos ? "not found" : text.replace(at, old.size(), now);
}

TomlPath pathOf(const QByteArray& text) {
    TomlPath out;
    for (const QByteArray& part : text.split('.')) out.push_back(part.toStdString());
    return out;
}

} // namespace

class TestTomlEdit : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyWhatIsWantedChanges_data() {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("after");
        const auto row = [](const char* name, const std::string& before, const char* path, const std::string& after) {
            QTest::newRow(name) << QByteArray::fromStdString(before) << QByteArray(path) << QByteArray::fromStdString(after);
        };
        // The value is always the text "V".
        row("a value and its comment", "# head\n[API]  # t\nListen = \"x\"  # why\nZ = 1\n", "API.Listen", "# head\n[API]  # t\nListen = \"V\"  # why\nZ = 1\n");
        row("no space around the sign", "[API]\nListen=\"x\"# why\n", "API.Listen", "[API]\nListen=\"V\"# why\n");
        row("a literal string", "[API]\nListen = 'C:\\x'\n", "API.Listen", "[API]\nListen = \"V\"\n");
        row("a string of several lines", "[API]\nListen = \"\"\"a\n[Not]\nb\"\"\" # c\nZ = 1\n", "API.Listen", "[API]\nListen = \"V\" # c\nZ = 1\n");
        row("a literal of several lines", "[API]\nListen = '''\n# no comment\n'''\n", "API.Listen", "[API]\nListen = \"V\"\n");
        row("another kind of value", "Listen = [1, # one\n 2]\n", "Listen", "Listen = \"V\"\n");
        row("a number that is odd", "[API]\nA = 0x10\nB = 1_000\nListen = 3.5e2\n", "API.Listen", "[API]\nA = 0x10\nB = 1_000\nListen = \"V\"\n");
        row("CRLF", "# a\r\n[API]\r\nListen = \"x\" # c\r\nZ = 1\r\n", "API.Listen", "# a\r\n[API]\r\nListen = \"V\" # c\r\nZ = 1\r\n");
        row("CRLF and a new key", "[API]\r\nZ = 1\r\n", "API.Listen", "[API]\r\nZ = 1\r\nListen = \"V\"\r\n");
        row("CRLF and a new table", "Z = 1\r\n", "API.Listen", "Z = 1\r\n\r\n[API]\r\nListen = \"V\"\r\n");
        row("a byte order mark", "\xEF\xBB\xBF[API]\nListen = \"x\"\n", "API.Listen", "\xEF\xBB\xBF[API]\nListen = \"V\"\n");
        row("a mark and a new key of the root", "\xEF\xBB\xBF[API]\nZ = 1\n", "Listen", "\xEF\xBB\xBFListen = \"V\"\n[API]\nZ = 1\n");
        row("a mark and nothing else", "\xEF\xBB\xBF", "Listen", "\xEF\xBB\xBFListen = \"V\"\n");
        row("not only ASCII before it", "[API]\n\"名字\" = \"矿工\" # 注释\na = { \"键\" = \"é\", Listen = \"x\" } # ü\n", "API.a.Listen",
            "[API]\n\"名字\" = \"矿工\" # 注释\na = { \"键\" = \"é\", Listen = \"V\" } # ü\n");
        row("an inline table", "API = { Listen = \"x\", Z = 1 }\n", "API.Listen", "API = { Listen = \"V\", Z = 1 }\n");
        row("a new key of an inline table", "API = { Z = 1 } # c\n", "API.Listen", "API = { Z = 1, Listen = \"V\" } # c\n");
        row("an empty inline table", "API = {}\n", "API.Listen", "API = { Listen = \"V\" }\n");
        row("an empty inline table with a space", "API = { }\n", "API.Listen", "API = { Listen = \"V\" }\n");
        row("a dotted key", "API.Listen = \"x\" # c\nAPI.Z = 1\n", "API.Listen", "API.Listen = \"V\" # c\nAPI.Z = 1\n");
        row("beside a dotted key", "API.Z = 1\n[Other]\nA = 1\n", "API.Listen", "API.Z = 1\nAPI.Listen = \"V\"\n[Other]\nA = 1\n");
        row("beside a dotted key in a table", "[A]\n  B.Z = 1\n  C = 2\n", "A.B.Listen", "[A]\n  B.Z = 1\n  B.Listen = \"V\"\n  C = 2\n");
        row("a quoted key", "[API]\n\"Listen\" = \"x\"\n", "API.Listen", "[API]\n\"Listen\" = \"V\"\n");
        row("a header with spaces", "[ API ]\nZ = 1\n", "API.Listen", "[ API ]\nZ = 1\nListen = \"V\"\n");
        row("a quoted header", "[\"API\"] # c\nZ = 1\n", "API.Listen", "[\"API\"] # c\nZ = 1\nListen = \"V\"\n");
        row("the same key elsewhere", "Listen = \"r\"\n[A]\nListen = \"a\"\n[API]\nListen = \"x\"\n[B]\nListen = \"b\"\n", "API.Listen",
            "Listen = \"r\"\n[A]\nListen = \"a\"\n[API]\nListen = \"V\"\n[B]\nListen = \"b\"\n");
        row("a commented default", "[API]\n  # doc\n  #Listen = \"x\"\n\n  # doc\n  #Z = 1\n", "API.Listen", "[API]\n  # doc\n  #Listen = \"x\"\n  Listen = \"V\"\n\n  # doc\n  #Z = 1\n");
        row("a commented default with spaces", "[API]\n# Listen   = \"x\"\nZ = 1\n", "API.Listen", "[API]\n# Listen   = \"x\"\nListen = \"V\"\nZ = 1\n");
        row("a default whose name is longer", "[API]\n#ListenAddress = \"x\"\nZ = 1\n", "API.Listen", "[API]\n#ListenAddress = \"x\"\nZ = 1\nListen = \"V\"\n");
        row("a default that stands in a string", "[API]\nZ = \"\"\"\n#Listen = 1\n\"\"\"\nY = 1\n", "API.Listen", "[API]\nZ = \"\"\"\n#Listen = 1\n\"\"\"\nY = 1\nListen = \"V\"\n");
        row("a default of another table", "[A]\n#Listen = 1\n[API]\nZ = 1\n", "API.Listen", "[A]\n#Listen = 1\n[API]\nZ = 1\nListen = \"V\"\n");
        row("a table without keys", "[API]\n\n[B]\nA = 1\n", "API.Listen", "[API]\nListen = \"V\"\n\n[B]\nA = 1\n");
        row("no line break at the end", "[API]\nZ = 1", "API.Listen", "[API]\nZ = 1\nListen = \"V\"\n");
        row("no line break behind the header", "[API]", "API.Listen", "[API]\nListen = \"V\"\n");
        row("no such table", "Z = 1\n", "API.Listen", "Z = 1\n\n[API]\nListen = \"V\"\n");
        row("no such table, no break at the end", "Z = 1", "API.Listen", "Z = 1\n\n[API]\nListen = \"V\"\n");
        row("no such table in a table", "[A]\nZ = 1\n", "A.B.Listen", "[A]\nZ = 1\n\n[A.B]\nListen = \"V\"\n");
        row("an empty file", "", "API.Listen", "[API]\nListen = \"V\"\n");
        row("an empty file and a key of the root", "", "Listen", "Listen = \"V\"\n");
        row("only a comment", "# mine", "Listen", "# mine\nListen = \"V\"\n");
        row("a comment heads the file", "# mine\n# too\n\n[API]\nZ = 1\n", "Listen", "# mine\n# too\n\nListen = \"V\"\n[API]\nZ = 1\n");
        row("a comment heads the table", "# of API\n[API]\nZ = 1\n", "Listen", "Listen = \"V\"\n# of API\n[API]\nZ = 1\n");
        row("the root has keys", "A = 1\n\n[API]\nListen = 2\n", "Listen", "A = 1\nListen = \"V\"\n\n[API]\nListen = 2\n");
        row("a table that only its part opens", "[API.Sub]\nA = 1\n", "API.Listen", "[API.Sub]\nA = 1\n\n[API]\nListen = \"V\"\n");
        row("a table opened behind its part", "[API.Sub]\nA = 1\n[API]\nZ = 1\n[B]\n", "API.Listen", "[API.Sub]\nA = 1\n[API]\nZ = 1\nListen = \"V\"\n[B]\n");
        row("tables in a list before it", "[[Item]]\nListen = 1\n[[Item]]\nListen = 2\n[API]\nZ = 1\n", "API.Listen",
            "[[Item]]\nListen = 1\n[[Item]]\nListen = 2\n[API]\nZ = 1\nListen = \"V\"\n");
        row("brackets that open nothing", "[API]\nZ = [[1], [2]]\nY = \"[B]\"\n", "API.Listen", "[API]\nZ = [[1], [2]]\nY = \"[B]\"\nListen = \"V\"\n");
        row("dates and floats stay", "[API]\nD = 2020-01-06T10:00:00Z\nF = inf\nListen = \"x\"\n", "API.Listen", "[API]\nD = 2020-01-06T10:00:00Z\nF = inf\nListen = \"V\"\n");
        row("a key that needs quotes", "[API]\nZ = 1\n", "API.Li sten", "[API]\nZ = 1\n\"Li sten\" = \"V\"\n");
        row("lotus: the address", kLotus, "API.ListenAddress", with(kLotus, "2345/http\"\n", "2345/http\"\n  ListenAddress = \"V\"\n"));
        row("lotus: a key in the middle", kLotus, "API.RemoteListenAddress", with(kLotus, "127.0.0.1:2345\"\n", "127.0.0.1:2345\"\n  RemoteListenAddress = \"V\"\n"));
        row("lotus: a key it has not", kLotus, "Backup.Other", with(kLotus, "[Backup]\n", "[Backup]\n  Other = \"V\"\n"));
        row("lotus: a table it has not", kLotus, "New.Listen", std::string(kLotus) + "\n[New]\nListen = \"V\"\n");
        row("lotus: below the inner table", kLotus, "Storage.Inner.A", with(kLotus, "0x10", "\"V\""));
    }
    void onlyWhatIsWantedChanges() {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, after);
        auto edit = TomlEdit::parse(before.toStdString());
        QVERIFY2(edit.hasValue(), edit ? "" : edit.error().message().c_str());
        const auto set = edit->set(pathOf(path), std::string("V"));
        QVERIFY2(set.hasValue(), set ? "" : set.error().message().c_str());
        QCOMPARE(QByteArray::fromStdString(edit->text()), after);
        const auto found = edit->find(pathOf(path));
        QVERIFY(found && found->value);
        QCOMPARE(std::get<std::string>(*found->value), std::string("V"));
        QCOMPARE(edit->text().substr(found->begin, found->end - found->begin), std::string("\"V\""));
        // Once more changes nothing.
        QVERIFY(edit->set(pathOf(path), std::string("V")));
        QCOMPARE(QByteArray::fromStdString(edit->text()), after);
    }
    void whatCannotBeSetIsRefusedAndNothingChanges_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("a table in its place") << QByteArray("[API.Listen]\nA = 1\n") << QByteArray("API.Listen") << QByteArray("API.Listen is a table");
        QTest::newRow("a list of tables") << QByteArray("[[API]]\nA = 1\n") << QByteArray("API") << QByteArray("API is a table");
        QTest::newRow("below a list of tables") << QByteArray("[[API]]\nA = 1\n") << QByteArray("API.Listen") << QByteArray("where API.Listen needs a table");
        QTest::newRow("below a value") << QByteArray("API = 1\n") << QByteArray("API.Listen") << QByteArray("a value stands");
        QTest::newRow("below an inline table") << QByteArray("API = { A = 1 }\n") << QByteArray("API.Sub.Listen") << QByteArray("by hand: API.Sub.Listen = \"V\"");
    }
    void whatCannotBeSetIsRefusedAndNothingChanges() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, says);
        auto edit = TomlEdit::parse(text.toStdString());
        QVERIFY(edit);
        const auto set = edit->set(pathOf(path), std::string("V"));
        QVERIFY(!set);
        QVERIFY2(QByteArray::fromStdString(set.error().message()).contains(says), set.error().message().c_str());
        QCOMPARE(QByteArray::fromStdString(edit->text()), text);
    }
    void whatIsNoTomlIsToldWithItsPlace_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("place");
        QTest::newRow("no value") << QByteArray("A = 1\nB =\n") << QByteArray("line 2, column");
        QTest::newRow("twice") << QByteArray("A = 1\nA = 2\n") << QByteArray("line 2, column 5: key-value pair: cannot redefine");
        QTest::newRow("a table twice") << QByteArray("[A]\n[A]\n") << QByteArray("line 2, column");
        QTest::newRow("no UTF-8") << QByteArray("A = \"\xff\"\n") << QByteArray("line 1, column");
        QTest::newRow("a zero byte") << QByteArray("A = 1\n\0\n", 8) << QByteArray("line 2, column");
        QTest::newRow("JSON") << QByteArray("{\"a\":1}") << QByteArray("line 1, column 1");
        QTest::newRow("an open string") << QByteArray("A = \"x\n") << QByteArray("line 1, column");
        QTest::newRow("brackets without end") << QByteArray("A = " + QByteArray(100000, '[')) << QByteArray("line 1, column");
        QTest::newRow("too large") << QByteArray(2 << 20, '#') << QByteArray("1 MiB");
    }
    void whatIsNoTomlIsToldWithItsPlace() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, place);
        const auto edit = TomlEdit::parse(text.toStdString());
        QVERIFY(!edit);
        QCOMPARE(edit.error().code(), ErrorCode::InvalidArgument);
        QVERIFY2(QByteArray::fromStdString(edit.error().message()).contains(place), edit.error().message().c_str());
    }
    void everyKindOfValueComesBack() {
        auto edit = TomlEdit::parse("");
        QVERIFY(edit);
        const std::vector<TomlValue> values{true, false, std::int64_t{-5}, std::int64_t{1} << 62, 1.5, 2.0, 1e300, std::string("a \"b\" \\ \n\t\x01\x7f 矿工 # no = [comment]"),
                                            std::vector<std::string>{"a", "b\"c"}, std::vector<std::string>{}};
        for (std::size_t i = 0; i < values.size(); ++i) {
            const TomlPath path{"t", "key" + std::to_string(i)};
            QVERIFY(edit->set(path, std::string("first")));
            const auto set = edit->set(path, values[i]);
            QVERIFY2(set.hasValue(), set ? "" : set.error().message().c_str());
            QVERIFY(edit->find(path)->value == values[i]);
        }
        QCOMPARE(edit->entries().size(), values.size());
    }
    void aCopyOutlivesItsOriginal() {
        std::optional<TomlEdit> copy;
        {
            auto edit = TomlEdit::parse("b = 1\n"); // so short that it moves with its string
            QVERIFY(edit);
            copy = *edit;
            QVERIFY(edit->set({"b"}, std::int64_t{2}));
        }
        QCOMPARE(copy->text(), std::string("b = 1\n"));
        QVERIFY(copy->set({"c"}, std::int64_t{3}));
        QCOMPARE(copy->text(), std::string("b = 1\nc = 3\n"));
    }
    void entriesAreInTheOrderOfTheFile() {
        const auto edit = TomlEdit::parse("b = 1\na = { y = 1, x = 2 }\n[empty]\n[t]\nd = 2020-01-01\nl = [1, 2]\n");
        QVERIFY(edit);
        std::string seen;
        for (const TomlEntry& entry : edit->entries())
            seen += tomlPathText(entry.path) + ':' + std::to_string(entry.line) + (entry.value ? "" : "-") + ' ';
        QCOMPARE(seen, std::string("b:1 a.y:2 a.x:2 empty:3- t.d:5- t.l:6- "));
    }
};

QTEST_APPLESS_MAIN(TestTomlEdit)
#include "tst_toml_edit.moc"
