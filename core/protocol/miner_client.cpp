// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/miner_client.h"

#include "protocol/spooled_request.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <QtCore/QEventLoop>
#include <QtCore/QThread>
#include <QtCore/QTimer>
#include <QtCore/QUrl>
#include <QtNetwork/QHostAddress>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkProxy>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QNetworkRequest>

namespace lsw::protocol {

namespace {

QNetworkProxy proxyFor(const Endpoint& server) {
    if (isNearby(server.host)) return QNetworkProxy(QNetworkProxy::NoProxy);
    const QNetworkProxyQuery query(QUrl(QString::fromStdString(server.url("/"))));
    const QList<QNetworkProxy> found = QNetworkProxyFactory::systemProxyForQuery(query);
    return found.isEmpty() ? QNetworkProxy(QNetworkProxy::NoProxy) : found.first();
}

/// An error object of the server, told apart where a caller must act on it.
Error serverError(Error error) {
    if (error.code() == ErrorCode::Remote && error.detail().find("missing permission") != std::string::npos)
        return Error(ErrorCode::PermissionDenied, error.detail());
    return error;
}

Expected<boost::json::value> readAnswer(QNetworkReply& reply, const std::string& where) {
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(); // 0: no head came
    const QNetworkReply::NetworkError failure = reply.error();
    if (failure == QNetworkReply::ProtocolFailure) return Error(ErrorCode::Corrupt, where + " does not answer in HTTP");
    // The codes below ContentAccessDenied are failures of the connection itself, whether or not a head had arrived by then.
    if (status == 0 || (failure != QNetworkReply::NoError && failure < QNetworkReply::ContentAccessDenied))
        return Error(ErrorCode::MinerUnreachable, "no answer from " + where + ": " + reply.errorString().toStdString());
    if (status == 401) return Error(ErrorCode::PermissionDenied, where + " refused the token (http status 401 Unauthorized)");
    if (status != 200 && status != 400 && status != 500) {
        const std::string reason = reply.attribute(QNetworkRequest::HttpReasonPhraseAttribute).toString().toStdString();
        const ErrorCode code = status == 502 || status == 503 || status == 504 ? ErrorCode::MinerUnreachable : ErrorCode::Remote;
        return Error(code, "request failed, http status " + std::to_string(status) + ' ' + reason);
    }
    const QByteArray body = reply.readAll();
    auto answer = parseAnswer(std::string_view(body.constData(), static_cast<std::size_t>(body.size())));
    if (!answer) return serverError(std::move(answer).error());
    return answer;
}

} // namespace

bool isNearby(const std::string& host) {
    const QString name = QString::fromStdString(host);
    QHostAddress address;
    if (!address.setAddress(name)) return !name.contains(QLatin1Char('.')) || name.endsWith(QLatin1String(".local"));
    if (address.isLoopback() || address.isLinkLocal() || address.isUniqueLocalUnicast()) return true;
    static const std::array<QPair<QHostAddress, int>, 4> kPrivate{
        QHostAddress::parseSubnet(QStringLiteral("10.0.0.0/8")), QHostAddress::parseSubnet(QStringLiteral("172.16.0.0/12")),
        QHostAddress::parseSubnet(QStringLiteral("192.168.0.0/16")), QHostAddress::parseSubnet(QStringLiteral("100.64.0.0/10"))};
    return std::any_of(kPrivate.begin(), kPrivate.end(), [&address](const auto& subnet) { return address.isInSubnet(subnet); });
}

std::string proxyUrlFor(const Endpoint& server) {
    const QNetworkProxy proxy = proxyFor(server);
    if (proxy.type() == QNetworkProxy::NoProxy || proxy.type() == QNetworkProxy::DefaultProxy || proxy.hostName().isEmpty()) return {};
    Endpoint where;
    where.scheme = proxy.type() == QNetworkProxy::Socks5Proxy ? "socks5h" : "http";
    where.host = proxy.hostName().toStdString();
    where.port = proxy.port();
    return where.url("");
}

class RpcClient::Private {
public:
    struct Call {
        std::string method;
        std::function<void(Expected<boost::json::value>)> done;
        QNetworkReply* reply = nullptr;
        std::unique_ptr<QTimer> timer;
    };

    ApiInfo server;
    QUrl url;
    QNetworkAccessManager control, returns;
    std::uint64_t nextId = 1;
    std::shared_ptr<const SpoolFolder> spool;
    std::set<std::shared_ptr<Call>> calls;

    std::string where() const { return server.endpoint.host + ':' + std::to_string(server.endpoint.port); }

    /// Takes the call out of the list and gives its callback, so that nothing can answer it twice.
    std::function<void(Expected<boost::json::value>)> take(const std::shared_ptr<Call>& call) {
        if (calls.erase(call) == 0) return {};
        call->timer.reset();
        return std::move(call->done);
    }

    static void drop(QNetworkReply* reply) {
        if (!reply) return;
        reply->disconnect();
        reply->abort();
        reply->deleteLater();
    }

    void end(const std::shared_ptr<Call>& call, Error error) {
        const auto done = take(call);
        drop(std::exchange(call->reply, nullptr));
        if (done) done(std::move(error).whileDoing(call->method));
    }
};

RpcClient::RpcClient(ApiInfo server, QObject* parent) : QObject(parent), m_private(std::make_unique<Private>()) {
    Private& d = *m_private;
    d.server = std::move(server);
    d.url = QUrl(QString::fromStdString(d.server.endpoint.url("/rpc/v0")));
    const QNetworkProxy proxy = proxyFor(d.server.endpoint);
    for (QNetworkAccessManager* manager : {&d.control, &d.returns}) {
        manager->setParent(this); // goes where the client is moved
        manager->setProxy(proxy);
        manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
        manager->setAutoDeleteReplies(false);
    }
}

RpcClient::~RpcClient() { cancelAll(); }

const ApiInfo& RpcClient::server() const { return m_private->server; }

void RpcClient::setSpool(std::shared_ptr<const SpoolFolder> spool) { m_private->spool = std::move(spool); }

void RpcClient::setToken(std::string token) { m_private->server.token = std::move(token); }

void RpcClient::call(std::string method, boost::json::array params, std::function<void(Expected<boost::json::value>)> done, Channel channel,
                     int timeoutMs) {
    std::string body = makeRequest(m_private->nextId++, method, params);
    send(std::move(method), std::move(body), std::move(done), channel, timeoutMs);
}

void RpcClient::callText(std::string method, std::string_view params, std::function<void(Expected<boost::json::value>)> done, Channel channel,
                         int timeoutMs) {
    std::string body = makeRequestOfText(m_private->nextId++, method, params);
    send(std::move(method), std::move(body), std::move(done), channel, timeoutMs);
}

void RpcClient::send(std::string method, std::string body, std::function<void(Expected<boost::json::value>)> done, Channel channel,
                     int timeoutMs) {
    Private& d = *m_private;
    QNetworkRequest request(d.url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    request.setRawHeader("Accept-Encoding", "identity");
    request.setRawHeader("User-Agent", "lotus-seal-worker");
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    if (!d.server.token.empty()) request.setRawHeader("Authorization", QByteArray("Bearer ") + QByteArray::fromStdString(d.server.token));

    auto running = std::make_shared<Private::Call>();
    running->done = std::move(done);
    running->method = std::move(method);
    QNetworkAccessManager& manager = channel == Channel::Returns ? d.returns : d.control;
    if (d.spool && !spoolMarks(body).empty()) {
        auto spooled = SpooledRequest::open(std::move(body), *d.spool);
        if (!spooled) { // answered later, as every failure is
            d.calls.insert(running);
            const Error why = std::move(spooled).error();
            QMetaObject::invokeMethod(this, [this, running, why] { m_private->end(running, why); }, Qt::QueuedConnection);
            return;
        }
        request.setHeader(QNetworkRequest::ContentLengthHeader, (*spooled)->size());
        running->reply = manager.post(request, spooled->get());
        (*spooled).release()->setParent(running->reply);
    } else {
        running->reply = manager.post(request, QByteArray::fromStdString(body));
    }
    d.calls.insert(running);
    // Queued: a request that fails at once may say so before post() returns.
    connect(running->reply, &QNetworkReply::finished, this, [this, running] {
        QNetworkReply* reply = std::exchange(running->reply, nullptr);
        const auto answered = m_private->take(running);
        if (!reply || !answered) return;
        Expected<boost::json::value> answer = readAnswer(*reply, m_private->where());
        reply->deleteLater();
        if (!answer) answer = std::move(answer).error().whileDoing(running->method);
        answered(std::move(answer));
    }, Qt::QueuedConnection);
    if (timeoutMs > 0) {
        running->timer = std::make_unique<QTimer>();
        running->timer->setSingleShot(true);
        connect(running->timer.get(), &QTimer::timeout, this, [this, running, timeoutMs] {
            // The timer is destroyed by what follows, and this function object with it.
            const std::shared_ptr<Private::Call> kept = running;
            QTimer* timer = kept->timer.release();
            timer->deleteLater();
            std::string words = m_private->where() + " did not answer within " + std::to_string(timeoutMs) + " ms";
            m_private->end(kept, Error(ErrorCode::Timeout, std::move(words)));
        });
        running->timer->start(timeoutMs);
    }
}

void RpcClient::cancelAll() {
    // Callbacks may call() again: those are new calls and stay.
    const std::set<std::shared_ptr<Private::Call>> ending = m_private->calls;
    for (const auto& call : ending) m_private->end(call, Error(ErrorCode::Cancelled, "the call was cancelled"));
}

Expected<boost::json::value> callBlocking(const ApiInfo& server, std::string method, boost::json::array params, int timeoutMs) {
    Expected<boost::json::value> result = Error(ErrorCode::Internal, "the call did not run");
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        QEventLoop loop; // of this thread alone
        RpcClient client(server);
        client.call(std::move(method), std::move(params), [&](Expected<boost::json::value> answer) {
            result = std::move(answer);
            loop.quit();
        }, RpcClient::Channel::Control, timeoutMs);
        loop.exec();
    }));
    thread->setObjectName(QStringLiteral("lsw-call"));
    thread->start();
    thread->wait();
    return result;
}

} // namespace lsw::protocol
