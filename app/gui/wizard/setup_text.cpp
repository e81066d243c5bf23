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

/// What the system says at the end of an argument is translated, too.
std::string argumentText(const std::string& argument) {
    for (const std::string_view plain : setup::plainWords()) {
        if (!argument.ends_with(plain)) continue;
        const std::string head = argument.substr(0, argument.size() - plain.size());
        if (head.empty() || head.ends_with(": ")) return head + QCoreApplication::translate("findings", std::string(plain).c_str()).toStdString();
    }
    return argument;
}

QString filled(std::string_view text, const setup::Found& found) {
    std::vector<std::string> arguments;
    for (const std::string& one : found.arguments) arguments.push_back(argumentText(one));
    return QString::fromStdString(setup::withArguments(QCoreApplication::translate("findings", std::string(text).c_str()).toStdString(), arguments));
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

QString findingText(const setup::Found& found) { return filled(found.sentenceTemplate(), found); }

QString fixText(const setup::Found& found) {
    return found.fixTemplate().empty() ? QString() : filled(found.fixTemplate(), found);
}

std::vector<FixLines> fixLines(const setup::Found& found) {
    const QString command = QString::fromStdString(found.command());
    if (command.isEmpty()) return {};
    const QString restart = QStringLiteral("lotus-miner stop\nlotus-miner run");
    std::vector<FixLines> out;
    switch (found.fix()) {
    case setup::FixKind::MinerListens:
        out.push_back({Text::tr("In the miner's config.toml (usually ~/.lotusminer/config.toml), below [API]:"), QStringLiteral("[API]\n") + command});
        out.push_back({Text::tr("Then start the miner again:"), restart});
        break;
    case setup::FixKind::NewToken:
    case setup::FixKind::GiveConnection:
        out.push_back({Text::tr("To type or to write:"), command});
        if (command.contains(QLatin1String("auth api-info"))) out.push_back({Text::tr("Or for a token alone, without the address:"), QStringLiteral("lotus-miner auth create-token --perm admin")});
        break;
    default: out.push_back({Text::tr("To type or to write:"), command});
    }
    return out;
}

QString useText(const setup::WorkerUse& use) {
    const auto pair = [](std::size_t busy, std::size_t all) { return QStringLiteral("%1 / %2").arg(busy).arg(all); };
    if (!use.isLocalKnown) return Text::tr("local and remote %1").arg(pair(use.remoteBusy, use.remote));
    return Text::tr("Local %1, Remote %2").arg(pair(use.localBusy, use.local), pair(use.remoteBusy, use.remote));
}

QString joinText(const setup::JoinReport& report) {
    if (report.hasJoined) {
        const bool rose = report.before && report.after && report.after->remote > report.before->remote;
        QString out = rose ? Text::tr("The miner counts one remote worker more now.") : Text::tr("The miner counts this worker.");
        if (report.after && report.before) return out + QLatin1Char(' ') + Text::tr("Worker use: %1; before: %2.").arg(useText(*report.after), useText(*report.before));
        return report.after ? out + QLatin1Char(' ') + Text::tr("Worker use: %1.").arg(useText(*report.after)) : out;
    }
    if (report.trouble) return Text::tr("The miner does not count this worker: %1").arg(findingText(*report.trouble) + QLatin1Char(' ') + fixText(*report.trouble));
    if (!report.isRunning) return Text::tr("The worker has not come up, so the miner does not count it.");
    return Text::tr("The worker runs, and the miner does not count it yet. “Check the connection” shows what each of them says; the log of the miner says why it refuses.");
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
