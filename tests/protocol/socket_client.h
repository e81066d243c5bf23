// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "raw_client.h"

#include <string>

namespace lsw::test {

/// A WebSocket client that sends exactly the frames it is given, masked as RFC 6455 wants it of clients.
class SocketClient {
public:
    enum Op { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };
    struct Frame {
        int op = -1; ///< −1: the connection ended
        bool fin = false;
        std::string body;
    };
    static constexpr const char* kKey = "J7lbB9c6IcxA4LbtWk3l8w==";
    static constexpr const char* kAccept = "bjy67mhNkKUHHChYXqef4Pkg4q0="; ///< of that key

    explicit SocketClient(std::uint16_t port) : raw(port) {}

    /// The request of the Go client; the head of the answer, byte for byte.
    std::string upgrade(const std::string& token, const std::string& path = "/rpc/v0") {
        raw.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:3456\r\nUser-Agent: Go-http-client/1.1\r\n" +
                 (token.empty() ? std::string() : "Authorization: Bearer " + token + "\r\n") +
                 "Connection: Upgrade\r\nSec-WebSocket-Key: " + kKey + "\r\nSec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n\r\n");
        std::string head;
        while (!head.ends_with("\r\n\r\n")) {
            const std::string byte = raw.readBytes(1);
            if (byte.empty()) break;
            head += byte;
        }
        return head;
    }

    bool send(int op, const std::string& body, bool fin = true) {
        std::string frame(1, static_cast<char>((fin ? 0x80 : 0) | op));
        if (body.size() < 126) {
            frame += static_cast<char>(0x80 | body.size());
        } else if (body.size() < 65536) {
            frame += static_cast<char>(0x80 | 126);
            for (int shift = 8; shift >= 0; shift -= 8) frame += static_cast<char>(body.size() >> shift & 0xff);
        } else {
            frame += static_cast<char>(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) frame += static_cast<char>(body.size() >> shift & 0xff);
        }
        static constexpr char kMask[4] = {0x12, 0x34, 0x56, 0x78};
        frame.append(kMask, 4);
        for (std::size_t i = 0; i < body.size(); ++i) frame += static_cast<char>(body[i] ^ kMask[i % 4]);
        return raw.send(frame);
    }
    bool call(const std::string& request) { return send(Text, request); }

    /// The next frame, whatever it is.
    Frame frame() {
        Frame out;
        const std::string head = raw.readBytes(2);
        if (head.size() < 2) return out;
        std::uint64_t size = static_cast<unsigned char>(head[1]) & 0x7fU;
        const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
        if (more > 0) {
            size = 0;
            for (const char c : raw.readBytes(more)) size = size << 8 | static_cast<unsigned char>(c);
        }
        out.body = raw.readBytes(size);
        if (out.body.size() < size) return out;
        out.op = static_cast<unsigned char>(head[0]) & 0x0f;
        out.fin = (static_cast<unsigned char>(head[0]) & 0x80) != 0;
        return out;
    }
    /// The next whole message, fragments joined; pings are answered, as the newer clients do. Empty when the connection ended.
    std::string message() {
        std::string out;
        for (;;) {
            const Frame one = frame();
            if (one.op == Ping) send(Pong, one.body);
            if (one.op == Ping || one.op == Pong) continue;
            if (one.op < 0 || one.op == Close) return {};
            out += one.body;
            if (one.fin) return out;
        }
    }

    RawClient raw;
};

} // namespace lsw::test
