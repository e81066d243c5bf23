// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fstream>
#include <sstream>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "practice/practice_repo.h"
#include "protocol/jwt.h"

using namespace lsw;
using namespace lsw::practice;

namespace {

std::string textOf(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

unsigned modeOf(const std::filesystem::path& file) {
    struct stat info {};
    return ::stat(file.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
}

constexpr const char* kKeyFile = "keystore/MF2XI2BNNJ3XILLQOJUXMYLUMU";

} // namespace

class TestPracticeRepo : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theFilesAreThoseOfAMinersRepo();
    void apiAndLockGoWhenItCloses();
    void secretAndTokenStayTheSame();
    void aKeyThatOthersCanReadIsRefused();
    void aKeyFileWithOtherContentIsRefused();
    void aSecondProcessFindsItLocked();
    void aFolderThatCannotBeMadeIsNamed();

private:
    std::unique_ptr<QTemporaryDir> m_temporary;
    std::filesystem::path m_folder;
};

void TestPracticeRepo::init() {
    m_temporary = std::make_unique<QTemporaryDir>();
    m_folder = std::filesystem::path(m_temporary->path().toStdString()) / "miner";
}

void TestPracticeRepo::theFilesAreThoseOfAMinersRepo() {
    auto repo = PracticeRepo::open(m_folder);
    QVERIFY(repo);
    QVERIFY(repo->publish(2345));
    QCOMPARE(textOf(m_folder / "api"), std::string("/ip4/127.0.0.1/tcp/2345/http"));
    QCOMPARE(modeOf(m_folder / "api"), 0644U);
    QCOMPARE(modeOf(m_folder / "token"), 0600U);
    QCOMPARE(modeOf(m_folder / "keystore"), 0700U);
    QCOMPARE(modeOf(m_folder / kKeyFile), 0600U);
    QCOMPARE(modeOf(m_folder / "config.toml"), 0644U);
    QVERIFY(std::filesystem::is_directory(m_folder / "datastore"));
    QCOMPARE(std::filesystem::file_size(m_folder / "repo.lock"), 0U);
    QCOMPARE(textOf(m_folder / kKeyFile), R"({"Type":"jwt-hmac-secret","PrivateKey":")" + toBase64(repo->secret()) + "\"}");
    QVERIFY(textOf(m_folder / "config.toml").find("ListenAddress = \"/ip4/127.0.0.1/tcp/2345/http\"") != std::string::npos);
    const auto allowed = protocol::verifyToken(repo->secret(), textOf(m_folder / "token"));
    QVERIFY(allowed);
    QCOMPARE(*allowed, (protocol::Permissions{"admin", "read", "sign", "write"}));
}

void TestPracticeRepo::apiAndLockGoWhenItCloses() {
    {
        auto repo = PracticeRepo::open(m_folder);
        QVERIFY(repo);
        QVERIFY(repo->publish(2345));
    }
    QVERIFY(!std::filesystem::exists(m_folder / "api"));
    QVERIFY(!std::filesystem::exists(m_folder / "repo.lock"));
    QVERIFY(std::filesystem::exists(m_folder / "token"));
}

void TestPracticeRepo::secretAndTokenStayTheSame() {
    Bytes first;
    std::string token;
    {
        auto repo = PracticeRepo::open(m_folder);
        QVERIFY(repo);
        first = repo->secret();
        token = repo->token();
    }
    auto again = PracticeRepo::open(m_folder);
    QVERIFY(again);
    QCOMPARE(again->secret(), first);
    QCOMPARE(again->token(), token);
}

void TestPracticeRepo::aKeyThatOthersCanReadIsRefused() {
    { QVERIFY(PracticeRepo::open(m_folder)); }
    QCOMPARE(::chmod((m_folder / kKeyFile).c_str(), 0640), 0);
    const auto again = PracticeRepo::open(m_folder);
    QVERIFY(!again);
    QCOMPARE(again.error().code(), ErrorCode::PermissionDenied);
    QVERIFY(QString::fromStdString(again.error().message()).contains(QStringLiteral("auth-jwt-private")));
}

void TestPracticeRepo::aKeyFileWithOtherContentIsRefused() {
    { QVERIFY(PracticeRepo::open(m_folder)); }
    QVERIFY(writeFileWithMode(m_folder / kKeyFile, R"({"Type":"bls","PrivateKey":"AA=="})", 0600));
    const auto again = PracticeRepo::open(m_folder);
    QVERIFY(!again);
    QCOMPARE(again.error().code(), ErrorCode::Corrupt);
}

void TestPracticeRepo::aSecondProcessFindsItLocked() {
    const auto repo = PracticeRepo::open(m_folder);
    QVERIFY(repo);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto second = PracticeRepo::open(m_folder);
        ::_exit(!second && second.error().code() == ErrorCode::AlreadyExists ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
}

void TestPracticeRepo::aFolderThatCannotBeMadeIsNamed() {
    QVERIFY(writeFileWithMode(m_temporary->path().toStdString() + "/file", "x", 0644));
    const auto repo = PracticeRepo::open(std::filesystem::path(m_temporary->path().toStdString()) / "file" / "miner");
    QVERIFY(!repo);
    QVERIFY(QString::fromStdString(repo.error().message()).contains(QStringLiteral("/file/miner")));
}

QTEST_GUILESS_MAIN(TestPracticeRepo)
#include "tst_practice_repo.moc"
