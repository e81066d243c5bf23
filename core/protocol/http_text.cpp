// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/http_text.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace lsw::protocol {

std::string_view httpStatusText(int status) {
    switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Request Entity Too Large";
    case 416: return "Requested Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
    }
}

HttpReply plainTextReply(int status, std::string_view text) {
    HttpReply reply;
    reply.status = status;
    reply.contentType = "text/plain; charset=utf-8";
    reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
    reply.body = std::string(text) + '\n';
    return reply;
}

HttpReply emptyReply(int status) {
    HttpReply reply;
    reply.status = status;
    return reply;
}

HttpReply refusalReply(int status) {
    HttpReply reply = emptyReply(status);
    reply.contentType = "text/plain; charset=utf-8";
    reply.body = std::to_string(status) + ' ' + std::string(httpStatusText(status));
    return reply;
}

namespace {

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string httpDate() {
    // Not strftime: the names of days and months must not follow the locale.
    static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                  kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    return text.data();
}

void appendHeader(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    for (const char c : value) out += (c == '\r' || c == '\n' || c == '\0') ? ' ' : c;
    out += "\r\n";
}

} // namespace

std::optional<std::string> percentDecode(std::string_view text, bool plusIsSpace) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '+' && plusIsSpace) {
            out += ' ';
        } else if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hexDigit(text[i + 1]), low = hexDigit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += c;
        }
    }
    return out;
}

std::map<std::string, std::string> parseQuery(std::string_view text) {
    std::map<std::string, std::string> out;
    while (!text.empty()) {
        const std::size_t end = text.find('&');
        const std::string_view pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        auto name = percentDecode(pair.substr(0, equals), true);
        auto value = equals == std::string_view::npos ? std::optional<std::string>("") : percentDecode(pair.substr(equals + 1), true);
        if (name && value) out.emplace(std::move(*name), std::move(*value));
    }
    return out;
}

bool statusHasBody(int status) { return status >= 200 && status != 204 && status != 304; }

std::string replyHeadText(const HttpReply& reply, const ReplyFraming& framing) {
    std::string out = "HTTP/1.1 " + std::to_string(reply.status) + ' ' + std::string(httpStatusText(reply.status)) + "\r\n";
    if (!reply.contentType.empty()) appendHeader(out, "Content-Type", reply.contentType);
    for (const auto& [name, value] : reply.headers) appendHeader(out, name, value);
    appendHeader(out, "Date", httpDate());
    if (!framing.answersHead && statusHasBody(reply.status)) {
        if (framing.length) appendHeader(out, "Content-Length", std::to_string(*framing.length));
        else appendHeader(out, "Transfer-Encoding", "chunked");
    }
    if (framing.closes) appendHeader(out, "Connection", "close");
    return out + "\r\n";
}

} // namespace lsw::protocol
