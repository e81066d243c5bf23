// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/raw_client.h"
#include "storage/fetch_server.h"
#include "storage_fixture.h"

namespace lsw::test {

/// A worker's store behind a real server. The token "admin" may do all, no token may read.
struct Served : Bench {
    std::unique_ptr<protocol::HttpServer> server;
    std::uint16_t port = 0;
    int parallelFetches = 5;
    std::function<void()> beforeServing; ///< on the server's threads

    void start(MemorySectorIndex& sharedIndex, const std::string& id = kSealingId) {
        makeStoragePath(sealing(), id, true, false);
        storage::FetchSource source;
        source.find = [this](sector::SectorId sector, sector::FileType type) { 
            if (beforeServing) beforeServing();
            return local->localPath(sector, type);
        };
        source.stat = [this](const std::string& path) { return local->stat(path); };
        source.remove = [this](sector::SectorId sector, sector::FileType type, const std::vector<std::string>& keep) { return local->removeLocal(sector, type, keep, {}); };
        source.singleVanilla = [this](const protocol::SingleVanillaRequest& request, std::stop_token) -> Expected<Bytes> {
            if (!local->localPath({request.miner, request.sector.sectorNumber}, sector::FileType::Sealed)) return Error(ErrorCode::NotFound, "fsstat: path not found");
            return Bytes{0, 1, 2, static_cast<std::uint8_t>(request.sector.challenges.size())};
        };
        source.porepVanilla = [this](const protocol::PorepVanillaRequest& request, std::stop_token) -> Expected<std::string> {
            if (!local->localPath(request.sector.id, sector::FileType::Sealed)) return Error(ErrorCode::NotFound, "fsstat: path not found");
            return std::string("openings of ") + std::to_string(request.ticket.size() + request.seed.size());
        };
        server = std::make_unique<protocol::HttpServer>(
            protocol::HttpServer::Options{},
            [](const std::string& token, const std::function<void(Expected<protocol::Permissions>)>& done) {
                if (token == "admin") done(protocol::Permissions{"read", "admin"});
                else if (token.empty()) done(protocol::Permissions{"read"});
                else done(Error(ErrorCode::PermissionDenied, "no"));
            },
            std::vector<protocol::HttpRoute>{storage::fetchRoute(source)});
        const auto started = server->start();
        if (!started) qFatal("%s", started.error().message().c_str());
        port = *started;
        local = std::make_unique<storage::LocalStore>(storage::LocalStore::Settings{root(), "http://127.0.0.1:" + std::to_string(port) + "/remote", "admin", parallelFetches}, sharedIndex);
    }
    void open() {
        if (const auto opened = local->openPath(sealing(), false, {}); !opened) qFatal("%s", opened.error().message().c_str());
    }
    ~Served() {
        if (server) server->stop();
    }
    RawClient::Reply ask(const std::string& method, const std::string& target, const std::string& more = {}, const std::string& token = "admin") const {
        RawClient client(port);
        const std::string authorization = token.empty() ? std::string() : "Authorization: Bearer " + token + "\r\n";
        if (!client.send(method + ' ' + target + " HTTP/1.1\r\nHost: x\r\n" + authorization + more + "\r\n")) return {};
        return client.readReply(method == "HEAD");
    }
    void fill() {
        writeFile(sealing() / "sealed/s-t01000-1", pattern(2048));
        writeFile(sealing() / "cache/s-t01000-1/p_aux", pattern(64, 2));
        writeFile(sealing() / "cache/s-t01000-1/t_aux", pattern(700, 3));
        writeFile(sealing() / "cache/s-t01000-1/sc-02-data-layer-1.dat", pattern(3 << 20, 4));
    }
};

} // namespace lsw::test
