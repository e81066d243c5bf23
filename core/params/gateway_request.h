// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "params/gateway_pool.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

using CURL = void;
struct curl_slist;

namespace lsw::params {

/// One GET of a part of a file from one gateway, as a handle for a curl multi loop. Bytes are passed on only when the head of the answer is exactly
/// what was asked for: no page, no other range, no other length.
class GatewayRequest {
public:
    struct Order {
        std::string address;                 ///< of the file
        std::uint64_t begin = 0, end = 0;    ///< the bytes [begin, end) are wanted; more than the file has is no fault
        std::optional<std::uint64_t> total;  ///< of the file, if it is known
        bool isWhole = false;                ///< asks without a range, for gateways that know none
        std::uint64_t maxRate = 0;           ///< bytes a second; 0: no limit
    };
    enum class Outcome {
        Running,
        Done,       ///< all that was asked for
        Refused,    ///< the gateway answered something else
        Broken,     ///< the connection failed, stalled or ended early; what came before is good
        OtherSize,  ///< says that the file has another length than others said
        NoRanges,   ///< answers with the whole file
        OwnFailure, ///< our disk: see failure()
    };
    /// Takes bytes of the file; an error ends the request.
    using Sink = std::function<Expected<void>(std::uint64_t offset, std::span<const std::uint8_t> bytes)>;

    GatewayRequest(Order order, Sink sink);
    ~GatewayRequest();
    GatewayRequest(const GatewayRequest&) = delete;
    GatewayRequest& operator=(const GatewayRequest&) = delete;

    CURL* handle() const { return m_easy; }
    /// By the loop, with curl's result code.
    void ended(int curlResult);
    void stalled(std::string words);

    Outcome outcome() const { return m_outcome; }
    /// The first byte that did not come.
    std::uint64_t at() const { return m_at; }
    std::uint64_t wantedEnd() const { return m_order.end; }
    /// The length of the file, as this gateway says.
    std::optional<std::uint64_t> total() const { return m_total; }
    /// What it did wrong, to follow its name: "answers HTTP 403 (AccountArrear)".
    const std::string& words() const { return m_words; }
    const Error& failure() const { return *m_failure; }
    Clock::time_point begunAt() const { return m_begunAt; }

private:
    static std::size_t onHeader(char* data, std::size_t one, std::size_t count, void* self);
    static std::size_t onBody(char* data, std::size_t one, std::size_t count, void* self);
    void judge();
    void refuse(Outcome outcome, std::string words);
    std::size_t take(std::span<const std::uint8_t> bytes);

    Order m_order;
    Sink m_sink;
    CURL* m_easy = nullptr;
    curl_slist* m_headers = nullptr;
    char m_errorText[256] = {};
    Outcome m_outcome = Outcome::Running;
    bool m_isJudged = false;
    std::uint64_t m_at;
    std::optional<std::uint64_t> m_total, m_length;
    std::string m_contentType, m_contentRange, m_words, m_page;
    std::optional<Error> m_failure;
    Clock::time_point m_begunAt = Clock::now();
};

} // namespace lsw::params
