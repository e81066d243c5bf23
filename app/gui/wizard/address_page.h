// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/wizard/setup_page.h"
#include "setup/network_interfaces.h"

class QCheckBox;
class QLineEdit;
class QRadioButton;
class QSpinBox;
class QTreeWidget;

namespace lsw::gui {

/// Where the miner reaches this worker: one address, the one that faces the miner whatever it is, this computer alone, or all addresses.
class AddressPage : public SetupPage {
    Q_OBJECT
public:
    explicit AddressPage(common::SetupAnswers& answers);
    void initializePage() override;
    bool isComplete() const override;
    bool validatePage() override;

protected:
    void retranslate() override;

private:
    void look();
    void showTable();
    void choiceChanged();
    QString chosenAddress() const;
    bool hasPublic() const;
    /// The answers as they are, to begin with.
    void showAnswers();
    /// What is chosen now.
    QString choice() const;

    QTreeWidget* m_table;
    QRadioButton *m_lan, *m_automatic, *m_thisPc, *m_all;
    QLabel *m_consequence, *m_portLabel, *m_advertiseLabel;
    QCheckBox* m_accept;
    QSpinBox* m_port;
    QLineEdit* m_advertise;
    std::vector<setup::NetworkInterface> m_interfaces;
    QString m_wanted;  ///< the address of the answers, until the interfaces are known
    QString m_shown;   ///< the choice that the answers came to
    bool m_isShown = false;
};

} // namespace lsw::gui
