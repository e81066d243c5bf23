// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/wizard/setup_page.h"
#include "setup/miner_finder.h"

class QButtonGroup;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QRadioButton;

namespace lsw::gui {

/// Which miner: the one that the worker has already, one that was found on this computer, what was pasted, or address and token by hand.
class MinerPage : public SetupPage {
    Q_OBJECT
public:
    MinerPage(common::SetupAnswers& answers, const common::PresentSetup& present);
    void initializePage() override;
    bool isComplete() const override;
    bool validatePage() override;

Q_SIGNALS:
    /// The miner of this folder is to be opened for other machines.
    void openMinerWanted(const QString& repo);

protected:
    void retranslate() override;

private:
    enum class How { Kept, Found, Pasted, ByHand };
    How how() const;
    void look();
    void showFound();
    void showUnderstood();
    /// TOKEN:ADDRESS of what was pasted or typed; empty when it is not whole.
    std::string connection() const;
    const setup::LocalMiner* chosen() const;

    const common::PresentSetup& m_present;
    QRadioButton *m_keep, *m_found, *m_pasted, *m_byHand;
    QLabel *m_variable, *m_foundText, *m_understood, *m_addressLabel, *m_tokenLabel, *m_help;
    QVBoxLayout* m_miners;
    QButtonGroup* m_minerGroup;
    QPushButton *m_again, *m_open, *m_reveal, *m_copyHelp;
    QPlainTextEdit* m_text;
    QLineEdit *m_address, *m_token;
    QWidget *m_foundBox, *m_pastedBox, *m_handBox;
    std::vector<setup::LocalMiner> m_local;
    bool m_isLooking = false;
};

} // namespace lsw::gui
