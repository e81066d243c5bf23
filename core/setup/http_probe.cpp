// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/http_probe.h"

#include "base/text.h"
#include "protocol/go_json.h"
#include "setup/masked_token.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <mutex>
#include <thread>

#include <curl/curl.h>

namespace lsw::setup {
namespace {

constexpr std::size_t kMostBody = 256 << 10;
constexpr std::chrono::milliseconds kStep{20};

struct Request {
    HttpAnswer answer;
    std::stop_token stop;
    bool isFull = false;
};

std::size_t onHeader(char* data, std::size_t one, std::size_t count, void* self) {
    HttpAnswer& answer = static_cast<Request*>(self)->answer;
    const std::string_view line(data, one * count);
    const auto colon = line.find(':');
    if (line.starts_with("HTTP/") || colon == std::string_view::npos) return line.size();
    const std::string name = lowerCase(trimmed(line.substr(0, colon)));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "content-type") answer.contentType = lowerCase(trimmed(value.substr(0, value.find(';'))));
    else if (name == "server") answer.server = value;
    else if (name == "via") answer.via = value;
    else if (name == "date") answer.date = value.substr(0, 40);
    return line.size();
}

std::size_t onBody(char* data, std::size_t one, std::size_t count, void* self) {
    Request& request = *static_cast<Request*>(self);
    const std::size_t size = one * count, room = kMostBody - request.answer.body.size();
    request.answer.body.append(data, std::min(size, room));
    request.isFull = size > room;
    return request.isFull ? 0 : size; // 0 ends it: what is longer is no answer of a miner
}

int onProgress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return static_cast<Request*>(self)->stop.stop_requested() ? 1 : 0; }

HttpOutcome outcomeOf(CURLcode code) {
    switch (code) {
    case CURLE_OK: return HttpOutcome::Answered;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: return HttpOutcome::NoConnection;
    case CURLE_OPERATION_TIMEDOUT: return HttpOutcome::TimedOut;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE: return HttpOutcome::Dropped;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING: return HttpOutcome::NotHttp;
    case CURLE_SSL_CONNECT_ERROR: return HttpOutcome::TlsFailed;
    case CURLE_PEER_FAILED_VERIFICATION: return HttpOutcome::CertificateRefused;
    case CURLE_ABORTED_BY_CALLBACK: return HttpOutcome::Cancelled;
    default: return HttpOutcome::Failed;
    }
}

using Easy = std::unique_ptr<CURL, void (*)(CURL*)>;
using Headers = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

/// A handle with what all questions have in common.
Easy prepared(const RpcQuestion& question, const std::string& url, Request& request) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    Easy easy(curl_easy_init(), curl_easy_cleanup);
    if (!easy) return easy;
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy.get(), CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    curl_easy_setopt(easy.get(), CURLOPT_PROXY, question.proxy.c_str()); // "" turns the environment off
    curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(question.limit.count()));
    curl_easy_setopt(easy.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy.get(), CURLOPT_XFERINFOFUNCTION, onProgress);
    curl_easy_setopt(easy.get(), CURLOPT_XFERINFODATA, &request);
    return easy;
}

HttpAnswer post(const RpcQuestion& question, const std::string& body, const std::stop_token& stop) {
    Request request{{}, stop};
    const Easy easy = prepared(question, question.server.url("/rpc/v0"), request);
    if (!easy) return {};
    curl_slist* list = nullptr;
    for (const char* line : {"Content-Type: application/json", "Accept-Encoding: identity", "Expect:"}) list = curl_slist_append(list, line);
    if (!question.token.empty()) list = curl_slist_append(list, ("Authorization: Bearer " + question.token).c_str());
    const Headers headers(list, curl_slist_free_all);
    std::array<char, CURL_ERROR_SIZE> words{};
    curl_easy_setopt(easy.get(), CURLOPT_USERAGENT, "lotus-seal-worker");
    curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, words.data());
    curl_easy_setopt(easy.get(), CURLOPT_HEADERFUNCTION, onHeader);
    curl_easy_setopt(easy.get(), CURLOPT_HEADERDATA, &request);
    curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &request);
    request.answer.sent = std::chrono::system_clock::now();
    const CURLcode code = curl_easy_perform(easy.get());
    request.answer.received = std::chrono::system_clock::now();
    request.answer.outcome = request.isFull ? HttpOutcome::Answered : outcomeOf(code);
    request.answer.words = words[0] != 0 ? words.data() : curl_easy_strerror(code);
    if (!request.answer.date.empty()) request.answer.time = curl_getdate(request.answer.date.c_str(), nullptr);
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &request.answer.status);
    return std::move(request.answer);
}

/// Connects, with TLS where the address says so, and stays connected.
CURLcode connectOnly(CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    return curl_easy_perform(easy);
}

/// "HTTP/1.1 101 …"
long statusOf(std::string_view head) {
    const auto space = head.find(' ');
    long status = 0;
    if (!head.starts_with("HTTP/") || space == std::string_view::npos) return 0;
    std::from_chars(head.data() + space + 1, head.data() + head.size(), status);
    return status;
}

} // namespace

std::string looksOf(const HttpAnswer& answer) {
    std::string out = "http status " + std::to_string(answer.status);
    if (!answer.contentType.empty()) out += ", " + answer.contentType;
    if (!answer.server.empty()) out += ", " + answer.server;
    if (!answer.via.empty()) out += ", via " + answer.via;
    return withoutTokens(out.substr(0, 200));
}

std::string whyNot(const RpcAnswer& answer) {
    if (answer.error) return answer.error->code == kNoSuchMethod ? "it has no such method" : withoutTokens(answer.error->message.substr(0, 300));
    if (answer.http.outcome != HttpOutcome::Answered) return answer.http.words;
    return answer.isRpc() ? "an answer of another form" : looksOf(answer.http);
}

RpcAnswer askRpc(const RpcQuestion& question, const std::string& method, const boost::json::array& params, const std::stop_token& stop) {
    RpcAnswer out;
    out.http = post(question, protocol::makeRequest(1, method, params), stop);
    if (out.http.outcome != HttpOutcome::Answered) return out;
    const auto json = protocol::parseGoJson(out.http.body);
    const auto* object = json ? json->if_object() : nullptr;
    if (!object || (!object->contains("jsonrpc") && !object->contains("result") && !object->contains("error"))) return out;
    if (const auto* error = protocol::memberOf(*object, "error").if_object()) {
        protocol::RpcError failed{0, {}, static_cast<int>(out.http.status)};
        if (const auto& code = protocol::memberOf(*error, "code"); code.is_int64()) failed.code = static_cast<int>(code.get_int64());
        if (const auto& words = protocol::memberOf(*error, "message"); words.is_string()) failed.message = std::string(words.get_string());
        out.error = std::move(failed);
    } else {
        out.result = protocol::memberOf(*object, "result");
    }
    return out;
}

bool speaksTls(const RpcQuestion& question, const std::stop_token& stop) {
    RpcQuestion encrypted = question;
    encrypted.server.scheme = "https";
    Request request{{}, stop};
    const Easy easy = prepared(encrypted, encrypted.server.url("/"), request);
    if (!easy) return false;
    curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYPEER, 0L); // nothing is sent; only the kind of port is asked for
    curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYHOST, 0L);
    return connectOnly(easy.get()) == CURLE_OK;
}

long upgradeStatus(const RpcQuestion& question, const std::stop_token& stop) {
    Request request{{}, stop};
    const Easy easy = prepared(question, question.server.url("/rpc/v0"), request);
    if (!easy || connectOnly(easy.get()) != CURLE_OK) return 0;
    const std::string head = "GET " + question.server.path + "/rpc/v0 HTTP/1.1\r\nHost: " + question.server.host + ':' + std::to_string(question.server.port) +
                             "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    std::size_t sent = 0;
    if (curl_easy_send(easy.get(), head.data(), head.size(), &sent) != CURLE_OK || sent != head.size()) return 0;
    std::string answer;
    const auto until = std::chrono::steady_clock::now() + question.limit;
    while (answer.find("\r\n") == std::string::npos && answer.size() < 4096 && !stop.stop_requested() && std::chrono::steady_clock::now() < until) {
        std::array<char, 1024> bytes{};
        std::size_t got = 0;
        const CURLcode code = curl_easy_recv(easy.get(), bytes.data(), bytes.size(), &got);
        if (code == CURLE_AGAIN) std::this_thread::sleep_for(kStep);
        else if (code != CURLE_OK || got == 0) break;
        answer.append(bytes.data(), got);
    }
    return statusOf(answer);
}

} // namespace lsw::setup
