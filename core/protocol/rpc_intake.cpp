// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/rpc_intake.h"

#include "protocol/json_rpc.h"

#include <algorithm>

namespace lsw::protocol {

namespace {

constexpr std::size_t kLongString = 64 << 10;    ///< longer ones go into files
constexpr std::size_t kPending = 64 << 10;
constexpr std::size_t kTextLimit = 16 << 20;     ///< no request needs more beside its long strings

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20; }
bool isLineBreak(char c) { return c == '\n' || c == '\r'; }

/// The character that a whole escape stands for; '?' for what base64 has not, nothing when it is no escape of JSON.
std::optional<char> unescaped(std::string_view escape) {
    switch (escape[1]) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 'u': {
        int value = 0;
        for (const char c : escape.substr(2)) {
            const int digit = hexDigit(c);
            if (digit < 0) return std::nullopt;
            value = value * 16 + digit;
        }
        const char one = value < 0x80 ? static_cast<char>(value) : '?';
        return isControl(one) && !isLineBreak(one) ? '?' : one;
    }
    case '/': return '/';
    case '"':
    case '\\':
    case 'b':
    case 'f':
    case 't': return '?';
    default: return std::nullopt;
    }
}

bool isWhole(std::string_view escape) { return escape.size() > 1 && (escape[1] != 'u' || escape.size() == 6); }

} // namespace

/// One character of a string that is being spooled.
void RpcIntake::character(char c) {
    if (!m_escape.empty() || c == '\\') return unescape(c);
    if (isControl(c)) m_isNoJson = true; // of a line break base64 would not mind, JSON does
    else m_pending += c;
}

void RpcIntake::unescape(char c) {
    m_escape += c;
    if (!isWhole(m_escape)) return;
    const auto one = unescaped(m_escape);
    m_escape.clear();
    if (!one) m_isNoJson = true;
    else if (!isLineBreak(*one)) m_pending += *one; // base64 skips them
}

Expected<void> RpcIntake::feed(std::string_view piece) {
    for (std::size_t at = 0; at < piece.size(); ++at) {
        if (m_isSpooled && m_escape.empty()) { // nearly all of a large body is this
            const std::size_t end = std::min(piece.find_first_of("\"\\\n\r", at), piece.size());
            m_pending += piece.substr(at, end - at);
            if (m_pending.size() >= kPending) LSW_TRY(flush());
            if (end == piece.size()) break;
            at = end;
        }
        const char c = piece[at];
        if (!m_inString) {
            m_text += c;
            if (m_text.size() > kTextLimit)
                return Error(ErrorCode::InvalidArgument, "the request has more than " + std::to_string(kTextLimit) + " bytes beside its long strings");
            m_inString = c == '"';
            m_start = m_text.size();
            continue;
        }
        // Inside a string nothing but its end and escapes matters.
        if (c == '"' && m_escape.empty()) {
            LSW_TRY(endString());
            m_text += c;
            continue;
        }
        if (m_isSpooled) {
            character(c);
            continue;
        }
        m_text += c;
        if (!m_escape.empty()) m_escape += c;
        else if (c == '\\') m_escape = c;
        if (isWhole(m_escape)) m_escape.clear();
        if (m_text.size() - m_start <= kLongString || !m_escape.empty()) continue;
        auto writer = m_folder->create();
        if (!writer) return std::move(writer).error();
        m_writer.emplace(std::move(*writer));
        m_decoder = {};
        m_problem.reset();
        m_isNoJson = false;
        m_isSpooled = true;
        const std::string begun = m_text.substr(m_start);
        m_text.resize(m_start);
        for (const char earlier : begun) character(earlier);
        LSW_TRY(flush());
    }
    return {};
}

Expected<void> RpcIntake::flush() {
    Bytes bytes;
    if (!m_problem) {
        if (auto decoded = m_decoder.feed(m_pending, bytes); !decoded) m_problem = std::move(decoded).error();
    }
    if (m_problem && std::any_of(m_pending.begin(), m_pending.end(), isControl)) m_isNoJson = true;
    m_pending.clear();
    if (m_problem) return {}; // told when the parameter is read, as for a short one
    return m_writer->write(bytes);
}

Expected<void> RpcIntake::endString() {
    m_inString = false;
    if (!m_isSpooled) return {};
    m_isSpooled = false;
    LSW_TRY(flush());
    if (m_isNoJson) m_text += '\1'; // the parser says so
    m_text += m_strings.nextPlaceholder();
    if (!m_problem) {
        if (auto whole = m_decoder.finish(); !whole) m_problem = std::move(whole).error();
    }
    if (m_problem) {
        m_strings.add(std::move(*m_problem));
    } else {
        auto file = m_writer->finish();
        if (!file) return std::move(file).error();
        m_strings.add(LargeBytes(std::move(*file)));
    }
    m_writer.reset();
    return {};
}

Expected<void> RpcIntake::finish() {
    // A string without an end is no JSON: the parser says so about the text, which ends inside it.
    m_writer.reset();
    return {};
}

HttpReply RpcIntake::refusal(const Error& error) const {
    const bool tooLarge = error.code() == ErrorCode::InvalidArgument;
    const RpcError problem{tooLarge ? -32700 : 1, error.message(), tooLarge ? 500 : 200};
    return {problem.httpStatus, "application/json", makeErrorAnswer(nullptr, problem), {}};
}

} // namespace lsw::protocol
