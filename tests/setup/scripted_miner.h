// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/jwt.h"
#include "support/script_server.h"

#include <chrono>
#include <ctime>
#include <map>

namespace lsw::test {

/// What a miner answers, and how it can be wrong. Everything that is not changed is right.
struct MinerAnswers {
    std::string version = "1.36.2+mainnet+git.0123abc";
    std::uint32_t apiVersion = 66816;
    std::string token;                             ///< the one that it accepts
    std::map<std::string, std::string> results{{"ActorAddress", "\"f01000\""},
                                               {"ActorSectorSize", "2048"},
                                               {"AuthVerify", R"(["read","write","sign","admin"])"},
                                               {"SectorsSummary", R"({"Proving":3,"PreCommit1":1})"},
                                               {"WorkerStats", "{}"},
                                               {"StorageLocal", "{}"}};
    std::map<std::string, std::string> errors;     ///< "code,message" by method; a method that is neither is not there
    std::string upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    int clockAhead = 0;                            ///< seconds, of its Date
    bool tellsTime = true;

    static std::string reply(int status, const std::string& type, const std::string& body, const std::string& more = {}) {
        return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + more + (type.empty() ? "" : "Content-Type: " + type + "\r\n") + "Content-Length: " + std::to_string(body.size()) +
               "\r\nConnection: close\r\n\r\n" + body;
    }

    /// The answer to a request, with its head and body as they came.
    std::string operator()(const std::string& request) const {
        if (request.empty()) return {}; // somebody looked whether the port is there
        if (request.starts_with("GET")) return upgrade;
        const std::string date = tellsTime ? "Date: " + dateText() + "\r\n" : std::string();
        const auto bearer = request.find("Authorization: Bearer ");
        if (bearer != std::string::npos && request.substr(bearer + 22, request.find('\r', bearer) - bearer - 22) != token) return reply(401, {}, {}, date);
        const auto begin = request.find("\"Filecoin.") + 10;
        const std::string method = request.substr(begin, request.find('"', begin) - begin);
        const auto result = [&](const std::string& json) { return reply(200, "application/json", R"({"jsonrpc":"2.0","result":)" + json + R"(,"id":1})" + '\n', date); };
        if (const auto it = errors.find(method); it != errors.end()) {
            const auto comma = it->second.find(',');
            return reply(200, "application/json", R"({"jsonrpc":"2.0","id":1,"error":{"code":)" + it->second.substr(0, comma) + R"(,"message":")" + it->second.substr(comma + 1) + "\"}}\n", date);
        }
        if (const auto it = results.find(method); it != results.end()) return result(it->second);
        if (method == "Version") return result(R"({"Version":")" + version + R"(","APIVersion":)" + std::to_string(apiVersion) + R"(,"BlockDelay":30})");
        return reply(500, "application/json", R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"method 'Filecoin.)" + method + "' not found\"}}\n", date);
    }

private:
    std::string dateText() const {
        const std::time_t now = std::time(nullptr) + clockAhead;
        std::tm parts{};
        ::gmtime_r(&now, &parts);
        char text[64];
        std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
        return text;
    }
};

} // namespace lsw::test
