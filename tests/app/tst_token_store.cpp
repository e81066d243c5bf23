// SPDX-License-Identifier: MIT OR Apache-2.0
// The kept connection: in the file without a keychain, and in a real gnome-keyring on a bus of its own.
#include "common/token_store.h"

#include "protocol/jwt.h"

#include <csignal>
#include <fstream>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

#include <QtCore/QDir>
#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>
#include <QtCore/QTemporaryDir>
#include <QtDBus/QDBusConnection>
#include <QtDBus/QDBusConnectionInterface>
#include <QtDBus/QDBusMessage>
#include <QtDBus/QDBusObjectPath>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::common;
namespace fs = std::filesystem;

namespace {

const std::string kToken = protocol::makeToken(Bytes(32, 7), {"read", "write", "sign", "admin"});

protocol::ApiInfo connection(const std::string& host = "192.168.1.5") { return {kToken, {"http", host, 2345, {}}}; }

std::string contentOf(const fs::path& file) {
    std::ostringstream out;
    out << std::ifstream(file, std::ios::binary).rdbuf();
    return out.str();
}
unsigned modeOf(const fs::path& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}
std::optional<KeptConnection> kept(std::vector<std::string>* said = nullptr) {
    std::vector<std::string> notes;
    auto out = keptConnection(notes);
    for (const std::string& one : notes)
        if (one.find("eyJ") != std::string::npos) return std::nullopt;
    if (said) *said = notes;
    return out ? *out : std::nullopt;
}

/// The daemon outlives its bus.
void endKeyring() {
    const uint pid = QDBusConnection::sessionBus().interface()->servicePid(QStringLiteral("org.freedesktop.secrets"));
    if (pid > 1) ::kill(static_cast<pid_t>(pid), SIGKILL);
}

/// Run on a bus of its own, with a keyring that has been unlocked.
class KeyringTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aConnectionIsKeptThere() {
        QCOMPARE(std::string(nameOf(probeKeychain())), std::string("ready"));
        QVERIFY(!kept());
        const auto place = keepConnection(connection());
        QVERIFY2(place.hasValue(), place ? "" : place.error().message().c_str());
        QVERIFY(*place == TokenPlace::Keychain);
        QVERIFY(!fs::exists(keptTokenFile()));
        const auto read = kept();
        QVERIFY(read && read->place == TokenPlace::Keychain);
        QCOMPARE(read->api.token, kToken);
        QVERIFY(read->api.endpoint == connection().endpoint);
        QVERIFY(keepConnection(connection("10.0.0.9")).hasValue());
        QCOMPARE(kept()->api.endpoint.host, std::string("10.0.0.9"));
        QVERIFY(tokenPlaces().kept == TokenPlace::Keychain);
    }
    void itIsKeptInOnePlaceAlone() {
        QVERIFY(keepConnection(connection(), TokenPlace::File).hasValue());
        QVERIFY(kept()->place == TokenPlace::File);
        QVERIFY(!*readKeychain("miner-connection"));
        QVERIFY(keepConnection(connection(), TokenPlace::Keychain).hasValue());
        QVERIFY(!fs::exists(keptTokenFile()));
        QVERIFY(*forgetConnection());
        QVERIFY(!*forgetConnection());
        QVERIFY(!kept());
    }
    void aLockedKeychainIsNoEmptyOne() {
        QVERIFY(keepConnection(connection()).hasValue());
        QDBusMessage lock = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets"),
                                                           QStringLiteral("org.freedesktop.Secret.Service"), QStringLiteral("Lock"));
        lock.setArguments({QVariant::fromValue(QList<QDBusObjectPath>{QDBusObjectPath(QStringLiteral("/org/freedesktop/secrets/collection/login"))})});
        const QDBusMessage locked = QDBusConnection::sessionBus().call(lock);
        QVERIFY2(locked.type() == QDBusMessage::ReplyMessage, qPrintable(locked.errorMessage()));
        QCOMPARE(std::string(nameOf(probeKeychain())), std::string("locked"));
        std::vector<std::string> notes;
        QVERIFY(!kept(&notes));
        QVERIFY(notes.size() == 1 && notes.front().find("locked") != std::string::npos);
        QCOMPARE(forgetConnection().error().code(), ErrorCode::StorageUnavailable);
        QCOMPARE(keepConnection(connection(), TokenPlace::Keychain).error().code(), ErrorCode::NotInstalled);
        const auto place = keepConnection(connection());
        QVERIFY(place && *place == TokenPlace::File);
        QVERIFY(kept()->place == TokenPlace::File);
    }
    void cleanupTestCase() { endKeyring(); }
};

/// Run on a bus of its own, where the keyring can be started but was never set up.
class EmptyKeyringTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itIsPassedOver() {
        const std::string state(nameOf(probeKeychain()));
        QVERIFY2(state == "no-default", state.c_str());
        QVERIFY(!kept());
        QCOMPARE(keepConnection(connection(), TokenPlace::Keychain).error().code(), ErrorCode::NotInstalled);
        QVERIFY(*keepConnection(connection()) == TokenPlace::File);
        QVERIFY(kept()->place == TokenPlace::File);
    }
    void cleanupTestCase() { endKeyring(); }
};

class TokenStoreTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_home;

    static QString missingProgram() {
        for (const QString& program : {QStringLiteral("dbus-run-session"), QStringLiteral("gnome-keyring-daemon"), QStringLiteral("dbus-send")})
            if (QStandardPaths::findExecutable(program).isEmpty()) return program;
        return {};
    }
    /// This program again on a bus of its own, where `script` has made ready what it wants; "" or what it said.
    QString onOwnBus(const char* as, const QString& script) const {
        QProcess program;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        const QString home = m_home->path();
        QDir().mkpath(home + QStringLiteral("/share/keyrings"));
        QDir().mkpath(home + QStringLiteral("/run"));
        ::chmod(QFile::encodeName(home + QStringLiteral("/run")).constData(), 0700);
        environment.insert(QStringLiteral("XDG_DATA_HOME"), home + QStringLiteral("/share"));
        environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), home + QStringLiteral("/run"));
        environment.insert(QStringLiteral("LSW_ON_OWN_BUS"), QString::fromLatin1(as));
        environment.remove(QStringLiteral("DISPLAY"));
        environment.remove(QStringLiteral("XDG_CURRENT_DESKTOP"));
        program.setProcessEnvironment(environment);
        program.setProcessChannelMode(QProcess::MergedChannels);
        program.start(QStringLiteral("dbus-run-session"), {QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"), script + QStringLiteral("\nexec \"$0\""), QCoreApplication::applicationFilePath()});
        if (!program.waitForFinished(60000)) {
            program.kill();
            program.waitForFinished();
            return QStringLiteral("did not end in time: ") + QString::fromUtf8(program.readAll());
        }
        return program.exitCode() == 0 ? QString() : QString::fromUtf8(program.readAll());
    }

private Q_SLOTS:
    void init() {
        m_home = std::make_unique<QTemporaryDir>();
        qputenv("HOME", QFile::encodeName(m_home->path()));
        for (const char* name : {"XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "CREDENTIALS_DIRECTORY"}) qunsetenv(name);
    }

    void withoutAKeychainItIsAFileOfThisUserAlone() {
        QCOMPARE(std::string(nameOf(probeKeychain())), std::string("no-bus"));
        QVERIFY(!kept());
        QVERIFY(!tokenPlaces().kept);
        const auto place = keepConnection(connection());
        QVERIFY2(place.hasValue() && *place == TokenPlace::File, place ? "" : place.error().message().c_str());
        QCOMPARE(keptTokenFile(), fs::path(m_home->path().toStdString()) / ".config/lotus-seal-worker/token");
        QCOMPARE(contentOf(keptTokenFile()), kToken + ":/ip4/192.168.1.5/tcp/2345/http\n");
        QCOMPARE(modeOf(keptTokenFile()), 0600U);
        QCOMPARE(modeOf(keptTokenFile().parent_path()), 0700U);
        std::vector<std::string> notes;
        const auto read = kept(&notes);
        QVERIFY(read && read->place == TokenPlace::File && notes.empty());
        QCOMPARE(read->api.token, kToken);
        QCOMPARE(keepConnection(connection(), TokenPlace::Keychain).error().code(), ErrorCode::NotInstalled);
        QVERIFY(*forgetConnection());
        QVERIFY(!*forgetConnection());
        QVERIFY(!fs::exists(keptTokenFile()));
    }
    void aFileThatOthersCouldReadIsTakenFromThem() {
        QVERIFY(keepConnection(connection()).hasValue());
        QCOMPARE(::chmod(keptTokenFile().c_str(), 0644), 0);
        std::vector<std::string> notes;
        QVERIFY(kept(&notes));
        QVERIFY(notes.size() == 1 && notes.front().find("chmod 600") != std::string::npos);
        QVERIFY(keepConnection(connection("10.0.0.9")).hasValue());
        QCOMPARE(modeOf(keptTokenFile()), 0600U);
    }
    void theFolderOfSettingsIsHonoured() {
        qputenv("XDG_CONFIG_HOME", QFile::encodeName(m_home->filePath(QStringLiteral("settings"))));
        QCOMPARE(keptTokenFile(), fs::path(m_home->path().toStdString()) / "settings/lotus-seal-worker/token");
        qputenv("XDG_CONFIG_HOME", "relative"); // by the rules of that variable: not given
        QCOMPARE(keptTokenFile(), fs::path(m_home->path().toStdString()) / ".config/lotus-seal-worker/token");
    }
    void aCredentialOfSystemdComesFirst() {
        QVERIFY(keepConnection(connection()).hasValue());
        const fs::path folder = fs::path(m_home->path().toStdString()) / "credentials";
        fs::create_directory(folder);
        qputenv("CREDENTIALS_DIRECTORY", folder.c_str());
        QVERIFY(kept()->place == TokenPlace::File); // there is none of this name
        std::ofstream(folder / "miner-api-info") << kToken << ":/ip4/10.0.0.7/tcp/1/http\n";
        QVERIFY(kept()->place == TokenPlace::Credential);
        QCOMPARE(kept()->api.endpoint.host, std::string("10.0.0.7"));
        QVERIFY(tokenPlaces().kept == TokenPlace::Credential);
        QVERIFY(!keepConnection(connection(), TokenPlace::Credential));
    }
    void whatIsNoConnectionIsRefusedAndNotTold() {
        fs::create_directories(keptTokenFile().parent_path());
        std::ofstream(keptTokenFile()) << kToken << " somewhere\n";
        std::vector<std::string> notes;
        const auto read = keptConnection(notes);
        QVERIFY(!read && read.error().code() == ErrorCode::InvalidArgument);
        QVERIFY2(read.error().message().find("eyJ") == std::string::npos, read.error().message().c_str());
        fs::remove(keptTokenFile());
        fs::create_directory(keptTokenFile());
        QVERIFY(!keptConnection(notes));
        QVERIFY(!keepConnection(connection()));
        QVERIFY(!keepConnection({"a b", connection().endpoint}));
    }

    void aKeyringThatWasNeverSetUp() {
        if (const QString missing = missingProgram(); !missing.isEmpty()) QSKIP(qPrintable(missing + QStringLiteral(" is not installed")));
        const QString said = onOwnBus("empty", QString());
        QVERIFY2(said.isEmpty(), qPrintable(said));
    }
    void aRealKeyring() {
        if (const QString missing = missingProgram(); !missing.isEmpty()) QSKIP(qPrintable(missing + QStringLiteral(" is not installed")));
        const QString said = onOwnBus("unlocked", QStringLiteral(
            "printf test | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null\n"
            "until dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; do sleep .05; done"));
        QVERIFY2(said.isEmpty(), qPrintable(said));
        // Nothing of it lies about in the clear.
        for (const auto& one : fs::recursive_directory_iterator(m_home->path().toStdString()))
            if (one.is_regular_file() && one.path() != keptTokenFile()) QVERIFY2(contentOf(one.path()).find(kToken) == std::string::npos, one.path().c_str());
    }
};

} // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (qEnvironmentVariable("LSW_ON_OWN_BUS") == QStringLiteral("unlocked")) {
        KeyringTest test;
        return QTest::qExec(&test, argc, argv);
    }
    if (qEnvironmentVariableIsSet("LSW_ON_OWN_BUS")) {
        EmptyKeyringTest test;
        return QTest::qExec(&test, argc, argv);
    }
    TokenStoreTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_token_store.moc"
