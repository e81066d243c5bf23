// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/bench_measure.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fstream>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QtCore/QEventLoop>
#include <QtCore/QProcess>
#include <QtCore/QRandomGenerator>

namespace lsw::practice {
namespace {

constexpr int kAnswerMs = 10000, kBurst = 20, kBurstEvery = 5, kStopLookMs = 100;

double nowMs() {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

double rounded(double value) {
    return std::round(value * 1000) / 1000;
}

double percentile(const std::vector<double>& sorted, double part) {
    const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

std::vector<double> sorted(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values;
}

boost::json::array jsonOf(const std::vector<double>& values) {
    boost::json::array out;
    for (const double value : values) out.push_back(rounded(value));
    return out;
}

Expected<void> awaitEnd(QProcess& process, int limitMs, const std::string& what, const std::stop_token& stop) {
    QEventLoop loop;
    QTimer limit, look;
    bool late = false;
    QObject::connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
    QObject::connect(&process, &QProcess::errorOccurred, &loop, &QEventLoop::quit);
    limit.setSingleShot(true);
    limit.callOnTimeout(&loop, [&] {
        late = true;
        loop.quit();
    });
    look.callOnTimeout(&loop, [&] { if (stop.stop_requested()) loop.quit(); });
    limit.start(limitMs);
    look.start(kStopLookMs);
    if (process.state() != QProcess::NotRunning) loop.exec();
    if (process.state() != QProcess::NotRunning) {
        process.kill();
        process.waitForFinished();
        return late ? Error(ErrorCode::Timeout, what + " took too long") : Error(ErrorCode::Cancelled, what + " was cancelled");
    }
    if (process.exitStatus() == QProcess::NormalExit && process.error() == QProcess::UnknownError && process.exitCode() == 0) return {};
    return Error(ErrorCode::ChildDied, what + " failed: " + process.readAllStandardError().trimmed().right(500).toStdString());
}

Expected<void> writeData(const std::filesystem::path& file, std::uint64_t size) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    std::vector<quint32> block(1 << 18);
    QRandomGenerator::global()->fillRange(block.data(), static_cast<qsizetype>(block.size()));
    for (std::uint64_t left = size; out && left > 0;) {
        const std::uint64_t count = std::min<std::uint64_t>(left, block.size() * sizeof(quint32));
        out.write(reinterpret_cast<const char*>(block.data()), static_cast<std::streamsize>(count));
        left -= count;
    }
    out.close();
    if (!out) return errnoError(errno, "cannot write " + file.string());
    return {};
}

SessionAsker::SessionAsker(std::unique_ptr<protocol::RpcClient> client) : m_client(std::move(client)) {
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.callOnTimeout([this] { ask(); });
    m_clock.start();
    m_timer.start(kEveryMs);
}

Expected<SessionTimes> SessionAsker::finish() {
    m_timer.stop();
    QEventLoop loop;
    m_loop = &loop;
    if (m_open > 0) loop.exec(); // each call has its own limit
    m_loop = nullptr;
    if (m_failure) return Error(*m_failure).whileDoing("asking the worker for its session");
    return SessionTimes{std::move(m_milliseconds), std::move(m_late)};
}


void SessionAsker::ask() {
    const double now = static_cast<double>(m_clock.nsecsElapsed()) / 1e6;
    if (m_ticks++ > 0) m_late.push_back(std::max(0.0, now - m_lastTick - kEveryMs));
    m_lastTick = now;
    ++m_open;
    m_client->call(
        "Filecoin.Session", {},
        [this, begun = m_clock.nsecsElapsed()](const Expected<boost::json::value>& answer) {
            m_milliseconds.push_back(static_cast<double>(m_clock.nsecsElapsed() - begun) / 1e6);
            if (!answer && !m_failure) m_failure = answer.error();
            if (--m_open == 0 && m_loop) m_loop->quit();
        },
        protocol::RpcClient::Channel::Control, kAnswerMs);
}

RoundTrips::RoundTrips(const protocol::Endpoint& worker, const std::string& token) : m_host(worker.host), m_port(worker.port) {
    const std::string body = R"({"jsonrpc":"2.0","method":"Filecoin.Session","params":[],"id":1})";
    m_request = "POST /rpc/v0 HTTP/1.1\r\nHost: " + m_host + "\r\nAuthorization: Bearer " + token +
                "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

RoundTrips::~RoundTrips() {
    m_thread.request_stop();
    if (m_thread.joinable()) m_thread.join();
    if (m_socket >= 0) ::close(m_socket);
}

Expected<RoundTrips::Times> RoundTrips::finish() {
    m_thread.request_stop();
    m_thread.join();
    if (m_failure) return Error(*m_failure).whileDoing("asking the worker for its session");
    return std::move(m_times);
}

void RoundTrips::run(const std::stop_token& stop) {
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(m_port);
    ::inet_pton(AF_INET, m_host.c_str(), &address.sin_addr);
    const int one = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    const timeval limit{kAnswerMs / 1000, 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (::connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        m_failure = errnoError(errno, "cannot connect to the worker");
        return;
    }
    for (int turn = 0; !stop.stop_requested(); ++turn) {
        std::this_thread::sleep_for(std::chrono::milliseconds(SessionAsker::kEveryMs));
        const double begun = nowMs();
        if (auto asked = ask(); !asked) {
            m_failure = std::move(asked).error();
            return;
        }
        m_times.spaced.push_back(nowMs() - begun);
        if (turn % kBurstEvery != 0) continue;
        const double first = nowMs();
        for (int i = 0; i < kBurst; ++i) {
            if (auto asked = ask(); !asked) {
                m_failure = std::move(asked).error();
                return;
            }
        }
        m_times.bursts.push_back((nowMs() - first) * 1000 / kBurst);
    }
}

/// One question and its whole answer.
Expected<void> RoundTrips::ask() {
    if (::send(m_socket, m_request.data(), m_request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(m_request.size()))
        return errnoError(errno, "cannot ask the worker");
    std::string answer;
    std::array<char, 4096> block;
    for (std::size_t whole = 0; whole == 0 || answer.size() < whole;) {
        const ssize_t got = ::recv(m_socket, block.data(), block.size(), 0);
        if (got < 0) return errnoError(errno, "the worker does not answer");
        if (got == 0) return Error(ErrorCode::Io, "the worker closed the connection");
        answer.append(block.data(), static_cast<std::size_t>(got));
        const auto end = answer.find("\r\n\r\n");
        if (end == std::string::npos || whole > 0) continue;
        constexpr std::string_view kName = "content-length: ";
        std::string head = answer.substr(0, end);
        std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const auto at = head.find(kName);
        std::size_t length = 0;
        if (!head.starts_with("http/1.1 200") || at == std::string::npos)
            return Error(ErrorCode::Remote, "the worker answered: " + answer.substr(0, answer.find('\r')));
        std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
        whole = end + 4 + length;
    }
    if (answer.find("\"result\"") == std::string::npos) return Error(ErrorCode::Remote, "the worker answered without a result");
    return {};
}

} // namespace lsw::practice
