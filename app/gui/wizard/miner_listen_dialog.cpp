// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/miner_listen_dialog.h"

#include "common/configuration.h"
#include "gui/wizard/setup_text.h"
#include "protocol/multiaddr.h"

#include <QtCore/QEvent>
#include <QtGui/QFontDatabase>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QRadioButton>
#include <QtWidgets/QSpinBox>
#include <QtWidgets/QVBoxLayout>


namespace lsw::gui {
namespace {

constexpr int kUsualPort = 2345;

QLabel* wrapping(const QString& name) {
    auto* label = new QLabel;
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QString remarkText(const setup::ListenRemark& remark) {
    using Note = setup::ListenNote;
    const QString argument = QString::fromStdString(remark.argument);
    switch (remark.note) {
    case Note::ThisMachineOnly: return MinerListenDialog::tr("No other machine reaches the miner.");
    case Note::OneAddress: return MinerListenDialog::tr("The miner is reached at %1, and no longer at 127.0.0.1.").arg(argument);
    case Note::AddressMayChange: return MinerListenDialog::tr("It will not start when this machine no longer has %1: let the router keep the address for it.").arg(argument);
    case Note::EveryNetwork: return MinerListenDialog::tr("Anybody on any network of this machine can try to connect, VPN and public ones included. They still need a token.");
    case Note::PublicAddress: return MinerListenDialog::tr("Caution: %1 is a public address, open to the Internet.").arg(argument);
    case Note::ClearText: return MinerListenDialog::tr("What goes over the network, the token included, can be read there.");
    case Note::WorkersFetchFrom: return MinerListenDialog::tr("Workers fetch sector files from %1.").arg(argument);
    case Note::VariableWins: return MinerListenDialog::tr("The environment of the miner has %1, which comes before the file: this change has no effect until that is taken out.").arg(argument);
    case Note::FlagWins: return MinerListenDialog::tr("The miner was started with --miner-api %1, which comes before the file and keeps it at 127.0.0.1.").arg(argument);
    case Note::NeedsRestart: return MinerListenDialog::tr("The miner reads its file once: restart it afterwards.");
    }
    return {};
}

} // namespace

MinerListenDialog::MinerListenDialog(std::filesystem::path repo, QWidget* parent)
    : QDialog(parent), m_repo(std::move(repo)), m_jobs(this), m_now(wrapping(QStringLiteral("listensNow"))), m_portLabel(new QLabel),
      m_remarks(wrapping(QStringLiteral("listenRemarks"))), m_diffLabel(new QLabel), m_outcome(wrapping(QStringLiteral("listenOutcome"))),
      m_loopback(new QRadioButton), m_lan(new QRadioButton), m_all(new QRadioButton), m_addresses(new QComboBox), m_port(new QSpinBox), m_accept(new QCheckBox),
      m_diff(new QPlainTextEdit), m_apply(new QPushButton), m_close(new QPushButton) {
    setObjectName(QStringLiteral("minerListenDialog"));
    m_loopback->setObjectName(QStringLiteral("minerLoopback"));
    m_lan->setObjectName(QStringLiteral("minerLan"));
    m_all->setObjectName(QStringLiteral("minerAll"));
    m_addresses->setObjectName(QStringLiteral("minerAddresses"));
    m_port->setObjectName(QStringLiteral("minerPort"));
    m_accept->setObjectName(QStringLiteral("minerAccept"));
    m_diff->setObjectName(QStringLiteral("minerDiff"));
    m_apply->setObjectName(QStringLiteral("minerApply"));
    m_close->setObjectName(QStringLiteral("minerClose"));
    m_diff->setReadOnly(true);
    m_diff->setTabChangesFocus(true);
    m_diff->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_diff->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_diffLabel->setBuddy(m_diff);
    m_portLabel->setBuddy(m_port);
    m_port->setRange(1, 65535);
    m_port->setValue(kUsualPort);

    auto* lan = new QHBoxLayout;
    lan->addWidget(m_lan);
    lan->addWidget(m_addresses, 1);
    auto* port = new QHBoxLayout;
    port->addWidget(m_portLabel);
    port->addWidget(m_port);
    port->addStretch();
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_apply);
    buttons->addWidget(m_close);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_now);
    layout->addLayout(lan);
    layout->addWidget(m_all);
    layout->addWidget(m_loopback);
    layout->addLayout(port);
    layout->addWidget(m_remarks);
    layout->addWidget(m_accept);
    layout->addWidget(m_diffLabel);
    layout->addWidget(m_diff, 1);
    layout->addWidget(m_outcome);
    layout->addLayout(buttons);
    resize(720, 520);

    for (QRadioButton* one : {m_lan, m_all, m_loopback})
        connect(one, &QRadioButton::toggled, this, [this](bool on) {
            if (on) plan();
        });
    connect(m_addresses, &QComboBox::currentIndexChanged, this, &MinerListenDialog::plan);
    connect(m_port, &QSpinBox::valueChanged, this, &MinerListenDialog::plan);
    connect(m_accept, &QCheckBox::toggled, this, [this] { m_apply->setEnabled(m_plan && !m_change.diff.empty() && (!m_plan->needsConsent || m_accept->isChecked())); });
    connect(m_apply, &QPushButton::clicked, this, &MinerListenDialog::apply);
    connect(m_close, &QPushButton::clicked, this, &QDialog::accept);
    retranslate();
    look();
}

void MinerListenDialog::look() {
    m_jobs.start([this, repo = m_repo](const BackgroundJobs::Job& job) {
        Seen seen;
        seen.interfaces = setup::networkInterfaces();
                seen.overrides = setup::overridesOf(repo, common::environmentVariable, setup::minerProcesses());
        auto config = setup::MinerConfig::read(repo);
        if (config) seen.config.emplace(std::move(*config));
        else seen.trouble = QString::fromStdString(config.error().message());
        job.tell([this, seen = std::move(seen)] { showSeen(seen); });
    });
}

void MinerListenDialog::showSeen(const Seen& seen) {
    m_seen = seen;
    m_addresses->clear();
    for (const setup::NetworkInterface& one : m_seen.interfaces)
        for (const setup::InterfaceAddress& address : one.addresses) {
            if (address.kind == setup::AddressKind::Loopback || address.kind == setup::AddressKind::LinkLocal) continue;
            m_addresses->addItem(QStringLiteral("%1 (%2, %3)").arg(QString::fromStdString(address.address), QString::fromStdString(one.name), interfaceKindText(one.kind)),
                                 QString::fromStdString(address.address));
        }
    m_lan->setEnabled(m_addresses->count() > 0);
    if (m_seen.config) {
        const std::string now = m_seen.config->listen(m_seen.overrides).value;
        if (const auto endpoint = protocol::parseEndpoint(now)) m_port->setValue(endpoint->port);
    }
    (m_lan->isEnabled() ? m_lan : m_loopback)->setChecked(true);
    retranslate();
}

setup::ListenKind MinerListenDialog::kind() const {
    return m_lan->isChecked() ? setup::ListenKind::Lan : m_all->isChecked() ? setup::ListenKind::All : setup::ListenKind::Loopback;
}

void MinerListenDialog::plan() {
    m_addresses->setEnabled(!m_loopback->isChecked());
    m_plan.reset();
    m_change = {};
    QString remarks = m_seen.trouble;
    if (m_seen.config && !m_isDone) {
        const std::string address = kind() == setup::ListenKind::Loopback ? std::string() : m_addresses->currentData().toString().toStdString();
        auto plan = setup::planMinerListening(kind(), address, static_cast<std::uint16_t>(m_port->value()), m_seen.interfaces);
        if (plan) {
            for (const setup::ListenRemark& one : plan->remarks) remarks += QStringLiteral("• ") + remarkText(one) + QLatin1Char('\n');
            if (auto change = m_seen.config->planned(*plan)) m_change = std::move(*change);
            else remarks += QString::fromStdString(change.error().message());
            m_plan = std::move(*plan);
        } else {
            remarks += QString::fromStdString(plan.error().message());
        }
    }
    m_remarks->setText(remarks.trimmed());
    m_accept->setVisible(m_plan && m_plan->needsConsent);
    m_diff->setPlainText(QString::fromStdString(m_change.diff));
    m_apply->setEnabled(m_plan && !m_change.diff.empty() && (!m_plan->needsConsent || m_accept->isChecked()));
    m_outcome->setText(m_isDone                            ? tr("Done. Restart the miner now. The old file is kept: %1").arg(m_written)
                       : m_plan && m_change.diff.empty()   ? tr("The file says so already; nothing has to be changed.")
                                                           : QString());
}

void MinerListenDialog::apply() {
    // A small local file: written at once, so that nothing can happen in between.
    auto written = m_seen.config->write(m_change);
    if (!written) {
        m_outcome->setText(QString::fromStdString(written.error().message()));
        return;
    }
    m_isDone = true;
    m_written = QString::fromStdString(written->string());
    plan();
}

void MinerListenDialog::retranslate() {
    setWindowTitle(tr("Where the miner listens"));
    QString now;
    if (m_seen.config) now = tr("Now: %1").arg(QString::fromStdString(m_seen.config->listen(m_seen.overrides).value));
    m_now->setText(tr("Workers on other machines reach the miner only when it listens where they can connect. Its settings are in %1.")
                       .arg(QString::fromStdString((m_repo / "config.toml").string())) +
                   (now.isEmpty() ? QString() : QLatin1Char('\n') + now));
    m_lan->setText(tr("At &one address (recommended):"));
    m_addresses->setAccessibleName(tr("Address of this machine"));
    m_all->setText(tr("At &all addresses (0.0.0.0)"));
    m_loopback->setText(tr("Only on &this machine (127.0.0.1)"));
    m_portLabel->setText(tr("&Port:"));
    m_port->setAccessibleName(tr("Port"));
    m_accept->setText(tr("I &know, and want it so"));
    m_diffLabel->setText(tr("What is changed in the &file:"));
    m_diff->setAccessibleName(tr("Change of the file"));
    m_apply->setText(tr("&Change the file"));
    m_close->setText(tr("C&lose"));
    plan();
}

void MinerListenDialog::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QDialog::changeEvent(event);
}

} // namespace lsw::gui
