// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/address_page.h"

#include "gui/wizard/setup_text.h"

#include <QtWidgets/QCheckBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QRadioButton>
#include <QtWidgets/QSpinBox>
#include <QtWidgets/QTreeWidget>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {
namespace {

enum Column { Name, Address, Kind, Speed, Reaches };
constexpr int kUsualPort = 3456;

/// "[fd00::5]:3456"
QString hostPort(const QString& host, int port) {
    return (host.contains(QLatin1Char(':')) ? QStringLiteral("[%1]").arg(host) : host) + QStringLiteral(":%1").arg(port);
}

} // namespace

AddressPage::AddressPage(common::SetupAnswers& answers)
    : SetupPage(answers), m_table(new QTreeWidget), m_lan(new QRadioButton), m_automatic(new QRadioButton), m_thisPc(new QRadioButton), m_all(new QRadioButton),
      m_consequence(makeText(QStringLiteral("addressConsequence"))), m_portLabel(new QLabel), m_advertiseLabel(new QLabel), m_accept(new QCheckBox),
      m_port(new QSpinBox), m_advertise(new QLineEdit) {
    m_table->setObjectName(QStringLiteral("interfaces"));
    m_lan->setObjectName(QStringLiteral("listenLan"));
    m_automatic->setObjectName(QStringLiteral("listenAutomatic"));
    m_thisPc->setObjectName(QStringLiteral("listenThisPc"));
    m_all->setObjectName(QStringLiteral("listenAll"));
    m_accept->setObjectName(QStringLiteral("acceptPublic"));
    m_port->setObjectName(QStringLiteral("port"));
    m_advertise->setObjectName(QStringLiteral("advertise"));
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setColumnCount(5);
    m_table->setMinimumHeight(110);
    m_port->setRange(1, 65535);
    m_port->setValue(kUsualPort);
    m_portLabel->setBuddy(m_port);
    m_advertiseLabel->setBuddy(m_advertise);

    auto* form = new QFormLayout;
    form->addRow(m_portLabel, m_port);
    form->addRow(m_advertiseLabel, m_advertise);
    column()->addWidget(m_table, 1);
    for (QRadioButton* one : {m_lan, m_automatic, m_thisPc, m_all}) {
        column()->addWidget(one);
        connect(one, &QRadioButton::toggled, this, &AddressPage::choiceChanged);
    }
    column()->addWidget(m_consequence);
    column()->addWidget(m_accept);
    column()->addLayout(form);
    column()->addStretch();
    connect(m_table, &QTreeWidget::currentItemChanged, this, &AddressPage::choiceChanged);
    connect(m_accept, &QCheckBox::toggled, this, &AddressPage::completeChanged);
    retranslate();
}

void AddressPage::initializePage() {
    if (!m_isShown) showAnswers();
    m_isShown = true;
    look();
}

void AddressPage::showAnswers() {
    if (m_answers.listen.empty()) return; // nothing was said yet
    const QString listen = QString::fromStdString(m_answers.listen);
    const int colon = static_cast<int>(listen.lastIndexOf(QLatin1Char(':')));
    QString host = listen.left(colon);
    if (host.startsWith(QLatin1Char('['))) host = host.mid(1, host.size() - 2);
    m_port->setValue(listen.mid(colon + 1).toInt());
    m_advertise->setText(QString::fromStdString(m_answers.advertise));
    const bool isAll = host == QLatin1String("0.0.0.0") || host == QLatin1String("::");
    const bool isHere = host == QLatin1String("localhost") || setup::addressKind(host.toStdString()) == setup::AddressKind::Loopback;
    if (!isAll && !isHere) m_wanted = host;
    (isHere ? m_thisPc : !isAll ? m_lan : m_answers.advertise.empty() ? m_automatic : m_all)->setChecked(true);
    m_shown = choice();
}

QString AddressPage::choice() const {
    const QString which = m_lan->isChecked() ? m_wanted.isEmpty() ? chosenAddress() : m_wanted
                          : m_automatic->isChecked() ? QStringLiteral("automatic")
                          : m_thisPc->isChecked()    ? QStringLiteral("here")
                                                     : QStringLiteral("all");
    return which + QLatin1Char(' ') + QString::number(m_port->value()) + QLatin1Char(' ') + m_advertise->text().trimmed();
}

void AddressPage::look() {
    m_jobs.stopAll();
    m_jobs.start([this, answers = m_answers, repo = workerFolder()](const BackgroundJobs::Job& job) {
        auto interfaces = setup::networkInterfaces(common::minerOf(answers, repo));
        job.tell([this, interfaces = std::move(interfaces)] {
            m_interfaces = interfaces;
            showTable();
        });
    });
}

void AddressPage::showTable() {
    const QString kept = m_wanted.isEmpty() ? chosenAddress() : m_wanted;
    m_table->clear();
    QTreeWidgetItem* best = nullptr;
    bool isMinerHere = false;
    for (const setup::NetworkInterface& one : m_interfaces) {
        for (const setup::InterfaceAddress& address : one.addresses) {
            const bool isLoopback = address.kind == setup::AddressKind::Loopback;
            isMinerHere = isMinerHere || (isLoopback && address.reachesMiner);
            if (isLoopback || address.kind == setup::AddressKind::LinkLocal) continue;
            auto* item = new QTreeWidgetItem(m_table);
            item->setText(Name, QString::fromStdString(one.name));
            item->setText(Address, QStringLiteral("%1/%2").arg(QString::fromStdString(address.address)).arg(address.prefix));
            item->setData(Address, Qt::UserRole, QString::fromStdString(address.address));
            const bool isPublic = address.kind == setup::AddressKind::Public;
            // An interface with a public address may have private ones, too.
            const bool isPrivateThere = !isPublic && one.kind == setup::InterfaceKind::Public;
            item->setText(Kind, interfaceKindText(isPublic ? setup::InterfaceKind::Public : isPrivateThere ? setup::InterfaceKind::Lan : one.kind));
            item->setText(Speed, one.megabitsPerSecond > 0 ? tr("%1 Mbit/s").arg(one.megabitsPerSecond) : QString());
            item->setText(Reaches, address.reachesMiner ? tr("✓ the miner is reached through this one") : QString());
            if (item->data(Address, Qt::UserRole).toString() == kept || (!best && address.reachesMiner)) best = item;
        }
    }
    if (!best && m_table->topLevelItemCount() > 0) best = m_table->topLevelItem(0);
    for (const int column : {Name, Address, Kind, Speed}) m_table->resizeColumnToContents(column);
    if (best) m_table->setCurrentItem(best);
    m_wanted.clear();
    m_lan->setEnabled(best != nullptr);
    m_thisPc->setEnabled(isMinerHere || m_thisPc->isChecked());
    if (!m_lan->isChecked() && !m_automatic->isChecked() && !m_thisPc->isChecked() && !m_all->isChecked()) (isMinerHere || !best ? m_thisPc : m_lan)->setChecked(true);
    if (!m_thisPc->isEnabled() && m_thisPc->isChecked()) m_lan->setChecked(true);
    choiceChanged();
}

QString AddressPage::chosenAddress() const {
    const QTreeWidgetItem* item = m_table->currentItem();
    return item ? item->data(Address, Qt::UserRole).toString() : QString();
}

bool AddressPage::hasPublic() const {
    const auto isPublic = [](const QString& address) { return setup::addressKind(address.toStdString()) == setup::AddressKind::Public; };
    if (m_lan->isChecked()) return isPublic(chosenAddress());
    if (!m_all->isChecked()) return false;
    for (int row = 0; row < m_table->topLevelItemCount(); ++row)
        if (isPublic(m_table->topLevelItem(row)->data(Address, Qt::UserRole).toString())) return true;
    return false;
}

void AddressPage::choiceChanged() {
    const bool isFixed = m_thisPc->isChecked() || m_automatic->isChecked();
    m_table->setEnabled(!isFixed);
    m_advertise->setEnabled(!isFixed);
    const bool isPublic = hasPublic();
    m_accept->setVisible(isPublic);
    QString text;
    if (m_lan->isChecked()) text = tr("Machines that reach %1 can try to connect; each request needs a token.").arg(chosenAddress());
    if (m_automatic->isChecked()) text = tr("At each start the address is taken through which the miner is reached. Right when this computer's address changes.");
    if (m_thisPc->isChecked()) text = tr("Only programs of this computer can connect. Right when the miner runs here.");
    if (m_all->isChecked())
        text = tr("Anybody who can reach port %1 on any of this computer's networks, VPN and public ones included, can try to connect. They still need a token.").arg(m_port->value());
    if (isPublic) text += QLatin1Char('\n') + tr("Caution: one of these addresses is a public one, open to the Internet.");
    m_consequence->setText(text);
    Q_EMIT completeChanged();
}

bool AddressPage::isComplete() const {
    if (m_lan->isChecked() && chosenAddress().isEmpty()) return false;
    return !hasPublic() || m_accept->isChecked();
}

bool AddressPage::validatePage() {
    // What was not touched stays as it was written, in whatever form.
    if (!m_shown.isEmpty() && choice() == m_shown) return true;
    const int port = m_port->value();
    QString listen = hostPort(m_lan->isChecked() ? chosenAddress() : m_thisPc->isChecked() ? QStringLiteral("127.0.0.1") : QStringLiteral("0.0.0.0"), port);
    QString advertise = m_thisPc->isChecked() || m_automatic->isChecked() ? QString() : m_advertise->text().trimmed();
    // Binding all addresses needs one to be told to the miner.
    if (m_all->isChecked() && advertise.isEmpty() && !chosenAddress().isEmpty()) advertise = hostPort(chosenAddress(), port);
    m_answers.listen = listen.toStdString();
    m_answers.advertise = advertise.toStdString();
    return true;
}

void AddressPage::retranslate() {
    setTitle(tr("This computer's address"));
    setSubTitle(tr("The miner calls the worker back: it needs an address of this computer and a port."));
    m_table->setAccessibleName(tr("Network interfaces"));
    m_table->setHeaderLabels({tr("Interface"), tr("Address"), tr("Kind"), tr("Speed"), QString()});
    m_lan->setText(tr("&The chosen address (recommended)"));
    m_automatic->setText(tr("A&utomatic: the one that faces the miner"));
    m_thisPc->setText(tr("&Only this computer (127.0.0.1)"));
    m_all->setText(tr("&All addresses (0.0.0.0)"));
    m_accept->setText(tr("I &know, and want it so"));
    m_portLabel->setText(tr("&Port:"));
    m_port->setAccessibleName(tr("Port"));
    m_advertiseLabel->setText(tr("Tell the &miner another one:"));
    m_advertise->setAccessibleName(tr("Advertised address"));
    m_advertise->setPlaceholderText(tr("HOST:PORT, only behind NAT"));
    if (!m_interfaces.empty()) showTable();
    else choiceChanged();
}

} // namespace lsw::gui
