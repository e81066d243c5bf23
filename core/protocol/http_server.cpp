// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/http_server.h"

#include "protocol/http_core.h"
#include "protocol/listen_address.h"

#include <algorithm>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>

namespace lsw::protocol {

namespace {

constexpr std::size_t kAddressConnections = 256;
constexpr std::size_t kMostConnections = 4096;

/// All addresses together: no more than half of the descriptors this process may have.
std::size_t connectionLimit() {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return kAddressConnections * 2;
    return std::clamp<std::size_t>(files.rlim_cur / 2, 64, kMostConnections);
}

/// Asio does not ask for it: a child process would keep the port, or a peer's connection, open after us.
void closeOnExec(int descriptor) { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

} // namespace

bool Seats::isFull(const std::string& address) const {
    const std::lock_guard lock(m_shared->mutex);
    const auto it = m_shared->taken.find(address);
    return it != m_shared->taken.end() && it->second >= kAddressConnections;
}

bool Seats::isFull() const {
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->total >= m_total;
}

std::shared_ptr<void> Seats::take(const std::string& address) const {
    {
        const std::lock_guard lock(m_shared->mutex);
        ++m_shared->taken[address];
        ++m_shared->total;
    }
    return {nullptr, [shared = m_shared, address](void*) {
                const std::lock_guard lock(shared->mutex);
                const auto it = shared->taken.find(address);
                if (--it->second == 0) shared->taken.erase(it);
                --shared->total;
            }};
}

HttpCore::HttpCore() : seats(connectionLimit()) {}

void HttpCore::count(int change) {
    const std::lock_guard lock(mutex);
    if (change > 0) ++open;
    else --open;
    if (open == 0) allClosed.notify_all();
}

net::awaitable<void> HttpCore::acceptLoop() {
    const auto self = shared_from_this();
    while (!stopping) {
        auto [ec, socket] = co_await acceptor.async_accept(kAwait);
        if (stopping) break;
        if (ec) { // out of descriptors, or the peer has gone already: not a reason to stop listening
            net::steady_timer pause(io, std::chrono::milliseconds(100));
            co_await pause.async_wait(kAwait);
            continue;
        }
        error_code ignored;
        closeOnExec(socket.native_handle());
        socket.set_option(tcp::no_delay(true), ignored);
        socket.set_option(net::socket_base::keep_alive(true), ignored);
        const tcp::endpoint peer = socket.remote_endpoint(ignored);
        try {
            const std::string address = peer.address().to_string();
            makeRoom(address);
            if (seats.isFull(address) || seats.isFull()) continue; // all busy: closed at once
            auto session = std::make_shared<Session>(std::move(socket));
            session->address = address;
            session->seat = seats.take(address);
            session->peer = (peer.address().is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(peer.port());
            sessions.push_back(session);
            count(+1);
            net::co_spawn(io, serve(session), net::detached);
        } catch (const std::exception&) {
            continue; // out of memory: this peer is lost, the listener stays
        }
    }
}

/// Closes the connection that has been idle longest when all places of the address, or of all, are taken.
void HttpCore::makeRoom(const std::string& address) {
    const bool ofAddress = seats.isFull(address);
    if (!ofAddress && !seats.isFull()) return;
    const auto idle = std::find_if(sessions.begin(), sessions.end(), [&](const auto& session) {
        return session->idle && !session->closing && (!ofAddress || session->address == address);
    });
    if (idle == sessions.end()) return;
    (*idle)->close();
    (*idle)->seat.reset();
    sessions.erase(idle); // its coroutine holds it until it has seen the end
}

void HttpCore::beginStop() {
    stopping = true;
    error_code ignored;
    acceptor.close(ignored);
    const auto all = sessions; // leaving may take one out of the list
    for (const auto& session : all) {
        if (session->idle) session->close();
        else if (session->leave) session->leave();
    }
}

void HttpCore::closeAll() {
    for (const auto& session : sessions) session->close();
}

class HttpServer::Private {
public:
    Options options;
    Authorizer authorizer;
    std::vector<HttpRoute> routes;
    std::mutex mutex; ///< one start() or stop() at a time
    std::shared_ptr<HttpCore> core;
    std::thread thread;
};

HttpServer::HttpServer(Options options, Authorizer authorizer, std::vector<HttpRoute> routes) : m_private(std::make_unique<Private>()) {
    m_private->options = std::move(options);
    m_private->authorizer = std::move(authorizer);
    m_private->routes = std::move(routes);
}

HttpServer::~HttpServer() { stop(std::chrono::milliseconds(0)); }

Expected<std::uint16_t> HttpServer::start() {
    const std::lock_guard lock(m_private->mutex);
    if (m_private->core) return Error(ErrorCode::AlreadyExists, "the server runs already");
    const Options& options = m_private->options;
    const auto address = resolveListenAddress(options.host, options.port);
    if (!address) return address.error();
    tcp::endpoint endpoint;
    endpoint.resize(address->size());
    std::copy(address->begin(), address->end(), reinterpret_cast<unsigned char*>(endpoint.data()));

    auto core = std::make_shared<HttpCore>();
    core->options = options;
    core->authorizer = m_private->authorizer;
    core->routes = m_private->routes;
    error_code ec;
    core->acceptor.open(endpoint.protocol(), ec);
    if (!ec) closeOnExec(core->acceptor.native_handle());
    if (!ec) core->acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) core->acceptor.bind(endpoint, ec);
    if (!ec) core->acceptor.listen(net::socket_base::max_listen_connections, ec);
    if (ec) return listenError(ec.value(), options.host, options.port);
    const std::uint16_t port = core->acceptor.local_endpoint(ec).port();

    net::co_spawn(core->io, core->acceptLoop(), net::detached);
    m_private->core = core;
    m_private->thread = std::thread([core] {
        pthread_setname_np(pthread_self(), "lsw-http");
        core->io.run(); // until the listener and every session have ended
    });
    return port;
}

void HttpServer::stop(std::chrono::milliseconds grace) {
    const std::lock_guard lock(m_private->mutex);
    const std::shared_ptr<HttpCore> core = m_private->core;
    if (!core) return;
    const auto deadline = std::chrono::steady_clock::now() + grace;
    // Not the shared pointer: what is posted after the last session stays queued, and would hold the core for ever.
    net::post(core->io, [raw = core.get()] { raw->beginStop(); });
    {
        std::unique_lock open(core->mutex);
        core->allClosed.wait_until(open, deadline, [&core] { return core->open == 0; });
    }
    core->bulk.waitUntilIdle(deadline);
    net::post(core->io, [raw = core.get()] { raw->closeAll(); });
    m_private->thread.join();
    core->finishIntakes();
    core->bulk.stop();
    m_private->core.reset();
}

} // namespace lsw::protocol
