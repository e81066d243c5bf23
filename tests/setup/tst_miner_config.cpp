// SPDX-License-Identifier: MIT OR Apache-2.0
// A miner's config.toml as people have it: only the wanted bytes change, or it is refused in one sentence.
#include "setup/miner_config.h"
#include "setup/unified_diff.h"

#include <fstream>
#include <random>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::setup;
namespace fs = std::filesystem;

namespace {

const std::string kListen = "/ip4/192.168.1.5/tcp/2345/http", kRemote = "192.168.1.5:2345";
const std::string kNewListen = "ListenAddress = \"" + kListen + "\"", kNewRemote = "RemoteListenAddress = \"" + kRemote + "\"";

constexpr const char* kModern = R"([API]
  # Binding address for the Lotus API
  #
  # type: string
  # env var: LOTUS_API_LISTENADDRESS
  #ListenAddress = "/ip4/127.0.0.1/tcp/2345/http"

  # type: string
  # env var: LOTUS_API_REMOTELISTENADDRESS
  #RemoteListenAddress = "127.0.0.1:2345"

  # type: Duration
  # env var: LOTUS_API_TIMEOUT
  #Timeout = "30s"


[Backup]
  # type: bool
  #DisableMetadataLog = true


[Libp2p]
  #ListenAddresses = ["/ip4/0.0.0.0/tcp/0", "/ip6/::/tcp/0"]


[Sealing]
  #MaxWaitDealsSectors = 2
)";
constexpr const char* kSeed = "# Default config:\n[API]\n#  ListenAddress = \"/ip4/127.0.0.1/tcp/2345/http\"\n#  Timeout = \"30s\"\n#\n[Libp2p]\n"
                              "#  ListenAddresses = [\"/ip4/0.0.0.0/tcp/0\", \"/ip6/::/tcp/0\"]\n#\n[SectorBuilder]\n#  Path = \"\"\n#  WorkerCount = 5\n";

/// The text with the n-th occurrence of `from` replaced.
std::string with(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    return at == std::string::npos ? "not found: " + from : text.replace(at, from.size(), to);
}
std::string crlf(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return out;
}

void write(const fs::path& path, const std::string& text, unsigned mode = 0644) {
    std::ofstream(path, std::ios::binary) << text;
    QCOMPARE(::chmod(path.c_str(), mode), 0);
}
std::string textOf(const fs::path& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}
unsigned modeOf(const fs::path& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

/// What a reader of the diff would make of it.
std::string applied(const std::string& before, const std::string& diff) {
    std::vector<std::string> old, out;
    std::istringstream lines(before), changes(diff);
    for (std::string line; std::getline(lines, line);) old.push_back(line);
    std::size_t at = 0;
    for (std::string line; std::getline(changes, line);) {
        if (line.starts_with("---") || line.starts_with("+++")) continue;
        if (line.starts_with("@@")) {
            std::size_t from = std::stoul(line.substr(4));
            if (line.substr(4, line.find(' ', 4) - 4).ends_with(",0")) ++from;
            while (at + 1 < from) out.push_back(old.at(at++));
        } else if (line.starts_with('+')) {
            out.push_back(line.substr(1));
        } else {
            if (old.at(at) != line.substr(1)) return "does not fit: " + line;
            if (line.starts_with(' ')) out.push_back(old[at]);
            ++at;
        }
    }
    while (at < old.size()) out.push_back(old[at++]);
    std::string text;
    for (const std::string& line : out) text += line + '\n';
    return text;
}

std::vector<NetworkInterface> interfaces() {
    return {{"eth0", InterfaceKind::Lan, true, 1000, {{"192.168.1.5", 24, AddressKind::Private}, {"fd00::5", 64, AddressKind::Private}, {"fe80::5", 64, AddressKind::LinkLocal}}},
            {"docker0", InterfaceKind::Container, true, 0, {{"172.17.0.1", 16, AddressKind::Private}}},
            {"lo", InterfaceKind::Loopback, true, 0, {{"127.0.0.1", 8, AddressKind::Loopback}}}};
}
MinerListenPlan lanPlan() { return *planMinerListening(ListenKind::Lan, "192.168.1.5", 2345, interfaces()); }

} // namespace

class MinerConfigTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path at(const char* name) const { return fs::canonical(m_dir->path().toStdString()) / name; }

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void onlyTheWantedBytesChange_data() {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        const auto row = [](const char* name, const std::string& before, const std::string& after) {
            QTest::newRow(name) << QByteArray::fromStdString(before) << QByteArray::fromStdString(after);
        };
        const std::string modern = kModern, seed = kSeed, both = kNewListen + '\n' + kNewRemote + '\n';
        const std::string modernAfter = with(with(modern, "2345/http\"\n", "2345/http\"\n  " + kNewListen + '\n'), "127.0.0.1:2345\"\n", "127.0.0.1:2345\"\n  " + kNewRemote + '\n');
        row("as lotus makes it", modern, modernAfter);
        row("CRLF", crlf(modern), crlf(modernAfter));
        row("byte order mark", "\xEF\xBB\xBF" + modern, "\xEF\xBB\xBF" + modernAfter);
        row("byte order mark and CRLF", "\xEF\xBB\xBF" + crlf(modern), "\xEF\xBB\xBF" + crlf(modernAfter));
        row("of 2020", seed, with(seed, "2345/http\"\n", "2345/http\"\n" + kNewListen + '\n' + kNewRemote + '\n'));
        row("of 2020, CRLF", crlf(seed), crlf(with(seed, "2345/http\"\n", "2345/http\"\n" + kNewListen + '\n' + kNewRemote + '\n')));
        row("empty", "", "[API]\n" + both);
        row("only a mark", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n\n[API]\n" + both);
        row("only a comment", "# Default config:\n", "# Default config:\n\n[API]\n" + both);
        row("only blank lines", "\n\n", "\n\n\n[API]\n" + both);
        row("uncommented, loopback", "[API]\n  ListenAddress = \"/ip4/127.0.0.1/tcp/2345/http\"\n  RemoteListenAddress = \"127.0.0.1:2345\"\n",
            "[API]\n  " + kNewListen + "\n  " + kNewRemote + '\n');
        row("remarks behind the values", "[API] # mine\n  ListenAddress = \"/ip4/127.0.0.1/tcp/2345/http\" # was 0.0.0.0\n  RemoteListenAddress = \"x:1\" # old\n",
            "[API] # mine\n  " + kNewListen + " # was 0.0.0.0\n  " + kNewRemote + " # old\n");
        row("no spaces", "[API]\nListenAddress=\"a\"\nRemoteListenAddress=\"b\"\n", "[API]\nListenAddress=\"" + kListen + "\"\nRemoteListenAddress=\"" + kRemote + "\"\n");
        row("aligned", "[API]\nListenAddress       = \"a\"\nRemoteListenAddress = \"b\"\n", "[API]\nListenAddress       = \"" + kListen + "\"\n" + kNewRemote + '\n');
        row("tabs", "[API]\n\tListenAddress\t=\t\"a\"\n\tRemoteListenAddress\t=\t\"b\"\n", "[API]\n\tListenAddress\t=\t\"" + kListen + "\"\n\tRemoteListenAddress\t=\t\"" + kRemote + "\"\n");
        row("literal strings", "[API]\nListenAddress = '/ip4/127.0.0.1/tcp/2345/http'\nRemoteListenAddress = 'b'\n", "[API]\n" + both);
        row("strings of several lines", "[API]\nListenAddress = \"\"\"\n/ip4/127.0.0.1/tcp/2345/http\"\"\"\nRemoteListenAddress = '''b'''\n", "[API]\n" + both);
        row("escapes", "[API]\nListenAddress = \"\\u002Fip4\"\nRemoteListenAddress = \"b\\\"c\"\n", "[API]\n" + both);
        row("listen alone", "[API]\nListenAddress = \"a\"\nTimeout = \"30s\"\n", "[API]\n" + kNewListen + "\nTimeout = \"30s\"\n" + kNewRemote + '\n');
        row("remote alone", "[API]\nRemoteListenAddress = \"b\"\n", "[API]\n" + kNewRemote + '\n' + kNewListen + '\n');
        row("neither", "[API]\nTimeout = \"30s\"\n", "[API]\nTimeout = \"30s\"\n" + both);
        row("header alone", "[API]\n", "[API]\n" + kNewListen + '\n' + kNewRemote + '\n');
        row("header without a line end", "[API]", "[API]\n" + kNewListen + '\n' + kNewRemote + '\n');
        row("header with spaces", "[ API ]\nTimeout = \"30s\"\n", "[ API ]\nTimeout = \"30s\"\n" + both);
        row("header in quotes", "[\"API\"]\nTimeout = \"30s\"\n", "[\"API\"]\nTimeout = \"30s\"\n" + both);
        row("header with a remark", "[API] # the door\nTimeout = \"30s\"\n", "[API] # the door\nTimeout = \"30s\"\n" + both);
        row("indented header", "  [API]\n    Timeout = \"30s\"\n", "  [API]\n    Timeout = \"30s\"\n    " + kNewListen + "\n    " + kNewRemote + '\n');
        row("no table API", "[Sealing]\nMaxSealingSectors = 1\n", "[Sealing]\nMaxSealingSectors = 1\n\n[API]\n" + both);
        row("no table, no line end", "[Sealing]\nMaxSealingSectors = 1", "[Sealing]\nMaxSealingSectors = 1\n\n[API]\n" + both);
        row("no table, CRLF", "[Sealing]\r\nMaxSealingSectors = 1\r\n", crlf("[Sealing]\nMaxSealingSectors = 1\n\n[API]\n" + both));
        row("table in a comment", "#[API]\n#ListenAddress = \"a\"\n[Sealing]\nA = 1\n", "#[API]\n#ListenAddress = \"a\"\n[Sealing]\nA = 1\n\n[API]\n" + both);
        row("table last", "[Sealing]\nA = 1\n[API]\n#ListenAddress = \"a\"\n", "[Sealing]\nA = 1\n[API]\n#ListenAddress = \"a\"\n" + kNewListen + '\n' + kNewRemote + '\n');
        row("table between", "[A]\nA = 1\n[API]\nTimeout = \"30s\"\n[B]\nB = 1\n", "[A]\nA = 1\n[API]\nTimeout = \"30s\"\n" + both + "[B]\nB = 1\n");
        row("other tables have the key", "[Libp2p]\nListenAddress = \"x\"\n[API]\nListenAddress = \"a\"\nRemoteListenAddress = \"b\"\n[Z]\nListenAddress = \"y\"\n",
            "[Libp2p]\nListenAddress = \"x\"\n[API]\n" + both + "[Z]\nListenAddress = \"y\"\n");
        row("key in the root", "ListenAddress = \"r\"\n[API]\nListenAddress = \"a\"\nRemoteListenAddress = \"b\"\n", "ListenAddress = \"r\"\n[API]\n" + both);
        row("a longer name", "[API]\nListenAddressOld = \"x\"\n#ListenAddress = \"d\"\n", "[API]\nListenAddressOld = \"x\"\n#ListenAddress = \"d\"\n" + kNewListen + '\n' + kNewRemote + '\n');
        row("in lower case", "[api]\nlistenaddress = \"a\"\nremotelistenaddress = \"b\"\n", "[api]\nlistenaddress = \"" + kListen + "\"\nremotelistenaddress = \"" + kRemote + "\"\n");
        row("table in lower case", "[api]\ntimeout = \"30s\"\n", "[api]\ntimeout = \"30s\"\n" + both);
        row("inline table", "API = { ListenAddress = \"a\", RemoteListenAddress = \"b\" }\n", "API = { " + kNewListen + ", " + kNewRemote + " }\n");
        row("inline table, one key", "API = { Timeout = \"30s\" } # c\n", "API = { Timeout = \"30s\", " + kNewListen + ", " + kNewRemote + " } # c\n");
        row("inline table, empty", "API = {}\n", "API = { " + kNewListen + ", " + kNewRemote + " }\n");
        row("dotted keys", "API.ListenAddress = \"a\"\nAPI.RemoteListenAddress = \"b\" # c\n", "API.ListenAddress = \"" + kListen + "\"\nAPI.RemoteListenAddress = \"" + kRemote + "\" # c\n");
        row("beside a dotted key", "API.Timeout = \"30s\"\n[Sealing]\nA = 1\n",
            "API.Timeout = \"30s\"\nAPI.ListenAddress = \"" + kListen + "\"\nAPI.RemoteListenAddress = \"" + kRemote + "\"\n[Sealing]\nA = 1\n");
        row("quoted keys", "[API]\n\"ListenAddress\" = \"a\"\n'RemoteListenAddress' = \"b\"\n", "[API]\n\"ListenAddress\" = \"" + kListen + "\"\n'RemoteListenAddress' = \"" + kRemote + "\"\n");
        row("a part of the table first", "[API.Part]\nA = 1\n", "[API.Part]\nA = 1\n\n[API]\n" + both);
        row("a default in a string", "[API]\nNote = \"\"\"\n#ListenAddress = 1\n\"\"\"\n", "[API]\nNote = \"\"\"\n#ListenAddress = 1\n\"\"\"\n" + both);
        row("a default twice", "[API]\n#ListenAddress = \"a\"\n#ListenAddress = \"b\"\nTimeout = \"1s\"\n",
            "[API]\n#ListenAddress = \"a\"\n" + kNewListen + "\n#ListenAddress = \"b\"\nTimeout = \"1s\"\n" + kNewRemote + '\n');
        row("edited behind the mark", "[API]\n  # ListenAddress = \"/ip4/192.168.1.5/tcp/2345/http\"\n", "[API]\n  # ListenAddress = \"/ip4/192.168.1.5/tcp/2345/http\"\n  " + kNewListen + "\n  " + kNewRemote + '\n');
        row("Chinese remarks", "# 矿工\n[API] # 接口\n名 = 1\n", "");
        row("Chinese remarks and values", "# 矿工\n[API] # 接口\n\"名\" = \"矿工\" # 注释\nListenAddress = \"地址\" # 监听\nRemoteListenAddress = \"b\"\n",
            "# 矿工\n[API] # 接口\n\"名\" = \"矿工\" # 注释\n" + kNewListen + " # 监听\n" + kNewRemote + '\n');
        row("numbers of all kinds", "[N]\nA = 0x10\nB = 1_000\nC = 1e3\nD = inf\nE = 2020-01-06T10:00:00Z\n[API]\n", "[N]\nA = 0x10\nB = 1_000\nC = 1e3\nD = inf\nE = 2020-01-06T10:00:00Z\n[API]\n" + both);
        row("lists over lines", "[API]\nL = [\n  \"a\", # one\n  \"b\",\n]\n", "[API]\nL = [\n  \"a\", # one\n  \"b\",\n]\n" + both);
        row("tables in a list", "[[Item]]\nListenAddress = \"x\"\n[API]\nListenAddress = \"a\"\n", "[[Item]]\nListenAddress = \"x\"\n[API]\n" + both);
        row("another kind of value", "[API]\nListenAddress = 2345\nRemoteListenAddress = [\"b\"]\n", "[API]\n" + both);
        row("trailing spaces", "[API]  \nListenAddress = \"a\"   \nRemoteListenAddress = \"b\"\t\n", "[API]  \n" + kNewListen + "   \n" + kNewRemote + "\t\n");
        row("no line end", "[API]\nListenAddress = \"a\"\nRemoteListenAddress = \"b\"", "[API]\n" + kNewListen + '\n' + kNewRemote);
        row("half of it right", "[API]\n" + kNewListen + " # set\nRemoteListenAddress = \"b\"\n", "[API]\n" + kNewListen + " # set\n" + kNewRemote + '\n');
        row("all of it right", "[API]\n# so\n" + both, "[API]\n# so\n" + both);
        // What is refused: an empty text after.
        row("a number in the place of the table", "API = 5\n", "");
        row("a list of tables", "[[API]]\nListenAddress = \"a\"\n", "");
        row("a table in the place of the value", "[API.ListenAddress]\nA = 1\n", "");
        row("two spellings of the table", "[API]\nListenAddress = \"a\"\n[api]\nListenAddress = \"b\"\n", "");
        row("two spellings of the key", "[API]\nListenAddress = \"a\"\nlistenaddress = \"b\"\n", "");
        row("twice", "[API]\nListenAddress = \"a\"\nListenAddress = \"b\"\n", "");
        row("table twice", "[API]\n[API]\n", "");
        row("open string", "[API]\nListenAddress = \"a\n", "");
        row("no equals sign", "[API]\nListenAddress \"a\"\n", "");
        row("not UTF-8", "[API]\nListenAddress = \"\xff\"\n", "");
        row("UTF-16", std::string("\xff\xfe[\0A\0P\0I\0]\0", 12), "");
        row("JSON", "{\"API\":{}}", "");
        row("line ends of old Macs", "[API]\rTimeout = 1\r", "");
    }
    void onlyTheWantedBytesChange() {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        fs::create_directory(at("repo"));
        write(at("repo/config.toml"), before.toStdString());
        auto config = MinerConfig::read(at("repo"));
        const auto change = config ? config->planned(lanPlan()) : Expected<MinerConfig::Change>(config.error());
        if (after.isEmpty()) {
            QVERIFY2(!change, change ? change->text.c_str() : "");
            QVERIFY2(change.error().message().find("config.toml") != std::string::npos, change.error().message().c_str());
            QCOMPARE(textOf(at("repo/config.toml")), before.toStdString());
            return;
        }
        QVERIFY2(change.hasValue(), change ? "" : change.error().message().c_str());
        QCOMPARE(QByteArray::fromStdString(change->text), after);
        QCOMPARE(change->diff.empty(), before == after);
        QCOMPARE(textOf(at("repo/config.toml")), before.toStdString()); // nothing is written yet
        const auto backup = config->write(*change);
        QVERIFY2(backup.hasValue(), backup ? "" : backup.error().message().c_str());
        QCOMPARE(textOf(at("repo/config.toml")), after.toStdString());
        QCOMPARE(textOf(*backup), before.toStdString());
        // What was written says what was wanted, and a second time there is nothing to do.
        const auto again = MinerConfig::read(at("repo"));
        QVERIFY(again.hasValue());
        QCOMPARE(again->listen({}).value, kListen);
        QCOMPARE(again->remoteListen({}).value, kRemote);
        QVERIFY(again->listen({}).origin == SettingOrigin::File);
        QCOMPARE(again->planned(lanPlan())->diff, std::string());
    }

    void modeOwnerAndLinksStay() {
        fs::create_directory(at("repo"));
        fs::create_directory(at("etc"));
        write(at("etc/real.toml"), kModern, 0640);
        fs::create_symlink(at("etc/real.toml"), at("repo/config.toml"));
        auto config = MinerConfig::read(at("repo"));
        const auto backup = config->write(*config->planned(lanPlan()));
        QVERIFY2(backup.hasValue(), backup ? "" : backup.error().message().c_str());
        QVERIFY(fs::is_symlink(at("repo/config.toml")));
        QCOMPARE(modeOf(at("etc/real.toml")), 0640U);
        QCOMPARE(backup->parent_path(), at("etc"));
        QCOMPARE(modeOf(*backup), 0640U);
        QCOMPARE(textOf(*backup), std::string(kModern));
        if (::geteuid() != 0) return;
        QCOMPARE(::chown(at("etc/real.toml").c_str(), 1234, 1234), 0);
        config = MinerConfig::read(at("repo"));
        const auto second = config->write(*config->planned(*planMinerListening(ListenKind::Loopback, "", 2345, interfaces())));
        QVERIFY(second.hasValue() && *second != *backup);
        struct stat info {};
        for (const fs::path& path : {at("etc/real.toml"), *second}) {
            QCOMPARE(::stat(path.c_str(), &info), 0);
            QCOMPARE(info.st_uid, uid_t(1234));
            QCOMPARE(info.st_mode & 0777U, 0640U);
        }
    }
    void aFileThatIsNotThereIsMade() {
        fs::create_directory(at("repo"));
        auto config = MinerConfig::read(at("repo"));
        QCOMPARE(config->listen({}).value, std::string("/ip4/127.0.0.1/tcp/2345/http"));
        const auto change = config->planned(lanPlan());
        QCOMPARE(config->write(*change)->string(), std::string());
        QCOMPARE(textOf(at("repo/config.toml")), "[API]\n" + kNewListen + '\n' + kNewRemote + '\n');
        QCOMPARE(modeOf(at("repo/config.toml")), 0600U);
    }
    void whatCannotBeWrittenStays_data() {
        QTest::addColumn<QString>("make");
        QTest::addColumn<QString>("words");
        QTest::newRow("changed meanwhile") << QStringLiteral("changed") << QStringLiteral("config.toml");
        QTest::newRow("gone meanwhile") << QStringLiteral("gone") << QStringLiteral("config.toml");
        QTest::newRow("read-only") << QStringLiteral("read-only") << QStringLiteral("read-only");
        QTest::newRow("a second name") << QStringLiteral("hard link") << QStringLiteral("second name");
    }
    void whatCannotBeWrittenStays() {
        QFETCH(QString, make);
        QFETCH(QString, words);
        fs::create_directory(at("repo"));
        const fs::path file = at("repo/config.toml");
        write(file, kModern);
        auto config = MinerConfig::read(at("repo"));
        const auto change = config->planned(lanPlan());
        std::string kept = kModern;
        if (make == QStringLiteral("changed")) write(file, kept += "# by somebody else\n");
        if (make == QStringLiteral("gone")) fs::remove(file);
        if (make == QStringLiteral("read-only")) QCOMPARE(::chmod(file.c_str(), 0444), 0);
        if (make == QStringLiteral("hard link")) fs::create_hard_link(file, at("repo/other"));
        const auto written = config->write(*change);
        QVERIFY(!written);
        QVERIFY2(QString::fromStdString(written.error().message()).contains(words), written.error().message().c_str());
        QCOMPARE(textOf(file), make == QStringLiteral("gone") ? std::string() : kept);
        for (const auto& one : fs::directory_iterator(at("repo"))) // no half backup either
            QVERIFY2(one.path() == file || one.path() == at("repo/other"), one.path().c_str());
    }
    void brokenLinksAndFoldersAreRefused() {
        fs::create_directory(at("repo"));
        fs::create_symlink("nowhere", at("repo/config.toml"));
        QCOMPARE(MinerConfig::read(at("repo")).error().code(), ErrorCode::NotFound);
        fs::remove(at("repo/config.toml"));
        fs::create_directory(at("repo/config.toml"));
        QVERIFY(!MinerConfig::read(at("repo")));
    }

    void whatIsInForceIsTold() {
        fs::create_directory(at("repo"));
        write(at("repo/config.toml"), "[API]\n\nListenAddress = \"/ip4/10.0.0.9/tcp/1/http\"\n");
        const auto config = MinerConfig::read(at("repo"));
        MinerSetting listen = config->listen({});
        QCOMPARE(listen.name, std::string("config.toml line 3"));
        QCOMPARE(std::string(nameOf(listen.origin)), std::string("file"));
        QCOMPARE(std::string(nameOf(config->remoteListen({}).origin)), std::string("default"));
        QCOMPARE(config->remoteListen({}).value, std::string("127.0.0.1:2345"));
        MinerOverrides overrides{{}, {{"LOTUS_API_LISTENADDRESS", "/ip4/0.0.0.0/tcp/7/http"}, {"LOTUS_API_REMOTELISTENADDRESS", "10.0.0.9:7"}}, true};
        listen = config->listen(overrides);
        QCOMPARE(listen.value, std::string("/ip4/0.0.0.0/tcp/7/http"));
        QCOMPARE(listen.name, std::string("LOTUS_API_LISTENADDRESS"));
        QCOMPARE(listen.inFile, std::string("/ip4/10.0.0.9/tcp/1/http"));
        QCOMPARE(config->remoteListen(overrides).value, std::string("10.0.0.9:7"));
        overrides.apiFlag = "99";
        listen = config->listen(overrides);
        QCOMPARE(listen.value, std::string("/ip4/127.0.0.1/tcp/99"));
        QCOMPARE(std::string(nameOf(listen.origin)), std::string("flag"));
    }
    void theEnvironmentOfTheRunningMinerCounts() {
        fs::create_directory(at("repo"));
        MinerProcess process;
        process.repo = at("repo/../repo");
        process.apiFlag = "5";
        process.variables = {{"LOTUS_API_LISTENADDRESS", "x"}};
        const auto own = [](const std::string& name) { return name == "LOTUS_API_LISTENADDRESS" ? std::string("own") : std::string(); };
        const MinerOverrides running = overridesOf(at("repo"), own, {process});
        QVERIFY(running.isRunning && running.apiFlag == "5" && running.variables.at("LOTUS_API_LISTENADDRESS") == "x");
        const MinerOverrides stopped = overridesOf(at("repo"), own, {});
        QVERIFY(!stopped.isRunning && stopped.apiFlag.empty() && stopped.variables.at("LOTUS_API_LISTENADDRESS") == "own");
    }

    void eachChoiceHasItsAddresses() {
        const auto notes = [](const MinerListenPlan& plan) {
            QStringList out;
            for (const ListenRemark& one : plan.remarks) {
                out << QString::fromStdString(std::string(nameOf(one.note)));
                if (sentenceOf(one).empty()) out << QStringLiteral("no sentence");
            }
            return out.join(QLatin1Char(' '));
        };
        const auto loopback = planMinerListening(ListenKind::Loopback, "", 2345, interfaces());
        QCOMPARE(loopback->listenAddress, std::string("/ip4/127.0.0.1/tcp/2345/http"));
        QCOMPARE(notes(*loopback), QStringLiteral("this-machine-only"));
        const MinerListenPlan lan = lanPlan();
        QCOMPARE(lan.listenAddress, kListen);
        QCOMPARE(lan.remoteListenAddress, kRemote);
        QCOMPARE(notes(lan), QStringLiteral("one-address address-may-change workers-fetch-from clear-text"));
        QVERIFY(!lan.needsConsent);
        const auto six = planMinerListening(ListenKind::Lan, "fd00::5", 99, interfaces());
        QCOMPARE(six->listenAddress, std::string("/ip6/fd00::5/tcp/99/http"));
        QCOMPARE(six->remoteListenAddress, std::string("[fd00::5]:99"));
        const auto all = planMinerListening(ListenKind::All, "", 2345, interfaces());
        QCOMPARE(all->listenAddress, std::string("/ip4/0.0.0.0/tcp/2345/http"));
        QCOMPARE(all->remoteListenAddress, kRemote);
        QCOMPARE(notes(*all), QStringLiteral("every-network workers-fetch-from clear-text"));

        auto open = interfaces();
        open.front().addresses.push_back({"203.0.113.9", 24, AddressKind::Public});
        QVERIFY(planMinerListening(ListenKind::All, "", 2345, open)->needsConsent);
        QVERIFY(planMinerListening(ListenKind::Lan, "203.0.113.9", 2345, open)->needsConsent);
        QVERIFY(!planMinerListening(ListenKind::Lan, "192.168.1.5", 2345, open)->needsConsent);

        for (const char* wrong : {"10.9.9.9", "127.0.0.1", "0.0.0.0", "fe80::5", "172.17.0.1", "miner", ""}) {
            const auto refused = planMinerListening(ListenKind::Lan, wrong, 2345, interfaces());
            QVERIFY2(!refused && refused.error().message().find("192.168.1.5") != std::string::npos, wrong);
        }
        QVERIFY(!planMinerListening(ListenKind::Lan, "192.168.1.5", 0, interfaces()));
        auto two = interfaces();
        two.front().addresses.push_back({"10.0.0.5", 8, AddressKind::Private});
        QVERIFY(!planMinerListening(ListenKind::All, "", 2345, two));
        QCOMPARE(planMinerListening(ListenKind::All, "10.0.0.5", 2345, two)->remoteListenAddress, std::string("10.0.0.5:2345"));
        QVERIFY(!planMinerListening(ListenKind::All, "", 2345, {}));
    }

    void aDiffShowsWhatChanges() {
        QCOMPARE(unifiedDiff("a\nb\nc\nd\ne\n", "a\nb\nX\nd\ne\n", "f"), std::string("--- f\n+++ f (new)\n@@ -1,5 +1,5 @@\n a\n b\n-c\n+X\n d\n e\n"));
        QCOMPARE(unifiedDiff("", "a\n", "f"), std::string("--- f\n+++ f (new)\n@@ -0,0 +1,1 @@\n+a\n"));
        QCOMPARE(unifiedDiff("a\r\n", "b\r\n", "f"), std::string("--- f\n+++ f (new)\n@@ -1,1 +1,1 @@\n-a^M\n+b^M\n"));
        QCOMPARE(unifiedDiff("a\n", "a\n", "f"), std::string());
        const std::uint64_t seed = std::random_device()();
        std::mt19937_64 random(seed);
        for (int round = 0; round < 300; ++round) {
            std::string before, after;
            for (int line = 0; line < 40; ++line) {
                const std::string text = std::to_string(random() % 6) + '\n';
                if (random() % 12 != 0) before += text;
                if (random() % 12 != 0) after += text;
            }
            QVERIFY2(applied(before, unifiedDiff(before, after, "f")) == after, std::to_string(seed).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(MinerConfigTest)
#include "tst_miner_config.moc"
