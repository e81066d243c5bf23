// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/pages/paths_page.h"

#include "base/text.h"
#include "common/storage_path.h"
#include "common/worker_client.h"
#include "gui/pages/space_bar.h"
#include "gui/view_text.h"
#include "setup/machine_check.h"

#include <QtWidgets/QFileDialog>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QVBoxLayout>

#include <algorithm>

namespace lsw::gui {
namespace {

constexpr int kStorageTimeoutMs = 0; // a disk may take its time

QString fromStd(const std::string& text) { return QString::fromStdString(text); }

} // namespace

PathsPage::PathsPage(QWidget* parent) : Page(parent), m_empty(new QLabel), m_result(new QLabel), m_attach(new QPushButton), m_list(new QVBoxLayout) {
    m_empty->setObjectName(QStringLiteral("storageEmpty"));
    m_attach->setObjectName(QStringLiteral("storageAttach"));
    m_result->setObjectName(QStringLiteral("storageResult"));
    m_empty->setWordWrap(true);
    m_result->setWordWrap(true);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* inside = new QWidget;
    auto* insideLayout = new QVBoxLayout(inside);
    insideLayout->setContentsMargins(0, 0, 0, 0);
    insideLayout->addWidget(m_empty);
    insideLayout->addLayout(m_list);
    insideLayout->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(inside);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(scroll, 1);
    layout->addWidget(m_result);
    layout->addWidget(m_attach, 0, Qt::AlignLeft);
    connect(m_attach, &QPushButton::clicked, this, &PathsPage::attach);
    retranslate();
}

void PathsPage::makeRow() {
    const std::size_t number = m_rows.size();
    Row row{new QWidget, new QLabel, new QLabel, new QLabel, new QLabel, new SpaceBar, new QPushButton, new QPushButton};
    QFont bold = row.path->font();
    bold.setBold(true);
    row.path->setFont(bold);
    row.path->setTextInteractionFlags(Qt::TextSelectableByMouse);
    for (QLabel* label : {row.path, row.role, row.figures, row.trouble}) {
        label->setWordWrap(true);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    row.figures->setObjectName(QStringLiteral("figures%1").arg(number));
    row.redeclare->setObjectName(QStringLiteral("redeclare%1").arg(number));
    row.detach->setObjectName(QStringLiteral("detach%1").arg(number));
    auto* layout = new QVBoxLayout(row.box);
    layout->setContentsMargins(0, 0, 0, 12);
    layout->addWidget(row.path);
    layout->addWidget(row.role);
    layout->addWidget(row.bar);
    layout->addWidget(row.figures);
    layout->addWidget(row.trouble);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(row.redeclare);
    buttons->addWidget(row.detach);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    connect(row.detach, &QPushButton::clicked, this, [this, number] { detach(number); });
    connect(row.redeclare, &QPushButton::clicked, this, [this, number] { redeclare(number); });
    m_list->addWidget(row.box);
    m_rows.push_back(row);
}

void PathsPage::showView(const worker::WorkerView& view) {
    m_view = view;
    while (m_rows.size() < view.paths.size()) makeRow();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        m_rows[i].box->setVisible(i < view.paths.size());
        if (i < view.paths.size()) showRow(m_rows[i], view.paths[i]);
    }
    const bool isOn = view.connection == worker::ConnectionState::Connected;
    m_empty->setVisible(view.paths.empty());
    m_empty->setText(isOn ? tr("No sealing path: the worker is registered but gets no sealing tasks. Attach a folder on a fast disk.") : tr("The storage paths are shown while the worker runs."));
    m_attach->setEnabled(isOn);
}

void PathsPage::showRow(Row& row, const worker::PathView& path) {
    row.path->setText(fromStd(path.path));
    QStringList roles;
    if (path.canSeal) roles << tr("sealing storage");
    if (path.canStore) roles << tr("long-term storage");
    if (roles.isEmpty()) roles << tr("neither for sealing nor for storing");
    row.role->setText(roles.join(QStringLiteral(", ")) + QStringLiteral(" · ") + tr("weight %1").arg(path.weight));
    row.bar->setSpace(path.capacity, path.available, path.reserved);
    const bool isKnown = path.error.empty() && path.capacity > 0 && path.available >= 0 && path.available <= path.capacity && path.reserved >= 0;
    const auto bytes = [&](std::int64_t value) { return isKnown ? fromStd(byteText(static_cast<std::uint64_t>(std::max<std::int64_t>(0, value)))) : QStringLiteral("—"); };
    QString text = tr("%1 used · %2 reserved · %3 free of %4").arg(bytes(path.capacity - path.available - path.reserved), bytes(path.reserved), bytes(path.available), bytes(path.capacity));
    if (isKnown && path.canSeal && m_view.sectorSize > 0) {
        const std::uint64_t fits = static_cast<std::uint64_t>(path.available) / setup::bytesInWork(m_view.sectorSize);
        text += QStringLiteral(" · ") + tr("fits %n more sector(s)", nullptr, static_cast<int>(std::min<std::uint64_t>(fits, 1'000'000)));
        row.figures->setToolTip(fromStd(setup::bytesInWorkText(m_view.sectorSize)));
    }
    row.figures->setText(text);
    row.bar->setAccessibleName(fromStd(path.path));
    row.bar->setAccessibleDescription(text);
    QStringList trouble;
    if (!path.error.empty()) trouble << fromStd(path.error);
    for (const std::string& note : path.notes) trouble << fromStd(note);
    row.trouble->setText(trouble.join(QLatin1Char('\n')));
    row.trouble->setVisible(!trouble.isEmpty());
    row.redeclare->setText(tr("Tell the miner again"));
    row.redeclare->setToolTip(tr("Tells the miner what lies in this folder now, after files were moved by hand."));
    row.redeclare->setAccessibleName(row.redeclare->text() + QLatin1Char(' ') + row.path->text());
    row.detach->setText(tr("Detach …"));
    row.detach->setAccessibleName(row.detach->text() + QLatin1Char(' ') + row.path->text());
    row.detach->setEnabled(m_attach->isEnabled());
    row.redeclare->setEnabled(m_attach->isEnabled());
}

void PathsPage::ask(const std::string& method, boost::json::array params, const QString& done, std::function<Expected<void>()> before) {
    m_result->setText(tr("Asking the worker …"));
    m_jobs.start([this, repo = m_view.repo, method, params = std::move(params), done, before = std::move(before)](const BackgroundJobs::Job& job) {
        const auto all = [&]() -> Expected<void> {
            const auto client = common::WorkerClient::ofRepo(repo);
            if (!client) return client.error();
            if (before) LSW_TRY(before());
            if (auto answer = client->call(method, params, kStorageTimeoutMs); !answer) return std::move(answer).error();
            return {};
        };
        const auto result = all();
        job.tell([this, result, done] { m_result->setText(result ? done : errorSentence(result.error().code()) + QLatin1Char('\n') + fromStd(result.error().message())); });
    });
}

void PathsPage::attach() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder for sectors"));
    if (folder.isEmpty()) return;
    QMessageBox question(QMessageBox::Question, tr("Attach a storage path"), tr("What is %1 for?").arg(folder), QMessageBox::Cancel, this);
    QPushButton* seal = question.addButton(tr("Sealing"), QMessageBox::AcceptRole);
    QPushButton* store = question.addButton(tr("Long-term storage"), QMessageBox::AcceptRole);
    question.exec();
    if (question.clickedButton() != seal && question.clickedButton() != store) return;
    common::NewStoragePath wanted;
    wanted.canSeal = question.clickedButton() == seal;
    wanted.canStore = !wanted.canSeal;
    const std::filesystem::path path = common::plainStoragePath(folder.toStdString());
    ask("Filecoin.StorageAddLocal", {boost::json::string(path.string())}, tr("Attached %1.").arg(folder), [path, wanted]() -> Expected<void> {
        const auto made = common::initStoragePath(path, wanted);
        if (made || made.error().code() == ErrorCode::AlreadyExists) return {}; // one that was a storage path stays what it was
        return made.error();
    });
}

void PathsPage::detach(std::size_t row) {
    if (row >= m_view.paths.size()) return;
    const QString path = fromStd(m_view.paths[row].path);
    const auto sure = QMessageBox::question(this, tr("Detach a storage path"), tr("Detach %1? Its files stay where they are; the miner forgets that they are here, and no task can use them.").arg(path));
    if (sure == QMessageBox::Yes) ask("Filecoin.StorageDetachLocal", {boost::json::string(m_view.paths[row].path)}, tr("Detached %1; its files are where they were.").arg(path));
}

void PathsPage::redeclare(std::size_t row) {
    if (row >= m_view.paths.size()) return;
    ask("Filecoin.StorageRedeclareLocal", {boost::json::string(m_view.paths[row].id), true}, tr("The miner knows again what lies in %1.").arg(fromStd(m_view.paths[row].path)));
}

void PathsPage::retranslate() {
    m_attach->setText(tr("&Attach a folder …"));
    showView(m_view);
}

} // namespace lsw::gui
