// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/remote_fetch.h"

#include "sector/sector_id.h"
#include "storage/durable_files.h"
#include "storage/http_transfer.h"
#include "storage/tar_stream.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include <boost/json.hpp>

namespace lsw::storage {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

constexpr std::size_t kWriteSize = 256U << 10; ///< large enough for few calls of the kernel, small enough to be in the cache still
constexpr int kContinuations = 5;
constexpr int kBusyTurns = 30;
constexpr std::chrono::seconds kBusyWait{2};

/// Whether an error is the fault of the source, so that another one may do better.
enum class Blame { Source, Us };
struct Failure {
    Error error;
    Blame blame = Blame::Source;
    bool mayContinue = false; ///< the same source may give the rest
    bool isBusy = false;      ///< the same source may give it a little later
    long status = 0;          ///< of an answer that was not what was asked for
};

/// Where the bytes of an unfinished file came from: kept beside it.
struct Origin {
    std::string url, validator;
    std::uint64_t total = 0;
};

fs::path originFile(const fs::path& temporary) { return temporary.string() + ".part"; }

/// What a power cut left of an unflushed file is not what was received: only a part of this boot is continued.
std::string bootId() { return readFileWhole("/proc/sys/kernel/random/boot_id", 100).valueOr(std::string()); }

std::optional<Origin> readOrigin(const fs::path& temporary) {
    const auto text = readFileWhole(originFile(temporary), 64 << 10);
    if (!text) return std::nullopt;
    std::error_code failed;
    const json::value value = json::parse(*text, failed);
    if (failed || !value.is_object()) return std::nullopt;
    const auto textOf = [&](const char* key) {
        const json::value* found = value.get_object().if_contains(key);
        return found && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    const auto total = sector::parseUnsigned(textOf("total"), "size");
    if (!total || textOf("boot") != bootId() || textOf("validator").empty()) return std::nullopt;
    return Origin{textOf("url"), textOf("validator"), *total};
}

Expected<void> writeOrigin(const fs::path& temporary, const Origin& origin) {
    const json::object object{{"url", origin.url}, {"validator", origin.validator}, {"total", std::to_string(origin.total)}, {"boot", bootId()}};
    return writeFileWhole(originFile(temporary), json::serialize(object));
}

std::uint64_t sizeOf(const fs::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
}

/// A validator that changes whenever the file does: a strong ETag, or a date so old that the file cannot have changed within its second.
std::string strongValidator(const HttpTransfer::Head& head) {
    if (!head.etag.empty() && !head.etag.starts_with("W/")) return head.etag;
    if (head.lastModified.empty() || head.date.empty()) return {};
    const std::time_t changed = curl_getdate(head.lastModified.c_str(), nullptr), now = curl_getdate(head.date.c_str(), nullptr);
    return changed >= 0 && now >= changed + 2 ? head.lastModified : std::string();
}

Error refused(const std::string& url, const HttpTransfer::Head& head, const std::string& text) {
    ErrorCode code = ErrorCode::Remote;
    std::string what = url + ": status " + std::to_string(head.status);
    if (head.status == 401 || head.status == 403) {
        code = ErrorCode::PermissionDenied;
        what += ", our token is not accepted there";
    } else if (head.status == 404) {
        code = ErrorCode::NotFound;
        what += ", it is not there";
    } else if (head.status == 500 && text.empty()) {
        what += ", the other side could not give it (not there, or unreadable)";
    }
    if (!text.empty()) what += ", \"" + text + '"';
    return Error(code, what);
}

void waitFor(std::chrono::milliseconds time, const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, stop, time, [] { return false; });
}

class Fetch {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;
    Fetch(std::string token, Headers headers, const fs::path& temporary, const TaskContext& context, FetchKind kind)
        : m_token(std::move(token)), m_headers(std::move(headers)), m_temporary(temporary), m_context(context), m_kind(kind) {}

    /// As often as the source lets hope.
    std::optional<Failure> tryPatiently(const std::string& url) {
        for (int turn = 0;; ++turn) {
            auto failure = tryOnce(url);
            if (!failure || failure->blame == Blame::Us || m_context.stop.stop_requested()) return failure;
            if (failure->mayContinue && turn < kContinuations) continue;
            if (!failure->isBusy || turn >= kBusyTurns) return failure;
            waitFor(kBusyWait, m_context.stop);
        }
    }

    /// One request to one source. Nothing: `temporary` is whole and flushed.
    std::optional<Failure> tryOnce(const std::string& url) {
        std::optional<Origin> origin = readOrigin(m_temporary);
        std::uint64_t have = sizeOf(m_temporary);
        if (!origin || origin->url != url || have == 0 || have > origin->total) {
            forgetUnfinished(m_temporary);
            origin.reset();
            have = 0;
        }
        HttpTransfer::Request request{"GET", url, m_token, {}, {}, m_headers, {}};
        if (origin && have < origin->total) {
            request.from = have;
            request.ifRange = origin->validator;
        } else if (origin) {
            return flush();
        }
        HttpTransfer transfer(request, m_context.stop);
        const auto head = transfer.head();
        if (!head) return Failure{head.error(), blameOf(head.error()), have > 0};
        if (head->status == 206 && origin) {
            const std::string expected = "bytes " + std::to_string(have) + '-' + std::to_string(origin->total - 1) + '/' + std::to_string(origin->total);
            if (head->contentRange != expected) {
                forgetUnfinished(m_temporary);
                return Failure{Error(ErrorCode::Corrupt, url + ": gave \"" + head->contentRange + "\" when asked for \"" + expected + '"'), Blame::Source, true};
            }
            return receiveFile(transfer, url, have, origin->total, true);
        }
        if (have > 0) forgetUnfinished(m_temporary);
        if (head->status == 416 && origin) return Failure{Error(ErrorCode::Corrupt, url + ": the file changed while it was fetched"), Blame::Source, true};
        if (head->status != 200)
            return Failure{refused(url, *head, transfer.someText(300)), Blame::Source, false, head->status == 503 || head->status == 429, head->status};
        if (head->contentType == "application/x-tar") return receiveTar(transfer, url);
        if (head->contentType != "application/octet-stream")
            return Failure{Error(ErrorCode::Remote, url + ": unknown content type \"" + head->contentType + '"'), Blame::Source, false};
        if (m_kind == FetchKind::Folder) return Failure{Error(ErrorCode::Corrupt, url + ": gave a file where a folder was asked for"), Blame::Source, false};
        // Without a length and without chunks an early end looks like success.
        if (!head->length && !head->isChunked) return Failure{Error(ErrorCode::Corrupt, url + ": does not say how long the file is"), Blame::Source, false};
        const std::string validator = strongValidator(*head);
        const bool canContinue = head->length && !validator.empty();
        if (canContinue) {
            if (auto written = writeOrigin(m_temporary, {url, validator, *head->length}); !written) return Failure{written.error(), Blame::Us, false};
        }
        return receiveFile(transfer, url, 0, head->length.value_or(0), canContinue);
    }

private:
    static Blame blameOf(const Error& error) { return error.code() == ErrorCode::Cancelled || error.code() == ErrorCode::Internal ? Blame::Us : Blame::Source; }

    std::optional<Failure> flush() {
        const FileHandle file(::open(m_temporary.c_str(), O_RDONLY | O_CLOEXEC));
        if (!file || ::fsync(file.get()) != 0) return Failure{writeError(errno, "cannot flush " + m_temporary.string()), Blame::Us, false};
        return std::nullopt;
    }

    std::optional<Failure> receiveFile(HttpTransfer& transfer, const std::string& url, std::uint64_t have, std::uint64_t total, bool canContinue) {
        const FileHandle file(::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644));
        if (!file) return Failure{writeError(errno, "cannot make " + m_temporary.string()), Blame::Us, false};
        // A full disk shows before hours of transfer; the size stays that of what came, which is where to continue.
        if (total > have && ::fallocate(file.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(total)) != 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
            return Failure{writeError(errno, "no room for the " + std::to_string(total) + " bytes of " + m_temporary.string()), Blame::Us, false};
        Progress progress{"fetch", {}, have, total, "bytes"};
        Bytes block;
        block.reserve(kWriteSize);
        Expected<void> written;
        const auto writeBlock = [&] {
            written = writeAll(file.get(), block.data(), block.size(), m_temporary);
            block.clear();
        };
        const auto take = [&](std::span<const std::uint8_t> piece) {
            progress.done += piece.size();
            m_context.report(progress);
            while (!piece.empty() && written) {
                const auto some = piece.first(std::min(piece.size(), kWriteSize - block.size()));
                block.insert(block.end(), some.begin(), some.end());
                piece = piece.subspan(some.size());
                if (block.size() == kWriteSize) writeBlock();
            }
            return written;
        };
        const auto received = transfer.receive(take);
        if (written && !block.empty()) writeBlock(); // also of a transfer that broke off: it is continued from there
        if (!written) return Failure{written.error(), Blame::Us, false};
        if (!received) return Failure{received.error(), blameOf(received.error()), canContinue && progress.done > have};
        if (total && progress.done != total)
            return Failure{Error(ErrorCode::Io, url + ": ended after " + std::to_string(progress.done) + " of " + std::to_string(total) + " bytes"), Blame::Source,
                           canContinue && progress.done > have && progress.done < total};
        if (::fsync(file.get()) != 0) return Failure{writeError(errno, "cannot flush " + m_temporary.string()), Blame::Us, false};
        return std::nullopt;
    }

    std::optional<Failure> receiveTar(HttpTransfer& transfer, const std::string& url) {
        if (m_kind == FetchKind::File) return Failure{Error(ErrorCode::Corrupt, url + ": gave a tar where a file was asked for"), Blame::Source, false};
        Progress progress{"fetch", {}, 0, 0, "bytes"};
        bool sourceFailed = false;
        const auto unpacked = unpackCacheTar(
            [&]() {
                auto piece = transfer.next();
                if (!piece) sourceFailed = true;
                else if (!piece->empty()) {
                    progress.done += piece->size();
                    m_context.report(progress);
                }
                return piece;
            },
            m_temporary);
        if (unpacked) return std::nullopt;
        const bool isSource = (sourceFailed || unpacked.error().code() == ErrorCode::Corrupt) && blameOf(unpacked.error()) == Blame::Source;
        Error error = sourceFailed ? unpacked.error() : Error(unpacked.error()).whileDoing(url);
        return Failure{std::move(error), isSource ? Blame::Source : Blame::Us, false};
    }

    const std::string m_token;
    const Headers m_headers;
    const fs::path& m_temporary;
    const TaskContext& m_context;
    FetchKind m_kind;
};

/// Servers may repeat what they were sent.
std::string without(std::string text, const std::string& token) {
    if (token.empty()) return text;
    for (auto at = text.find(token); at != std::string::npos; at = text.find(token, at)) text.replace(at, token.size(), "<token>");
    return text;
}

Expected<void> makeFolders(const fs::path& temporary, const fs::path& destination) {
    for (const fs::path& folder : {temporary.parent_path(), destination.parent_path()}) {
        std::error_code failed;
        fs::create_directories(folder, failed);
        if (failed) return writeError(failed.value(), "cannot make the folder " + folder.string());
    }
    return {};
}

/// The origin goes first: what is whole must not look like a part that can be continued from another file.
Expected<void> finishWhole(const fs::path& temporary, const fs::path& destination) {
    std::error_code ignored;
    fs::remove(originFile(temporary), ignored);
    return putInPlace(temporary, destination);
}

/// What a request may say: a line break would make two headers of one.
Expected<void> checkHeaders(const std::vector<std::pair<std::string, std::string>>& headers) {
    const auto isPlain = [](const std::string& text) {
        return std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
    };
    for (const auto& [name, value] : headers)
        if (name.empty() || !isPlain(name) || !isPlain(value) || name.find_first_of(": ;") != std::string::npos)
            return Error(ErrorCode::InvalidArgument, "a header to download with is none: \"" + (isPlain(name) ? name : std::string()) + '"');
    return {};
}

} // namespace

void forgetUnfinished(const fs::path& temporary) {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    fs::remove(originFile(temporary), ignored);
}

Expected<std::string> fetchFile(const std::vector<std::string>& urls, const std::string& token, const fs::path& temporary, const fs::path& destination,
                                const TaskContext& context, FetchKind kind) {
    LSW_TRY(makeFolders(temporary, destination));
    Fetch fetch(token, {}, temporary, context, kind);
    std::string answers;
    bool allNotFound = true, allDenied = true, allAway = true, keepPart = false;
    for (const std::string& url : urls) {
        const auto failure = fetch.tryPatiently(url);
        if (!failure) {
            LSW_TRY(finishWhole(temporary, destination));
            return url;
        }
        keepPart = failure->mayContinue;
        if (failure->blame == Blame::Us || context.stop.stop_requested()) {
            forgetUnfinished(temporary);
            return failure->error;
        }
        if (!answers.empty()) answers += "; ";
        answers += without(failure->error.message(), token);
        allNotFound = allNotFound && failure->error.code() == ErrorCode::NotFound;
        allDenied = allDenied && failure->error.code() == ErrorCode::PermissionDenied;
        allAway = allAway && (failure->error.code() == ErrorCode::Io || failure->error.code() == ErrorCode::Timeout);
    }
    if (!keepPart) forgetUnfinished(temporary);
    if (urls.empty()) return Error(ErrorCode::NotFound, "nobody has " + destination.filename().string());
    // Lines that were cut or peers that are down: these may be back soon, which a refusal is not.
    if (allAway) return Error(ErrorCode::Timeout, answers);
    return Error(allNotFound ? ErrorCode::NotFound : allDenied ? ErrorCode::PermissionDenied : ErrorCode::Remote, answers);
}

Expected<void> downloadFile(const DownloadSource& source, const fs::path& destination, const TaskContext& context, FetchKind kind) {
    const fs::path temporary = destination.parent_path() / kFetchingFolder / destination.filename();
    LSW_TRY(checkHeaders(source.headers));
    LSW_TRY(makeFolders(temporary, destination));
    const auto failure = Fetch({}, source.headers, temporary, context, kind).tryPatiently(source.url);
    if (!failure) return finishWhole(temporary, destination);
    if (!failure->mayContinue || failure->blame == Blame::Us || context.stop.stop_requested()) forgetUnfinished(temporary);
    if (failure->blame == Blame::Us || context.stop.stop_requested()) return failure->error;
    const std::string why = failure->status ? "non-200 code: " + std::to_string(failure->status) : failure->error.message();
    return Error(failure->error.code(), "failed to fetch sector file (tried [" + source.url + "]): 1 error occurred:\n\t* fetch error " + source.url + " -> " +
                                            temporary.string() + ": " + why + "\n\n");
}

Expected<void> deleteRemote(const std::string& url, const std::string& token, std::stop_token stop) {
    HttpTransfer transfer({"DELETE", url, token, {}, {}}, std::move(stop));
    const auto head = transfer.head();
    if (!head) return head.error();
    if (head->status == 200) return {};
    return refused(url, *head, without(transfer.someText(300), token));
}

} // namespace lsw::storage
