// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/body_reader.h"
#include "protocol/http_server.h"
#include "protocol/http_text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <mutex>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace lsw::protocol {

namespace {

constexpr std::chrono::milliseconds kLinger{500};
constexpr std::uint64_t kLingerBytes = 64ULL << 20;
constexpr std::size_t kSendfileStep = 2 << 20;
constexpr time_t kWriteStallSeconds = 300;

/// The descriptor and the wish to end, shared with those who may abort the connection.
struct Wire {
    std::mutex mutex; ///< guards `socket` between close and shutdown, so that a reused number is never shut down
    int socket = -1;
    std::stop_source stop;

    void abort() {
        stop.request_stop();
        const std::lock_guard lock(mutex);
        if (socket >= 0) ::shutdown(socket, SHUT_RDWR);
    }
};

Error wireError(int errnum, const char* what) {
    if (errnum == EAGAIN || errnum == EWOULDBLOCK)
        return Error(ErrorCode::Timeout, std::string(what) + ": the peer takes nothing any more");
    return Error(ErrorCode::Io, std::string(what) + ": " + std::strerror(errnum));
}

/// Keeps SIGPIPE from this thread while sendfile runs, which knows no MSG_NOSIGNAL, and takes away one that came.
class NoSigpipe {
public:
    NoSigpipe() {
        sigemptyset(&m_set);
        sigaddset(&m_set, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        m_wasPending = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &m_set, &m_before);
    }
    ~NoSigpipe() {
        const int saved = errno;
        const timespec none{};
        if (!m_wasPending) {
            while (sigtimedwait(&m_set, nullptr, &none) == -1 && errno == EINTR) {}
        }
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
        errno = saved;
    }
    NoSigpipe(const NoSigpipe&) = delete;
    NoSigpipe& operator=(const NoSigpipe&) = delete;

private:
    sigset_t m_set{}, m_before{};
    bool m_wasPending = false;
};

} // namespace

class BulkConnection::Private {
public:
    std::shared_ptr<Wire> wire = std::make_shared<Wire>();
    BodyReader body;
    bool answersHead = false;
    bool wantsContinue = false; ///< the peer waits for "100 Continue" before it sends the body
    bool chunkedReply = false;
    bool answered = false;

    Private(std::string alreadyRead, const HttpHead& head)
        : body(head.chunked ? BodyReader::chunked() : BodyReader::sized(head.contentLength.value_or(0)), std::move(alreadyRead)),
          answersHead(head.method == "HEAD") {
        const auto expect = head.headers.find("expect");
        wantsContinue = expect != head.headers.end() && !body.atEnd() && !body.hasBuffered();
    }

    Expected<void> sendAll(const char* data, std::size_t size, bool more = false) {
        while (size > 0) {
            const ssize_t sent = ::send(wire->socket, data, size, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
            if (sent < 0) {
                if (errno == EINTR) continue;
                return wireError(errno, "sending");
            }
            data += sent;
            size -= static_cast<std::size_t>(sent);
        }
        return {};
    }

    /// Reads and drops for a moment what still comes: closing over unread bytes resets the connection and may eat the answer.
    void linger() {
        ::shutdown(wire->socket, SHUT_WR);
        const auto deadline = std::chrono::steady_clock::now() + kLinger;
        std::array<char, 65536> dropped;
        std::uint64_t total = 0;
        while (total < kLingerBytes && !wire->stop.stop_requested()) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
            if (left.count() <= 0) return;
            pollfd waiting{wire->socket, POLLIN, 0};
            const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
            if (ready < 0 && errno == EINTR) continue;
            if (ready <= 0) return;
            const ssize_t got = ::recv(wire->socket, dropped.data(), dropped.size(), MSG_DONTWAIT);
            if (got <= 0) return;
            total += static_cast<std::uint64_t>(got);
        }
    }

    ~Private() {
        if (answered && !wire->stop.stop_requested()) linger();
        const std::lock_guard lock(wire->mutex);
        ::close(wire->socket);
        wire->socket = -1;
    }
};

BulkConnection::BulkConnection(int socket, std::string alreadyRead, const HttpHead& head)
    : m_private(std::make_unique<Private>(std::move(alreadyRead), head)) {
    m_private->wire->socket = socket;
    const int flags = ::fcntl(socket, F_GETFL);
    if (flags >= 0) ::fcntl(socket, F_SETFL, flags & ~O_NONBLOCK);
    // A peer that vanished ends a write after five minutes and a read by TCP keep-alive; a slow sender is none of our business.
    const timeval stall{kWriteStallSeconds, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof stall);
}

BulkConnection::~BulkConnection() = default;
BulkConnection::BulkConnection(BulkConnection&&) noexcept = default;

Expected<std::size_t> BulkConnection::readBody(void* buffer, std::size_t size) {
    Private& d = *m_private;
    if (d.wantsContinue) {
        d.wantsContinue = false;
        static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        LSW_TRY(d.sendAll(kContinue.data(), kContinue.size()));
    }
    return d.body.read(buffer, size, [&d](char* to, std::size_t room) -> Expected<std::size_t> {
        while (true) {
            const ssize_t got = ::recv(d.wire->socket, to, room, 0);
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno == EINTR) continue;
            if (errno == ECONNRESET || errno == ETIMEDOUT) return std::size_t{0}; // to the reader of a body the same as an early end
            return wireError(errno, "receiving");
        }
    });
}

Expected<void> BulkConnection::writeHead(const HttpReply& headOnly, std::optional<std::uint64_t> length) {
    Private& d = *m_private;
    d.answered = true;
    d.chunkedReply = !length && !d.answersHead && statusHasBody(headOnly.status);
    const std::string text = replyHeadText(headOnly, {.answersHead = d.answersHead, .length = length, .closes = true});
    return d.sendAll(text.data(), text.size());
}

Expected<void> BulkConnection::writeBody(const void* data, std::size_t size) {
    Private& d = *m_private;
    if (size == 0 || d.answersHead) return {};
    if (!d.chunkedReply) return d.sendAll(static_cast<const char*>(data), size);
    std::array<char, 24> head{};
    const int length = std::snprintf(head.data(), head.size(), "%zx\r\n", size);
    LSW_TRY(d.sendAll(head.data(), static_cast<std::size_t>(length), true));
    LSW_TRY(d.sendAll(static_cast<const char*>(data), size, true));
    return d.sendAll("\r\n", 2);
}

Expected<void> BulkConnection::sendFile(int file, std::uint64_t offset, std::uint64_t length) {
    Private& d = *m_private;
    if (length == 0 || d.answersHead) return {};
    if (d.chunkedReply) {
        std::array<char, 24> head{};
        const int written = std::snprintf(head.data(), head.size(), "%llx\r\n", static_cast<unsigned long long>(length));
        LSW_TRY(d.sendAll(head.data(), static_cast<std::size_t>(written), true));
    }
    const NoSigpipe guard;
    off_t position = static_cast<off_t>(offset);
    while (length > 0) {
        const ssize_t sent = ::sendfile(d.wire->socket, file, &position, std::min<std::uint64_t>(length, kSendfileStep));
        if (sent < 0) {
            if (errno == EINTR) continue;
            return wireError(errno, "sending a file");
        }
        if (sent == 0) return Error(ErrorCode::Corrupt, "the file ends before the range that was to be sent");
        length -= static_cast<std::uint64_t>(sent);
    }
    return d.chunkedReply ? d.sendAll("\r\n", 2) : Expected<void>();
}

Expected<void> BulkConnection::finish() {
    if (!m_private->chunkedReply) return {};
    m_private->chunkedReply = false;
    return m_private->sendAll("0\r\n\r\n", 5);
}

Expected<void> BulkConnection::reply(const HttpReply& reply) {
    Private& d = *m_private;
    d.answered = true;
    std::string text = replyHeadText(reply, {.answersHead = d.answersHead, .length = reply.body.size(), .closes = true});
    if (!d.answersHead && statusHasBody(reply.status)) text += reply.body;
    return d.sendAll(text.data(), text.size());
}

void BulkConnection::abort() { m_private->wire->abort(); }

std::stop_token BulkConnection::stopToken() const { return m_private->wire->stop.get_token(); }

std::function<void()> BulkConnection::aborter() const {
    return [wire = m_private->wire] { wire->abort(); };
}

int BulkConnection::descriptor() const { return m_private->wire->socket; }

bool BulkConnection::hasBufferedBody() const { return m_private->body.isReady() || m_private->wantsContinue; }

} // namespace lsw::protocol
