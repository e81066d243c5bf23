// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/http_core.h"
#include "protocol/http_text.h"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>

#include <pthread.h>

// Bodies that do not fit into memory: one at a time, each piece written by a thread that may block.
namespace lsw::protocol {

namespace {

/// A sender must keep this up after the first minute: others wait for their turn.
constexpr std::uint64_t kSlowest = 16 << 10;

bool isTooSlow(std::chrono::steady_clock::time_point begun, std::uint64_t received) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun).count();
    return seconds > kStall.count() && received < kSlowest * static_cast<std::uint64_t>(seconds);
}

} // namespace

net::awaitable<bool> HttpCore::waitForTurn(Session& session) {
    if (m_turnTaken) {
        m_turns.push_back(session.weak_from_this());
        session.stream.expires_never();
        while (!session.hasTurn && !session.closing) {
            session.waiting.expires_at(net::steady_timer::time_point::max());
            co_await session.waiting.async_wait(kAwait);
        }
        co_return !session.closing; // a turn that came too late is given on when the session ends
    }
    m_turnTaken = true;
    session.hasTurn = true;
    co_return true;
}

void HttpCore::endTurn(Session& session) {
    if (!session.hasTurn) return;
    session.hasTurn = false;
    m_turnTaken = false;
    while (!m_turns.empty()) {
        const auto next = m_turns.front().lock();
        m_turns.pop_front();
        if (!next || next->closing) continue;
        m_turnTaken = true;
        next->hasTurn = true;
        next->waiting.cancel();
        return;
    }
}

net::awaitable<std::optional<Expected<void>>> HttpCore::feed(Session& session, const std::shared_ptr<BodyIntake>& intake, std::string& piece, bool last) {
    const auto slot = std::make_shared<Slot<Expected<void>>>();
    net::post(m_intake, [intake, piece = std::move(piece), last, done = callback(session, slot)] {
        pthread_setname_np(pthread_self(), "lsw-intake");
        Expected<void> fed = Error(ErrorCode::Internal, "the body could not be taken");
        try {
            fed = piece.empty() ? Expected<void>() : intake->feed(piece);
            if (fed && last) fed = intake->finish();
        } catch (const std::exception& problem) {
            fed = Error(ErrorCode::Internal, std::string("the body could not be taken: ") + problem.what());
        }
        done(std::move(fed));
    });
    co_await waitFor(session, *slot);
    std::optional<Expected<void>> result;
    if (!session.closing) result = std::move(slot->value);
    co_return result;
}

net::awaitable<std::shared_ptr<BodyIntake>> HttpCore::takeLarge(Session& session, RequestParser& parser, const RequestHead& parsed,
                                                                const HttpRoute& route, std::uint64_t limit) {
    const std::shared_ptr<BodyIntake> none;
    const bool ours = co_await waitForTurn(session);
    if (!ours) co_return none;
    std::shared_ptr<BodyIntake> intake = route.intake();
    std::uint64_t received = 0;
    const auto begun = std::chrono::steady_clock::now();
    HttpReply problem;
    for (std::size_t framing = 0;;) {
        std::string piece;
        piece.swap(parser.get().body());
        received += piece.size();
        framing = piece.empty() ? framing : 0;
        if (received > limit) {
            problem = route.tooLarge ? *route.tooLarge : refusalReply(413);
            break;
        }
        const bool last = parser.is_done();
        if (last || !piece.empty()) {
            const std::optional<Expected<void>> fed = co_await feed(session, intake, piece, last);
            if (!fed) co_return none;
            if (!*fed) {
                problem = intake->refusal(fed->error());
                break;
            }
        }
        if (last) {
            endTurn(session);
            co_return intake;
        }
        session.stream.expires_after(kStall);
        const auto [ec, count] = co_await http::async_read_some(session.stream, session.buffer, parser, kAwait);
        framing += count;
        if (session.closing || isTooSlow(begun, received)) co_return none;
        if (!ec && framing <= kFramingLimit + kReadAhead) continue;
        const bool malformed = !ec || (ec.category() == http::make_error_code(http::error::bad_method).category() &&
                                       ec != http::make_error_code(http::error::end_of_stream) && ec != http::make_error_code(http::error::partial_message));
        if (!malformed) co_return none;
        problem = refusalReply(400);
        break;
    }
    endTurn(session);
    co_await refuse(session, problem, parsed, nullptr);
    co_return none;
}

} // namespace lsw::protocol
