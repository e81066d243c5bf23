// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/worker_host.h"

#include "common/worker_client.h"
#include "common/worker_start.h"
#include "storage/storage_config.h"

namespace lsw::common {

class WorkerHost::Private {
public:
    std::unique_ptr<worker::WorkerService> service;
    int errorCode = -1;
    QString message;
};

WorkerHost::WorkerHost(QObject* parent) : QObject(parent), m_private(std::make_unique<Private>()) {}
WorkerHost::~WorkerHost() = default;

worker::WorkerApi* WorkerHost::worker() const { return m_private->service.get(); }

Expected<void> WorkerHost::start(worker::WorkerSettings settings) {
    if (m_private->service) return Error(ErrorCode::AlreadyExists, "a worker already runs in this program");
    m_private->errorCode = -1;
    m_private->message.clear();
    m_private->service = std::make_unique<worker::WorkerService>(std::move(settings));
    worker::WorkerService* service = m_private->service.get();
    connect(service, &worker::WorkerApi::failed, this, [this](int code, const QString& message) {
        m_private->errorCode = code;
        m_private->message = message;
    }, Qt::QueuedConnection);
    connect(service, &worker::WorkerApi::stopped, this, [this] {
        m_private->service.reset();
        Q_EMIT ended(m_private->errorCode, m_private->message);
    }, Qt::QueuedConnection);
    service->start();
    Q_EMIT started();
    return {};
}

Expected<std::vector<std::string>> WorkerHost::startFromEnvironment() {
    StartRequest request;
    request.repo = workerRepo({});
    request.home = storage::expandHome("~");
    auto prepared = prepareWorker(request);
    if (!prepared) return std::move(prepared).error();
    LSW_TRY(start(std::move(prepared->settings)));
    return std::move(prepared->notes);
}

void WorkerHost::requestStop() {
    if (m_private->service) m_private->service->requestStop();
}

} // namespace lsw::common
