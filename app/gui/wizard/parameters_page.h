// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/wizard/setup_page.h"
#include "params/gateway_probe.h"

#include <map>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace lsw::gui {

/// Which proof parameters the chosen work needs, where they go, and which gateways they come from.
class ParametersPage : public SetupPage {
    Q_OBJECT
public:
    ParametersPage(common::SetupAnswers& answers, const common::PresentSetup& present);
    void initializePage() override;
    bool isComplete() const override;
    bool validatePage() override;
    void setSectorSize(quint64 bytes) { m_sectorSize.value = bytes; }

protected:
    void retranslate() override;

private:
    const common::PresentSetup& m_present;
    QString m_shownFolder; ///< as the answers had it

    struct Seen {
        std::uint64_t needed = 0, present = 0, free = 0;
        bool isFreeKnown = false;
    };
    std::vector<params::ParameterFile> files() const;
    std::filesystem::path folder() const;
    void look();
    void probe();
    void showSeen();
    void showGateways();

    QLabel *m_need, *m_folderLabel, *m_room, *m_sourceLabel, *m_environment;
    QLineEdit *m_folder, *m_custom;
    QPushButton *m_browse, *m_probe;
    QComboBox* m_source;
    QCheckBox* m_fetch;
    QTreeWidget* m_gateways;
    QWidget* m_box;
    std::map<std::string, params::GatewayAnswer> m_answersOf; ///< by address
    sector::PaddedBytes m_sectorSize{32ULL << 30}; ///< of most miners, until this one has said its own
    Seen m_seen;
    bool m_isProbing = false;
};

} // namespace lsw::gui
