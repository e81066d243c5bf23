// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "common/setup_answers.h"
#include "gui/background_jobs.h"
#include "gui/text_label.h"

#include <QtWidgets/QWizardPage>

class QLabel;
class QVBoxLayout;

namespace lsw::gui {

/// What all pages of the wizard share: the answers, a column of widgets that scrolls when the window is small, work in the background, texts in the language
/// in use.
class SetupPage : public QWizardPage {
    Q_OBJECT
public:
    explicit SetupPage(common::SetupAnswers& answers);

protected:
    /// Sets all texts anew.
    virtual void retranslate() = 0;
    void changeEvent(QEvent* event) override;

    QVBoxLayout* column() const { return m_column; }
    /// The folder of the worker that is being set up.
    static std::filesystem::path workerFolder();

    common::SetupAnswers& m_answers;
    BackgroundJobs m_jobs;

private:
    QVBoxLayout* m_column;
};

} // namespace lsw::gui
