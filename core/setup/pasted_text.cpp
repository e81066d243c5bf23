// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/pasted_text.h"

#include "base/bytes.h"
#include "base/text.h"
#include "protocol/jwt.h"
#include "setup/masked_token.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lsw::setup::pasted {
namespace {

constexpr std::size_t kSignatureLength = 43; ///< of HS256, in base64url

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool isWord(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool isTokenCharacter(char c) { return isWord(c) || c == '-' || c == '.'; }

/// One code point and how many bytes it takes; a byte that is no UTF-8 stands for itself.
std::pair<std::uint32_t, std::size_t> codePoint(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : byte(0) >= 0xc2 ? 2 : 1;
    if (size == 1 || text.size() < size) return {byte(0), 1};
    constexpr std::array<std::uint32_t, 5> kHead{0, 0, 0x1f, 0x0f, 0x07};
    std::uint32_t out = byte(0) & kHead[size];
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {byte(0), 1};
        out = out << 6 | (byte(i) & 0x3f);
    }
    return {out, size};
}

bool isHidden(std::uint32_t c) {
    return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2064) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0xfeff || (c < 0x20 && c != '\t' && c != '\n' && c != '\r');
}
bool isQuote(std::uint32_t c) {
    return c == '"' || c == '\'' || c == '`' || c == 0xab || c == 0xb4 || c == 0xbb || (c >= 0x2018 && c <= 0x201f) || c == 0x2032 || c == 0x2033 ||
           c == 0x2039 || c == 0x203a || (c >= 0x300c && c <= 0x300f) || c == 0xff02 || c == 0xff07 || c == 0xff40;
}
/// The ASCII character that is meant; 0 when none is.
char plainOf(std::uint32_t c) {
    if (c >= 0xff01 && c <= 0xff5e) return static_cast<char>(c - 0xff01 + '!');
    if (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000) return ' ';
    if (c == 0x2028 || c == 0x2029 || c == 0x85) return '\n';
    if (c == 0x2236 || c == 0xa789 || c == 0xfe55 || c == 0xfe13) return ':';
    if (c == 0x2010 || c == 0x2011 || c == 0x2212 || c == 0xfe63) return '-';
    if (c == 0x2044 || c == 0x2215) return '/';
    if (c == 0x3002) return '.';
    if (c == 0x3001) return ',';
    return 0;
}

void addOnce(std::string& list, std::string_view character) {
    if (list.find(character) == std::string::npos) list += character;
}

/// The end of a colour or cursor sequence of a terminal that begins at `i`.
std::size_t endOfEscape(std::string_view text, std::size_t i) {
    ++i;
    if (i < text.size() && text[i] == '[') {
        ++i;
        while (i < text.size() && !(text[i] >= '@' && text[i] <= '~')) ++i;
    }
    return std::min(i + 1, text.size());
}

struct Name {
    std::size_t begin = 0, end = 0; ///< of NAME and what joins it to the value
    std::string name;
};

/// Every …API_INFO with "=", ":" or a space behind it.
std::vector<Name> namesIn(const std::string& text) {
    constexpr std::string_view kTail = "API_INFO";
    std::vector<Name> out;
    for (std::size_t at = text.find(kTail); at != std::string::npos; at = text.find(kTail, at + 1)) {
        Name one;
        one.begin = at;
        while (one.begin > 0 && isWord(text[one.begin - 1])) --one.begin;
        one.end = at + kTail.size();
        one.name = text.substr(one.begin, one.end - one.begin);
        const std::size_t afterName = one.end;
        while (one.end < text.size() && (isSpace(text[one.end]) || text[one.end] == '=' || text[one.end] == ':')) ++one.end;
        if (one.end > afterName || one.end == text.size()) out.push_back(std::move(one));
    }
    return out;
}

/// Where the value that begins at `begin` must have ended: a line that sets something else, or a comment.
std::size_t endOfValue(const std::string& text, std::size_t begin, std::size_t limit) {
    for (std::size_t at = text.find('\n', begin); at < limit; at = text.find('\n', at + 1)) {
        const std::string_view line = trimmed(std::string_view(text).substr(at + 1, text.find('\n', at + 1) - at - 1));
        const auto word = static_cast<std::size_t>(std::find_if_not(line.begin(), line.end(), isWord) - line.begin());
        const bool sets = word > 0 && word < line.size() && line[word] == '=';
        if (sets || line.starts_with("export ") || line.starts_with('#') || line.starts_with('$')) return at;
    }
    return limit;
}

struct Run {
    std::size_t end = 0;
    std::string text;
};

Run tokenRun(const std::string& text, std::size_t begin) {
    Run run{begin, {}};
    while (run.end < text.size() && isTokenCharacter(text[run.end])) run.text += text[run.end++];
    while (run.text.ends_with('.')) { // the full stop of a sentence; a token that ends in one is cut off there anyway
        run.text.pop_back();
        --run.end;
    }
    return run;
}

/// Length of the part after the second dot; nothing when there are not exactly two.
std::optional<std::size_t> signatureLength(const std::string& token) {
    if (std::count(token.begin(), token.end(), '.') != 2) return std::nullopt;
    return token.size() - token.rfind('.') - 1;
}

/// The token that begins at `begin`, over line breaks and spaces when it becomes whole by that.
Run wholeToken(const std::string& text, std::size_t begin) {
    const Run first = tokenRun(text, begin);
    Run joined = first;
    while (signatureLength(joined.text).value_or(0) < kSignatureLength) {
        // The dot that tokenRun() took for the end of a sentence may be one of the token.
        std::size_t next = joined.end;
        while (next < text.size() && (isSpace(text[next]) || text[next] == '.' || text[next] == '>')) {
            if (text[next] == '.') joined.text += '.';
            ++next;
        }
        const Run more = tokenRun(text, next);
        if (next == joined.end || more.text.empty()) return first;
        joined.text += more.text;
        joined.end = more.end;
        if (std::count(joined.text.begin(), joined.text.end(), '.') > 2) return first;
    }
    return signatureLength(joined.text) == kSignatureLength ? joined : first;
}

std::optional<PastedFault> faultOf(const std::string& token) {
    const auto dots = std::count(token.begin(), token.end(), '.');
    if (dots < 2) return PastedFault::TokenCutOff;
    const bool isHs256 = token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.");
    if (dots == 2 && signatureLength(token) == 0) return PastedFault::TokenCutOff;
    if (isHs256 && signatureLength(token).value_or(kSignatureLength) < kSignatureLength) return PastedFault::TokenCutOff;
    if (dots > 2 || (isHs256 && signatureLength(token) != kSignatureLength) || !protocol::peekPermissions(token)) return PastedFault::TokenDamaged;
    return std::nullopt;
}

} // namespace

std::string plainCharacters(std::string_view text, std::vector<PastedChange>& changes) {
    std::string out, wide, plain, quotes;
    bool hidden = false;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '\x1b') {
            hidden = true;
            i = endOfEscape(text, i);
            continue;
        }
        // "\n" written out, from JSON or a log, and a "\" at the end of a line of a shell.
        if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 'r' || text[i + 1] == '\n' || text[i + 1] == '\r')) {
            out += '\n';
            i += 2;
            continue;
        }
        const auto [character, size] = codePoint(text.substr(i));
        const std::string_view bytes = text.substr(i, size);
        i += size;
        if (isHidden(character)) {
            hidden = true;
        } else if (isQuote(character) || (character == '\\' && i < text.size() && text[i] == '"')) {
            addOnce(quotes, bytes);
        } else if (const char c = plainOf(character)) {
            if (c != ' ' && c != '\n') {
                addOnce(wide, bytes);
                addOnce(plain, std::string_view(&c, 1));
            }
            out += c;
        } else {
            out += bytes;
        }
    }
    if (hidden) changes.push_back({PastedFix::HiddenCharacters, {}, {}});
    if (!wide.empty()) changes.push_back({PastedFix::WideCharacters, wide, plain});
    if (!quotes.empty()) changes.push_back({PastedFix::QuotesRemoved, quotes, {}});
    return out;
}

Scope chosenScope(const std::string& text, std::vector<PastedChange>& changes) {
    const std::vector<Name> names = namesIn(text);
    if (names.empty()) return {text, {}};
    const auto named = [&](std::string_view name) { return std::find_if(names.begin(), names.end(), [&](const Name& one) { return one.name == name; }); };
    auto chosen = named("MINER_API_INFO");
    if (chosen == names.end()) chosen = named("STORAGE_API_INFO");
    if (chosen == names.end()) return {{}, names.front().name};
    const std::size_t limit = std::next(chosen) == names.end() ? text.size() : text.rfind('\n', std::next(chosen)->begin);
    const std::size_t end = endOfValue(text, chosen->end, limit == std::string::npos || limit < chosen->end ? text.size() : limit);
    std::size_t line = text.rfind('\n', chosen->begin);
    line = line == std::string::npos ? 0 : line + 1;
    if (!trimmed(text.substr(0, line)).empty() || !trimmed(text.substr(end)).empty()) changes.push_back({PastedFix::LineChosen, {}, chosen->name});
    changes.push_back({PastedFix::NameRemoved, withoutTokens(trimmed(text.substr(line, chosen->end - line))), {}});
    return {text.substr(chosen->end, end - chosen->end), {}};
}

TakenToken takeToken(std::string& text, std::vector<PastedChange>& changes) {
    std::vector<std::string> found;
    bool joined = false;
    for (std::size_t at = text.find("eyJ"); at != std::string::npos; at = text.find("eyJ", at + 1)) {
        if (at > 0 && isTokenCharacter(text[at - 1])) continue;
        const Run run = wholeToken(text, at);
        joined = joined || run.end - at != run.text.size();
        text.replace(at, run.end - at, 1, kTokenMark);
        if (std::find(found.begin(), found.end(), run.text) == found.end()) found.push_back(run.text);
    }
    if (found.empty()) return {};
    // Parts that cannot be tokens do not count beside one that can.
    const auto whole = std::count_if(found.begin(), found.end(), [](const std::string& one) { return !faultOf(one); });
    if (whole > 1) return {{}, PastedFault::SeveralTokens};
    if (whole == 1) std::erase_if(found, [](const std::string& one) { return faultOf(one).has_value(); });
    if (joined) changes.push_back({PastedFix::PiecesJoined, {}, maskedToken(found.front())});
    return {found.front(), faultOf(found.front())};
}

} // namespace lsw::setup::pasted
