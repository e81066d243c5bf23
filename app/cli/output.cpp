// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/output.h"

#include "common/json_line.h"

#include <array>
#include <cerrno>
#include <cstdio>

namespace lsw::cli {
namespace {

template <typename... Args>
std::string format(const char* pattern, Args... args) {
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), pattern, args...);
    return buffer.data();
}

int outputFailed = 0; ///< errno of the first write to standard output that did not succeed

void write(std::FILE* file, std::string_view text) {
    errno = 0;
    const bool isWritten = std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
    if (!isWritten && file == stdout && outputFailed == 0) outputFailed = errno;
}

} // namespace

void printJson(const boost::json::value& value) { write(stdout, common::jsonLine(value) + '\n'); }

void print(std::string_view text) { write(stdout, text); }

void say(std::string_view line) { write(stderr, std::string(line) + '\n'); }

common::ExitCode fail(const Error& error, bool json) {
    const common::ExitCode code = common::exitCodeFor(error.code());
    if (json)
        printJson({{"schema", 1},
                   {"ok", false},
                   {"error", {{"code", errorCodeName(error.code())}, {"message", error.message()}, {"exit", static_cast<int>(code)}}}});
    say("lotus-seal-worker: " + error.message());
    return code;
}

std::optional<Error> outputError() {
    // Who reads only the beginning (`| head`) has what he wanted.
    if (outputFailed == 0 || outputFailed == EPIPE) return std::nullopt;
    return errnoError(outputFailed, "standard output cannot be written");
}

std::string durationText(double seconds) {
    if (seconds < 60) return format("%.1f s", seconds);
    const auto whole = static_cast<long>(seconds);
    if (whole < 3600) return format("%ld m %02ld s", whole / 60, whole % 60);
    return format("%ld h %02ld m", whole / 3600, whole / 60 % 60);
}

} // namespace lsw::cli
