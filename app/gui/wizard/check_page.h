// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/wizard/setup_page.h"
#include "setup/miner_view.h"

namespace lsw::gui {

class DoctorPanel;

/// Looks at the connection of the answers so far. One may go on with what failed, but not before it was looked at.
class CheckPage : public SetupPage {
    Q_OBJECT
public:
    explicit CheckPage(common::SetupAnswers& answers);
    void initializePage() override;
    void cleanupPage() override;
    bool isComplete() const override;
    /// What the miner said of itself; nothing when it could not be asked.
    const std::optional<setup::MinerView>& miner() const;

Q_SIGNALS:
    void sectorSizeKnown(quint64 bytes);

protected:
    void retranslate() override;

private:
    void examine();

    DoctorPanel* m_panel;
    common::SetupAnswers m_examined;
    bool m_hasRun = false;
};

} // namespace lsw::gui
