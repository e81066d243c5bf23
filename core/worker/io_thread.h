// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include <QtCore/QMetaObject>
#include <QtCore/QObject>
#include <QtCore/QThreadPool>

namespace lsw::worker {

/// Runs `work` on a pool thread, where it may block, and hands its result to `then` on the thread of `context`.
/// The pool must end before `context` does.
template <typename Work, typename Then>
void onIoThread(QThreadPool& pool, QObject* context, Work work, Then then) {
    pool.start([context, work = std::move(work), then = std::move(then)]() mutable {
        // A shared holder, because results that cannot be copied (owners) have to pass through a copyable functor.
        auto result = std::make_shared<decltype(work())>(work());
        QMetaObject::invokeMethod(context, [then = std::move(then), result]() mutable { then(std::move(*result)); }, Qt::QueuedConnection);
    });
}

} // namespace lsw::worker
