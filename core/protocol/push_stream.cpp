// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/push_stream.h"

#include "protocol/http_text.h"
#include "protocol/lotus_json.h"
#include "protocol/piece_pipe.h"
#include "protocol/piece_sources.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace lsw::protocol {

namespace {

using Clock = std::chrono::steady_clock;
using Resolved = std::function<void(Expected<std::shared_ptr<PieceData>>)>;
using HeadReply = std::function<void(HttpReply)>;

constexpr std::string_view kPrefix = "/rpc/streams/v0/push";
constexpr std::size_t kStep = 256 << 10;
/// POSTs that wait for a call hold a thread each, and need no token: they may not take all of them.
constexpr std::size_t kEarlyPosts = 32;

/// One pushed piece, from the moment a request has met its call. Everything here is guarded by the hub's mutex but the pipe,
/// which belongs to the thread of the POST once `opened` and `posted` are both set.
struct Transfer {
    std::string uuid;
    HeadReply head;        ///< a HEAD that waits to hear whether the data are wanted
    bool posted = false;   ///< a POST has arrived
    bool opened = false;   ///< the pipe is there
    bool released = false; ///< nobody wants the data (any more)
    bool ended = false;    ///< the outcome stands; set before the pipe closes
    std::optional<Error> failure;
    PiecePipe pipe;
    std::condition_variable_any changed;
};

/// Where both sides wait for each other.
struct Hub : std::enable_shared_from_this<Hub> {
    struct Caller {
        std::string uuid;
        Resolved done;
        Clock::time_point deadline;
    };
    struct Head {
        std::string uuid;
        HeadReply reply;
        Clock::time_point deadline;
    };
    /// A POST that came first; its thread waits here for a transfer.
    struct Post {
        std::string uuid;
        std::shared_ptr<Transfer> transfer;
        std::condition_variable_any met;
    };

    explicit Hub(std::chrono::milliseconds limit) : rendezvous(limit) {}

    const std::chrono::milliseconds rendezvous;
    std::mutex mutex; ///< guards all lists and every Transfer; no callback is called under it
    std::condition_variable_any timer;
    std::deque<Caller> callers;
    std::deque<Head> heads;
    std::deque<Post*> posts;
    std::vector<std::shared_ptr<Transfer>> asked; ///< answered 200 to the HEAD, the POST is awaited
    bool closed = false;

    void expire(std::stop_token stop);
    void closeAll();
    void call(const std::string& uuid, Resolved done);
    void meet(const std::string& uuid, std::unique_lock<std::mutex>& lock);
    void headArrived(const std::string& uuid, HeadReply reply);
    void postArrived(const std::string& uuid, BulkConnection connection);
};

template <typename List, typename Matches>
auto takeFirst(List& list, Matches matches) {
    std::optional<typename List::value_type> found;
    if (const auto it = std::find_if(list.begin(), list.end(), matches); it != list.end()) {
        found.emplace(std::move(*it));
        list.erase(it);
    }
    return found;
}

class PushedPiece final : public PieceData {
public:
    PushedPiece(std::shared_ptr<Hub> hub, std::shared_ptr<Transfer> transfer) : m_hub(std::move(hub)), m_transfer(std::move(transfer)) {}
    ~PushedPiece() override { release(); }

    Expected<int> open(std::stop_token stop) override {
        Transfer& t = *m_transfer;
        std::unique_lock lock(m_hub->mutex);
        if (t.opened || t.released) return Error(ErrorCode::Internal, "piece data can be opened once");
        if (!t.posted) LSW_TRY(waitForPost(lock, stop));
        auto readEnd = t.pipe.open();
        if (!readEnd) return readEnd;
        t.opened = true;
        t.changed.notify_all();
        return readEnd;
    }

    Expected<void> finish() override {
        const std::lock_guard lock(m_hub->mutex);
        if (m_transfer->failure) return *m_transfer->failure;
        if (!m_transfer->ended) m_transfer->pipe.wake(); // the reader has what it wanted: the rest is not awaited
        return {};
    }
    std::uint64_t passed() const override { return m_transfer->pipe.written(); }

private:
    /// Tells the sender to begin and waits for its POST.
    Expected<void> waitForPost(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
        Transfer& t = *m_transfer;
        m_hub->asked.push_back(m_transfer);
        std::vector<HeadReply> heads;
        if (t.head) heads.push_back(std::exchange(t.head, {}));
        const auto same = [&t](const Hub::Head& head) { return head.uuid == t.uuid; };
        while (auto head = takeFirst(m_hub->heads, same)) heads.push_back(std::move(head->reply)); // a sender that asked again
        if (auto post = takeFirst(m_hub->posts, [&t](const Hub::Post* waiting) { return waiting->uuid == t.uuid; })) {
            (*post)->transfer = m_transfer;
            t.posted = true;
            (*post)->met.notify_all();
        }
        lock.unlock();
        for (const HeadReply& reply : heads) reply(emptyReply(200));
        lock.lock();
        const bool met = t.changed.wait_for(lock, stop, m_hub->rendezvous, [this, &t] { return t.posted || m_hub->closed; });
        std::erase(m_hub->asked, m_transfer);
        if (t.posted) return {};
        t.released = true;
        if (stop.stop_requested() || met) return Error(ErrorCode::Cancelled, "stopped while waiting for pushed data");
        return Error(ErrorCode::Timeout, "the sender of the piece was asked for its data and did not send them in time");
    }

    void release() {
        HeadReply head;
        {
            const std::lock_guard lock(m_hub->mutex);
            m_transfer->released = true;
            m_transfer->pipe.wake();
            head = std::exchange(m_transfer->head, {});
            m_transfer->changed.notify_all();
        }
        if (head) head(emptyReply(204));
    }

    std::shared_ptr<Hub> m_hub;
    std::shared_ptr<Transfer> m_transfer;
};

/// Ends what has waited too long.
void Hub::expire(std::stop_token stop) {
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        const auto now = Clock::now();
        auto next = Clock::time_point::max();
        std::vector<Resolved> lateCallers;
        std::vector<HeadReply> lateHeads;
        std::erase_if(callers, [&](Caller& caller) {
            if (caller.deadline > now) next = std::min(next, caller.deadline);
            else lateCallers.push_back(std::move(caller.done));
            return caller.deadline <= now;
        });
        std::erase_if(heads, [&](Head& head) {
            if (head.deadline > now) next = std::min(next, head.deadline);
            else lateHeads.push_back(std::move(head.reply));
            return head.deadline <= now;
        });
        if (!lateCallers.empty() || !lateHeads.empty()) {
            lock.unlock();
            for (const Resolved& done : lateCallers) done(Error(ErrorCode::Timeout, "context deadline exceeded"));
            for (const HeadReply& reply : lateHeads) reply(emptyReply(500));
            lateCallers.clear();
            lateHeads.clear();
            lock.lock();
            continue;
        }
        const std::size_t count = callers.size() + heads.size();
        const auto changed = [this, count] { return callers.size() + heads.size() != count; };
        if (next == Clock::time_point::max()) timer.wait(lock, stop, changed);
        else timer.wait_until(lock, stop, next, changed);
    }
}

void Hub::closeAll() {
    std::deque<Caller> lostCallers;
    std::deque<Head> lostHeads;
    {
        const std::lock_guard lock(mutex);
        closed = true;
        lostCallers.swap(callers);
        lostHeads.swap(heads);
        for (Post* post : posts) post->met.notify_all();
        for (const auto& transfer : asked) transfer->changed.notify_all();
    }
    for (const Caller& caller : lostCallers) caller.done(Error(ErrorCode::Cancelled, "context canceled"));
    for (const Head& head : lostHeads) head.reply(emptyReply(500));
}

void Hub::headArrived(const std::string& uuid, HeadReply reply) {
    const auto deadline = Clock::now() + rendezvous;
    std::unique_lock lock(mutex);
    if (closed) {
        lock.unlock();
        reply(emptyReply(500));
        return;
    }
    if (std::any_of(asked.begin(), asked.end(), [&uuid](const auto& transfer) { return transfer->uuid == uuid; })) {
        lock.unlock(); // it asks a second time and the data are wanted already
        reply(emptyReply(200));
        return;
    }
    heads.push_back({uuid, std::move(reply), deadline});
    timer.notify_all();
    meet(uuid, lock);
}

void Hub::call(const std::string& uuid, Resolved done) {
    const auto deadline = Clock::now() + rendezvous;
    std::unique_lock lock(mutex);
    callers.push_back({uuid, std::move(done), deadline});
    timer.notify_all();
    meet(uuid, lock);
}

/// Brings the first waiting call and the first waiting request of one uuid together, after either list has grown.
/// The lock is free while it calls.
void Hub::meet(const std::string& uuid, std::unique_lock<std::mutex>& lock) {
    const auto calls = [&uuid](const Caller& caller) { return caller.uuid == uuid; };
    if (std::none_of(callers.begin(), callers.end(), calls)) return;
    auto transfer = std::make_shared<Transfer>();
    transfer->uuid = uuid;
    if (auto head = takeFirst(heads, [&uuid](const Head& waiting) { return waiting.uuid == uuid; })) {
        transfer->head = std::move(head->reply);
    } else if (auto post = takeFirst(posts, [&uuid](const Post* waiting) { return waiting->uuid == uuid; })) {
        transfer->posted = true;
        (*post)->transfer = transfer;
        (*post)->met.notify_all();
    } else {
        return;
    }
    const auto caller = takeFirst(callers, calls);
    lock.unlock();
    caller->done(std::shared_ptr<PieceData>(std::make_shared<PushedPiece>(shared_from_this(), std::move(transfer))));
    lock.lock();
}

/// Moves the body into the pipe. Returns what the sender is answered; nothing when it is gone.
std::optional<HttpReply> pump(Transfer& transfer, BulkConnection& connection, std::optional<Error>& failure) {
    std::vector<char> bytes(kStep);
    while (true) {
        if (!connection.hasBufferedBody()) {
            // While nothing comes, notice a reader that has enough.
            if (transfer.pipe.waitReadable(connection.descriptor()) != PiecePipe::Outcome::Written) break;
        }
        auto got = connection.readBody(bytes.data(), bytes.size());
        if (!got) {
            failure = std::move(got).error();
            return failure->code() == ErrorCode::Corrupt ? std::optional(emptyReply(400)) : std::nullopt;
        }
        if (*got == 0) return emptyReply(200);
        if (transfer.pipe.write(bytes.data(), *got) != PiecePipe::Outcome::Written) break;
    }
    if (!connection.stopToken().stop_requested()) return emptyReply(200);
    failure = Error(ErrorCode::Io, "unexpected EOF");
    return std::nullopt;
}

void Hub::postArrived(const std::string& uuid, BulkConnection connection) {
    const std::stop_token stop = connection.stopToken();
    Post post;
    post.uuid = uuid;
    std::unique_lock lock(mutex);
    if (auto wanted = takeFirst(asked, [&uuid](const auto& candidate) { return candidate->uuid == uuid; })) {
        post.transfer = *wanted;
        post.transfer->posted = true;
        post.transfer->changed.notify_all();
    } else {
        const auto isWanted = [&uuid](const Caller& caller) { return caller.uuid == uuid; };
        if (posts.size() >= kEarlyPosts && std::none_of(callers.begin(), callers.end(), isWanted)) {
            lock.unlock();
            static_cast<void>(connection.reply(emptyReply(503)));
            return;
        }
        posts.push_back(&post);
        meet(uuid, lock);
        post.met.wait_for(lock, stop, rendezvous, [&] { return post.transfer || closed; });
        std::erase(posts, &post);
    }
    if (!post.transfer) {
        lock.unlock();
        if (!stop.stop_requested()) static_cast<void>(connection.reply(emptyReply(500)));
        return;
    }
    Transfer& transfer = *post.transfer;
    transfer.changed.wait(lock, stop, [&] { return transfer.opened || transfer.released; }); // a task may wait for its turn for hours
    std::optional<Error> failure;
    std::optional<HttpReply> reply = emptyReply(200);
    if (transfer.opened) {
        lock.unlock();
        const std::stop_callback wakeOnAbort(stop, [&transfer] { transfer.pipe.wake(); });
        reply = pump(transfer, connection, failure);
        lock.lock();
    } else if (!transfer.released) {
        failure = Error(ErrorCode::Io, "unexpected EOF");
        reply.reset();
    }
    transfer.failure = std::move(failure);
    transfer.ended = true;
    transfer.pipe.close();
    lock.unlock();
    if (reply) static_cast<void>(connection.reply(*reply));
}

/// The text between the route and the end of the path when that is one element; absent otherwise.
std::optional<std::string_view> lastElement(std::string_view path) {
    if (path.size() <= kPrefix.size() + 1) return std::nullopt;
    const std::string_view element = path.substr(kPrefix.size() + 1);
    if (element.find('/') != std::string_view::npos) return std::nullopt;
    return element;
}

HttpReply badUuid(const Error& error) { return plainTextReply(400, "parsing reader uuid: " + error.detail()); }

/// A byte count as Go's ParseInt takes it.
Expected<std::uint64_t> parseNullCount(const std::string& text) {
    std::int64_t value = 0;
    const char* begin = text.data() + (text.size() > 1 && text[0] == '+' && text[1] != '-' ? 1 : 0);
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(begin, end, value);
    if (error == std::errc() && stop == end) return static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
    std::string quoted;
    for (const char c : text.substr(0, 64)) quoted += c >= ' ' && c < 0x7f && c != '"' && c != '\\' ? c : '?';
    const bool outOfRange = error == std::errc::result_out_of_range && stop == end;
    return Error(ErrorCode::InvalidArgument, "parsing null byte count: strconv.ParseInt: parsing \"" + quoted +
                                                 (outOfRange ? "\": value out of range" : "\": invalid syntax"));
}

} // namespace

class PushStreams::Private {
public:
    explicit Private(std::chrono::milliseconds rendezvous) : hub(std::make_shared<Hub>(rendezvous)) {}
    std::shared_ptr<Hub> hub;
    std::jthread timer;
};

PushStreams::PushStreams(std::chrono::milliseconds rendezvous) : m_private(std::make_shared<Private>(rendezvous)) {
    m_private->timer = std::jthread([hub = m_private->hub](std::stop_token stop) { hub->expire(std::move(stop)); });
}

PushStreams::~PushStreams() {
    m_private->timer.request_stop();
    m_private->timer.join();
    m_private->hub->closeAll();
}

HttpRoute PushStreams::route() {
    HttpRoute route;
    route.prefix = std::string(kPrefix);
    route.isBulk = [](const HttpHead& head) { return head.method == "POST"; };
    route.handle = [hub = m_private->hub](HttpHead head, std::string, Permissions, std::function<void(HttpReply)> reply) {
        const auto element = lastElement(head.path);
        if (!element) return reply(plainTextReply(404, "404 page not found"));
        const auto uuid = parseUuid(*element);
        if (!uuid) return reply(badUuid(uuid.error()));
        if (head.method != "HEAD") return reply(plainTextReply(405, "unsupported method"));
        hub->headArrived(*uuid, std::move(reply));
    };
    route.bulk = [hub = m_private->hub](HttpHead head, Permissions, BulkConnection connection) {
        const auto element = lastElement(head.path);
        if (!element) return static_cast<void>(connection.reply(plainTextReply(404, "404 page not found")));
        const auto uuid = parseUuid(*element);
        if (!uuid) return static_cast<void>(connection.reply(badUuid(uuid.error())));
        hub->postArrived(*uuid, std::move(connection));
    };
    return route;
}

void PushStreams::resolve(const ReaderStream& stream, Resolved done) {
    if (stream.type == "null") {
        const auto count = parseNullCount(stream.info);
        if (!count) return done(count.error());
        return done(zeroPiece(*count));
    }
    if (stream.type == "http") return done(urlPiece(stream.info));
    const auto uuid = parseUuid(stream.info); // any other type is a push, as lotus has it
    if (!uuid) return done(Error(ErrorCode::InvalidArgument, "parsing reader UUDD: " + uuid.error().detail()));
    m_private->hub->call(*uuid, std::move(done));
}

} // namespace lsw::protocol
