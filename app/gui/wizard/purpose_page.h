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

protected:
    void retranslate() override;

private:
    Language& m_language;
    QLabel *m_languageLabel, *m_workText, *m_practiceText;
    QComboBox* m_languages;
    QRadioButton *m_work, *m_practice;
};

} // namespace lsw::gui
