// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/http_server.h"
#include "raw_client.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <mutex>
#include <thread>

#include <fcntl.h>

#include <QtCore/QTemporaryFile>
#include <QtTest/QTest>

#include "support/patience.h"

namespace lsw::protocol {

using test::kPatienceMs;
using test::RawClient;

/// The server under test with routes that show what arrives.
class Fixture {
public:
    /// Counts what it is fed.
    class Intake final : public BodyIntake {
    public:
        explicit Intake(Fixture& fixture) : m_fixture(fixture) { ++m_fixture.intakes; }
        Expected<void> feed(std::string_view piece) override {
            if (m_fixture.refusesLarge) return Error(ErrorCode::NoSpace, "full");
            total += piece.size();
            m_fixture.fed += piece.size();
            m_fixture.largestPiece = std::max<std::size_t>(m_fixture.largestPiece.load(), piece.size());
            return {};
        }
        Expected<void> finish() override { return {}; }
        HttpReply refusal(const Error&) const override { return {507, {}, {}, {}}; }
        std::size_t total = 0;

    private:
        Fixture& m_fixture;
    };

    explicit Fixture(HttpServer::Options options = {}) {
        HttpRoute echo;
        echo.prefix = "/echo";
        echo.bodyLimit = 2 << 20;
        echo.handle = [](HttpHead head, std::string body, Permissions permissions, std::function<void(HttpReply)> reply) {
            HttpReply out;
            out.contentType = "application/json";
            out.body = head.method + ' ' + head.path + ' ' + std::to_string(body.size()) + ' ' + (permissions.contains("admin") ? "admin" : "anyone") + ' ' +
                       (body.size() < 100 ? body : "");
            reply(out);
        };
        HttpRoute rpc = echo;
        rpc.prefix = "/rpc/v0";
        rpc.exact = true;
        HttpReply large;
        large.status = 500;
        large.body = "too large for us";
        rpc.tooLarge = large;
        HttpRoute late;
        late.prefix = "/late";
        late.handle = [this](HttpHead, std::string, Permissions, std::function<void(HttpReply)> reply) {
            const std::lock_guard lock(mutex);
            held.push_back(std::move(reply));
            arrived.notify_all();
        };
        HttpRoute throwing;
        throwing.prefix = "/throw";
        throwing.handle = [](HttpHead, std::string, Permissions, std::function<void(HttpReply)>) { throw std::runtime_error("no"); };
        HttpRoute bulk;
        bulk.prefix = "/bulk";
        bulk.isBulk = [](const HttpHead& head) { return head.method != "PUT"; };
        bulk.handle = echo.handle;
        bulk.bulk = [this](HttpHead head, Permissions, BulkConnection connection) { serveBulk(head, connection); };
        HttpRoute open = echo;
        open.prefix = "/open";
        open.open = true;
        HttpRoute big = late;
        big.prefix = "/large";
        big.bodyPermission = "admin";
        big.handle = [](HttpHead, std::string body, Permissions, std::function<void(HttpReply)> reply) {
            reply({200, {}, "small " + std::to_string(body.size()), {}});
        };
        big.intake = [this] { return std::make_unique<Intake>(*this); };
        big.handleLarge = [](HttpHead, std::shared_ptr<BodyIntake> intake, Permissions, std::function<void(HttpReply)> reply) {
            reply({200, {}, "large " + std::to_string(static_cast<Intake&>(*intake).total), {}});
        };
        server = std::make_unique<HttpServer>(
            options,
            [this](std::string token, std::function<void(Expected<Permissions>)> done) {
                ++authorised;
                if (token.empty() || token == "low") done(Permissions{"read"});
                else if (token == "good") std::thread([done] { done(Permissions{"read", "admin"}); }).detach();
                else if (token == "never") return; // dropped uncalled
                else done(Error(ErrorCode::PermissionDenied, "no"));
            },
            std::vector<HttpRoute>{echo, rpc, late, throwing, bulk, open, big});
        auto started = server->start();
        port = started ? *started : std::uint16_t{0};
    }

    void serveBulk(const HttpHead& head, BulkConnection& connection) {
        std::string body;
        char buffer[7000];
        while (true) {
            auto got = connection.readBody(buffer, sizeof buffer);
            if (!got) {
                const std::lock_guard lock(mutex);
                bulkError = got.error().detail();
                arrived.notify_all();
                return;
            }
            if (*got == 0) break;
            body.append(buffer, *got);
            if (head.query.contains("stop")) break;
        }
        if (head.query.contains("file")) {
            const int file = ::open(head.query.at("file").c_str(), O_RDONLY | O_CLOEXEC);
            HttpReply reply;
            static_cast<void>(connection.writeHead(reply, head.query.contains("chunked") ? std::nullopt : std::optional<std::uint64_t>(1000)));
            auto sent = connection.sendFile(file, 24, 1000);
            static_cast<void>(connection.finish());
            ::close(file);
            return;
        }
        HttpReply reply;
        reply.body = body.size() < 4000 ? body : std::to_string(body.size());
        static_cast<void>(connection.reply(reply));
    }

    std::function<void(HttpReply)> takeHeld() {
        std::unique_lock lock(mutex);
        if (!arrived.wait_for(lock, std::chrono::seconds(20), [this] { return !held.empty(); })) return {};
        auto reply = std::move(held.front());
        held.pop_front();
        return reply;
    }
    std::string waitForBulkError() {
        std::unique_lock lock(mutex);
        arrived.wait_for(lock, std::chrono::seconds(20), [this] { return !bulkError.empty(); });
        return bulkError;
    }

    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<std::function<void(HttpReply)>> held;
    std::string bulkError;
    std::atomic<int> authorised{0}, intakes{0};
    std::atomic<std::size_t> fed{0}, largestPiece{0};
    std::atomic<bool> refusesLarge{false};
    std::unique_ptr<HttpServer> server;
    std::uint16_t port = 0;
};

inline std::string post(std::string_view path, std::string_view body, std::string_view headers = "") {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

/// Whether the server still answers: the question after every attack.
inline bool isAlive(const Fixture& fixture) {
    RawClient client(fixture.port);
    return client.send(post("/echo", "ping")) && client.readReply().body.starts_with("POST /echo 4");
}

} // namespace lsw::protocol
