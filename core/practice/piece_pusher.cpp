// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/piece_pusher.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <stop_token>
#include <thread>
#include <vector>

#include <curl/curl.h>

#include "base/quiet_thread.h"

namespace lsw::practice {
namespace {

constexpr int kMaxRedirects = 5;

/// What is still to be sent.
struct Body {
    std::FILE* file = nullptr;
    std::uint64_t left = 0;
};

std::size_t readBody(char* buffer, std::size_t size, std::size_t count, void* user) {
    Body& body = *static_cast<Body*>(user);
    const std::size_t room = static_cast<std::size_t>(std::min<std::uint64_t>(size * count, body.left));
    if (room == 0) return 0;
    const std::size_t got = body.file ? std::fread(buffer, 1, room, body.file) : 0;
    if (got == 0) std::memset(buffer, 0, room);
    const std::size_t sent = got == 0 ? room : got;
    body.left -= sent;
    return sent;
}

std::size_t ignoreAnswer(char*, std::size_t size, std::size_t count, void*) { return size * count; }

int stopWhenAsked(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::stop_token*>(user)->stop_requested() ? 1 : 0;
}

/// One request; its status, 0 when there was none. `location` gets where it was redirected to.
long request(const std::string& url, Body* body, std::stop_token stop, std::string& location) {
    CURL* curl = curl_easy_init();
    if (!curl) return 0;
    curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/octet-stream");
    headers = curl_slist_append(headers, "Expect:");
    if (body) headers = curl_slist_append(headers, "Transfer-Encoding: chunked");
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignoreAnswer);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, stopWhenAsked);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
    if (body) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, readBody);
        curl_easy_setopt(curl, CURLOPT_READDATA, body);
    } else {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    long status = 0;
    if (curl_easy_perform(curl) == CURLE_OK) {
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        char* target = nullptr;
        if (curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &target) == CURLE_OK && target) location = target;
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return status;
}

void pushPiece(std::string url, const std::filesystem::path& file, std::uint64_t size, const std::stop_token& stop) {
    for (int redirects = 0; redirects <= kMaxRedirects && !stop.stop_requested(); ++redirects) {
        std::string location;
        const long status = request(url, nullptr, stop, location);
        if (status == 302 && !location.empty()) {
            url = location;
            continue;
        }
        if (status != 200) return;
        Body body{std::fopen(file.c_str(), "rbe"), size};
        request(url, &body, stop, location);
        if (body.file) std::fclose(body.file);
        return;
    }
}

} // namespace

class PiecePusher::Private {
public:
    std::vector<std::jthread> threads;
};

PiecePusher::PiecePusher() : m_private(std::make_unique<Private>()) {}

PiecePusher::~PiecePusher() {
    for (std::jthread& thread : m_private->threads) thread.request_stop();
}

void PiecePusher::push(std::string url, std::filesystem::path file, std::uint64_t size) {
    m_private->threads.emplace_back(
        [url = std::move(url), file = std::move(file), size](const std::stop_token& stop) {
            letOthersRunFirst();
            pushPiece(url, file, size, stop);
        });
}

} // namespace lsw::practice
