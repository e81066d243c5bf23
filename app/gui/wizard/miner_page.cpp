// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/miner_page.h"

#include "common/configuration.h"
#include "common/storage_path.h"
#include "gui/wizard/setup_text.h"
#include "setup/pasted_info.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QButtonGroup>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QRadioButton>
#include <QtWidgets/QVBoxLayout>

#include <algorithm>

namespace lsw::gui {
namespace {

const QString kApiInfoCommand = QStringLiteral("lotus-miner auth api-info --perm admin");

QWidget* indented(QLayout* inner) {
    auto* box = new QWidget;
    inner->setContentsMargins(24, 0, 0, 8);
    box->setLayout(inner);
    return box;
}

} // namespace

MinerPage::MinerPage(common::SetupAnswers& answers, const common::PresentSetup& present)
    : SetupPage(answers), m_present(present), m_keep(new QRadioButton), m_found(new QRadioButton), m_pasted(new QRadioButton), m_byHand(new QRadioButton),
      m_variable(makeText(QStringLiteral("minerVariable"))), m_foundText(makeText(QStringLiteral("foundText"))),
      m_understood(makeText(QStringLiteral("understood"))), m_addressLabel(new QLabel), m_tokenLabel(new QLabel), m_help(makeText(QStringLiteral("apiInfoHelp"))),
      m_miners(new QVBoxLayout), m_minerGroup(new QButtonGroup(this)), m_again(new QPushButton), m_open(new QPushButton), m_reveal(new QPushButton),
      m_copyHelp(new QPushButton), m_text(new QPlainTextEdit), m_address(new QLineEdit), m_token(new QLineEdit) {
    m_keep->setObjectName(QStringLiteral("minerKept"));
    m_found->setObjectName(QStringLiteral("minerFound"));
    m_pasted->setObjectName(QStringLiteral("minerPasted"));
    m_byHand->setObjectName(QStringLiteral("minerByHand"));
    m_again->setObjectName(QStringLiteral("lookAgain"));
    m_open->setObjectName(QStringLiteral("openMiner"));
    m_reveal->setObjectName(QStringLiteral("revealToken"));
    m_copyHelp->setObjectName(QStringLiteral("copyApiInfoCommand"));
    m_text->setObjectName(QStringLiteral("pastedText"));
    m_address->setObjectName(QStringLiteral("minerAddress"));
    m_token->setObjectName(QStringLiteral("minerToken"));
    m_token->setEchoMode(QLineEdit::Password);
    m_reveal->setCheckable(true);
    m_text->setTabChangesFocus(true);
    m_text->setMaximumHeight(90);
    m_addressLabel->setBuddy(m_address);
    m_tokenLabel->setBuddy(m_token);

    auto* foundButtons = new QHBoxLayout;
    foundButtons->addWidget(m_again);
    foundButtons->addWidget(m_open);
    foundButtons->addStretch();
    auto* found = new QVBoxLayout;
    found->addWidget(m_foundText);
    found->addLayout(m_miners);
    found->addLayout(foundButtons);
    auto* help = new QHBoxLayout;
    help->addWidget(m_help, 1);
    help->addWidget(m_copyHelp);
    auto* pasted = new QVBoxLayout;
    pasted->addLayout(help);
    pasted->addWidget(m_text);
    auto* tokenRow = new QHBoxLayout;
    tokenRow->addWidget(m_token, 1);
    tokenRow->addWidget(m_reveal);
    auto* hand = new QFormLayout;
    hand->addRow(m_addressLabel, m_address);
    hand->addRow(m_tokenLabel, tokenRow);
    m_foundBox = indented(found);
    m_pastedBox = indented(pasted);
    m_handBox = indented(hand);
    m_keep->setVisible(false);
    m_variable->setVisible(false);
    column()->addWidget(m_variable);
    column()->addWidget(m_keep);
    connect(m_keep, &QRadioButton::toggled, this, [this] {
        showUnderstood();
        Q_EMIT completeChanged();
    });
    for (const auto& [button, box] : {std::pair{m_found, m_foundBox}, {m_pasted, m_pastedBox}, {m_byHand, m_handBox}}) {
        column()->addWidget(button);
        column()->addWidget(box);
        connect(button, &QRadioButton::toggled, this, [this, box = box](bool on) {
            box->setVisible(on);
            showUnderstood();
            Q_EMIT completeChanged();
        });
        box->setVisible(false);
    }
    column()->addWidget(m_understood);
    column()->addStretch();

    connect(m_again, &QPushButton::clicked, this, &MinerPage::look);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (const auto* miner = chosen()) Q_EMIT openMinerWanted(QString::fromStdString(miner->repo.string()));
    });
    connect(m_copyHelp, &QPushButton::clicked, this, [] { QGuiApplication::clipboard()->setText(kApiInfoCommand); });
    connect(m_reveal, &QPushButton::toggled, this, [this](bool on) { m_token->setEchoMode(on ? QLineEdit::Normal : QLineEdit::Password); });
    connect(m_minerGroup, &QButtonGroup::idToggled, this, [this] { Q_EMIT completeChanged(); });
    const auto changed = [this] {
        showUnderstood();
        Q_EMIT completeChanged();
    };
    connect(m_text, &QPlainTextEdit::textChanged, this, changed);
    connect(m_address, &QLineEdit::textChanged, this, changed);
    connect(m_token, &QLineEdit::textChanged, this, changed);
    retranslate();
}

void MinerPage::initializePage() {
    retranslate();
    m_keep->setVisible(!m_present.miner.empty());
    m_variable->setVisible(!m_present.minerVariable.empty());
    if (!m_keep->isChecked() && !m_found->isChecked() && !m_pasted->isChecked() && !m_byHand->isChecked())
        (m_answers.keepMiner ? m_keep : m_answers.connection.empty() ? m_found : m_pasted)->setChecked(true);
    if (m_pasted->isChecked() && m_text->toPlainText().isEmpty()) m_text->setPlainText(QString::fromStdString(m_answers.connection));
    look();
}

MinerPage::How MinerPage::how() const { return m_keep->isChecked() ? How::Kept : m_found->isChecked() ? How::Found : m_pasted->isChecked() ? How::Pasted : How::ByHand; }

void MinerPage::look() {
    m_jobs.stopAll();
    m_isLooking = true;
    showFound();
    m_jobs.start([this](const BackgroundJobs::Job& job) {
        setup::MinerSearch search;
        search.environment = common::environmentVariable;
        search.home = common::plainStoragePath("~");
        auto local = setup::findLocalMiners(search);
        std::erase_if(local, [](const setup::LocalMiner& one) { return one.state == setup::MinerState::Missing || one.state == setup::MinerState::NoRepo; });
        job.tell([this, local = std::move(local)] {
            m_isLooking = false;
            m_local = local;
            showFound();
            // Nobody has to find out by himself that there is nothing to choose.
            if (m_local.empty() && how() == How::Found && m_answers.minerRepo.empty()) m_pasted->setChecked(true);
            Q_EMIT completeChanged();
        });
    });
}

void MinerPage::showFound() {
    const setup::LocalMiner* before = chosen();
    const std::string kept = before ? before->repo.string() : m_answers.minerRepo;
    for (QAbstractButton* button : m_minerGroup->buttons()) {
        m_minerGroup->removeButton(button);
        delete button;
    }
    if (!m_isLooking) {
        for (std::size_t i = 0; i < m_local.size(); ++i) {
            const setup::LocalMiner& miner = m_local[i];
            auto* button = new QRadioButton(localMinerText(miner));
            button->setObjectName(QStringLiteral("localMiner%1").arg(i));
            button->setEnabled(!miner.repo.empty() && miner.tokenFile == setup::TokenFile::Readable);
            m_minerGroup->addButton(button, static_cast<int>(i));
            m_miners->addWidget(button);
            if (button->isEnabled() && (miner.repo.string() == kept || !m_minerGroup->checkedButton())) button->setChecked(true);
        }
    }
    m_foundText->setText(m_isLooking       ? tr("Looking for miners on this computer …")
                         : m_local.empty() ? tr("No miner was found on this computer. Paste the connection of one in the network.")
                                           : QString());
    m_foundText->setVisible(!m_foundText->text().isEmpty());
    m_open->setEnabled(chosen() != nullptr);
}

const setup::LocalMiner* MinerPage::chosen() const {
    const int id = m_minerGroup->checkedId();
    return id >= 0 && static_cast<std::size_t>(id) < m_local.size() ? &m_local[static_cast<std::size_t>(id)] : nullptr;
}

std::string MinerPage::connection() const {
    const QString text = how() == How::Pasted ? m_text->toPlainText() : m_token->text() + QLatin1Char('\n') + m_address->text();
    const auto info = setup::understandPasted(text.toStdString()).apiInfo();
    return info ? setup::connectionText(*info) : std::string();
}

void MinerPage::showUnderstood() {
    if (how() == How::Found || how() == How::Kept) {
        m_understood->clear();
        return;
    }
    const bool isPasted = how() == How::Pasted;
    const QString text = isPasted ? m_text->toPlainText() : m_token->text() + QLatin1Char('\n') + m_address->text();
    if (text.trimmed().isEmpty()) {
        m_understood->clear();
        return;
    }
    m_understood->setText(understoodText(setup::understandPasted(text.toStdString()), isPasted));
}

bool MinerPage::isComplete() const {
    if (how() == How::Kept) return true;
    if (how() == How::Found) return chosen() != nullptr;
    return !connection().empty();
}

bool MinerPage::validatePage() {
    m_answers.minerRepo.clear();
    m_answers.connection.clear();
    m_answers.keepMiner = how() == How::Kept;
    if (m_answers.keepMiner) return true;
    if (how() == How::Found) m_answers.minerRepo = chosen()->repo.string();
    else m_answers.connection = connection();
    return true;
}

void MinerPage::retranslate() {
    setTitle(tr("Your miner"));
    setSubTitle(tr("The worker needs the address of the miner and a token that lets it work there."));
    m_keep->setText(tr("&Keep the present connection to %1").arg(QString::fromStdString(m_present.miner)));
    m_variable->setText(tr("The environment says which miner it is (%1), and comes before what is chosen here.").arg(QString::fromStdString(m_present.minerVariable)));
    m_found->setText(tr("A miner on &this computer"));
    m_pasted->setText(tr("P&aste the connection of a miner"));
    m_byHand->setText(tr("Type address and token by &hand"));
    m_again->setText(tr("Look a&gain"));
    m_open->setText(tr("Let other machines reach it …"));
    m_help->setText(tr("On the machine of the miner, this command prints one line. Paste it whole:") + QLatin1Char('\n') + kApiInfoCommand);
    m_copyHelp->setText(tr("&Copy command"));
    m_text->setPlaceholderText(QStringLiteral("eyJhbGciOi…:/ip4/192.168.1.10/tcp/2345/http"));
    m_text->setAccessibleName(tr("Connection of the miner"));
    m_addressLabel->setText(tr("Add&ress:"));
    m_address->setPlaceholderText(QStringLiteral("/ip4/192.168.1.10/tcp/2345/http"));
    m_address->setAccessibleName(tr("Address of the miner"));
    m_tokenLabel->setText(tr("T&oken:"));
    m_token->setAccessibleName(tr("Token of the miner"));
    m_reveal->setText(tr("&Show"));
    m_reveal->setAccessibleName(tr("Show the token"));
    showFound();
    showUnderstood();
}

} // namespace lsw::gui
