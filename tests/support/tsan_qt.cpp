// SPDX-License-Identifier: MIT OR Apache-2.0
// Tells the thread sanitizer how Qt orders threads. The distribution's Qt is not instrumented and its mutexes are bare futexes, so
// that every queued call would be reported as a race between who posts it and who receives it. The functions that hand work from
// one thread to another are replaced here by ones that name both ends; all else of Qt goes on as it is. Linked into tests and
// programs when they are built with -fsanitize=thread, and nowhere else.
#include <functional>
#include <future>
#include <memory>
#include <utility>

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <QtCore/QCoreApplication>
#include <QtCore/QDeadlineTimer>
#include <QtCore/QMetaObject>
#include <QtCore/QRunnable>
#include <QtCore/QThread>
#include <QtCore/QThreadPool>

namespace {

/// Signals name their sender, events their receiver: one meeting point for all of them.
char signalsPosted; // NOLINT: its address is what matters

template <typename Function>
Function original(const char* mangled) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, mangled));
}

/// Before an event is delivered, on the thread that receives it. `data` begins with the receiver.
bool delivered(void** data) {
    __tsan_acquire(data[0]);
    __tsan_acquire(&signalsPosted);
    return false;
}

/// What is called on another thread. Qt counts the references of both threads where the sanitizer cannot see it.
class ToldSlot final : public QtPrivate::QSlotObjectBase {
public:
    explicit ToldSlot(QSlotObjectBase* slot) : QSlotObjectBase(&ToldSlot::run), m_slot(slot) {}

private:
    static void run(int which, QSlotObjectBase* base, QObject* receiver, void** arguments, bool* same) {
        auto* self = static_cast<ToldSlot*>(base);
        __tsan_acquire(self);
        if (which == Call) self->m_slot->call(receiver, arguments);
        else if (which == Compare) *same = self->m_slot->compare(arguments);
        __tsan_release(self);
        if (which != Destroy) return;
        self->m_slot->destroyIfLastRef();
        delete self;
    }
    ~ToldSlot() = default;

    QSlotObjectBase* m_slot;
};

/// Work of a pool: begins after it was handed over, and ends, with all that it holds, before waitForDone() goes on.
class Pooled final : public QRunnable {
public:
    Pooled(QThreadPool* pool, std::function<void()> work) : m_pool(pool), m_work(std::move(work)) {}
    void run() override {
        __tsan_acquire(this);
        m_work();
        m_work = nullptr;
        __tsan_release(m_pool);
    }

private:
    QThreadPool* m_pool;
    std::function<void()> m_work;
};

[[maybe_unused]] const bool listening = QInternal::registerCallback(QInternal::EventNotifyCallback, &delivered);

} // namespace

bool QMetaObject::invokeMethodImpl(QObject* object, QtPrivate::QSlotObjectBase* slot, Qt::ConnectionType type, void* result) {
    static const auto real = original<decltype(&QMetaObject::invokeMethodImpl)>(
        "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv");
    auto* told = new ToldSlot(slot);
    __tsan_release(told);
    return real(object, told, type, result);
}

void QMetaObject::activate(QObject* sender, const QMetaObject* meta, int signal, void** arguments) {
    static const auto real = original<void (*)(QObject*, const QMetaObject*, int, void**)>("_ZN11QMetaObject8activateEP7QObjectPKS_iPPv");
    __tsan_release(&signalsPosted);
    real(sender, meta, signal, arguments);
    __tsan_release(QThread::currentThread()); // a thread that tells of its end is waited for
}

void QCoreApplication::postEvent(QObject* receiver, QEvent* event, int priority) {
    static const auto real = original<decltype(&QCoreApplication::postEvent)>("_ZN16QCoreApplication9postEventEP7QObjectP6QEventi");
    __tsan_release(receiver);
    real(receiver, event, priority);
}

void QThreadPool::start(std::function<void()> work, int priority) {
    static const auto real = original<void (*)(QThreadPool*, QRunnable*, int)>("_ZN11QThreadPool5startEP9QRunnablei");
    auto* pooled = new Pooled(this, std::move(work)); // the pool deletes it
    __tsan_release(pooled);
    real(this, pooled, priority);
}

bool QThreadPool::waitForDone(int limitMs) {
    static const auto real = original<bool (*)(QThreadPool*, int)>("_ZN11QThreadPool11waitForDoneEi");
    const bool done = real(this, limitMs);
    __tsan_acquire(this);
    return done;
}

int QThread::exec() {
    static const auto real = original<int (*)(QThread*)>("_ZN7QThread4execEv");
    const int code = real(this);
    __tsan_release(this);
    return code;
}

QThread* QThread::createThreadImpl(std::future<void>&& work) {
    static const auto real = original<QThread* (*)(std::future<void>&&)>("_ZN7QThread16createThreadImplEOSt6futureIvE");
    auto end = std::make_shared<void*>();
    auto* thread = real(std::async(std::launch::deferred, [inner = std::move(work), end]() mutable {
        inner.get();
        __tsan_release(*end);
    }));
    *end = thread;
    return thread;
}

bool QThread::wait(QDeadlineTimer limit) {
    static const auto real = original<bool (*)(QThread*, QDeadlineTimer)>("_ZN7QThread4waitE14QDeadlineTimer");
    const bool done = real(this, limit);
    __tsan_acquire(this);
    return done;
}
