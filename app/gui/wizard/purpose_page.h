// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/wizard/setup_page.h"

class QComboBox;
class QRadioButton;

namespace lsw::gui {

class Language;

/// The first page: which language, and what this computer is to do.
class PurposePage : public SetupPage {
    Q_OBJECT
public:
    PurposePage(common::SetupAnswers& answers, Language& language);
    bool isPractice() const;
    int nextId() const override;
    bool isComplete() const override { return m_isKnown; }
    /// What is set up now was read: the other pages may be gone to.
    void setKnown();

protected:
    void retranslate() override;

private:
    Language& m_language;
    QLabel *m_languageLabel, *m_workText, *m_practiceText;
    QComboBox* m_languages;
    QRadioButton *m_work, *m_practice;
    bool m_isKnown = false;
};

} // namespace lsw::gui
