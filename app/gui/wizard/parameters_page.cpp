// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/parameters_page.h"

#include "common/storage_path.h"
#include "gui/wizard/setup_text.h"
#include "params/gateways.h"
#include "params/parameter_folder.h"
#include "setup/disk_facts.h"

#include <QtCore/QUrl>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTreeWidget>
#include <QtWidgets/QVBoxLayout>

#include <cstdlib>

namespace lsw::gui {
namespace {

enum Column { Name, State, Address };
constexpr std::chrono::seconds kProbeLimit{15};
const QString kAutomatic = QStringLiteral("automatic"), kCustom = QStringLiteral("custom");

QString gatewayText(const params::Gateway& gateway) {
    if (gateway.name == "chainsafe") return ParametersPage::tr("ChainSafe: first choice of today's lotus");
    if (gateway.name == "ezpdpz") return ParametersPage::tr("ezpdpz: second choice of today's lotus");
    if (gateway.name == "filecoin") return ParametersPage::tr("proofs.filecoin.io: of older lotus, leads to another mirror since 2026");
    if (gateway.name == "china") return ParametersPage::tr("China mirror (jdcloud): has failed before, probe it");
    return QString::fromStdString(gateway.name);
}

} // namespace

ParametersPage::ParametersPage(common::SetupAnswers& answers, const common::PresentSetup& present)
    : SetupPage(answers), m_present(present), m_need(makeText(QStringLiteral("parameterNeed"))), m_folderLabel(new QLabel), m_room(makeText(QStringLiteral("parameterRoom"))),
      m_sourceLabel(new QLabel), m_environment(makeText(QStringLiteral("gatewayEnvironment"))), m_folder(new QLineEdit), m_custom(new QLineEdit),
      m_browse(new QPushButton), m_probe(new QPushButton), m_source(new QComboBox), m_fetch(new QCheckBox), m_gateways(new QTreeWidget), m_box(new QWidget) {
    m_folder->setObjectName(QStringLiteral("parameterFolder"));
    m_custom->setObjectName(QStringLiteral("customGateways"));
    m_browse->setObjectName(QStringLiteral("browseParameters"));
    m_probe->setObjectName(QStringLiteral("probeGateways"));
    m_source->setObjectName(QStringLiteral("gatewaySource"));
    m_gateways->setObjectName(QStringLiteral("gateways"));
    m_fetch->setObjectName(QStringLiteral("fetchParameters"));
    m_folderLabel->setBuddy(m_folder);
    m_sourceLabel->setBuddy(m_source);
    m_gateways->setRootIsDecorated(false);
    m_gateways->setColumnCount(3);
    m_gateways->header()->setStretchLastSection(true);
    m_gateways->setMinimumHeight(120);
    m_source->addItem(QString(), kAutomatic);
    for (const params::Gateway& one : params::knownGateways()) m_source->addItem(QString(), QString::fromStdString(one.name));
    m_source->addItem(QString(), kCustom);
    m_source->setSizeAdjustPolicy(QComboBox::AdjustToContents);

    auto* folderRow = new QHBoxLayout;
    folderRow->addWidget(m_folder, 1);
    folderRow->addWidget(m_browse);
    auto* sourceRow = new QHBoxLayout;
    sourceRow->addWidget(m_source);
    sourceRow->addWidget(m_probe);
    sourceRow->addStretch();
    auto* form = new QFormLayout;
    auto* folderField = new QVBoxLayout;
    folderField->addLayout(folderRow);
    folderField->addWidget(m_room);
    form->addRow(m_folderLabel, folderField);
    form->addRow(m_sourceLabel, sourceRow);
    form->addRow(QString(), m_custom);
    auto* box = new QVBoxLayout(m_box);
    box->setContentsMargins(0, 0, 0, 0);
    box->addLayout(form);
    box->addWidget(m_environment);
    box->addWidget(m_gateways, 1);
    box->addWidget(m_fetch);
    column()->addWidget(m_need);
    column()->addWidget(m_box, 1);
    column()->addStretch();

    connect(m_browse, &QPushButton::clicked, this, [this] {
        const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder of the proof parameters"), m_folder->text());
        if (!folder.isEmpty()) m_folder->setText(folder);
    });
    connect(m_folder, &QLineEdit::textChanged, this, &ParametersPage::look);
    connect(m_source, &QComboBox::currentIndexChanged, this, [this] {
        m_custom->setVisible(m_source->currentData().toString() == kCustom);
        showGateways();
        Q_EMIT completeChanged();
    });
    connect(m_custom, &QLineEdit::textChanged, this, [this] {
        showGateways();
        Q_EMIT completeChanged();
    });
    connect(m_probe, &QPushButton::clicked, this, &ParametersPage::probe);
    m_custom->setVisible(false);
    retranslate();
}

/// What the chosen work needs.
std::vector<params::ParameterFile> ParametersPage::files() const {
    const auto role = setup::roleNamed(m_answers.role);
    const std::string proven = m_answers.role.empty() ? m_present.proven : role ? std::string((*role)->parameters) : std::string();
    if (proven.empty()) return {};
    const auto circuits = params::circuitsFor(proven);
    return circuits ? params::neededFiles(params::parameterManifest(), m_sectorSize, *circuits) : std::vector<params::ParameterFile>();
}

std::filesystem::path ParametersPage::folder() const { return m_folder->text().trimmed().toStdString(); }

void ParametersPage::initializePage() {
    if (m_folder->text().isEmpty()) {
        const std::string& given = m_answers.parameterFolder;
        m_folder->setText(QString::fromStdString(params::parameterFolder(given.empty() ? std::filesystem::path() : common::plainStoragePath(given)).string()));
        m_shownFolder = m_folder->text();
        m_fetch->setChecked(m_answers.fetchParameters);
    }
    if (!m_answers.gateways.empty() && m_source->currentIndex() == 0) {
        const int known = m_answers.gateways.size() == 1 ? m_source->findData(QString::fromStdString(m_answers.gateways.front())) : -1;
        m_source->setCurrentIndex(known >= 0 ? known : m_source->findData(kCustom));
        if (known < 0) {
            QStringList names;
            for (const std::string& one : m_answers.gateways) names << QString::fromStdString(one);
            m_custom->setText(names.join(QStringLiteral(", ")));
        }
    }
    look();
    showGateways();
}

void ParametersPage::look() {
    m_seen = {};
    showSeen();
    m_jobs.start([this, folder = folder(), files = files()](const BackgroundJobs::Job& job) {
        Seen seen;
        const params::ParameterFolder there(folder);
        for (const params::ParameterFile& file : files) {
            seen.needed += file.about;
            seen.present += std::min(file.about, there.status(file).bytes);
        }
        std::error_code failed;
        const auto space = std::filesystem::space(setup::existingFolder(folder), failed);
        seen.isFreeKnown = !failed;
        seen.free = failed ? 0 : space.available;
        job.tell([this, folder, seen] {
            if (folder != this->folder()) return; // typed on meanwhile
            m_seen = seen;
            showSeen();
            Q_EMIT completeChanged();
        });
    });
}

void ParametersPage::showSeen() {
    const bool isNeeded = !files().empty();
    m_box->setVisible(isNeeded);
    if (!isNeeded) {
        m_need->setText(tr("No proof parameters are needed for this work."));
        return;
    }
    m_need->setText(tr("For this work and sectors of %1: %2 of parameters. Labelling (PC1) starts without them; proofs wait until they are here.")
                        .arg(bytesText(m_sectorSize.value), bytesText(m_seen.needed)));
    const std::uint64_t missing = m_seen.needed - m_seen.present;
    if (!m_seen.isFreeKnown) m_room->setText(m_seen.needed == 0 ? QString() : tr("The disk of this folder cannot be looked at."));
    else if (missing == 0) m_room->setText(tr("They are all there."));
    else if (m_seen.free < missing) m_room->setText(tr("✗ Too little room: %1 are missing and %2 are free. Choose a folder on another disk.").arg(bytesText(missing), bytesText(m_seen.free)));
    else m_room->setText(tr("%1 are missing, %2 are free.").arg(bytesText(missing), bytesText(m_seen.free)));
}

void ParametersPage::probe() {
    m_isProbing = true;
    m_answersOf.clear();
    showGateways();
    auto gateways = params::knownGateways();
    if (const auto own = params::chosenGateways({m_custom->text().toStdString()}, {}, {}, false); own && own->origin == "given")
        gateways.insert(gateways.end(), own->gateways.begin(), own->gateways.end());
    const auto left = std::make_shared<std::atomic<int>>(static_cast<int>(gateways.size()));
    for (const params::Gateway& one : gateways)
        m_jobs.start([this, one, left](const BackgroundJobs::Job& job) {
            const auto answer = params::probe(one, params::parameterManifest(), kProbeLimit, job.stop());
            const bool isLast = --*left == 0;
            job.tell([this, one, answer, isLast] {
                m_answersOf[one.address] = answer;
                if (isLast) m_isProbing = false;
                showGateways();
            });
        });
}

void ParametersPage::showGateways() {
    const QString environment = qEnvironmentVariable("IPFS_GATEWAY");
    m_environment->setText(environment.isEmpty() ? QString() : tr("From the environment (IPFS_GATEWAY), before any choice here: %1").arg(environment));
    m_environment->setVisible(!environment.isEmpty());
    m_probe->setEnabled(!m_isProbing);
    m_gateways->clear();
    auto shown = params::knownGateways();
    QString trouble;
    if (m_source->currentData().toString() == kCustom && !m_custom->text().trimmed().isEmpty()) {
        const auto own = params::chosenGateways({m_custom->text().toStdString()}, {}, {}, false);
        if (!own) trouble = QString::fromStdString(own.error().message());
        else shown = own->gateways;
    }
    m_custom->setToolTip(trouble);
    for (const params::Gateway& one : shown) {
        auto* item = new QTreeWidgetItem(m_gateways, {gatewayText(one), QString(), QUrl(QString::fromStdString(one.address)).host()});
        item->setToolTip(Address, QString::fromStdString(one.address));
        const auto answer = m_answersOf.find(one.address);
        if (answer == m_answersOf.end()) {
            item->setText(State, m_isProbing ? tr("asking …") : tr("not probed yet"));
            continue;
        }
        QString state = answer->second.isGood ? tr("● good") : tr("○ not usable now");
        if (answer->second.bytesPerSecond > 0) state += QStringLiteral(", ") + tr("%1/s").arg(bytesText(static_cast<std::uint64_t>(answer->second.bytesPerSecond)));
        if (!answer->second.words.empty()) state += QStringLiteral(": ") + QString::fromStdString(answer->second.words);
        item->setText(State, state);
        item->setToolTip(State, state);
    }
    for (const int column : {Name, State}) m_gateways->resizeColumnToContents(column);
    if (!trouble.isEmpty()) new QTreeWidgetItem(m_gateways, {QStringLiteral("✗ ") + trouble});
}

bool ParametersPage::isComplete() const {
    if (files().empty()) return true;
    if (m_folder->text().trimmed().isEmpty()) return false;
    if (m_source->currentData().toString() != kCustom) return true;
    const auto own = params::chosenGateways({m_custom->text().toStdString()}, {}, {}, false);
    return own && own->origin == "given";
}

bool ParametersPage::validatePage() {
    if (files().empty()) return true; // what was said before may be needed for other work later
    m_answers.gateways.clear();
    m_answers.fetchParameters = m_fetch->isChecked();
    if (m_folder->text() != m_shownFolder) m_answers.parameterFolder = folder() == params::parameterFolder({}) ? std::string() : folder().string();
    const QString source = m_source->currentData().toString();
    if (source == kCustom) {
        const auto own = params::chosenGateways({m_custom->text().toStdString()}, {}, {}, false);
        for (const params::Gateway& one : own->gateways) m_answers.gateways.push_back(one.address);
    } else if (source != kAutomatic) {
        m_answers.gateways.push_back(source.toStdString());
    }
    return true;
}

void ParametersPage::retranslate() {
    setTitle(tr("Proof parameters"));
    setSubTitle(tr("Proofs need large files that are the same for everybody. They come from gateways and are checked, whoever gave them."));
    m_folderLabel->setText(tr("&Folder:"));
    m_folder->setAccessibleName(tr("Folder of the proof parameters"));
    m_browse->setText(tr("Br&owse …"));
    m_sourceLabel->setText(tr("&Gateway:"));
    m_source->setAccessibleName(tr("Gateway of the parameters"));
    m_source->setItemText(0, tr("Automatic: all of them, the fastest first"));
    int row = 1;
    for (const params::Gateway& one : params::knownGateways()) m_source->setItemText(row++, gatewayText(one));
    m_source->setItemText(row, tr("Others, in this order:"));
    m_custom->setPlaceholderText(QStringLiteral("https://example.org/ipfs/"));
    m_custom->setAccessibleName(tr("Other gateways"));
    m_probe->setText(tr("&Probe them"));
    m_fetch->setText(tr("Fetch what is &missing in the background, once the worker runs"));
    m_gateways->setAccessibleName(tr("Gateways"));
    m_gateways->setHeaderLabels({tr("Gateway"), tr("State"), tr("Address")});
    showSeen();
    showGateways();
}

} // namespace lsw::gui
