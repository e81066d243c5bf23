// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "common/setup_answers.h"
#include "gui/background_jobs.h"

#include <QtWidgets/QWizard>

namespace lsw::gui {

class Language;
class CheckPage;
class PurposePage;
class ReadyPage;

/// From nothing to a worker that is ready to start: a page for each thing that has to be known. What is found out and what is done is in core/setup and
/// common/setup_answers; closed in the middle it goes on at the same page (without the token, which is kept nowhere before the end). Where something is set
/// up already, it begins with that: going through all pages without touching anything changes nothing.
class SetupWizard : public QWizard {
    Q_OBJECT
public:
    enum Page { Purpose, Miner, Check, Address, Work, Storage, Parameters, Ready };
    explicit SetupWizard(Language& language, QWidget* parent = nullptr);
    ~SetupWizard() override;

    bool startNow() const;
    /// How many workers the miner counted when it was asked; nothing when it did not tell.
    std::optional<setup::WorkerUse> workersBefore() const;
    /// Whether one was begun and not finished.
    static bool isUnfinished();
    bool validateCurrentPage() override;

Q_SIGNALS:
    void practiceWanted();
    /// It is carried out; the worker may start.
    void settled();

protected:
    void changeEvent(QEvent* event) override;
    void done(int result) override;

private:
    void retranslate();
    void keep() const;
    void begin();
    void resume();

    common::SetupAnswers m_answers;
    common::PresentSetup m_present;
    BackgroundJobs m_jobs;
    PurposePage* m_purpose;
    CheckPage* m_check;
    ReadyPage* m_ready;
    bool m_isResuming = false;
};

} // namespace lsw::gui
