// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/http_head.h"

#include "base/text.h"
#include "protocol/http_text.h"

namespace lsw::protocol {

namespace {

bool matches(const HttpRoute& route, std::string_view path) {
    if (!path.starts_with(route.prefix)) return false;
    if (path.size() == route.prefix.size()) return true;
    return !route.exact && (route.prefix.ends_with('/') || path[route.prefix.size()] == '/');
}

/// The status that refuses the framing of the body, or 0. Two framings, or one we do not know, leave open where the next request begins.
int framingProblem(const RawHead& raw, const HttpHead& head, std::size_t encodings) {
    if (encodings == 0) return 0;
    if (head.headers.contains("content-length")) return 400;
    if (encodings != 1 || lowerCase(head.headers.at("transfer-encoding")) != "chunked") return 501;
    return raw.version == 10 ? 400 : 0;
}

} // namespace

RequestHead readHead(const RawHead& raw, std::string peer) {
    RequestHead out;
    HttpHead& head = out.head;
    head.method = std::string(raw.method);
    head.peer = std::move(peer);
    head.contentLength = raw.contentLength;
    std::size_t encodings = 0, hosts = 0;
    for (const auto& [rawName, value] : raw.fields) {
        const std::string name = lowerCase(rawName);
        if (name == "transfer-encoding") ++encodings;
        if (name == "host") ++hosts;
        const auto [it, isNew] = head.headers.emplace(name, value);
        if (!isNew && name != "authorization" && name != "host") it->second += ", " + std::string(value);
    }
    head.chunked = encodings > 0;
    if (raw.version != 11 && raw.version != 10) out.refusedWith = 505;
    else if (raw.version == 11 && hosts != 1) out.refusedWith = 400;
    else out.refusedWith = framingProblem(raw, head, encodings);
    if (const auto expect = head.headers.find("expect"); expect != head.headers.end()) {
        if (lowerCase(expect->second) != "100-continue") out.refusedWith = 417;
        out.expectsContinue = raw.version == 11;
    }
    std::string_view target = raw.target;
    if (lowerCase(target.substr(0, 7)) == "http://") { // the form for proxies
        const std::size_t slash = target.find('/', 7);
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    const std::size_t question = target.find('?');
    auto path = percentDecode(target.substr(0, question), false);
    if (!path || path->find('\0') != std::string::npos) out.refusedWith = 400;
    else head.path = std::move(*path);
    if (question != std::string_view::npos) head.query = parseQuery(target.substr(question + 1));
    return out;
}

std::optional<std::string> bearerToken(const HttpHead& head) {
    static constexpr std::string_view kBearer = "Bearer ";
    const auto header = head.headers.find("authorization");
    if (header != head.headers.end() && !header->second.empty()) {
        if (!header->second.starts_with(kBearer)) return std::nullopt;
        return header->second.substr(kBearer.size());
    }
    const auto query = head.query.find("token");
    return query == head.query.end() ? std::string() : query->second;
}

const HttpRoute* findRoute(const std::vector<HttpRoute>& routes, std::string_view path) {
    const HttpRoute* best = nullptr;
    for (const HttpRoute& candidate : routes)
        if (matches(candidate, path) && (!best || candidate.prefix.size() > best->prefix.size())) best = &candidate;
    return best;
}

} // namespace lsw::protocol
