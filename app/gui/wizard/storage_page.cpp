// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/storage_page.h"

#include "gui/wizard/setup_text.h"
#include "setup/disk_facts.h"
#include "setup/machine_check.h"

#include <QtWidgets/QFileDialog>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTreeWidget>
#include <QtWidgets/QVBoxLayout>

#include <algorithm>

#include <unistd.h>

namespace lsw::gui {
namespace {

enum Column { Folder, Use, Free, Enough };
constexpr int kForSealing = Qt::UserRole, kForStoring = Qt::UserRole + 1;

} // namespace

StoragePage::StoragePage(common::SetupAnswers& answers, const common::PresentSetup& present)
    : SetupPage(answers), m_present(present), m_paths(new QTreeWidget), m_addSeal(new QPushButton), m_addStore(new QPushButton), m_remove(new QPushButton),
      m_text(makeText(QStringLiteral("storageText"))) {
    m_paths->setObjectName(QStringLiteral("storagePaths"));
    m_addSeal->setObjectName(QStringLiteral("addSealPath"));
    m_addStore->setObjectName(QStringLiteral("addStorePath"));
    m_remove->setObjectName(QStringLiteral("removePath"));
    m_paths->setRootIsDecorated(false);
    m_paths->setColumnCount(4);
    m_paths->header()->setStretchLastSection(true);

    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_addSeal);
    buttons->addWidget(m_addStore);
    buttons->addWidget(m_remove);
    buttons->addStretch();
    column()->addWidget(m_paths, 1);
    column()->addLayout(buttons);
    column()->addWidget(m_text);

    connect(m_paths, &QTreeWidget::currentItemChanged, this, [this] {
        const QTreeWidgetItem* item = m_paths->currentItem();
        const bool isOurs = item && isPresent(item->text(Folder));
        m_remove->setEnabled(item && !isOurs && m_paths->topLevelItemCount() > 1);
        m_remove->setToolTip(isOurs ? tr("The worker uses it: detach it on the command line (storage detach).") : QString());
    });
    for (QPushButton* button : {m_addSeal, m_addStore})
        connect(button, &QPushButton::clicked, this, [this, isForSealing = button == m_addSeal] {
            const QString folder = QFileDialog::getExistingDirectory(this, isForSealing ? tr("Folder for sealing") : tr("Folder for long-term storage"));
            if (!folder.isEmpty()) addFolder(folder, isForSealing);
        });
    connect(m_remove, &QPushButton::clicked, this, [this] {
        delete m_paths->currentItem();
        showRows();
        Q_EMIT completeChanged();
    });
    retranslate();
}

void StoragePage::initializePage() {
    if (m_paths->topLevelItemCount() > 0) return;
    if (m_answers.sealPaths.empty() && m_answers.storePaths.empty()) addFolder(QString::fromStdString(workerFolder().string()), true);
    for (const std::string& one : m_answers.sealPaths) addFolder(QString::fromStdString(one), true);
    for (const std::string& one : m_answers.storePaths) addFolder(QString::fromStdString(one), false);
}

bool StoragePage::isPresent(const QString& folder) const {
    const auto isIt = [folder = folder.toStdString()](const std::string& one) { return one == folder; };
    const auto has = [&](const std::vector<std::string>& all) { return std::any_of(all.begin(), all.end(), isIt); };
    return has(m_present.answers.sealPaths) || has(m_present.answers.storePaths);
}

void StoragePage::addFolder(const QString& folder, bool isForSealing) {
    QTreeWidgetItem* item = nullptr;
    for (int row = 0; row < m_paths->topLevelItemCount(); ++row)
        if (m_paths->topLevelItem(row)->text(Folder) == folder) item = m_paths->topLevelItem(row);
    if (!item) item = new QTreeWidgetItem(m_paths, {folder});
    item->setData(Folder, isForSealing ? kForSealing : kForStoring, true);
    m_paths->setCurrentItem(item);
    showRows();
    measure(folder);
    Q_EMIT completeChanged();
}

void StoragePage::setSectorSize(quint64 bytes) {
    m_sectorSize = bytes;
    retranslate();
}

/// thread  of the pool: a network disk may hang
StoragePage::Room StoragePage::look(const std::filesystem::path& folder) {
    Room room;
    std::error_code failed;
    const std::filesystem::path there = setup::existingFolder(folder);
    const auto space = std::filesystem::space(there, failed);
    if (failed) room.trouble = tr("its disk cannot be looked at");
    else if (::access(there.c_str(), W_OK | X_OK) != 0) room.trouble = tr("this user may not write there");
    else if (std::filesystem::exists(there / "config.toml", failed) && std::filesystem::exists(there / "keystore", failed) &&
             !std::filesystem::exists(there / "lotus-seal-worker", failed) && !std::filesystem::exists(there / "storage.json", failed))
        room.trouble = tr("it is the folder of another lotus program");
    else {
        room.free = space.available;
        room.capacity = space.capacity;
    }
    return room;
}

void StoragePage::measure(const QString& folder) {
    m_jobs.start([this, folder](const BackgroundJobs::Job& job) {
        const Room room = look(folder.toStdString());
        job.tell([this, folder, room] {
            m_room[folder] = room;
            showRows();
            Q_EMIT completeChanged();
        });
    });
}

void StoragePage::showRows() {
    for (int row = 0; row < m_paths->topLevelItemCount(); ++row) {
        QTreeWidgetItem* item = m_paths->topLevelItem(row);
        const bool isForSealing = item->data(Folder, kForSealing).toBool(), isForStoring = item->data(Folder, kForStoring).toBool();
        item->setText(Use, isForSealing && isForStoring ? tr("sealing and long-term storage") : isForSealing ? tr("sealing") : tr("long-term storage"));
        const auto known = m_room.find(item->text(Folder));
        if (known == m_room.end()) {
            item->setText(Free, QStringLiteral("…"));
            item->setText(Enough, QString());
            continue;
        }
        const Room& room = known->second;
        item->setText(Free, room.trouble.isEmpty() ? tr("%1 of %2 free").arg(bytesText(room.free), bytesText(room.capacity)) : QString());
        const auto sectors = static_cast<int>(std::min<std::uint64_t>(room.free / (isForSealing ? setup::bytesInWork(m_sectorSize) : m_sectorSize), 1'000'000));
        const QString size = bytesText(m_sectorSize);
        item->setText(Enough, !room.trouble.isEmpty() ? QStringLiteral("✗ ") + room.trouble
                              : sectors == 0          ? QStringLiteral("! ") + tr("too little for one sector of %1").arg(size)
                              : isForSealing          ? tr("enough for %n sector(s) of %1 at once", nullptr, sectors).arg(size)
                                                      : tr("enough for %n sealed sector(s) of %1", nullptr, sectors).arg(size));
    }
    for (const int one : {Folder, Use, Free}) m_paths->resizeColumnToContents(one);
}

bool StoragePage::isComplete() const {
    bool anySealing = false;
    for (int row = 0; row < m_paths->topLevelItemCount(); ++row) {
        const QTreeWidgetItem* item = m_paths->topLevelItem(row);
        const auto known = m_room.find(item->text(Folder));
        if (known != m_room.end() && !known->second.trouble.isEmpty()) return false;
        // What was set up without one need not get one.
        anySealing = anySealing || item->data(Folder, kForSealing).toBool() || isPresent(item->text(Folder));
    }
    return anySealing;
}

bool StoragePage::validatePage() {
    m_answers.sealPaths.clear();
    m_answers.storePaths.clear();
    for (int row = 0; row < m_paths->topLevelItemCount(); ++row) {
        const QTreeWidgetItem* item = m_paths->topLevelItem(row);
        const std::string folder = item->text(Folder).toStdString();
        if (item->data(Folder, kForSealing).toBool()) m_answers.sealPaths.push_back(folder);
        if (item->data(Folder, kForStoring).toBool()) m_answers.storePaths.push_back(folder);
    }
    return true;
}

void StoragePage::retranslate() {
    setTitle(tr("Storage"));
    setSubTitle(tr("Where sectors are sealed: a fast disk. A second folder may keep sealed sectors for long."));
    m_paths->setAccessibleName(tr("Folders for sectors"));
    m_paths->setHeaderLabels({tr("Folder"), tr("Use"), tr("Room"), QString()});
    m_addSeal->setText(tr("Add a folder for &sealing …"));
    m_addStore->setText(tr("Add one for &long-term storage …"));
    m_remove->setText(tr("&Remove"));
    m_text->setText(tr("A sector of %1 takes about %2 while it is sealed: its data, the replica, and layers of labels with their trees; about %1 stay.")
                        .arg(bytesText(m_sectorSize), bytesText(setup::bytesInWork(m_sectorSize))));
    showRows();
}

} // namespace lsw::gui
