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
/// "PC1 · layer 7 of 11 · 61 %", of a transfer with its speed
QString taskProgressText(const worker::TaskView& task);
/// How long it will still take: "1 h 10 m"; "—" when nothing can be said.
QString remainingText(const worker::TaskView& task);
/// "14:20 (13:50–15:10)"; "learning" while nothing can be said yet; "—" of one that does not run, and for nonsense
QString finishText(const worker::TaskView& task);
/// On what the finish time rests, and whether the task is later than usual.
QString finishReason(const worker::TaskView& task);
/// "resumed at layer 8 of 11, 2 h 09 m kept"
QString resumedText(const std::string& at, qint64 keptMs);
/// A moment of the local clock, with the day; "—" for none
QString momentText(qint64 utcMs);
/// "2 h 09 m", "3 m 05 s", "42 s"; "—" for what cannot be a length of time
QString durationText(qint64 milliseconds);

} // namespace lsw::gui
