// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lsw::test {

/// A TCP client that sends exactly the bytes it is given: HTTP as a stranger may speak it.
class RawClient {
public:
    /// `from` is the address it comes from: all of 127.0.0.0/8 is this machine.
    explicit RawClient(std::uint16_t port, const char* from = nullptr) : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        if (from) {
            address.sin_family = AF_INET;
            ::inet_pton(AF_INET, from, &address.sin_addr);
            ::bind(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
        }
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_connected = ::connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        const timeval patience{20, 0};
        ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        const int on = 1;
        ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ~RawClient() { close(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool isConnected() const { return m_connected; }
    int descriptor() const { return m_socket; }

    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void endSending() { ::shutdown(m_socket, SHUT_WR); }
    void close() {
        if (m_socket >= 0) ::close(m_socket);
        m_socket = -1;
    }
    /// Closes so that the peer gets a reset.
    void reset() {
        const linger hard{1, 0};
        ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        close();
    }

    struct Reply {
        int status = 0; ///< 0: the connection ended or nothing came
        std::map<std::string, std::string> headers;
        std::string head, body;
    };
    /// One reply; `toHead` when it answers a HEAD.
    Reply readReply(bool toHead = false) {
        Reply reply;
        std::size_t end;
        while ((end = m_buffer.find("\r\n\r\n")) == std::string::npos)
            if (!more()) return reply;
        reply.head = m_buffer.substr(0, end + 2);
        m_buffer.erase(0, end + 4);
        if (reply.head.size() > 12) reply.status = std::atoi(reply.head.c_str() + 9);
        std::size_t at = reply.head.find("\r\n") + 2;
        while (at < reply.head.size()) {
            const std::size_t lineEnd = reply.head.find("\r\n", at);
            const std::size_t colon = reply.head.find(": ", at);
            if (colon < lineEnd) reply.headers[reply.head.substr(at, colon - at)] = reply.head.substr(colon + 2, lineEnd - colon - 2);
            at = lineEnd + 2;
        }
        if (toHead) return reply;
        if (reply.headers.contains("Content-Length")) {
            const std::size_t length = std::stoul(reply.headers["Content-Length"]);
            while (m_buffer.size() < length)
                if (!more()) return {};
            reply.body = m_buffer.substr(0, length);
            m_buffer.erase(0, length);
        } else if (reply.headers.contains("Transfer-Encoding")) {
            while (m_buffer.find("0\r\n\r\n") == std::string::npos)
                if (!more()) return {};
            reply.body.swap(m_buffer); // framed: tests look at the chunks
        }
        return reply;
    }
    /// Exactly that many bytes as they come; fewer when the connection ends.
    std::string readBytes(std::size_t count) {
        while (m_buffer.size() < count && more()) {}
        std::string out = m_buffer.substr(0, count);
        m_buffer.erase(0, out.size());
        return out;
    }
    /// A chunked body without its framing.
    static std::string unchunked(const std::string& framed) {
        std::string out;
        for (std::size_t at = 0; at < framed.size();) {
            const std::size_t line = framed.find("\r\n", at);
            if (line == std::string::npos) break;
            const std::size_t size = std::stoul(framed.substr(at, line - at), nullptr, 16);
            if (size == 0) break;
            out += framed.substr(line + 2, size);
            at = line + 2 + size + 2;
        }
        return out;
    }
    /// Whether the server closes without another byte.
    bool isClosedByServer() {
        while (more()) {}
        return m_ended && m_buffer.empty();
    }

private:
    bool more() {
        char bytes[16384];
        const ssize_t got = ::recv(m_socket, bytes, sizeof bytes, 0);
        m_ended = got == 0 || (got < 0 && errno == ECONNRESET);
        if (got <= 0) return false;
        m_buffer.append(bytes, static_cast<std::size_t>(got));
        return true;
    }

    int m_socket;
    bool m_connected = false, m_ended = false;
    std::string m_buffer;
};

} // namespace lsw::test
