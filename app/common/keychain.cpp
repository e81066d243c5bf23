// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/keychain.h"

#include <qt6keychain/keychain.h>

#include <QtCore/QEventLoop>
#include <QtCore/QFileInfo>
#include <QtCore/QTimer>
#include <QtDBus/QDBusConnection>
#include <QtDBus/QDBusMessage>
#include <QtDBus/QDBusObjectPath>
#include <QtDBus/QDBusVariant>

namespace lsw::common {
namespace {

constexpr int kAskMs = 2000;    ///< the bus or the service
constexpr int kJobMs = 30000;   ///< a person may be asked for a password meanwhile

const QString kProgram = QStringLiteral("lotus-seal-worker");
const QString kSecrets = QStringLiteral("org.freedesktop.secrets");

/// The first value of the answer; invalid when there is none.
QVariant asked(const QString& service, const QString& path, const QString& interface, const QString& method, const QVariantList& arguments) {
    QDBusMessage call = QDBusMessage::createMethodCall(service, path, interface, method);
    call.setArguments(arguments);
    const QDBusMessage answer = QDBusConnection::sessionBus().call(call, QDBus::Block, kAskMs);
    return answer.type() == QDBusMessage::ReplyMessage && !answer.arguments().isEmpty() ? answer.arguments().constFirst() : QVariant();
}

/// To connect without an address would start a bus where there is a display.
bool hasBusAddress() {
    if (qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")) return !qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS");
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return !runtime.isEmpty() && QFileInfo::exists(runtime + QStringLiteral("/bus"));
}

Expected<void> finished(QKeychain::Job& job, const std::string& name) {
    if (const KeychainState state = probeKeychain(); state != KeychainState::Ready) return Error(ErrorCode::NotInstalled, sentenceOf(state));
    job.setAutoDelete(false);
    job.setKey(QString::fromStdString(name));
    QEventLoop loop;
    bool isDone = false;
    QObject::connect(&job, &QKeychain::Job::finished, &loop, [&] {
        isDone = true;
        loop.quit();
    });
    QTimer::singleShot(kJobMs, &loop, &QEventLoop::quit);
    job.start();
    if (!isDone) loop.exec();
    if (!isDone) return Error(ErrorCode::Timeout, "the keychain did not answer within 30 seconds");
    if (job.error() == QKeychain::NoError) return {};
    if (job.error() == QKeychain::EntryNotFound) return Error(ErrorCode::NotFound, "the keychain has no such entry");
    return Error(ErrorCode::Io, "the keychain failed (is libsecret-1-0 installed?): " + job.errorString().toStdString());
}

} // namespace

KeychainState probeKeychain() {
    if (!hasBusAddress() || !QDBusConnection::sessionBus().isConnected()) return KeychainState::NoBus;
    const QString bus = QStringLiteral("org.freedesktop.DBus"), busPath = QStringLiteral("/org/freedesktop/DBus");
    const bool isThere = asked(bus, busPath, bus, QStringLiteral("NameHasOwner"), {kSecrets}).toBool() ||
                         asked(bus, busPath, bus, QStringLiteral("ListActivatableNames"), {}).toStringList().contains(kSecrets);
    if (!isThere) return KeychainState::NoService;
    const QVariant alias = asked(kSecrets, QStringLiteral("/org/freedesktop/secrets"), QStringLiteral("org.freedesktop.Secret.Service"),
                                 QStringLiteral("ReadAlias"), {QStringLiteral("default")});
    if (!alias.isValid()) return KeychainState::NoService; // it can be started by name, but does not run
    const QString collection = alias.value<QDBusObjectPath>().path();
    if (collection.isEmpty() || collection == QStringLiteral("/")) return KeychainState::NoDefault;
    const QVariant locked = asked(kSecrets, collection, QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"),
                                  {QStringLiteral("org.freedesktop.Secret.Collection"), QStringLiteral("Locked")});
    if (!locked.isValid()) return KeychainState::NoDefault; // the alias names one that is not there
    return locked.value<QDBusVariant>().variant().toBool() ? KeychainState::Locked : KeychainState::Ready;
}

std::string_view nameOf(KeychainState state) {
    switch (state) {
    case KeychainState::Ready: return "ready";
    case KeychainState::NoBus: return "no-bus";
    case KeychainState::NoService: return "no-service";
    case KeychainState::NoDefault: return "no-default";
    case KeychainState::Locked: return "locked";
    }
    return {};
}

std::string sentenceOf(KeychainState state) {
    switch (state) {
    case KeychainState::Ready: return "the keychain can be used";
    case KeychainState::NoBus: return "there is no keychain here: this session has no D-Bus (a service, or a login over SSH)";
    case KeychainState::NoService: return "there is no keychain here: no program keeps secrets (GNOME Keyring or KWallet would)";
    case KeychainState::NoDefault: return "the keychain was never set up: log in at the desktop once, or make a keyring named Login";
    case KeychainState::Locked: return "the keychain is locked: unlock it at the desktop";
    }
    return {};
}

Expected<std::optional<std::string>> readKeychain(const std::string& name) {
    QKeychain::ReadPasswordJob job(kProgram);
    if (auto done = finished(job, name); !done) {
        if (done.error().code() == ErrorCode::NotFound) return std::optional<std::string>();
        return std::move(done).error();
    }
    return std::optional(job.textData().toStdString());
}

Expected<void> writeKeychain(const std::string& name, const std::string& secret) {
    QKeychain::WritePasswordJob job(kProgram);
    job.setTextData(QString::fromStdString(secret));
    return finished(job, name);
}

Expected<void> removeFromKeychain(const std::string& name) {
    QKeychain::DeletePasswordJob job(kProgram);
    auto done = finished(job, name);
    if (!done && done.error().code() == ErrorCode::NotFound) return {};
    return done;
}

} // namespace lsw::common
