// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/worker_core.h"

#include "protocol/jwt.h"
#include "protocol/rpc_intake.h"
#include "storage/fetch_server.h"

// What the worker's server serves, and to whom.
namespace lsw::worker {

namespace {

constexpr std::size_t kLargeBody = 256 << 10;

/// Equal length and bytes, in a time that does not tell where they differ.
bool sameSecret(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    unsigned different = 0;
    for (std::size_t i = 0; i < a.size(); ++i) different |= static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
    return different == 0;
}

/// The token filter of lotus looks for a form when there is no Authorization, and what it has read as one is gone.
bool isEatenAsForm(const protocol::HttpHead& head) {
    const auto token = head.headers.find("authorization"), type = head.headers.find("content-type");
    if (token != head.headers.end() && !token->second.empty()) return false;
    const bool mayHaveForm = head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
    return mayHaveForm && type != head.headers.end() && type->second.starts_with("application/x-www-form-urlencoded");
}

protocol::HttpReply httpReply(protocol::RpcReply answer) {
    return {answer.httpStatus, "application/json", std::move(answer.body), {}}; // the type also without a body
}

} // namespace

protocol::HttpServer::Authorizer WorkerCore::authorizer() {
    return [asMiner = m_verifier->authorizer(), own = m_settings.miner.token](std::string token, std::function<void(Expected<protocol::Permissions>)> done) {
        // Who knows our own token has read it in our folder. It works while the miner is away too: `info` and `stop` need that.
        if (!own.empty() && sameSecret(token, own))
            if (auto permissions = protocol::peekPermissions(own)) return done(std::move(*permissions));
        asMiner(std::move(token), std::move(done));
    };
}

std::vector<protocol::HttpRoute> WorkerCore::routes() {
    protocol::HttpRoute rpc;
    rpc.prefix = "/rpc/v0";
    rpc.exact = true; // lotus knows no /rpc/v0/
    rpc.webSocket = true;
    rpc.bodyPermission = "admin"; // no method is for anyone else
    const protocol::RpcError tooLarge{-32700, "request bigger than maximum " + std::to_string(rpc.bodyLimit) + " allowed", 500};
    rpc.tooLarge = protocol::HttpReply{500, "application/json", protocol::makeErrorAnswer(nullptr, tooLarge), {}};
    rpc.handle = [this](const protocol::HttpHead& head, std::string body, protocol::Permissions permissions, std::function<void(protocol::HttpReply)> reply) {
        if (isEatenAsForm(head)) body.clear();
        auto dispatch = [this, body = std::make_shared<std::string>(std::move(body)), permissions = std::move(permissions), reply = std::move(reply)] {
            m_methods.dispatch(*body, permissions, [reply](protocol::RpcReply answer) { reply(httpReply(std::move(answer))); });
        };
        // A request of tens of megabytes (the input of C2) takes a while to parse: Session must not wait for it.
        const bool large = body.size() > kLargeBody;
        if (large) return m_parse.start(std::move(dispatch));
        QMetaObject::invokeMethod(this, [this, dispatch = std::move(dispatch)] {
            const ServiceWatchdog::Operation operation(*m_watchdog, "reading a request");
            dispatch();
        }, Qt::QueuedConnection);
    };

    rpc.intake = [spool = m_spool] { return std::make_unique<protocol::RpcIntake>(spool); };
    rpc.handleLarge = [this](const protocol::HttpHead&, std::shared_ptr<protocol::BodyIntake> body, protocol::Permissions permissions,
                             std::function<void(protocol::HttpReply)> reply) {
        m_parse.start([this, body = std::move(body), permissions = std::move(permissions), reply = std::move(reply)] {
            const auto& taken = static_cast<const protocol::RpcIntake&>(*body); // our own, see above
            m_methods.dispatch(taken.text(), permissions, [reply](protocol::RpcReply answer) { reply(httpReply(std::move(answer))); }, &taken.strings());
        });
    };

    protocol::HttpRoute health;
    health.prefix = "/health";
    health.open = true; // who watches over it needs no token, and troubles no miner
    health.handle = [](const protocol::HttpHead&, const std::string&, const protocol::Permissions&, const std::function<void(protocol::HttpReply)>& reply) {
        protocol::HttpReply out;
        out.contentType = "text/plain; charset=utf-8";
        out.body = "ok\n";
        reply(std::move(out));
    };

    const auto starting = [] { return Error(ErrorCode::NotRunning, "this worker is still starting"); };
    storage::FetchSource source;
    source.find = [this](sector::SectorId sector, sector::FileType one) -> std::optional<std::filesystem::path> {
        auto* store = m_storeForServer.load();
        return store ? store->localPath(sector, one) : std::nullopt;
    };
    source.stat = [this, starting](const std::string& id) -> Expected<protocol::FsStat> {
        auto* store = m_storeForServer.load();
        if (!store) return starting();
        return store->stat(id);
    };
    source.remove = [this, starting](sector::SectorId sector, sector::FileType one, const std::vector<std::string>& keepIn) -> Expected<void> {
        auto* store = m_storeForServer.load();
        if (!store) return starting();
        return store->removeLocal(sector, one, keepIn, m_stopIo.get_token());
    };
    source.singleVanilla = [this, starting](const protocol::SingleVanillaRequest& request, std::stop_token stop) -> Expected<Bytes> {
        if (!m_storeForServer.load()) return starting();
        return tasks::vanillaProofHere(request, postTools(), {std::move(stop), [](const Progress&) {}});
    };
    source.porepVanilla = [this, starting](const protocol::PorepVanillaRequest& request, std::stop_token stop) -> Expected<std::string> {
        if (!m_storeForServer.load()) return starting();
        return tasks::porepVanillaHere(request, postTools(), {std::move(stop), [](const Progress&) {}});
    };
    return {std::move(rpc), m_streams->route(), storage::fetchRoute(std::move(source)), std::move(health)};
}

} // namespace lsw::worker
