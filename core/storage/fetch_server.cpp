// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/fetch_server.h"

#include "protocol/lotus_json.h"
#include "sector/partial_file.h"
#include "storage/durable_files.h"
#include "storage/tar_stream.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <limits>

namespace lsw::storage {
namespace fs = std::filesystem;
using protocol::BulkConnection;
using protocol::HttpHead;
using protocol::HttpReply;
namespace {

constexpr std::size_t kProofRequestLimit = 1U << 20; ///< 66 challenges are half a kilobyte
constexpr const char* kPlain = "text/plain; charset=utf-8";

HttpReply emptyReply(int status) { return {status, {}, {}, {}}; }

std::vector<std::string_view> segments(std::string_view path) {
    std::vector<std::string_view> out;
    while (!path.empty()) {
        const auto slash = path.find('/');
        out.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
        if (path.empty()) out.emplace_back();
    }
    return out;
}

/// "Mon, 23 Nov 2026 03:40:00 GMT", whatever the locale is.
std::string httpDate(std::time_t when) {
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm tm{};
    ::gmtime_r(&when, &tm);
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[tm.tm_wday], tm.tm_mday, kMonths[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
                  tm.tm_min, tm.tm_sec);
    return text;
}

struct ByteRange {
    std::uint64_t first = 0, length = 0;
};
enum class RangeAnswer { Whole, Part, Unsatisfiable };

/// One range of "bytes=a-b", "bytes=a-", "bytes=-n". Several ranges, and what is no range, are answered with the whole file, which HTTP allows.
RangeAnswer parseRange(std::string_view text, std::uint64_t size, ByteRange& out) {
    if (!text.starts_with("bytes=") || text.find(',') != std::string_view::npos) return RangeAnswer::Whole;
    text.remove_prefix(6);
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return RangeAnswer::Whole;
    const auto first = sector::parseUnsigned(text.substr(0, dash), "offset"), last = sector::parseUnsigned(text.substr(dash + 1), "offset");
    if (dash == 0) {
        if (!last) return RangeAnswer::Whole;
        if (*last == 0 || size == 0) return RangeAnswer::Unsatisfiable;
        out.length = std::min(*last, size);
        out.first = size - out.length;
        return RangeAnswer::Part;
    }
    if (!first || (!last && dash + 1 != text.size())) return RangeAnswer::Whole;
    if (last && *last < *first) return RangeAnswer::Whole;
    if (*first >= size) return RangeAnswer::Unsatisfiable;
    out.first = *first;
    out.length = (last ? std::min(*last, size - 1) : size - 1) - *first + 1;
    return RangeAnswer::Part;
}

std::string headerOf(const HttpHead& head, const char* name) {
    const auto found = head.headers.find(name);
    return found == head.headers.end() ? std::string() : found->second;
}

class Server {
public:
    Server(FetchSource source, std::string permission) : m_source(std::move(source)), m_permission(std::move(permission)) {}

    void serve(const HttpHead& head, const protocol::Permissions& permissions, BulkConnection connection) const {
        if (!permissions.contains(m_permission)) {
            const std::string text = "{\"Error\":\"unauthorized: missing " + m_permission + " permission\"}\n";
            (void)connection.reply({401, kPlain, text, {}});
            return;
        }
        const auto parts = segments(std::string_view(head.path));
        // "" "remote" …
        const bool known = parts.size() >= 4 && parts[0].empty() && parts[1] == "remote" && !parts[2].empty() && !parts[3].empty();
        if (known && parts.size() == 4 && parts[2] == "stat") return onlyGet(head, connection, [&] { (void)connection.reply(stat(std::string(parts[3]))); });
        if (known && parts.size() == 4 && parts[2] == "vanilla" && head.method == "POST" && m_source.singleVanilla) {
            if (parts[3] == "single") return serveProof<protocol::SingleVanillaRequest>(connection, m_source.singleVanilla);
            if (parts[3] == "porep") return serveProof<protocol::PorepVanillaRequest>(connection, m_source.porepVanilla);
        }
        if (known && parts.size() == 4) return serveSector(head, parts[2], parts[3], connection);
        if (known && parts.size() == 8 && parts[5] == "allocated")
            return onlyGet(head, connection, [&] { (void)connection.reply(emptyReply(allocated(parts[2], parts[3], parts[4], parts[6], parts[7]))); });
        (void)connection.reply({404, kPlain, "404 page not found\n", {{"X-Content-Type-Options", "nosniff"}}});
    }

private:
    template <typename Answer>
    static void onlyGet(const HttpHead& head, BulkConnection& connection, const Answer& answer) {
        if (head.method != "GET") return void(connection.reply(emptyReply(405)));
        answer();
    }

    static HttpReply failure(const std::string& text) { return {500, kPlain, text + '\n', {{"X-Content-Type-Options", "nosniff"}}}; }

    /// Reads the request, has the proof made, sends it: whatever goes wrong is a 500 with its text, as in lotus.
    template <typename Request, typename Make>
    static void serveProof(BulkConnection& connection, const Make& make) {
        std::string body;
        std::array<char, 16384> block;
        for (;;) {
            const auto count = connection.readBody(block.data(), block.size());
            if (!count) return void(connection.reply(failure(count.error().message())));
            if (*count == 0) break;
            if (body.size() + *count > kProofRequestLimit) return void(connection.reply(failure("http: request body too large")));
            body.append(block.data(), *count);
        }
        if (body.find_first_not_of(" \t\r\n") == std::string::npos) return void(connection.reply(failure("EOF")));
        const auto json = protocol::parseGoJson(body);
        if (!json) return void(connection.reply(failure(json.error().message())));
        const auto request = protocol::fromJson<Request>(*json);
        if (!request) return void(connection.reply(failure(request.error().message())));
        const auto proof = make(*request, connection.stopToken());
        if (!proof) return void(connection.reply(failure(proof.error().message())));
        if (connection.writeHead({200, "application/octet-stream", {}, {{"Accept-Ranges", "bytes"}}}, proof->size()))
            (void)connection.writeBody(proof->data(), proof->size());
    }

    HttpReply stat(const std::string& id) const {
        const auto found = m_source.stat(id);
        if (!found) return found.error().code() == ErrorCode::NotFound ? emptyReply(404) : HttpReply{500, kPlain, found.error().message() + '\n', {}};
        return {200, kPlain, boost::json::serialize(protocol::toJson(*found)) + '\n', {}};
    }

    /// 200 when the whole range of unpadded bytes is in the unsealed file, 416 when not.
    int allocated(std::string_view typeText, std::string_view name, std::string_view proofText, std::string_view offsetText, std::string_view sizeText) const {
        const auto id = sector::parseSectorName(name);
        const auto number = sector::parseUnsigned(proofText, "proof type");
        const auto offset = sector::parseUnsigned(offsetText, "offset"), size = sector::parseUnsigned(sizeText, "size");
        if (typeText != sector::fileTypeName(FileType::Unsealed) || !id || !number || !offset || !size) return 500;
        if (*number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return 500;
        const auto proof = sector::proofInfo(sector::SealProof{static_cast<std::int64_t>(*number)});
        const auto path = m_source.find(*id, FileType::Unsealed);
        if (!proof || !path) return 500;
        const auto file = sector::PartialFile::open(*path, (*proof)->sectorSize);
        if (!file) return 500;
        const std::uint64_t most = (*proof)->sectorSize.unpadded().value;
        if (*offset > most || *size > most - *offset) return 416;
        return file->isAllocated(sector::UnpaddedBytes{*offset}.padded(), sector::UnpaddedBytes{*size}.padded()) ? 200 : 416;
    }

    void serveSector(const HttpHead& head, std::string_view typeText, std::string_view name, BulkConnection& connection) const {
        if (head.method != "GET" && head.method != "DELETE") return void(connection.reply(emptyReply(405)));
        const auto type = sector::fileTypeFromName(typeText);
        const auto id = sector::parseSectorName(name);
        if (!type || !id) return void(connection.reply(emptyReply(500)));
        if (head.method == "DELETE") {
            std::vector<std::string> keep;
            if (const auto found = head.query.find("keep"); found != head.query.end())
                for (std::string_view rest = found->second; !rest.empty();) {
                    const auto dot = rest.find('.');
                    if (dot != 0) keep.emplace_back(rest.substr(0, dot));
                    rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
                }
            return void(connection.reply(emptyReply(m_source.remove(*id, *type, keep) ? 200 : 500)));
        }
        const auto path = m_source.find(*id, *type);
        if (!path) return void(connection.reply(emptyReply(500)));
        const FileHandle opened(::open(path->c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        struct stat status {};
        if (!opened || ::fstat(opened.get(), &status) != 0) return void(connection.reply(emptyReply(500)));
        if (S_ISDIR(status.st_mode)) return serveFolder(head, *path, connection);
        if (!S_ISREG(status.st_mode)) return void(connection.reply(emptyReply(500)));
        serveFile(head, opened.get(), static_cast<std::uint64_t>(status.st_size), status.st_mtime, connection);
    }

    static void serveFolder(const HttpHead& head, const fs::path& folder, BulkConnection& connection) {
        if (head.headers.contains("range")) return void(connection.reply(emptyReply(500)));
        bool begun = false;
        const auto begin = [&]() -> Expected<void> {
            if (begun) return {};
            begun = true;
            return connection.writeHead({200, "application/x-tar", {}, {}}, std::nullopt);
        };
        const auto write = [&](const void* data, std::size_t size) -> Expected<void> {
            LSW_TRY(begin());
            return connection.writeBody(data, size);
        };
        const auto packed = packFolder(folder, {write, [&](int file, std::uint64_t length) { return connection.sendFile(file, 0, length); }});
        if (!packed && !begun) return void(connection.reply(emptyReply(500)));
        // Without its last chunk the receiver knows that the tar is not whole.
        if (!packed) return connection.abort();
        if (begin()) (void)connection.finish();
    }

    static void serveFile(const HttpHead& head, int file, std::uint64_t size, std::time_t changed, BulkConnection& connection) {
        const std::string modified = httpDate(changed);
        if (headerOf(head, "if-modified-since") == modified) return void(connection.reply({304, {}, {}, {{"Last-Modified", modified}}}));
        ByteRange range{0, size};
        RangeAnswer answer = RangeAnswer::Whole;
        const std::string ifRange = headerOf(head, "if-range");
        if (ifRange.empty() || ifRange == modified) answer = parseRange(headerOf(head, "range"), size, range);
        if (answer == RangeAnswer::Unsatisfiable)
            return void(connection.reply({416, kPlain, "invalid range: failed to overlap\n",
                                          {{"Content-Range", "bytes */" + std::to_string(size)}, {"X-Content-Type-Options", "nosniff"}}}));
        HttpReply reply{200, "application/octet-stream", {}, {{"Accept-Ranges", "bytes"}, {"Last-Modified", modified}}};
        if (answer == RangeAnswer::Part) {
            reply.status = 206;
            reply.headers.emplace_back("Content-Range", "bytes " + std::to_string(range.first) + '-' + std::to_string(range.first + range.length - 1) + '/' +
                                                            std::to_string(size));
        }
        if (!connection.writeHead(reply, range.length)) return;
        if (range.length > 0) (void)connection.sendFile(file, range.first, range.length);
    }

    FetchSource m_source;
    std::string m_permission;
};

} // namespace

protocol::HttpRoute fetchRoute(FetchSource source, std::string permission) {
    auto server = std::make_shared<Server>(std::move(source), std::move(permission));
    protocol::HttpRoute route;
    route.prefix = "/remote";
    // Even the small answers look at disks or ask the index: nothing of this stays on the HTTP thread.
    route.isBulk = [](const HttpHead&) { return true; };
    route.bulk = [server](const HttpHead& head, const protocol::Permissions& permissions, BulkConnection connection) {
        server->serve(head, permissions, std::move(connection));
    };
    return route;
}

} // namespace lsw::storage
