// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/body_reader.h"

#include <algorithm>
#include <cstring>

namespace lsw::protocol {

namespace {

constexpr std::size_t kBuffer = 65536;
constexpr std::size_t kChunkLineLimit = 1024; ///< size and extensions
constexpr std::size_t kChunkDigitLimit = 16;
constexpr std::size_t kTrailerLineLimit = 8192;
constexpr int kTrailerLimit = 64;

Error unexpectedEof() { return Error(ErrorCode::Io, "unexpected EOF"); }

/// The number before ';' of a chunk's first line.
Expected<std::uint64_t> parseChunkSize(std::string_view line) {
    std::uint64_t size = 0;
    std::size_t digits = 0;
    for (; digits < line.size(); ++digits) {
        const char c = line[digits];
        unsigned value = 0;
        if (c >= '0' && c <= '9') value = static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f') value = static_cast<unsigned>(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F') value = static_cast<unsigned>(c - 'A') + 10;
        else break;
        if (digits == kChunkDigitLimit) return Error(ErrorCode::Corrupt, "malformed chunk: its size has too many digits");
        size = size << 4 | value;
    }
    std::string_view rest = line.substr(digits);
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
    if (digits == 0 || (!rest.empty() && rest.front() != ';')) return Error(ErrorCode::Corrupt, "malformed chunk: no size where one must be");
    return size;
}

} // namespace

BodyReader::BodyReader(Framing framing, std::string alreadyRead)
    : m_state(framing.chunked ? State::ChunkSize : framing.length > 0 ? State::Sized : State::End), m_left(framing.length),
      m_buffer(std::move(alreadyRead)) {}

Expected<void> BodyReader::fill(const Source& source) {
    m_buffer.resize(kBuffer);
    m_begin = 0;
    auto got = source(m_buffer.data(), m_buffer.size());
    m_buffer.resize(got ? *got : 0);
    if (!got) return std::move(got).error();
    if (*got == 0) return unexpectedEof();
    return {};
}

Expected<std::string> BodyReader::readLine(const Source& source, std::size_t limit) {
    std::string line;
    while (true) {
        if (!hasBuffered()) LSW_TRY(fill(source));
        const std::size_t end = m_buffer.find('\n', m_begin);
        const std::size_t stop = end == std::string::npos ? m_buffer.size() : end;
        line.append(m_buffer, m_begin, stop - m_begin);
        m_begin = end == std::string::npos ? stop : stop + 1;
        if (line.size() > limit) return Error(ErrorCode::Corrupt, "malformed chunk: a line is too long");
        if (end == std::string::npos) continue;
        if (!line.empty() && line.back() == '\r') line.pop_back();
        return line;
    }
}

Expected<void> BodyReader::passLine(const Source& source) {
    auto line = readLine(source, m_state == State::Trailers ? kTrailerLineLimit : kChunkLineLimit);
    if (!line) return std::move(line).error();
    if (m_state == State::ChunkEnd) {
        if (!line->empty()) return Error(ErrorCode::Corrupt, "malformed chunk: it is longer than its size says");
        m_state = State::ChunkSize;
    } else if (m_state == State::ChunkSize) {
        auto size = parseChunkSize(*line);
        if (!size) return std::move(size).error();
        m_left = *size;
        m_state = m_left > 0 ? State::ChunkData : State::Trailers;
    } else if (line->empty()) {
        m_state = State::End;
    } else if (++m_trailers == kTrailerLimit) {
        return Error(ErrorCode::Corrupt, "malformed chunk: too many trailers");
    }
    return {};
}

Error BodyReader::fail(Error error) {
    m_state = State::Failed;
    m_error = error;
    return error;
}

bool BodyReader::isReady() {
    while (isBetweenPayload()) {
        if (m_buffer.find('\n', m_begin) == std::string::npos) return false;
        if (auto passed = passLine({}); !passed) fail(std::move(passed).error());
    }
    return hasBuffered() || m_state == State::End || m_state == State::Failed;
}

Expected<std::size_t> BodyReader::readPayload(char* buffer, std::size_t size, const Source& source) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size, m_left));
    std::size_t count = 0;
    if (hasBuffered()) {
        count = std::min(wanted, m_buffer.size() - m_begin);
        std::memcpy(buffer, m_buffer.data() + m_begin, count);
        m_begin += count;
    } else if (wanted >= kBuffer) { // a large piece goes where it is wanted without a stop here
        auto got = source(buffer, wanted);
        if (!got) return got;
        if (*got == 0) return unexpectedEof();
        count = *got;
    } else {
        LSW_TRY(fill(source));
        return readPayload(buffer, size, source);
    }
    m_left -= count;
    if (m_left == 0) m_state = m_state == State::Sized ? State::End : State::ChunkEnd;
    return count;
}

Expected<std::size_t> BodyReader::read(void* buffer, std::size_t size, const Source& source) {
    if (m_error) return *m_error;
    if (size == 0) return std::size_t{0};
    while (isBetweenPayload()) {
        if (auto passed = passLine(source); !passed) return fail(std::move(passed).error());
    }
    // Small chunks are gathered, so that a reader of pipes does not get them one by one; but only what lies here already.
    auto* to = static_cast<char*>(buffer);
    std::size_t total = 0;
    while (total < size && m_state != State::End && m_state != State::Failed) {
        auto got = readPayload(to + total, size - total, source);
        if (!got) return fail(std::move(got).error());
        total += *got;
        if (!isReady()) break;
    }
    return total; // an error met on the way is told next time
}

} // namespace lsw::protocol
