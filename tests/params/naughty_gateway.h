// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lsw::test {

/// What a gateway does wrong with one request.
enum class Fault {
    None,
    Page,        ///< 200 with a page
    ErrorAsFile, ///< 200 with 322 bytes of such an XML, as if they were the file
    Forbidden,   ///< 403 with the XML of a store whose account is blocked
    ServerError, ///< 503
    Reset,       ///< closes without an answer
    Short,       ///< ends in the middle
    Stall,       ///< sends nothing more after a while
    OtherRange,  ///< 206 of other bytes than asked
    NoRanges,    ///< 200 with the whole file
    WrongBytes,  ///< a byte is not that of the file
    LyingSize,   ///< says the file is longer
    TooMuch,     ///< sends more than asked, chunked
    Redirect,    ///< to itself, with what was asked
    Empty,       ///< 200 with nothing
};

/// An HTTP server of files by their CID, on loopback, that does wrong as it is told.
class NaughtyGateway {
public:
    using Mood = std::function<Fault(const std::string& cid, std::uint64_t begin)>;

    explicit NaughtyGateway(std::map<std::string, Bytes> files, Mood mood = [](const std::string&, std::uint64_t) { return Fault::None; })
        : m_files(std::move(files)), m_mood(std::move(mood)) {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(m_listener, 64) != 0 ||
            ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            std::abort();
        m_port = ntohs(address.sin_port);
        m_accepting = std::thread([this] { accept(); });
    }
    ~NaughtyGateway() {
        m_isOver = true;
        ::shutdown(m_listener, SHUT_RDWR);
        m_accepting.join();
        {
            const std::lock_guard lock(m_mutex);
            for (const int one : m_open) ::shutdown(one, SHUT_RDWR);
        }
        for (std::thread& one : m_serving) one.join();
        ::close(m_listener);
    }
    NaughtyGateway(const NaughtyGateway&) = delete;
    NaughtyGateway& operator=(const NaughtyGateway&) = delete;

    std::string address() const { return "http://127.0.0.1:" + std::to_string(m_port) + "/ipfs/"; }
    std::uint64_t sent() const { return m_sent; }
    std::uint64_t sentRightly() const { return m_sentRightly; } ///< in answers with which nothing was wrong
    int requests() const { return m_requests; }
    /// Bytes a second of each connection; 0: as fast as it goes.
    std::atomic<std::uint64_t> rate{0};

private:
    void accept() {
        for (;;) {
            const int one = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (one < 0 || m_isOver) {
                if (one >= 0) ::close(one);
                return;
            }
            const int on = 1;
            ::setsockopt(one, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            const std::lock_guard lock(m_mutex);
            m_open.push_back(one);
            m_serving.emplace_back([this, one] { serve(one); });
        }
    }

    void serve(int connection) {
        std::string head;
        while (answerOne(connection, head)) {}
        const std::lock_guard lock(m_mutex);
        std::erase(m_open, connection);
        ::close(connection);
    }

    bool send(int connection, std::string_view bytes) {
        while (!bytes.empty()) {
            const std::size_t most = rate > 0 ? std::max<std::size_t>(1, static_cast<std::size_t>(rate / 50)) : bytes.size();
            const ssize_t sent = ::send(connection, bytes.data(), std::min(bytes.size(), most), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            if (rate > 0) std::this_thread::sleep_for(std::chrono::microseconds(static_cast<std::uint64_t>(sent) * 1000000 / rate));
        }
        return true;
    }

    bool answer(int connection, const std::string& statusAndHeaders, std::string_view body, std::optional<std::size_t> length = {}) {
        const std::string head = "HTTP/1.1 " + statusAndHeaders + "Content-Length: " + std::to_string(length.value_or(body.size())) + "\r\n\r\n";
        return send(connection, head) && send(connection, body);
    }

    /// False when the connection is over.
    bool answerOne(int connection, std::string& pending) {
        std::size_t end;
        while ((end = pending.find("\r\n\r\n")) == std::string::npos) {
            char block[4096];
            const ssize_t got = ::recv(connection, block, sizeof block, 0);
            if (got <= 0) return false;
            pending.append(block, static_cast<std::size_t>(got));
        }
        const std::string head = pending.substr(0, end + 2);
        pending.erase(0, end + 4);
        ++m_requests;
        const auto space = head.find(' ');
        std::string path = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
        const bool isRedirected = path.ends_with("?again");
        if (isRedirected) path.resize(path.size() - 6);
        const std::string cid = path.substr(path.rfind('/') + 1);
        const auto found = m_files.find(cid);
        if (found == m_files.end()) return answer(connection, "404 Not Found\r\nContent-Type: text/plain\r\n", "no such block");
        const Bytes& file = found->second;
        std::uint64_t first = 0, last = file.empty() ? 0 : file.size() - 1;
        bool isPart = false;
        if (const auto range = head.find("Range: bytes="); range != std::string::npos) {
            isPart = true;
            const char* at = head.data() + range + 13;
            at = std::from_chars(at, head.data() + head.size(), first).ptr + 1;
            std::from_chars(at, head.data() + head.size(), last);
            if (first >= file.size()) return answer(connection, "416 Range Not Satisfiable\r\n", "");
            last = std::min<std::uint64_t>(last, file.size() - 1);
        }
        const Fault fault = isRedirected ? Fault::None : m_mood(cid, first);
        std::string body(reinterpret_cast<const char*>(file.data()) + first, static_cast<std::size_t>(file.empty() ? 0 : last - first + 1));
        const auto range = [](std::uint64_t a, std::uint64_t b, std::uint64_t total) {
            return "206 Partial Content\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes " + std::to_string(a) + '-' + std::to_string(b) + '/' +
                   std::to_string(total) + "\r\n";
        };
        const std::string good = isPart ? range(first, last, file.size()) : "200 OK\r\nContent-Type: application/octet-stream\r\n";
        const std::string_view whole(reinterpret_cast<const char*>(file.data()), file.size());
        switch (fault) {
        case Fault::Page: return answer(connection, "200 OK\r\nContent-Type: text/html; charset=utf-8\r\n", "<html><body>please sign in</body></html>");
        case Fault::ErrorAsFile: {
            std::string error = "<?xml version=\"1.0\"?><Error><Code>AccountArrear</Code><Message>x</Message></Error>";
            error.resize(322, ' ');
            return answer(connection, "200 OK\r\nContent-Type: application/octet-stream\r\n", error);
        }
        case Fault::Forbidden:
            return answer(connection, "403 Forbidden\r\nContent-Type: application/xml\r\n", "<?xml version=\"1.0\"?><Error><Code>AccountArrear</Code><Message>x</Message></Error>");
        case Fault::ServerError: return answer(connection, "503 Service Unavailable\r\nContent-Type: text/plain\r\n", "busy");
        case Fault::Reset: return false;
        case Fault::Short:
            answer(connection, good, std::string_view(body).substr(0, body.size() / 2), body.size());
            m_sent += body.size() / 2;
            return false;
        case Fault::Stall: {
            answer(connection, good, std::string_view(body).substr(0, body.size() / 3), body.size());
            pollfd wait{connection, POLLIN, 0};
            ::poll(&wait, 1, -1); // until the other side, or the end of this server, closes it
            return false;
        }
        case Fault::OtherRange: return answer(connection, range(first + 1, last + 1, file.size() + 1), body);
        case Fault::NoRanges:
            m_sent += whole.size();
            return answer(connection, "200 OK\r\nContent-Type: application/octet-stream\r\n", whole);
        case Fault::WrongBytes:
            if (!body.empty()) body[body.size() / 2] = static_cast<char>(body[body.size() / 2] ^ 0x10);
            break;
        case Fault::LyingSize: return answer(connection, range(first, last, file.size() + 77), body);
        case Fault::TooMuch: {
            const std::string more = body + std::string(200, 'x');
            char size[32];
            std::snprintf(size, sizeof size, "%zx\r\n", more.size());
            send(connection, "HTTP/1.1 " + good + "Transfer-Encoding: chunked\r\n\r\n" + size + more + "\r\n0\r\n\r\n");
            return false;
        }
        case Fault::Redirect: return answer(connection, "302 Found\r\nLocation: " + path + "?again\r\n", "");
        case Fault::Empty: return answer(connection, "200 OK\r\nContent-Type: application/octet-stream\r\n", "");
        case Fault::None: break;
        }
        m_sent += body.size();
        if (fault == Fault::None) m_sentRightly += body.size();
        return answer(connection, good, body);
    }

    std::map<std::string, Bytes> m_files;
    Mood m_mood;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<bool> m_isOver{false};
    std::atomic<std::uint64_t> m_sent{0}, m_sentRightly{0};
    std::atomic<int> m_requests{0};
    std::mutex m_mutex;
    std::vector<int> m_open;
    std::vector<std::thread> m_serving;
    std::thread m_accepting;
};

} // namespace lsw::test
