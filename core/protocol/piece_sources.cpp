// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/piece_sources.h"

#include "protocol/piece_pipe.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <QtCore/QEventLoop>
#include <QtCore/QThread>
#include <QtCore/QTimer>
#include <QtCore/QUrl>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QNetworkRequest>

namespace lsw::protocol {

namespace {

constexpr std::size_t kStep = 256 << 10;
constexpr int kReaderCheckMs = 500;

class ZeroPiece final : public PieceData {
public:
    explicit ZeroPiece(std::uint64_t count) : m_count(count) {}
    ~ZeroPiece() override {
        m_pipe.wake();
        if (m_thread.joinable()) m_thread.join();
    }
    bool isZeros() const override { return true; }
    Expected<int> open(std::stop_token) override {
        if (m_thread.joinable()) return Error(ErrorCode::Internal, "piece data can be opened once");
        auto readEnd = m_pipe.open();
        if (!readEnd) return readEnd;
        m_thread = std::thread([this] {
            const std::vector<char> zeros(kStep);
            for (std::uint64_t left = m_count; left > 0;) {
                const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(left, zeros.size()));
                if (m_pipe.write(zeros.data(), step) != PiecePipe::Outcome::Written) break;
                left -= step;
            }
            m_pipe.close();
        });
        return readEnd;
    }
    Expected<void> finish() override {
        m_pipe.wake();
        return {};
    }
    std::uint64_t passed() const override { return m_pipe.written(); }

private:
    std::uint64_t m_count;
    PiecePipe m_pipe;
    std::thread m_thread;
};

/// A download on a thread of its own. The mutex guards the outcome, which is set before the reader can see the end.
class UrlPiece final : public PieceData {
public:
    explicit UrlPiece(std::string url) : m_url(std::move(url)) {}
    ~UrlPiece() override { stop(); }

    Expected<int> open(std::stop_token) override {
        if (m_thread) return Error(ErrorCode::Internal, "piece data can be opened once");
        const QUrl url(QString::fromStdString(m_url), QUrl::StrictMode);
        if (!url.isValid() || url.host().isEmpty() || (url.scheme() != QLatin1String("http") && url.scheme() != QLatin1String("https")))
            return Error(ErrorCode::InvalidArgument, "the source of the piece is no http or https URL");
        auto readEnd = m_pipe.open();
        if (!readEnd) return readEnd;
        m_thread.reset(QThread::create([this, url] { download(url); }));
        m_thread->setObjectName(QStringLiteral("lsw-piece"));
        m_thread->start();
        return readEnd;
    }

    Expected<void> finish() override {
        stop();
        const std::lock_guard lock(m_mutex);
        if (m_failure) return *m_failure;
        return {};
    }
    std::uint64_t passed() const override { return m_pipe.written(); }

private:
    void stop() {
        if (!m_thread) return;
        m_pipe.wake(); // first: a thread that waits for the reader has no event loop to quit
        m_thread->quit();
        m_thread->wait();
    }

    void download(const QUrl& url) {
        QEventLoop loop; // of this thread alone
        QNetworkAccessManager manager;
        QNetworkRequest request(url);
        request.setRawHeader("Accept-Encoding", "identity");
        request.setRawHeader("User-Agent", "lotus-seal-worker");
        request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
        request.setMaximumRedirectsAllowed(10);
        const std::unique_ptr<QNetworkReply> reply(manager.get(request));
        reply->setReadBufferSize(1 << 20); // the back-pressure
        bool stopped = false, refused = false;
        QByteArray bytes(static_cast<qsizetype>(kStep), Qt::Uninitialized);
        const auto statusOf = [&reply] { return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(); };
        const auto pass = [&] {
            while (!stopped && statusOf() == 200 && reply->bytesAvailable() > 0) {
                const qint64 got = reply->read(bytes.data(), bytes.size());
                if (got <= 0) return;
                if (m_pipe.write(bytes.constData(), static_cast<std::size_t>(got)) != PiecePipe::Outcome::Written) {
                    stopped = true;
                    loop.quit();
                }
            }
        };
        const auto look = [&] {
            const int status = statusOf();
            if (status == 200) return pass();
            if (status >= 300 && status < 400) return; // a redirect on its way
            refused = status != 0;
            if (refused) loop.quit(); // its body does not matter
        };
        QTimer readerCheck;
        QObject::connect(&readerCheck, &QTimer::timeout, &loop, [&] {
            if (!m_pipe.readerIsGone()) return;
            stopped = true;
            loop.quit();
        });
        readerCheck.start(kReaderCheckMs);
        QObject::connect(reply.get(), &QNetworkReply::metaDataChanged, &loop, look);
        QObject::connect(reply.get(), &QNetworkReply::readyRead, &loop, look);
        QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
        if (!reply->isFinished()) loop.exec();
        pass();
        // Neither a reader that has enough nor finish() is a failure of the download.
        if (!stopped && (refused || reply->isFinished())) judge(*reply, statusOf());
        reply->disconnect();
        reply->abort();
        m_pipe.close();
    }

    void judge(const QNetworkReply& reply, int status) {
        const QNetworkReply::NetworkError error = reply.error();
        const std::lock_guard lock(m_mutex);
        if (status != 0 && status != 200) m_failure = Error(ErrorCode::Remote, "unexpected http status " + std::to_string(status));
        else if (status == 200 && error != QNetworkReply::NoError) m_failure = Error(ErrorCode::Io, "unexpected EOF");
        else if (error != QNetworkReply::NoError)
            m_failure = Error(ErrorCode::Io, "fetching the piece: " + reply.errorString().toStdString());
    }

    std::string m_url;
    PiecePipe m_pipe;
    std::unique_ptr<QThread> m_thread;
    std::mutex m_mutex;
    std::optional<Error> m_failure;
};

} // namespace

std::shared_ptr<PieceData> zeroPiece(std::uint64_t count) { return std::make_shared<ZeroPiece>(count); }

std::shared_ptr<PieceData> urlPiece(std::string url) { return std::make_shared<UrlPiece>(std::move(url)); }

} // namespace lsw::protocol
