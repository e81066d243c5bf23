// SPDX-License-Identifier: MIT OR Apache-2.0
// Set-ups that are broken in one way each: the doctor must name that way, and nothing before it.
#include "other_miner.h"
#include "scripted_miner.h"
#include "tls_server.h"
#include "support/patience.h"

#include "practice/practice_miner.h"
#include "setup/connection_doctor.h"
#include "setup/join_watch.h"
#include "storage/storage_config.h"

#include <fstream>
#include <future>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <QtCore/QRegularExpression>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTranslator>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::setup;
using namespace lsw::test;
namespace fs = std::filesystem;

namespace {

/// For servers that let everybody wait.
constexpr std::chrono::milliseconds kShort{1000};
const Bytes kSecret(32, 7), kOtherSecret(32, 8);
const std::vector<std::string> kAll{"read", "write", "sign", "admin"};

void put(const fs::path& file, const std::string& text, mode_t mode = 0600) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
    ::chmod(file.c_str(), mode);
}

/// A port that nobody listens at: one that was just given back.
std::uint16_t freePort() {
    const ScriptServer server([](int, const std::string&, bool&) { return std::string(); });
    return server.port();
}

/// A server that takes no more connections: its queue is full, so that the next one is not answered at all, as behind a firewall.
class FullServer {
public:
    FullServer() : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* raw = reinterpret_cast<sockaddr*>(&address);
        if (::bind(m_listener, raw, size) != 0 || ::listen(m_listener, 0) != 0 || ::getsockname(m_listener, raw, &size) != 0) std::abort();
        port = ntohs(address.sin_port);
        for (int& one : m_waiting) {
            one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            ::connect(one, raw, size);
        }
    }
    ~FullServer() {
        for (const int one : m_waiting) ::close(one);
        ::close(m_listener);
    }
    std::uint16_t port = 0;

private:
    int m_listener;
    std::array<int, 4> m_waiting{};
};

/// One set-up. It is right until somebody breaks it.
struct Stage {
    QTemporaryDir folder;
    std::map<std::string, std::string> variables;
    MinerAnswers answers;
    std::string token = protocol::makeToken(kSecret, kAll);
    std::string host = "127.0.0.1";
    DoctorQuestion question;
    std::function<std::string(const std::string&, bool&)> server; ///< instead of the miner
    std::vector<std::shared_ptr<void>> kept;                      ///< what must live as long
    std::unique_ptr<ScriptServer> running;
    std::optional<std::uint16_t> port;                            ///< instead of the server's

    Stage() {
        answers.token = token;
        question.miner.environment = [this](const std::string& name) {
            const auto it = variables.find(name);
            return it == variables.end() ? std::string() : it->second;
        };
        question.miner.home = at("home");
        question.workerRepo = at("worker");
        question.root = at("root");
        question.listen = "127.0.0.1:0";
        question.nameLimit = std::chrono::milliseconds(kPatienceMs);
        question.tcpLimit = std::chrono::milliseconds(400);
        question.httpLimit = std::chrono::milliseconds(kPatienceMs);
        fs::create_directories(at("home"));
    }
    ~Stage() { ::chmod(at("repo").c_str(), 0700); }

    fs::path at(const std::string& name) const { return fs::path(folder.path().toStdString()) / name; }
    std::uint16_t serve() {
        if (!running)
            running = std::make_unique<ScriptServer>([this](int, const std::string& head, bool& hold) { return server ? server(head, hold) : answers(head); });
        return port.value_or(running->port());
    }
    std::string address(const std::string& scheme = "http") { return "/ip4/" + host + "/tcp/" + std::to_string(serve()) + '/' + scheme; }
    /// The miner is another PC: nobody's address, which a proxy of the environment answers for.
    void giveElsewhere() {
        qputenv("http_proxy", "http://127.0.0.1:" + QByteArray::number(serve()));
        kept.push_back(std::shared_ptr<void>(nullptr, [](void*) { qunsetenv("http_proxy"); }));
        variables["MINER_API_INFO"] = token + ":/ip4/192.0.2.1/tcp/2345/http";
    }
    void giveTls() {
        auto encrypted = std::make_shared<TlsServer>();
        port = encrypted->port();
        kept.push_back(std::move(encrypted));
    }
    /// As a person gives it who has the miner elsewhere.
    void giveInfo() {
        if (!variables.contains("MINER_API_INFO")) variables["MINER_API_INFO"] = token + ':' + address();
    }
    /// As it is on the miner's own machine.
    fs::path giveRepo() {
        fs::create_directories(at("repo/keystore"));
        put(at("repo/api"), address(), 0644);
        put(at("repo/token"), token);
        question.miner.repoFlag = at("repo").string();
        return at("repo");
    }
    /// A worker's folder with these storage paths: whether each can seal.
    void giveWorker(const std::vector<std::pair<std::string, bool>>& paths) {
        fs::create_directories(at("worker/keystore"));
        std::vector<std::string> names;
        for (const auto& [name, canSeal] : paths) {
            fs::create_directories(at(name));
            storage::PathMetadata metadata;
            metadata.id = "11111111-1111-4111-8111-111111111111";
            metadata.canSeal = canSeal;
            metadata.canStore = !canSeal;
            QVERIFY(storage::writePathMetadata(at(name), metadata));
            names.push_back(at(name).string());
        }
        QVERIFY(storage::writeStorageConfig(at("worker"), names));
    }
    /// A program that looks like a miner holds the lock of a repo.
    void hold(const fs::path& repo, const std::vector<std::string>& arguments = {"run"}) {
        auto other = std::make_shared<OtherMiner>("lotus-miner", arguments, std::vector<std::string>{}, repo);
        QVERIFY(other->isReady());
        kept.push_back(std::move(other));
    }
    /// What needs a user without privileges is done as nobody when the tests run as root.
    static auto asOrdinaryUser(const std::function<Diagnosis()>& work) {
        const bool isRoot = ::geteuid() == 0;
        if (isRoot && ::seteuid(65534) != 0) std::abort();
        Diagnosis out = work();
        if (isRoot && ::seteuid(0) != 0) std::abort();
        return out;
    }
};

using Arrange = std::function<void(Stage&)>;
struct Case {
    const char* name;
    CheckId check;
    Finding finding;
    Arrange arrange;
    bool isOrdinaryUser = false;
};

std::string all(const Diagnosis& diagnosis) {
    std::string out;
    for (const CheckResult& one : diagnosis.checks) {
        out += std::to_string(static_cast<int>(one.check)) + ' ' + std::string(nameOf(one.state)) + ' ' + one.found.sentence() + " | " + one.found.fixSentence() + " | " + one.found.command() + '\n';
        for (const std::string& line : one.evidence) out += "    " + line + '\n';
    }
    if (diagnosis.miner)
        for (const std::string& line : infoLines(*diagnosis.miner)) out += line + '\n';
    return out;
}

std::vector<Case> inputCases() {
    return {
        {"a line of another program", CheckId::Input, Finding::InputUnreadable, [](Stage& s) { s.variables["MINER_API_INFO"] = "FULLNODE_API_INFO=" + s.token + ':' + s.address(); }},
        {"nothing tells where", CheckId::Input, Finding::MinerNotNamed, [](Stage& s) { s.variables["MINER_API_INFO"] = " "; }},
        {"swapped", CheckId::Input, Finding::InputMendable, [](Stage& s) { s.variables["MINER_API_INFO"] = s.address() + ':' + s.token; }},
        {"full-width colon", CheckId::Input, Finding::InputMendable, [](Stage& s) { s.variables["MINER_API_INFO"] = s.token + "\xEF\xBC\x9A" + s.address(); }},
        {"the whole line of the shell", CheckId::Input, Finding::InputMendable, [](Stage& s) { s.variables["MINER_API_INFO"] = "export MINER_API_INFO=\"" + s.token + ':' + s.address() + '"'; }},
        {"the name inside the quotes", CheckId::Input, Finding::InputMendable, [](Stage& s) { s.variables["MINER_API_INFO"] = "MINER_API_INFO=" + s.token + ':' + s.address(); }},
        {"nonsense", CheckId::Input, Finding::InputUnreadable, [](Stage& s) { s.variables["MINER_API_INFO"] = "what is this"; }},
        {"no such folder", CheckId::Input, Finding::RepoMissing, [](Stage& s) { s.question.miner.repoFlag = s.at("nowhere").string(); }},
        {"a folder that is no repo", CheckId::Input, Finding::InputUnreadable, [](Stage& s) { s.question.miner.repoFlag = s.at("home").string(); }},
        {"api is a folder", CheckId::Input, Finding::InputUnreadable, [](Stage& s) { s.giveRepo(); fs::remove(s.at("repo/api")); fs::create_directory(s.at("repo/api")); }},
        {"no api file", CheckId::Input, Finding::MinerNotRunning, [](Stage& s) { fs::remove(s.giveRepo() / "api"); }},
        {"another user's repo", CheckId::Input, Finding::RepoForbidden, [](Stage& s) { ::chmod(s.giveRepo().c_str(), 0); }, true},
        {"no token in the line", CheckId::Token, Finding::TokenMissing, [](Stage& s) { s.variables["MINER_API_INFO"] = s.address(); }},
        {"no token file", CheckId::Token, Finding::TokenMissing, [](Stage& s) { fs::remove(s.giveRepo() / "token"); }},
        {"token cut off in its claims", CheckId::Token, Finding::TokenTruncated, [](Stage& s) { s.token.resize(60); }},
        {"token cut off in its signature", CheckId::Token, Finding::TokenTruncated, [](Stage& s) { s.token.resize(s.token.size() - 5); }},
        {"token damaged", CheckId::Token, Finding::TokenDamaged, [](Stage& s) { s.token[s.token.find('.') + 3] = '*'; }},
        {"token that may only read", CheckId::Token, Finding::TokenWeak, [](Stage& s) { s.token = protocol::makeToken(kSecret, {"read"}); }},
        {"token without read", CheckId::Token, Finding::TokenWeak, [](Stage& s) { s.token = protocol::makeToken(kSecret, {"admin"}); }},
    };
}

std::vector<Case> networkCases() {
    return {
        {"a name that nobody knows", CheckId::Name, Finding::NameUnknown, [](Stage& s) { s.variables["MINER_API_INFO"] = s.token + ":/dns/" + std::string(70, 'a') + ".example/tcp/2345/http"; }},
        {"0.0.0.0 copied", CheckId::Route, Finding::AddressUnspecified, [](Stage& s) { s.host = "0.0.0.0"; }},
        {"loopback copied from another PC", CheckId::Route, Finding::LoopbackNobody, [](Stage& s) { s.port = freePort(); }},
        {"no route", CheckId::Route, Finding::NoRoute, [](Stage& s) { s.host = "255.255.255.255"; }},
        {"the miner's address has changed", CheckId::Route, Finding::AddressMoved, [](Stage& s) { s.host = "255.255.255.255"; s.giveRepo(); }},
        {"the miner listens to itself", CheckId::Tcp, Finding::LoopbackOnly, [](Stage& s) { s.host = "127.0.0.2"; }},
        {"api file of a miner that crashed", CheckId::Tcp, Finding::StaleApi, [](Stage& s) { s.port = freePort(); s.giveRepo(); }},
        {"a miner that does not listen yet", CheckId::Tcp, Finding::MinerNotListening, [](Stage& s) { s.port = freePort(); s.hold(s.giveRepo()); }},
        {"a flag beats the miner's config", CheckId::Tcp, Finding::ListenOverridden,
         [](Stage& s) { s.port = freePort(); s.hold(s.giveRepo(), {"run", "--miner-api", "2346"}); }},
        {"a firewall drops the packets", CheckId::Tcp, Finding::ConnectTimedOut,
         [](Stage& s) {
             auto full = std::make_shared<FullServer>();
             s.port = full->port;
             s.kept.push_back(full);
         }},
        {"a slow server", CheckId::Rpc, Finding::SilentPort, [](Stage& s) { s.question.httpLimit = kShort; s.server = [](const std::string& head, bool& hold) { hold = !head.empty(); return std::string(); }; }},
        {"a dropped connection", CheckId::Rpc, Finding::Dropped, [](Stage& s) { s.question.httpLimit = kShort; s.server = [](const std::string&, bool&) { return std::string(); }; }},
        {"another protocol", CheckId::Rpc, Finding::NotHttp, [](Stage& s) { s.question.httpLimit = kShort; s.server = [](const std::string& head, bool&) { return std::string(head.empty() ? "" : "SSH-2.0-OpenSSH_9.2\r\n"); }; }},
        {"TLS port of a Go server", CheckId::Rpc, Finding::TlsPort,
         [](Stage& s) { s.server = [](const std::string&, bool&) { return MinerAnswers::reply(400, {}, "Client sent an HTTP request to an HTTPS server.\n"); }; }},
        {"TLS port of nginx", CheckId::Rpc, Finding::TlsPort,
         [](Stage& s) { s.server = [](const std::string&, bool&) { return MinerAnswers::reply(400, "text/html", "<html><center>The plain HTTP request was sent to HTTPS port</center></html>"); }; }},
        {"a TLS port", CheckId::Rpc, Finding::TlsPort, [](Stage& s) { s.giveTls(); }},
        {"a certificate that nobody trusts", CheckId::Rpc, Finding::CertificateRefused, [](Stage& s) { s.giveTls(); s.variables["MINER_API_INFO"] = s.token + ':' + s.address("wss"); }},
        {"https where there is none", CheckId::Rpc, Finding::NotTls, [](Stage& s) { s.question.httpLimit = kShort; s.variables["MINER_API_INFO"] = s.token + ':' + s.address("wss"); }},
        {"the page of a proxy", CheckId::Rpc, Finding::PageInstead,
         [](Stage& s) { s.server = [](const std::string&, bool&) { return MinerAnswers::reply(200, "text/html", "<!DOCTYPE html><title>Log in</title>", "Via: 1.1 squid\r\n"); }; }},
        {"another web service", CheckId::Rpc, Finding::OtherService,
         [](Stage& s) { s.server = [](const std::string&, bool&) { return MinerAnswers::reply(404, "application/json", R"({"detail":"Not Found"})"); }; }},
        {"a gateway without a miner behind it", CheckId::Rpc, Finding::OtherService, [](Stage& s) { s.server = [](const std::string&, bool&) { return MinerAnswers::reply(502, "text/plain", "Bad Gateway"); }; }},
        {"the daemon's port", CheckId::Rpc, Finding::DaemonPort, [](Stage& s) { s.answers.results.erase("ActorAddress"); s.answers.results.erase("WorkerStats"); }},
        {"the daemon's port with its newer API", CheckId::Rpc, Finding::DaemonPort, [](Stage& s) { s.answers.results.erase("ActorAddress"); s.answers.apiVersion = 0x20300; }},
        {"a worker's port", CheckId::Rpc, Finding::WorkerPort, [](Stage& s) { s.answers.results["Version"] = "67328"; }},
        {"a worker's port that tells strangers nothing", CheckId::Rpc, Finding::WorkerPort, [](Stage& s) { s.answers.errors["Version"] = "1,missing permission to invoke 'Version' (need 'admin')"; }},
        {"a page behind the proxy of the environment", CheckId::Rpc, Finding::PageInstead,
         [](Stage& s) {
             s.server = [](const std::string&, bool&) { return MinerAnswers::reply(200, "text/html", "<html>"); };
             s.giveElsewhere();
         }},
    };
}

std::vector<Case> minerCases() {
    return {
        {"another miner's token", CheckId::Auth, Finding::TokenRefused, [](Stage& s) { s.answers.token = protocol::makeToken(kOtherSecret, kAll); }},
        {"a text that is no token", CheckId::Auth, Finding::TokenRefused, [](Stage& s) { s.token = "opensesame"; }},
        {"the miner allows less", CheckId::Auth, Finding::TokenWeak, [](Stage& s) { s.answers.results["AuthVerify"] = R"(["read","write"])"; }},
        {"the miner cannot verify", CheckId::Auth, Finding::AuthUnclear, [](Stage& s) { s.answers.errors["AuthVerify"] = "1,keystore: no such key"; }},
        {"a miner of the first protocol", CheckId::Version, Finding::MinerTooOld, [](Stage& s) { s.answers.version = "0.1.5+git.abc"; s.answers.apiVersion = 261; }},
        {"a miner of the first protocol, later", CheckId::Version, Finding::MinerTooOld, [](Stage& s) { s.answers.version = "0.2.8"; s.answers.apiVersion = 263; }},
        {"a miner of the second protocol", CheckId::Version, Finding::MinerTooOld, [](Stage& s) { s.answers.version = "1.1.2"; s.answers.apiVersion = 4096; }},
        {"a development build of 2020", CheckId::Version, Finding::MinerBetweenVersions, [](Stage& s) { s.answers.version = "0.2.10"; s.answers.apiVersion = 512; }},
        {"a miner of 2021", CheckId::Version, Finding::MinerOtherApi, [](Stage& s) { s.answers.version = "1.11.1"; s.answers.apiVersion = 0x10200; }},
        {"a miner that wants older workers", CheckId::Version, Finding::MinerOtherApi, [](Stage& s) { s.answers.version = "1.18.2+mainnet"; }},
        {"a miner to come", CheckId::Version, Finding::MinerTooNew, [](Stage& s) { s.answers.version = "2.0.0"; s.answers.apiVersion = 0x20000; }},
        {"a version that is none", CheckId::Version, Finding::VersionUnclear, [](Stage& s) { s.answers.results["Version"] = R"({"Version":"x"})"; }},
        {"the full node is lost", CheckId::Miner, Finding::FullNodeLost, [](Stage& s) { s.answers.errors["ActorSectorSize"] = "1,RPC client error: sendRequest failed: connection refused"; }},
        {"RemoteListenAddress left as it was", CheckId::Miner, Finding::RemoteListenLoopback,
         [](Stage& s) {
             s.giveElsewhere();
             s.answers.results["StorageLocal"] = R"({"a":"/store"})";
             s.answers.results["StorageInfo"] = R"({"ID":"a","URLs":["http://127.0.0.1:2345/remote"],"Weight":10,"MaxStorage":0,"CanSeal":false,"CanStore":true})";
         }},
        {"the miner does not know itself", CheckId::Miner, Finding::MinerUnclear, [](Stage& s) { s.answers.results["ActorAddress"] = "null"; }},
    };
}

std::vector<Case> hereCases() {
    const auto takenPort = [](Stage& s) { return "127.0.0.1:" + std::to_string(s.serve()); };
    return {
        {"our port is taken", CheckId::ListenPort, Finding::PortTaken, [takenPort](Stage& s) { s.question.listen = takenPort(s); }},
        {"the miner's address to listen on", CheckId::ListenPort, Finding::ListenNotOurs, [](Stage& s) { s.question.listen = "192.0.2.7:3456"; }},
        {"no address to listen on", CheckId::ListenPort, Finding::ListenUnreadable, [](Stage& s) { s.question.listen = "everywhere"; }},
        {"nothing to advertise", CheckId::Advertise, Finding::AdvertiseUnspecified, [](Stage& s) { s.question.advertise = "0.0.0.0:3456"; }},
        {"a loopback to advertise", CheckId::Advertise, Finding::AdvertiseLoopback, [](Stage& s) { s.giveElsewhere(); }},
        {"no path that can seal", CheckId::Storage, Finding::NoSealPath, [](Stage& s) { s.giveWorker({{"store", false}}); }},
        {"no path at all", CheckId::Storage, Finding::NoSealPath, [](Stage& s) { s.giveWorker({}); }},
        {"a disk that is not mounted", CheckId::Storage, Finding::PathGone, [](Stage& s) { s.giveWorker({{"seal", true}}); fs::remove(s.at("seal/sectorstore.json")); }},
        {"a path of somebody else", CheckId::Storage, Finding::PathUnwritable,
         [](Stage& s) {
             s.giveWorker({{"seal", true}});
             ::chmod(s.folder.path().toLocal8Bit().constData(), 0755);
             for (const auto& one : fs::recursive_directory_iterator(s.at("worker"))) ::chmod(one.path().c_str(), one.is_directory() ? 0755 : 0644);
             ::chmod(s.at("seal/sectorstore.json").c_str(), 0644);
             ::chmod(s.at("seal").c_str(), 0555);
             s.giveInfo();
         }, true},
        {"no room for one sector", CheckId::Storage, Finding::PathTooSmall, [](Stage& s) { s.giveWorker({{"seal", true}}); s.answers.results["ActorSectorSize"] = "1125899906842624"; }},
        {"a list of paths that cannot be read", CheckId::Storage, Finding::StorageUnreadable, [](Stage& s) { s.giveWorker({}); put(s.at("worker/storage.json"), "{ nonsense"); }},
        {"another worker has the folder", CheckId::Storage, Finding::WorkerFolderHeld, [](Stage& s) { s.giveWorker({{"seal", true}}); s.hold(s.at("worker")); }},
        {"the miner's folder", CheckId::Storage, Finding::FolderOfMiner, [](Stage& s) { s.question.workerRepo = s.giveRepo(); }},
        {"the miner's storage path", CheckId::Storage, Finding::FolderOfMiner,
         [](Stage& s) {
             s.giveWorker({{"seal", true}});
             QVERIFY(storage::writeStorageConfig(s.giveRepo(), {s.at("seal").string()}));
         }},
    };
}

/// What is no failure.
std::vector<Case> warningCases() {
    return {
        {"others can read the token", CheckId::Token, Finding::TokenFileOpen, [](Stage& s) { ::chmod((s.giveRepo() / "token").c_str(), 0644); }},
        {"others can read the keys", CheckId::Token, Finding::KeystoreOpen, [](Stage& s) { put(s.giveRepo() / "keystore/MF2XI2BNNJ3XILLQOJUXMYLUMU", "{}", 0640); }},
        {"the miner was not started again", CheckId::Tcp, Finding::ConfigWaits, [](Stage& s) { put(s.giveRepo() / "config.toml", "[API]\nListenAddress = \"/ip4/0.0.0.0/tcp/2345/http\"\n"); }},
        {"a flag beats the config of a miner that answers", CheckId::Tcp, Finding::ConfigBeaten,
         [](Stage& s) {
             put(s.giveRepo() / "config.toml", "[API]\nListenAddress = \"/ip4/0.0.0.0/tcp/2345/http\"\n");
             s.hold(s.at("repo"), {"run", "--miner-api", "2346"});
         }},
        {"a token of another form", CheckId::Token, Finding::TokenOpaque, [](Stage& s) { s.token = s.answers.token = "opensesame"; }},
        {"a proxy strips the upgrade", CheckId::Rpc, Finding::UpgradeStripped, [](Stage& s) { s.answers.upgrade = MinerAnswers::reply(400, "text/plain", "Bad Request"); }},
        {"a proxy swallows the upgrade", CheckId::Rpc, Finding::UpgradeStripped, [](Stage& s) { s.answers.upgrade.clear(); }},
        {"our clock is ahead", CheckId::Clock, Finding::ClockAhead, [](Stage& s) { s.answers.clockAhead = -3600; }},
        {"our clock is behind", CheckId::Clock, Finding::ClockBehind, [](Stage& s) { s.answers.clockAhead = 90; }},
        {"an address that is forwarded", CheckId::Advertise, Finding::AdvertiseForeign, [](Stage& s) { s.question.advertise = "192.0.2.9:3456"; }},
        {"a container grants less memory", CheckId::Limits, Finding::MemoryLimited,
         [](Stage& s) {
             put(s.at("root/proc/meminfo"), "MemTotal: 8388608 kB\nMemAvailable: 6291456 kB\n");
             put(s.at("root/proc/self/cgroup"), "0::/worker.service\n");
             put(s.at("root/sys/fs/cgroup/worker.service/memory.max"), "1073741824\n");
         }},
        {"it sleeps when idle", CheckId::Limits, Finding::SleepsWhenIdle, [](Stage& s) { put(s.at("root/etc/systemd/logind.conf.d/power.conf"), "[Login]\nIdleAction=suspend\n"); }},
    };
}

} // namespace

Q_DECLARE_METATYPE(Case)

class TestConnectionDoctor : public QObject {
    Q_OBJECT

    static void rows(const std::vector<Case>& cases) {
        QTest::addColumn<Case>("set");
        for (const Case& one : cases) QTest::newRow(one.name) << one;
    }
    /// What is said of it, with the right check and finding; fails the test when a token is told.
    static Diagnosis examined(Stage& stage, const Case& set) {
        set.arrange(stage);
        if (stage.question.miner.repoFlag.empty()) stage.giveInfo();
        const auto work = [&] { return examine(stage.question, {}); };
        Diagnosis out = set.isOrdinaryUser ? Stage::asOrdinaryUser(work) : work();
        const std::string said = all(out);
        for (const std::string& secret : {stage.token, stage.answers.token})
            if (secret.size() > 20 && (said.find(secret.substr(secret.size() - 20)) != std::string::npos || said.find(secret.substr(0, 60)) != std::string::npos)) qFatal("a token was told:\n%s", said.c_str());
        for (const CheckResult& one : out.checks)
            if (one.state == CheckState::Fail && one.found.fixSentence().empty()) qFatal("no fix for: %s", one.found.sentence().c_str());
        return out;
    }

    /// What a window in Chinese says of it: everything of the sentence is translated, and what was found out is in it.
    static void verifyChinese(const Found& found) {
#ifdef LSW_CHINESE
        static QTranslator translator;
        static const bool isLoaded = translator.load(QStringLiteral(LSW_CHINESE));
        QVERIFY(isLoaded);
        static const QRegularExpression chinese(QStringLiteral("[\\x{4e00}-\\x{9fff}]"));
        for (const std::string& text : {std::string(found.sentenceTemplate()), std::string(found.fixTemplate())}) {
            if (text.empty() || text == "%1 is %2.") continue;
            const QString translated = translator.translate("findings", text.c_str());
            QVERIFY2(translated.contains(chinese), text.c_str());
            for (int place = 1; place <= 4; ++place) {
                const QString mark = QStringLiteral("%%1").arg(place);
                QVERIFY2(translated.contains(mark) == QString::fromStdString(text).contains(mark), text.c_str());
            }
        }
        for (const std::string& argument : found.arguments) {
            for (const int code : {ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EACCES, EPERM, ENOENT, EADDRINUSE, ENOSPC})
                QVERIFY2(argument.find(std::strerror(code)) == std::string::npos, argument.c_str());
            for (const std::string_view plain : plainWords())
                if (argument == plain) QVERIFY2(translator.translate("findings", argument.c_str()).contains(chinese), argument.c_str());
        }
#else
        Q_UNUSED(found);
#endif
    }

private Q_SLOTS:
    void theFirstFailureIsTheCause_data() {
        std::vector<Case> cases;
        for (const auto& part : {inputCases(), networkCases(), minerCases(), hereCases()}) cases.insert(cases.end(), part.begin(), part.end());
        QVERIFY(cases.size() >= 50);
        rows(cases);
    }
    void theFirstFailureIsTheCause() {
        QFETCH(Case, set);
        Stage stage;
        const Diagnosis diagnosis = examined(stage, set);
        const CheckResult* failure = diagnosis.firstFailure();
        QVERIFY2(failure, all(diagnosis).c_str());
        QVERIFY2(failure->check == set.check && failure->found.finding == set.finding, all(diagnosis).c_str());
        verifyChinese(failure->found);
    }

    void whatTheSystemSaysIsSaidInOurWordsAndKeptAsEvidence() {
        QCOMPARE(*inPlainWords(std::strerror(ECONNREFUSED)), std::string("the connection was refused"));
        QCOMPARE(*inPlainWords("cannot look at /x: " + std::string(std::strerror(EACCES))), std::string("cannot look at /x: this user may not do that"));
        QVERIFY(!inPlainWords("Refused by the miner"));
        CheckNotes notes;
        notes.find(Finding::ConnectFailed, {"10.0.0.1:2345", std::strerror(ECONNRESET)});
        QCOMPARE(notes.worst().sentence(), std::string("The connection to 10.0.0.1:2345 fails: the other side ended the connection."));
        QCOMPARE(notes.evidence().size(), std::size_t{1});
        QCOMPARE(notes.evidence()[0], "The system says: " + std::string(std::strerror(ECONNRESET)) + '.');
        for (const std::string_view plain : plainWords()) verifyChinese({Finding::ConnectFailed, {"10.0.0.1:2345", std::string(plain)}});
    }

    void theMinerIsWatchedUntilItCountsTheWorker() {
        Stage stage;
        std::array<MinerAnswers, 3> says{stage.answers, stage.answers, stage.answers};
        says[0].results["WorkerStats"] = R"({"a":{"Info":{"Hostname":"other"},"Tasks":[],"Enabled":true}})";
        says[1].results["WorkerStats"] = R"({"a":{"Info":{"Hostname":"other"},"Tasks":[],"Enabled":true},"b":{"Info":{"Hostname":"this"},"Tasks":[],"Enabled":true}})";
        says[2].token = protocol::makeToken(kOtherSecret, kAll);
        std::atomic<std::size_t> now{0};
        stage.server = [&](const std::string& head, bool&) { return says[now](head); };
        stage.giveInfo();
        // Nothing runs in our folder: it says so, and what the miner counts.
        JoinReport report = watchJoin(stage.question, {}, std::chrono::milliseconds(0), {});
        QVERIFY(!report.hasJoined && !report.isRunning && !report.trouble);
        QCOMPARE(report.after->remote, std::size_t{1});
        QCOMPARE(report.sentence(), std::string("No worker runs here yet, so the miner counts none: start it with lotus-seal-worker run."));
        // A worker answers from our folder, and the miner counts it later.
        MinerAnswers own;
        own.token = stage.token;
        own.results = {{"ProcessSession", "\"b\""}};
        const ScriptServer worker([&](int, const std::string& head, bool&) { return own(head); });
        fs::create_directories(stage.at("worker/keystore"));
        put(stage.at("worker/api"), "/ip4/127.0.0.1/tcp/" + std::to_string(worker.port()) + "/http");
        put(stage.at("worker/token"), own.token);
        report = watchJoin(stage.question, {}, std::chrono::milliseconds(0), {});
        QVERIFY(!report.hasJoined && report.isRunning);
        QVERIFY(report.sentence().find("lotus-seal-worker doctor") != std::string::npos);
        const WorkerUse before = *report.after;
        now = 1;
        report = watchJoin(stage.question, before, std::chrono::milliseconds(kPatienceMs), {});
        QVERIFY(report.hasJoined);
        QCOMPARE(report.sentence(), std::string("The miner counts one remote worker more now. Worker use: Local 0 / 0, Remote 0 / 2 (before: Local 0 / 0, Remote 0 / 1)."));
        // What is in the way is named.
        now = 2;
        report = watchJoin(stage.question, before, std::chrono::milliseconds(0), {});
        QVERIFY(!report.hasJoined && report.trouble && report.trouble->finding == Finding::TokenRefused);
        QVERIFY2(report.sentence().starts_with("The miner does not count this worker: "), report.sentence().c_str());
    }

    void aWarningIsNoFailure_data() { rows(warningCases()); }
    void aWarningIsNoFailure() {
        QFETCH(Case, set);
        Stage stage;
        const Diagnosis diagnosis = examined(stage, set);
        QVERIFY2(!diagnosis.firstFailure() && diagnosis.hasWarnings(), all(diagnosis).c_str());
        const CheckResult& result = diagnosis.checks.at(static_cast<std::size_t>(set.check) - 1);
        QVERIFY2(result.found.finding == set.finding && result.state == CheckState::Warn, all(diagnosis).c_str());
        verifyChinese(result.found);
    }

    /// Nothing but its version is asked of a miner that speaks another protocol.
    void anOldMinerIsNotSpokenTo() {
        Stage stage;
        examined(stage, {"", CheckId::Version, Finding::MinerTooOld, [](Stage& s) { s.answers.version = "0.2.10"; s.answers.apiVersion = 262; }, false});
        int requests = 0;
        for (const std::string& head : stage.running->heads()) {
            if (head.empty()) continue;
            ++requests;
            QVERIFY2(head.find("Filecoin.Version") != std::string::npos && head.find("Bearer") == std::string::npos, head.c_str());
        }
        QCOMPARE(requests, 1);
    }

    /// Everything that it asks for only tells something.
    void nothingAtTheMinerChanges() {
        Stage stage;
        stage.giveWorker({{"seal", true}});
        const Diagnosis diagnosis = examined(stage, {"", CheckId::Version, Finding::VersionFits, [](Stage&) {}, false});
        QVERIFY2(!diagnosis.firstFailure(), all(diagnosis).c_str());
        const std::set<std::string> asking{"Version", "ActorAddress", "ActorSectorSize", "AuthVerify", "SectorsSummary", "WorkerStats", "StorageLocal", "StorageInfo"};
        for (const std::string& head : stage.running->heads()) {
            if (head.empty() || head.starts_with("GET")) continue;
            const auto begin = head.find("\"Filecoin.") + 10;
            QVERIFY2(asking.contains(head.substr(begin, head.find('"', begin) - begin)), head.c_str());
        }
        QCOMPARE(diagnosis.miner->sectors.at("Proving"), std::uint64_t{3});
    }

    void aFullNodeTellsNetworkAndPower() {
        Stage stage;
        MinerAnswers node;
        node.token = "nodetoken";
        node.results = {{"StateNetworkName", "\"calibrationnet\""},
                        {"StateMinerPower", R"({"MinerPower":{"RawBytePower":"1","QualityAdjPower":"68719476736"},"TotalPower":{"QualityAdjPower":"99999999999999999999999"}})"}};
        const ScriptServer server([&](int, const std::string& head, bool&) { return node(head); });
        stage.variables["FULLNODE_API_INFO"] = "nodetoken:/ip4/127.0.0.1/tcp/" + std::to_string(server.port()) + "/http";
        const Diagnosis diagnosis = examined(stage, {"", CheckId::Miner, Finding::MinerKnown, [](Stage&) {}, false});
        for (const char* line : {"Network: calibrationnet\n", "Power: 64 GiB / 99999999999999999999999\n"}) QVERIFY2(all(diagnosis).find(line) != std::string::npos, all(diagnosis).c_str());
    }

    void whatDependsOnAFailureIsNotRun() {
        Stage stage;
        const Diagnosis diagnosis = examined(stage, {"", CheckId::Rpc, Finding::PageInstead, [](Stage& s) { s.server = [](const std::string&, bool&) { return MinerAnswers::reply(200, "text/html", "<html>"); }; }, false});
        QCOMPARE(diagnosis.checks.size(), std::size_t{14});
        for (const CheckId one : {CheckId::Auth, CheckId::Version, CheckId::Miner, CheckId::Clock}) {
            const CheckResult& result = diagnosis.checks.at(static_cast<std::size_t>(one) - 1);
            QVERIFY(result.state == CheckState::NotRun && result.because == CheckId::Rpc);
        }
        QVERIFY(diagnosis.checks.at(9).state == CheckState::Pass); // our own port needs no miner
    }

    void onlyWhatWasAskedFor() {
        Stage stage;
        stage.question.only = {CheckId::ListenPort};
        stage.giveInfo();
        const Diagnosis one = examine(stage.question, {});
        QCOMPARE(one.checks.size(), std::size_t{1});
        QVERIFY(stage.running->heads().empty());
        // What it needs is run, and told only when it fails.
        stage.question.only = {CheckId::Auth};
        QCOMPARE(examine(stage.question, {}).checks.size(), std::size_t{1});
        stage.variables["MINER_API_INFO"] = "nonsense";
        const Diagnosis broken = examine(stage.question, {});
        QCOMPARE(broken.checks.size(), std::size_t{2});
        QVERIFY(broken.checks.front().check == CheckId::Input && broken.checks.back().state == CheckState::NotRun);
    }

    void itCanBeStopped() {
        Stage stage;
        stage.question.httpLimit = std::chrono::milliseconds(kPatienceMs);
        stage.server = [](const std::string& head, bool& hold) { hold = !head.empty(); return std::string(); };
        stage.giveInfo();
        std::stop_source stop;
        std::vector<CheckId> told;
        const auto ended = std::async(std::launch::async, [&] {
            return examine(stage.question, stop.get_token(), [&](const CheckResult& one) {
                told.push_back(one.check);
                if (one.check == CheckId::Tcp) stop.request_stop();
            });
        });
        QVERIFY(ended.wait_for(std::chrono::milliseconds(kPatienceMs / 2)) == std::future_status::ready);
        QCOMPARE(told.size(), std::size_t{14}); // each is told, as run or as not run
    }

    /// The real thing, with a worker that is registered in its place.
    void allIsWellWithAPracticeMiner() {
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        practice::PracticeMiner::Settings settings;
        settings.repo = root / "miner";
        settings.storagePath = root / "store";
        practice::PracticeMiner miner(settings);
        const auto started = miner.start();
        QVERIFY2(started, started ? "" : started.error().message().c_str());
        DoctorQuestion question;
        question.miner.repoFlag = settings.repo.string();
        question.workerRepo = root / "worker";
        question.root = root / "root";
        question.listen = "0.0.0.0:0";
        auto running = std::async(std::launch::async, [&] { return examine(question, {}); });
        while (running.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) QCoreApplication::processEvents();
        const Diagnosis diagnosis = running.get();
        for (const CheckResult& one : diagnosis.checks)
            if (one.check != CheckId::Limits) QVERIFY2(one.state == CheckState::Pass, all(diagnosis).c_str()); // the limits are those of this machine
        QVERIFY(diagnosis.miner && diagnosis.miner->isOnThisMachine);
        QCOMPARE(diagnosis.miner->address, std::string("f01000"));
        QCOMPARE(diagnosis.miner->sectorSize, std::optional<std::uint64_t>(2048));
        QVERIFY(!miner.callCounts().contains("WorkerConnect"));
        QVERIFY2(all(diagnosis).find("works only on this PC") != std::string::npos, all(diagnosis).c_str()); // its /remote is a loopback URL
    }

    void everyFindingHasItsOwnKey() {
        std::set<std::string_view> keys;
        for (std::size_t i = 0; i < static_cast<std::size_t>(Finding::Count); ++i) {
            const Found found{static_cast<Finding>(i), {}};
            QVERIFY2(keys.insert(found.key()).second, std::string(found.key()).c_str());
            QVERIFY(found.state() != CheckState::Fail || !found.fixTemplate().empty());
            QVERIFY((found.fix() == FixKind::None) == found.fixTemplate().empty());
        }
    }
};

int main(int argc, char** argv) {
    if (OtherMiner::isThis()) return OtherMiner::live();
    ::signal(SIGPIPE, SIG_IGN); // the TLS server writes to peers that have gone
    QCoreApplication application(argc, argv);
    TestConnectionDoctor test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_connection_doctor.moc"
