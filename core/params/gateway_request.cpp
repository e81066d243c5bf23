// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/gateway_request.h"

#include "base/bytes.h"
#include "base/text.h"
#include "sector/sector_id.h"

#include <algorithm>
#include <mutex>

#include <curl/curl.h>

namespace lsw::params {
namespace {

constexpr long kConnectSeconds = 20, kMostRedirects = 5, kReceiveSize = 256L << 10;
constexpr std::size_t kPageBytes = 500, kErrorBytes = 4096;
static_assert(CURL_ERROR_SIZE == 256);

void initialiseOnce() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

struct ContentRange {
    std::uint64_t first, last, total;
};
/// "bytes 0-1048575/47352064736"
std::optional<ContentRange> contentRange(std::string_view text) {
    if (!lowerCase(text.substr(0, 6)).starts_with("bytes ")) return std::nullopt;
    text = trimmed(text.substr(6));
    const auto dash = text.find('-'), slash = text.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) return std::nullopt;
    const auto number = [](std::string_view digits) { return sector::parseUnsigned(digits, "range"); };
    const auto first = number(text.substr(0, dash)), last = number(text.substr(dash + 1, slash - dash - 1)), total = number(text.substr(slash + 1));
    if (!first || !last || !total || *first > *last || *last >= *total) return std::nullopt;
    return ContentRange{*first, *last, *total};
}

bool isText(std::string_view bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](unsigned char one) { return one >= 0x20 || one == '\n' || one == '\r' || one == '\t'; });
}

/// Whether a small answer is a text that a gateway sends with a good status in place of the file; a file of parameters has no letters in its first bytes.
bool isErrorText(std::string_view bytes) { return (bytes.starts_with('{') || bytes.starts_with('<')) && isText(bytes); }

/// What an error of a store or gateway says: "<Code>AccountArrear</Code>" gives "AccountArrear", {"Message":"not found"} gives "not found", another its
/// first words.
std::string gist(std::string_view page) {
    const auto between = [page](std::string_view before, std::string_view after) {
        const auto begin = page.find(before);
        const auto end = begin == std::string_view::npos ? begin : page.find(after, begin + before.size());
        return end == std::string_view::npos ? std::string_view() : page.substr(begin + before.size(), end - begin - before.size());
    };
    std::string out(between("<Code>", "</Code>"));
    if (out.empty()) out = between(R"("Message":")", "\"");
    if (out.empty()) out = page.substr(0, 80);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = ' ';
    return std::string(trimmed(out));
}

} // namespace

GatewayRequest::GatewayRequest(Order order, Sink sink) : m_order(std::move(order)), m_sink(std::move(sink)), m_at(m_order.begin) {
    initialiseOnce();
    m_easy = curl_easy_init();
    if (!m_easy) return;
    // Once it is encrypted it stays so.
    const char* next = m_order.address.starts_with("https:") ? "https" : "http,https";
    curl_easy_setopt(m_easy, CURLOPT_URL, m_order.address.c_str());
    curl_easy_setopt(m_easy, CURLOPT_PRIVATE, this);
    curl_easy_setopt(m_easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(m_easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(m_easy, CURLOPT_REDIR_PROTOCOLS_STR, next);
    curl_easy_setopt(m_easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(m_easy, CURLOPT_MAXREDIRS, kMostRedirects);
    curl_easy_setopt(m_easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1}); // several connections are meant to be several
    curl_easy_setopt(m_easy, CURLOPT_USERAGENT, "lotus-seal-worker");
    curl_easy_setopt(m_easy, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(m_easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(m_easy, CURLOPT_BUFFERSIZE, kReceiveSize);
    curl_easy_setopt(m_easy, CURLOPT_ERRORBUFFER, m_errorText);
    if (m_order.maxRate > 0) curl_easy_setopt(m_easy, CURLOPT_MAX_RECV_SPEED_LARGE, static_cast<curl_off_t>(m_order.maxRate));
    m_headers = curl_slist_append(m_headers, "Accept-Encoding: identity");
    curl_easy_setopt(m_easy, CURLOPT_HTTPHEADER, m_headers);
    if (!m_order.isWhole) curl_easy_setopt(m_easy, CURLOPT_RANGE, (std::to_string(m_order.begin) + '-' + std::to_string(m_order.end - 1)).c_str());
    curl_easy_setopt(m_easy, CURLOPT_HEADERFUNCTION, &GatewayRequest::onHeader);
    curl_easy_setopt(m_easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(m_easy, CURLOPT_WRITEFUNCTION, &GatewayRequest::onBody);
    curl_easy_setopt(m_easy, CURLOPT_WRITEDATA, this);
}

GatewayRequest::~GatewayRequest() {
    if (m_easy) curl_easy_cleanup(m_easy);
    curl_slist_free_all(m_headers);
}

std::size_t GatewayRequest::onHeader(char* data, std::size_t one, std::size_t count, void* self) {
    GatewayRequest& me = *static_cast<GatewayRequest*>(self);
    const std::string_view line(data, one * count);
    if (line.starts_with("HTTP/")) { // a redirect was followed
        me.m_contentType.clear();
        me.m_contentRange.clear();
        me.m_length.reset();
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return line.size();
    const std::string name = lowerCase(trimmed(line.substr(0, colon)));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "content-type") me.m_contentType = lowerCase(trimmed(value.substr(0, value.find(';'))));
    else if (name == "content-range") me.m_contentRange = value;
    else if (name == "content-length") {
        if (const auto length = sector::parseUnsigned(value, "length")) me.m_length = *length;
    }
    return line.size();
}

void GatewayRequest::refuse(Outcome outcome, std::string words) {
    m_outcome = outcome;
    m_words = std::move(words);
}

/// The head is complete: is it the answer to what was asked?
void GatewayRequest::judge() {
    m_isJudged = true;
    long status = 0;
    curl_easy_getinfo(m_easy, CURLINFO_RESPONSE_CODE, &status);
    if (status == 416 && m_order.total) return refuse(Outcome::OtherSize, "says that the file is shorter");
    if (status != 200 && status != 206) return refuse(Outcome::Refused, "answers HTTP " + std::to_string(status));
    if (m_contentType == "text/html" || m_contentType.ends_with("/xml")) return refuse(Outcome::Refused, "answers with a page (" + m_contentType + ") and not with the file");
    if (status == 206) {
        const auto range = contentRange(m_contentRange);
        if (m_order.isWhole || !range || range->first != m_order.begin || range->last >= m_order.end)
            return refuse(Outcome::Refused, "sends another part of the file than was asked for");
        m_total = range->total;
        if (m_order.total && *m_order.total != range->total) return refuse(Outcome::OtherSize, "says that the file has " + std::to_string(range->total) + " bytes");
        m_order.end = range->last + 1;
        return;
    }
    if (m_length && *m_length == 0) return refuse(Outcome::Refused, "sends an empty file");
    m_total = m_length;
    if (m_total && m_order.total && *m_order.total != *m_total) return refuse(Outcome::OtherSize, "says that the file has " + std::to_string(*m_total) + " bytes");
    if (!m_total) m_total = m_order.total;
    if (!m_total) return refuse(Outcome::Refused, "does not say how long the file is");
    // The whole file is as good when it is what was wanted anyway.
    if (m_order.isWhole || (m_order.begin == 0 && *m_total <= m_order.end)) {
        m_order.end = *m_total;
        return;
    }
    refuse(Outcome::NoRanges, "does not send parts of files");
}

std::size_t GatewayRequest::take(std::span<const std::uint8_t> bytes) {
    if (!m_isJudged) judge();
    const bool isBegin = m_outcome != Outcome::Refused && m_at == m_order.begin;
    if (isBegin && m_total.value_or(UINT64_MAX) <= kErrorBytes && isErrorText(asText(bytes)))
        refuse(Outcome::Refused, "answers with an error of " + std::to_string(*m_total) + " bytes and not with the file");
    if (m_outcome == Outcome::Refused) {
        // The beginning of the page says why; no more of it is wanted.
        m_page.append(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kPageBytes - std::min(kPageBytes, m_page.size())));
        return m_page.size() < kPageBytes ? bytes.size() : CURL_WRITEFUNC_ERROR;
    }
    if (m_outcome != Outcome::Running) return CURL_WRITEFUNC_ERROR;
    if (bytes.size() > m_order.end - m_at) {
        refuse(Outcome::Refused, "sends more than was asked for");
        return CURL_WRITEFUNC_ERROR;
    }
    if (auto written = m_sink(m_at, bytes); !written) {
        m_failure = std::move(written).error();
        m_outcome = Outcome::OwnFailure;
        return CURL_WRITEFUNC_ERROR;
    }
    m_at += bytes.size();
    return bytes.size();
}

std::size_t GatewayRequest::onBody(char* data, std::size_t one, std::size_t count, void* self) {
    return static_cast<GatewayRequest*>(self)->take({reinterpret_cast<const std::uint8_t*>(data), one * count});
}

void GatewayRequest::ended(int curlResult) {
    if (!m_isJudged && curlResult == CURLE_OK) judge(); // an answer without a body
    if (m_outcome == Outcome::Refused && isText(m_page)) // bytes of a file say nothing
        if (const std::string said = gist(m_page); !said.empty()) m_words += " (" + said + ')';
    if (m_outcome != Outcome::Running) return;
    if (curlResult == CURLE_OK && m_at == m_order.end) {
        m_outcome = Outcome::Done;
        return;
    }
    const std::string why = m_errorText[0] ? m_errorText : curlResult == CURLE_OK ? "it ended too early" : curl_easy_strerror(static_cast<CURLcode>(curlResult));
    refuse(Outcome::Broken, "broke off: " + why);
}

void GatewayRequest::stalled(std::string words) {
    if (m_outcome == Outcome::Running) refuse(Outcome::Broken, std::move(words));
}

} // namespace lsw::params
