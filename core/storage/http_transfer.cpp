// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/http_transfer.h"

#include <curl/curl.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "sector/sector_id.h"

namespace lsw::storage {
namespace {

// Both together stay in the cache of a processor: with megabytes, every byte would go to memory and back before it is written.
constexpr std::size_t kBuffer = 256U << 10;
constexpr long kReceiveSize = 128L << 10;
constexpr long kConnectSeconds = 30;
constexpr long kSlowBytesPerSecond = 1024, kSlowSeconds = 120;

void initialiseOnce() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

/// Sector files do not travel through a proxy to the machine next door.
bool isNear(const std::string& url) {
    std::string host;
    if (CURLU* parsed = curl_url()) {
        char* part = nullptr;
        if (curl_url_set(parsed, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK && curl_url_get(parsed, CURLUPART_HOST, &part, 0) == CURLUE_OK) {
            host = lowerCase(part);
            curl_free(part);
        }
        curl_url_cleanup(parsed);
    }
    if (host == "localhost" || host == "[::1]" || host.starts_with("[fc") || host.starts_with("[fd") || host.starts_with("[fe80")) return true;
    if (host.starts_with("127.") || host.starts_with("10.") || host.starts_with("192.168.") || host.starts_with("169.254.")) return true;
    if (!host.starts_with("172.")) return false;
    const auto dot = host.find('.', 4);
    const auto second = sector::parseUnsigned(host.substr(4, dot == std::string::npos ? dot : dot - 4), "address");
    return second && *second >= 16 && *second <= 31;
}

} // namespace

class HttpTransfer::Private {
public:
    Private(Request asked, std::stop_token token) : request(std::move(asked)), stop(std::move(token)) {
        initialiseOnce();
        easy = curl_easy_init();
        multi = curl_multi_init();
        if (!easy || !multi) return;
        curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
        curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 10L);
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "lotus-seal-worker");
        curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kReceiveSize);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, kSlowBytesPerSecond);
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, kSlowSeconds);
        curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, errorText);
        if (request.method != "GET") curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
        if (isNear(request.url)) curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
        // curl keeps this header from other hosts when it follows a redirect.
        if (!request.token.empty()) header("Authorization: Bearer " + request.token);
        if (request.from) {
            header("Range: bytes=" + std::to_string(*request.from) + '-');
            if (!request.ifRange.empty()) header("If-Range: " + request.ifRange);
        }
        for (const auto& [name, value] : request.headers) header(value.empty() ? name + ';' : name + ": " + value);
        if (request.body) {
            curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
            curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body->c_str());
            curl_easy_setopt(easy, CURLOPT_POSTREDIR, long{CURL_REDIR_POST_ALL});
            header("Expect:"); // no wait before the body, and no type: curl's own would make a form of it
            header("Content-Type:");
        }
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Private::onData);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Private::onHeader);
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
        curl_multi_add_handle(multi, easy);
    }
    ~Private() {
        if (multi && easy) curl_multi_remove_handle(multi, easy);
        if (easy) curl_easy_cleanup(easy);
        if (multi) curl_multi_cleanup(multi);
        curl_slist_free_all(headers);
    }

    void header(const std::string& line) { headers = curl_slist_append(headers, line.c_str()); }

    static std::size_t onData(char* data, std::size_t one, std::size_t count, void* self) {
        Private& me = *static_cast<Private*>(self);
        const std::size_t size = one * count;
        me.hasBody = true;
        if (me.sink) return me.give({reinterpret_cast<const std::uint8_t*>(data), size}) ? size : 0;
        if (!me.filling.empty() && me.filling.size() + size > kBuffer) {
            me.isPaused = true;
            return CURL_WRITEFUNC_PAUSE;
        }
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(data); // of the vector's type: copied at once, not one by one
        me.filling.insert(me.filling.end(), bytes, bytes + size);
        return size;
    }

    /// False: the transfer is to end, and `sinkError` says why.
    bool give(std::span<const std::uint8_t> piece) {
        if (sinkError) return false;
        // Looked at here too: curl goes on reading for as long as bytes are there, which may be until the end of the file.
        auto taken = stop.stop_requested() ? Expected<void>(stopped()) : (*sink)(piece);
        if (taken) return true;
        sinkError = std::move(taken).error();
        return false;
    }

    static std::size_t onHeader(char* data, std::size_t one, std::size_t count, void* self) {
        Private& me = *static_cast<Private*>(self);
        const std::string_view line(data, one * count);
        if (line.starts_with("HTTP/")) me.answer = Head{};
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return line.size();
        const std::string name = lowerCase(trimmed(line.substr(0, colon)));
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (name == "content-type") me.answer.contentType = lowerCase(trimmed(value.substr(0, value.find(';'))));
        else if (name == "etag") me.answer.etag = value;
        else if (name == "last-modified") me.answer.lastModified = value;
        else if (name == "date") me.answer.date = value;
        else if (name == "content-range") me.answer.contentRange = value;
        else if (name == "transfer-encoding") me.answer.isChunked = lowerCase(value).find("chunked") != std::string::npos;
        else if (name == "content-length") {
            if (const auto length = sector::parseUnsigned(value, "length")) me.answer.length = *length;
        }
        return line.size();
    }

    /// Works until there is body, or the end, or the sink takes no more.
    Expected<void> pump() {
        if (!easy || !multi) return Error(ErrorCode::Internal, "no memory for a transfer");
        const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi); });
        while (filling.empty() && !isDone && !sinkError) {
            if (stop.stop_requested()) return stopped();
            if (isPaused) {
                isPaused = false;
                curl_easy_pause(easy, CURLPAUSE_CONT);
            }
            int running = 0;
            if (const CURLMcode code = curl_multi_perform(multi, &running); code != CURLM_OK)
                return Error(ErrorCode::Internal, std::string("transfer of ") + request.url + ": " + curl_multi_strerror(code));
            int left = 0;
            while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
                if (message->msg != CURLMSG_DONE) continue;
                isDone = true;
                result = message->data.result;
            }
            if (filling.empty() && !isDone) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
        }
        return {};
    }

    Error stopped() const { return Error(ErrorCode::Cancelled, "stopped while transferring " + request.url); }

    Error failure() const {
        const std::string why = errorText[0] ? errorText : curl_easy_strerror(result);
        return Error(result == CURLE_OPERATION_TIMEDOUT ? ErrorCode::Timeout : ErrorCode::Io, request.url + ": " + why);
    }

    Request request;
    std::stop_token stop;
    CURL* easy = nullptr;
    CURLM* multi = nullptr;
    curl_slist* headers = nullptr;
    char errorText[CURL_ERROR_SIZE] = {};
    std::vector<std::uint8_t> filling, given;
    const Sink* sink = nullptr; ///< where the body goes instead of into `filling`
    std::optional<Error> sinkError;
    Head answer;
    CURLcode result = CURLE_OK;
    bool hasBody = false, isPaused = false, isDone = false;
};

HttpTransfer::HttpTransfer(Request request, std::stop_token stop) : m_private(std::make_unique<Private>(std::move(request), std::move(stop))) {}
HttpTransfer::~HttpTransfer() = default;

Expected<HttpTransfer::Head> HttpTransfer::head() {
    if (!m_private->hasBody) LSW_TRY(m_private->pump());
    if (m_private->isDone && m_private->result != CURLE_OK && !m_private->hasBody) return m_private->failure();
    curl_easy_getinfo(m_private->easy, CURLINFO_RESPONSE_CODE, &m_private->answer.status);
    return m_private->answer;
}

Expected<void> HttpTransfer::receive(const Sink& sink) {
    Private& d = *m_private;
    if (!d.filling.empty()) LSW_TRY(sink(d.filling)); // came with the head
    d.filling.clear();
    d.sink = &sink;
    auto pumped = d.pump();
    d.sink = nullptr;
    if (d.sinkError) return *std::move(d.sinkError);
    if (pumped && d.result != CURLE_OK) return d.failure();
    return pumped;
}

Expected<std::span<const std::uint8_t>> HttpTransfer::next() {
    m_private->given.clear();
    if (m_private->filling.empty()) LSW_TRY(m_private->pump());
    std::swap(m_private->given, m_private->filling);
    if (m_private->given.empty() && m_private->result != CURLE_OK) return m_private->failure();
    return std::span<const std::uint8_t>(m_private->given);
}

std::string HttpTransfer::someText(std::size_t limit) {
    std::string out;
    while (out.size() < limit) {
        const auto piece = next();
        if (!piece || piece->empty()) break;
        out.append(reinterpret_cast<const char*>(piece->data()), std::min(piece->size(), limit - out.size()));
    }
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = ' ';
    return std::string(trimmed(out));
}

} // namespace lsw::storage
