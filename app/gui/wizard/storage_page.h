// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/wizard/setup_page.h"

#include <map>

class QPushButton;
class QTreeWidget;

namespace lsw::gui {

/// Folders for sectors: where is sealed, where is kept for long; with the room that there is, and for how many sectors it is enough.
class StoragePage : public SetupPage {
    Q_OBJECT
public:
    StoragePage(common::SetupAnswers& answers, const common::PresentSetup& present);
    void initializePage() override;
    bool isComplete() const override;
    bool validatePage() override;
    /// Adds a folder as if it had been chosen in the dialog.
    void addFolder(const QString& folder, bool isForSealing);
    void setSectorSize(quint64 bytes);

protected:
    void retranslate() override;

private:
    /// What a disk says of a folder.
    struct Room {
        std::uint64_t free = 0, capacity = 0;
        QString trouble; ///< a sentence; empty: none
    };
    static Room look(const std::filesystem::path& folder);
    void measure(const QString& folder);
    void showRows();
    /// Whether the worker uses it already: setting up takes no path away.
    bool isPresent(const QString& folder) const;

    const common::PresentSetup& m_present;
    QTreeWidget* m_paths;
    QPushButton *m_addSeal, *m_addStore, *m_remove;
    QLabel* m_text;
    std::map<QString, Room> m_room;
    quint64 m_sectorSize = 32ULL << 30; ///< of most miners, until this one has said its own
};

} // namespace lsw::gui
