// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/token_verifier.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <QtCore/QMetaObject>

namespace lsw::protocol {

namespace {

using Clock = std::chrono::steady_clock;
using Done = std::function<void(Expected<Permissions>)>;

constexpr std::chrono::seconds kRefusalKept{5};
constexpr int kAskMs = 20000;
constexpr std::size_t kTokens = 1024;       ///< kept of each kind: strangers may not fill the memory
constexpr std::size_t kAskedAtOnce = 64;
constexpr std::size_t kTokenBytes = 8192;

Error refused() { return Error(ErrorCode::PermissionDenied, "the token was refused"); }

/// Three parts with dots: anything else no miner accepts, and none is asked.
bool looksLikeToken(const std::string& token) {
    return token.size() <= kTokenBytes && std::count(token.begin(), token.end(), '.') == 2;
}

Expected<Permissions> readPermissions(const Expected<boost::json::value>& answer) {
    if (!answer) return answer.error();
    const boost::json::array* list = answer->if_array();
    if (!list && !answer->is_null()) return Error(ErrorCode::Corrupt, "the miner's answer to AuthVerify is no list");
    Permissions permissions;
    if (list)
        for (const boost::json::value& item : *list)
            if (const boost::json::string* name = item.if_string()) permissions.emplace(name->c_str(), name->size());
    return permissions;
}

} // namespace

/// The mutex guards everything here; it is never held while a callback runs. `owner` is empty once the verifier has gone.
class TokenVerifier::Private : public std::enable_shared_from_this<TokenVerifier::Private> {
public:
    explicit Private(RpcClient& client) : miner(client) {}

    RpcClient& miner; ///< service thread
    std::mutex mutex;
    TokenVerifier* owner = nullptr;
    std::map<std::string, Permissions> accepted;
    std::map<std::string, Clock::time_point> refusedUntil;
    std::map<std::string, std::vector<Done>> asked; ///< one question for each token, however many wait for it

    void authorize(std::string token, Done done) {
        if (token.empty()) return done(Permissions{"read"});
        if (!looksLikeToken(token)) return done(refused());
        std::unique_lock lock(mutex);
        if (const auto known = accepted.find(token); known != accepted.end()) {
            const Permissions permissions = known->second;
            lock.unlock();
            return done(permissions);
        }
        const auto bad = refusedUntil.find(token);
        const bool isAsked = asked.contains(token);
        if (!owner || (bad != refusedUntil.end() && Clock::now() < bad->second) || (!isAsked && asked.size() >= kAskedAtOnce)) {
            const bool gone = !owner;
            lock.unlock();
            return done(gone ? Error(ErrorCode::Cancelled, "the worker is stopping") : refused());
        }
        asked[token].push_back(std::move(done));
        if (isAsked) return;
        // Under the mutex, so that the owner cannot go between the look and the post.
        QMetaObject::invokeMethod(owner, [self = shared_from_this(), token = std::move(token)] { self->ask(token); }, Qt::QueuedConnection);
    }

    void ask(const std::string& token) {
        auto done = [self = shared_from_this(), token](Expected<boost::json::value> answer) {
            self->answered(token, readPermissions(answer));
        };
        miner.call("Filecoin.AuthVerify", {boost::json::value(token)}, std::move(done), RpcClient::Channel::Control, kAskMs);
    }

    void answered(const std::string& token, Expected<Permissions> permissions) {
        std::vector<Done> waiting;
        {
            const std::lock_guard lock(mutex);
            if (const auto it = asked.find(token); it != asked.end()) {
                waiting = std::move(it->second);
                asked.erase(it);
            }
            if (permissions) {
                if (accepted.size() >= kTokens) accepted.clear();
                accepted.insert_or_assign(token, *permissions);
            } else if (permissions.error().code() == ErrorCode::Remote || permissions.error().code() == ErrorCode::PermissionDenied) {
                // The miner's own word. A miner that could not be asked has refused nothing.
                if (refusedUntil.size() >= kTokens) refusedUntil.clear();
                refusedUntil.insert_or_assign(token, Clock::now() + kRefusalKept);
            }
        }
        for (const Done& done : waiting) done(permissions);
    }

    void orphan() {
        std::map<std::string, std::vector<Done>> left;
        {
            const std::lock_guard lock(mutex);
            owner = nullptr;
            left.swap(asked);
        }
        for (const auto& [token, waiting] : left)
            for (const Done& done : waiting) done(Error(ErrorCode::Cancelled, "the worker is stopping"));
    }
};

TokenVerifier::TokenVerifier(RpcClient& miner, QObject* parent) : QObject(parent), m_private(std::make_shared<Private>(miner)) {
    m_private->owner = this;
}

TokenVerifier::~TokenVerifier() { m_private->orphan(); }

HttpServer::Authorizer TokenVerifier::authorizer() {
    return [d = m_private](std::string token, Done done) { d->authorize(std::move(token), std::move(done)); };
}

void TokenVerifier::forgetAll() {
    const std::lock_guard lock(m_private->mutex);
    m_private->accepted.clear();
    m_private->refusedUntil.clear();
}

} // namespace lsw::protocol
