// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/go_json.h"

#include "protocol/large_bytes.h"

#include <charconv>
#include <cmath>

namespace lsw::protocol {
namespace {

std::string_view textOf(const boost::json::string& text) { return {text.data(), text.size()}; }

/// Length of the UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t utf8Length(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = at(0);
    std::size_t length = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) length = 2;
    else if (first >= 0xe0 && first <= 0xef) length = 3;
    else if (first >= 0xf0 && first <= 0xf4) length = 4;
    if (first == 0xe0) low = 0xa0; // overlong forms and surrogates have no place in UTF-8
    if (first == 0xed) high = 0x9f;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
    if (length == 0 || text.size() < length || at(1) < low || at(1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((at(i) & 0xc0) != 0x80) return 0;
    return length;
}

void appendNumber(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null"; // JSON has no other number for it, and none of our values becomes one
        return;
    }
    const double size = std::fabs(number);
    const bool scientific = size != 0 && (size < 1e-6 || size >= 1e21);
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, scientific ? std::chars_format::scientific : std::chars_format::fixed).ptr;
    std::string text(buffer, end);
    if (const auto e = text.rfind("e-0"); scientific && e != std::string::npos) text.erase(e + 2, 1);
    out += text;
}

template <typename Integer>
void appendInteger(std::string& out, Integer number) {
    char buffer[24];
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

bool sameName(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

} // namespace

void appendGoString(std::string& out, std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    out += '"';
    std::size_t done = 0; // text before it is written
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
        if (plain) {
            ++i;
            continue;
        }
        std::size_t length = 1;
        std::string escape;
        if (c >= 0x80) {
            length = utf8Length(text.substr(i));
            const std::string_view sequence = text.substr(i, length);
            if (length == 0) {
                length = 1;
                escape = "\\ufffd";
            } else if (sequence == "\xe2\x80\xa8") {
                escape = "\\u2028";
            } else if (sequence == "\xe2\x80\xa9") {
                escape = "\\u2029";
            } else {
                i += length;
                continue;
            }
        } else {
            switch (c) {
            case '"': escape = "\\\""; break;
            case '\\': escape = "\\\\"; break;
            case '\b': escape = "\\b"; break;
            case '\f': escape = "\\f"; break;
            case '\n': escape = "\\n"; break;
            case '\r': escape = "\\r"; break;
            case '\t': escape = "\\t"; break;
            default: escape = {'\\', 'u', '0', '0', kDigits[c >> 4], kDigits[c & 15]};
            }
        }
        out.append(text, done, i - done);
        out += escape;
        i += length;
        done = i;
    }
    out.append(text, done);
    out += '"';
}

void appendGoJson(std::string& out, const Json& json) {
    switch (json.kind()) {
    case boost::json::kind::null: out += "null"; return;
    case boost::json::kind::bool_: out += json.get_bool() ? "true" : "false"; return;
    case boost::json::kind::int64: return appendInteger(out, json.get_int64());
    case boost::json::kind::uint64: return appendInteger(out, json.get_uint64());
    case boost::json::kind::double_: return appendNumber(out, json.get_double());
    case boost::json::kind::string: return appendGoString(out, textOf(json.get_string()));
    case boost::json::kind::array: {
        out += '[';
        bool first = true;
        for (const Json& element : json.get_array()) {
            if (!std::exchange(first, false)) out += ',';
            appendGoJson(out, element);
        }
        out += ']';
        return;
    }
    case boost::json::kind::object: {
        out += '{';
        bool first = true;
        for (const auto& member : json.get_object()) {
            if (!std::exchange(first, false)) out += ',';
            appendGoString(out, std::string_view(member.key().data(), member.key().size()));
            out += ':';
            appendGoJson(out, member.value());
        }
        out += '}';
        return;
    }
    }
}

std::string toGoJson(const Json& json) {
    std::string out;
    appendGoJson(out, json);
    return out;
}

Expected<Json> parseGoJson(std::string_view text) {
    const auto bad = [] { return Error(ErrorCode::Corrupt, "Parse error"); };
    boost::json::stream_parser parser;
    boost::system::error_code ec;
    parser.write_some(text.data(), text.size(), ec);
    if (!ec && !parser.done()) parser.finish(ec);
    if (ec) return bad();
    return parser.release();
}

const Json& memberOf(const boost::json::object& object, std::string_view name) {
    static const Json null;
    const Json* found = &null;
    for (const auto& member : object)
        if (sameName({member.key().data(), member.key().size()}, name)) found = &member.value();
    return *found;
}

Json takeMember(boost::json::object& object, std::string_view name) {
    Json* found = nullptr;
    for (auto& member : object)
        if (sameName({member.key().data(), member.key().size()}, name)) found = &member.value();
    return found ? std::move(*found) : Json();
}

void GoReader::mismatch(const Json& json, std::string_view goType) {
    std::string kind;
    switch (json.kind()) {
    case boost::json::kind::null: kind = "null"; break;
    case boost::json::kind::bool_: kind = "bool"; break;
    case boost::json::kind::string: kind = "string"; break;
    case boost::json::kind::array: kind = "array"; break;
    case boost::json::kind::object: kind = "object"; break;
    default: kind = "number";
    }
    std::string message = "json: cannot unmarshal " + kind + " into Go ";
    if (m_path.empty()) message += "value of type ";
    else message += "struct field " + m_struct + m_path + " of type ";
    fail(message + std::string(goType));
}

void GoReader::read(const Json& json, std::uint64_t& out, std::string_view goType) {
    if (json.is_null()) return;
    if (json.is_uint64()) out = json.get_uint64();
    else if (json.is_int64() && json.get_int64() >= 0) out = static_cast<std::uint64_t>(json.get_int64());
    else mismatch(json, goType);
}

void GoReader::read(const Json& json, std::int64_t& out, std::string_view goType) {
    if (json.is_null()) return;
    if (json.is_int64()) out = json.get_int64();
    else mismatch(json, goType); // boost keeps only what does not fit an int64 as uint64
}

void GoReader::read(const Json& json, bool& out, std::string_view goType) {
    if (json.is_null()) return;
    if (json.is_bool()) out = json.get_bool();
    else mismatch(json, goType);
}

void GoReader::read(const Json& json, std::string& out, std::string_view goType) {
    if (json.is_null()) return;
    if (json.is_string()) out = textOf(json.get_string());
    else mismatch(json, goType);
}

void GoReader::read(const Json& json, Bytes& out, std::string_view goType) {
    if (json.is_null()) return;
    if (!json.is_string()) return mismatch(json, goType);
    const auto* spooled = SpooledStrings::find(textOf(json.get_string()));
    auto bytes = !spooled ? fromBase64(textOf(json.get_string())) : *spooled ? (*spooled)->load() : Expected<Bytes>(spooled->error());
    if (bytes) out = std::move(*bytes);
    else fail(bytes.error().message());
}

} // namespace lsw::protocol
