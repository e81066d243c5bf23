// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "worker/worker_api.h"

#include <QtCore/QString>

namespace lsw::gui {

/// Sentences of the window for the values of a view, in the language in use. The English detail of an error is appended where it helps.

/// One word: "Connected", "Disconnected", …
QString stateWord(const worker::WorkerView& view);
/// One sentence that says what is going on and, when nothing happens, why.
QString stateSentence(const worker::WorkerView& view);
/// What a failure means and what to do, for the code of a failure.
QString errorSentence(ErrorCode code);

/// "s-t01000-1", "2349 sectors of t01000"
QString taskSubject(const worker::TaskView& task);
/// "PreCommit 1 (PC1)", from the short name of a task type.
QString taskTypeName(const std::string& shortName);
/// "running", "waiting for memory", …
QString taskStateText(const worker::TaskView& task);
/// The step of a phase, which the engines name in English: "layer 7 of 11", "tree C", …; one that is not known is shown as it came.
QString stepText(const QString& step);
/// "layer 7 of 11 · 61 %"; empty when nothing is known.
QString progressText(const Progress& progress);
/// Whole percent, or −1 when it cannot be known.
int progressPercent(const worker::TaskView& task);
/// "2 h 09 m", "3 m 05 s", "42 s"
QString durationText(qint64 milliseconds);

} // namespace lsw::gui
