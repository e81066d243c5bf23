// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/setup_text.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>
#include <QtCore/QStringList>

namespace lsw::gui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(lsw::gui::SetupText)
};

QString changeText(const setup::PastedChange& change) {
    using Fix = setup::PastedFix;
    const QString before = QString::fromStdString(change.before), after = QString::fromStdString(change.after);
    switch (change.fix) {
    case Fix::LineChosen: return Text::tr("of several lines the one with the connection was taken");
    case Fix::NameRemoved: return Text::tr("“%1” in front was left out").arg(before);
    case Fix::QuotesRemoved: return Text::tr("quotes were left out");
    case Fix::WideCharacters: return Text::tr("full-width characters were replaced (“%1” by “%2”)").arg(before, after);
    case Fix::HiddenCharacters: return Text::tr("invisible characters were left out");
    case Fix::PiecesJoined: return Text::tr("pieces were joined that a line break or spaces had parted");
    case Fix::Swapped: return Text::tr("token and address were the other way round");
    case Fix::AddressWritten: return Text::tr("the address “%1” was written as %2").arg(before, after);
    case Fix::UrlShortened: return Text::tr("“%1” at the end of the address was left out").arg(before);
    case Fix::FirstOfSeveral: return Text::tr("of several addresses the first was taken");
    }
    return {};
}

QString faultText(setup::PastedFault fault, const QString& argument) {
    using Fault = setup::PastedFault;
    switch (fault) {
    case Fault::Empty: return Text::tr("There is no text yet.");
    case Fault::TooLong: return Text::tr("This text is too long for a connection: paste only the line with the token.");
    case Fault::OtherProgram: return Text::tr("This is the connection of another program (%1); that of the miner is wanted.").arg(argument);
    case Fault::NothingFound: return Text::tr("There is neither a token nor an address in this text.");
    case Fault::NoToken: return Text::tr("The token is missing: it is a long text that begins with eyJ.");
    case Fault::NoAddress: return Text::tr("The address is missing: it looks like /ip4/192.168.1.10/tcp/2345/http.");
    case Fault::NoPort: return Text::tr("The address %1 has no port; a miner usually has 2345.").arg(argument);
    case Fault::TokenCutOff: return Text::tr("The token is not whole: only %1 characters are there. Copy it again.").arg(argument);
    case Fault::TokenDamaged: return Text::tr("The token is damaged: it cannot be decoded. Copy it again.");
    case Fault::SeveralTokens: return Text::tr("There are several tokens in this text; paste one.");
    case Fault::AddressWrong: return Text::tr("The address cannot be used: %1.").arg(argument);
    }
    return {};
}

} // namespace

QString localMinerText(const setup::LocalMiner& miner) {
    using State = setup::MinerState;
    const QString where = miner.repo.empty() ? (miner.places.empty() ? QString() : QString::fromStdString(miner.places.front().text()))
                                             : QString::fromStdString(miner.repo.string());
    QString state;
    switch (miner.state) {
    case State::Running:
        state = miner.endpoint ? Text::tr("running at %1").arg(QString::fromStdString(setup::addressText(*miner.endpoint))) : Text::tr("running");
        break;
    case State::Starting: state = Text::tr("starting, or another lotus program uses the folder"); break;
    case State::Stopped: state = Text::tr("not running"); break;
    case State::Stale: state = Text::tr("not running; it did not end cleanly"); break;
    case State::NotReadable: state = Text::tr("this user may not look into the folder"); break;
    case State::NoRepo: state = Text::tr("no miner's folder"); break;
    case State::Missing: state = Text::tr("not there"); break;
    case State::Elsewhere: state = Text::tr("in a container: paste its connection"); break;
    }
    QString text = where + QStringLiteral(" — ") + state;
    if (miner.tokenFile == setup::TokenFile::Damaged) text += QStringLiteral("; ") + Text::tr("its token file is damaged");
    if (miner.tokenFile == setup::TokenFile::NotReadable) text += QStringLiteral("; ") + Text::tr("its token belongs to user %1").arg(QString::fromStdString(miner.owner));
    if (miner.tokenFile == setup::TokenFile::Missing && miner.state != State::Elsewhere) text += QStringLiteral("; ") + Text::tr("there is no token");
    return text;
}

QString understoodText(const setup::PastedInfo& info, bool isPasted) {
    if (info.fault) return faultText(*info.fault, QString::fromStdString(info.argument));
    QString text = Text::tr("Understood: %1").arg(QString::fromStdString(info.after));
    if (!info.permissions.empty()) {
        QStringList names;
        for (const std::string& one : info.permissions) names << QString::fromStdString(one);
        text += QLatin1Char('\n') + Text::tr("The token says that it allows: %1").arg(names.join(QStringLiteral(", ")));
    }
    if (isPasted)
        for (const setup::PastedChange& change : info.changes) text += QStringLiteral("\n• ") + changeText(change);
    return text;
}

QString findingText(const setup::Found& found) {
    const auto text = found.sentenceTemplate();
    return QString::fromStdString(setup::withArguments(QCoreApplication::translate("findings", std::string(text).c_str()).toStdString(), found.arguments));
}

QString fixText(const setup::Found& found) {
    const auto text = found.fixTemplate();
    if (text.empty()) return {};
    return QString::fromStdString(setup::withArguments(QCoreApplication::translate("findings", std::string(text).c_str()).toStdString(), found.arguments));
}

QString checkTitle(std::string_view title) { return QCoreApplication::translate("checks", std::string(title).c_str()); }

QString stateSign(setup::CheckState state) {
    switch (state) {
    case setup::CheckState::Pass: return QStringLiteral("✓");
    case setup::CheckState::Warn: return QStringLiteral("!");
    case setup::CheckState::Fail: return QStringLiteral("✗");
    case setup::CheckState::NotRun: return QStringLiteral("–");
    }
    return {};
}

QString stateWord(setup::CheckState state) {
    switch (state) {
    case setup::CheckState::Pass: return Text::tr("good");
    case setup::CheckState::Warn: return Text::tr("warning");
    case setup::CheckState::Fail: return Text::tr("failed");
    case setup::CheckState::NotRun: return Text::tr("not run");
    }
    return {};
}

QString roleName(std::string_view role) {
    if (role.empty()) return Text::tr("As it is set now");
    if (role == "all") return Text::tr("All sealing tasks");
    if (role == "pc1") return Text::tr("PC1 box");
    if (role == "pc2c2") return Text::tr("PC2 and C2 box");
    if (role == "windowpost") return Text::tr("WindowPoSt");
    if (role == "winningpost") return Text::tr("WinningPoSt");
    if (role == "practice") return Text::tr("Beside other work");
    return QString::fromUtf8(role.data(), static_cast<qsizetype>(role.size()));
}

QString roleText(std::string_view role) {
    if (role == "all") return Text::tr("Everything from adding pieces to the proofs, one machine alone.");
    if (role == "pc1") return Text::tr("Adds pieces, labels and unseals: many cores, much memory and a fast disk. Needs no parameters.");
    if (role == "pc2c2") return Text::tr("Builds trees, proves, and updates sectors.");
    if (role == "windowpost") return Text::tr("Proves the storage of each deadline and does nothing else. A miss costs money: only for a machine that always runs.");
    if (role == "winningpost") return Text::tr("Proves for blocks that are won and does nothing else; a proof takes seconds and may not be late.");
    if (role == "practice") return Text::tr("All sealing tasks, one at a time, on a computer that has other work.");
    return {};
}

QString interfaceKindText(setup::InterfaceKind kind) {
    switch (kind) {
    case setup::InterfaceKind::Lan: return Text::tr("local network");
    case setup::InterfaceKind::Public: return Text::tr("public");
    case setup::InterfaceKind::Vpn: return Text::tr("VPN");
    case setup::InterfaceKind::Container: return Text::tr("containers");
    case setup::InterfaceKind::Loopback: return Text::tr("this computer");
    }
    return {};
}

QString bytesText(std::uint64_t bytes) { return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeIecFormat); }

} // namespace lsw::gui
