// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lsw::test {

/// A server on loopback that answers each connection with exactly the bytes it is told and closes: HTTP as a broken peer speaks it.
class ScriptServer {
public:
    /// The bytes that answer the n-th request (from 0). `hold` set true: the connection stays open until the peer leaves.
    using Script = std::function<std::string(int number, const std::string& head, bool& hold)>;

    explicit ScriptServer(Script script) : m_script(std::move(script)), m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(m_listener, 16) != 0 ||
            ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            std::abort();
        m_port = ntohs(address.sin_port);
        m_thread = std::jthread([this] { serve(); });
    }
    ~ScriptServer() {
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread = {};
        ::close(m_listener);
    }
    std::uint16_t port() const { return m_port; }
    std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(m_port) + path; }
    /// What was asked: heads, with the body behind them where there was one.
    std::vector<std::string> heads() const {
        const std::lock_guard lock(m_mutex);
        return m_heads;
    }
    /// True once a held connection was left by the peer.
    bool wasLeft() const { return m_wasLeft; }

private:
    void serve() {
        for (int number = 0;; ++number) {
            const int peer = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (peer < 0) return;
            std::string head;
            char bytes[4096];
            while (head.find("\r\n\r\n") == std::string::npos) {
                const ssize_t got = ::recv(peer, bytes, sizeof bytes, 0);
                if (got <= 0) break;
                head.append(bytes, static_cast<std::size_t>(got));
            }
            // A body that was left unread would reset the connection before the answer is seen.
            const auto length = head.find("Content-Length: "), end = head.find("\r\n\r\n");
            const std::size_t whole = length < end ? end + 4 + std::strtoul(head.c_str() + length + 16, nullptr, 10) : 0;
            while (head.size() < whole) {
                const ssize_t got = ::recv(peer, bytes, sizeof bytes, 0);
                if (got <= 0) break;
                head.append(bytes, static_cast<std::size_t>(got));
            }
            {
                const std::lock_guard lock(m_mutex);
                m_heads.push_back(head);
            }
            bool hold = false;
            const std::string answer = m_script(number, head, hold);
            for (std::size_t at = 0; at < answer.size();) {
                const ssize_t sent = ::send(peer, answer.data() + at, answer.size() - at, MSG_NOSIGNAL);
                if (sent <= 0) break;
                at += static_cast<std::size_t>(sent);
            }
            if (hold) {
                while (::recv(peer, bytes, sizeof bytes, 0) > 0) {}
                m_wasLeft = true;
            }
            ::close(peer);
        }
    }

    Script m_script;
    int m_listener;
    std::uint16_t m_port = 0;
    mutable std::mutex m_mutex; ///< guards m_heads
    std::vector<std::string> m_heads;
    std::atomic<bool> m_wasLeft = false;
    std::jthread m_thread;
};

} // namespace lsw::test
