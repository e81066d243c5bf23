// SPDX-License-Identifier: MIT OR Apache-2.0
// The one file that includes toml++: it takes the compiler as long as fifteen others.
#include "setup/toml_edit.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "base/text.h"

namespace lsw::setup {
namespace {

constexpr std::size_t kTextLimit = 1U << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool isBareKey(std::string_view key) {
    return !key.empty() && std::ranges::all_of(key, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (code < 0x20 || code == 0x7F) {
            std::array<char, 8> escaped{};
            std::snprintf(escaped.data(), escaped.size(), "\\u%04X", static_cast<unsigned>(code));
            out += escaped.data();
        } else {
            out += c;
        }
    }
    return out + '"';
}

/// Byte offsets of the lines and columns that toml++ counts: lines from 1, columns in code points from 1, the mark not counted.
class Places {
public:
    explicit Places(std::string_view text) : m_text(text) {
        m_lines.push_back(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
        for (std::size_t at = m_lines.front(); at < text.size(); ++at)
            if (text[at] == '\n') m_lines.push_back(at + 1);
    }
    std::size_t byteAt(const toml::source_position& position) const {
        if (position.line == 0 || position.line > m_lines.size()) return m_text.size();
        std::size_t at = m_lines[position.line - 1];
        for (std::uint32_t column = 1; column < position.column && at < m_text.size(); ++column) {
            ++at;
            while (at < m_text.size() && (static_cast<unsigned char>(m_text[at]) & 0xC0) == 0x80) ++at;
        }
        return at;
    }
    std::size_t first() const { return m_lines.front(); }
    std::size_t lineStart(std::size_t at) const { return *std::prev(std::upper_bound(m_lines.begin() + 1, m_lines.end(), at)); }
    /// Behind the line break, or the end of the text.
    std::size_t lineEnd(std::size_t at) const {
        const auto next = std::upper_bound(m_lines.begin(), m_lines.end(), at);
        return next == m_lines.end() ? m_text.size() : *next;
    }

private:
    std::string_view m_text;
    std::vector<std::size_t> m_lines;
};

std::optional<TomlValue> valueOf(const toml::node& node) {
    if (const auto* one = node.as_boolean()) return TomlValue(one->get());
    if (const auto* one = node.as_integer()) return TomlValue(one->get());
    if (const auto* one = node.as_floating_point()) return TomlValue(one->get());
    if (const auto* one = node.as_string()) return TomlValue(one->get());
    const auto* list = node.as_array();
    if (!list) return std::nullopt;
    std::vector<std::string> texts;
    for (const toml::node& item : *list) {
        const auto* text = item.as_string();
        if (!text) return std::nullopt;
        texts.push_back(text->get());
    }
    return TomlValue(std::move(texts));
}

const toml::node* nodeAt(const toml::table& root, const TomlPath& path) {
    const toml::node* node = &root;
    for (const std::string& key : path) {
        const auto* table = node->as_table();
        node = table ? table->get(key) : nullptr;
        if (!node) return nullptr;
    }
    return node;
}

/// The document with this one change; false when something else than a table is on the way.
bool put(toml::table& root, const TomlPath& path, const TomlValue& value) {
    toml::table* table = &root;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        toml::node* next = table->get(path[i]);
        if (!next) next = &table->insert(path[i], toml::table{}).first->second;
        table = next->as_table();
        if (!table) return false;
    }
    std::visit([&]<typename Kind>(const Kind& one) {
        if constexpr (std::is_same_v<Kind, std::vector<std::string>>) {
            toml::array list;
            for (const std::string& text : one) list.push_back(text);
            table->insert_or_assign(path.back(), std::move(list));
        } else {
            table->insert_or_assign(path.back(), one);
        }
    }, value);
    return true;
}

std::string_view indentOf(std::string_view line) { return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size())); }

} // namespace

/// The parsed text with the places of everything in it.
class TomlEdit::Document {
public:
    Document(toml::table parsed, std::string own) : text(std::move(own)), root(std::move(parsed)), places(text) {}
    Document(const Document&) = delete; // `places` looks at `text`
    Document& operator=(const Document&) = delete;

    static Expected<std::shared_ptr<const Document>> parse(std::string text) {
        if (text.size() > kTextLimit) return Error(ErrorCode::InvalidArgument, "it is larger than 1 MiB, which no such file is");
        std::string_view body = text;
        if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
        toml::parse_result result = toml::parse(body);
        if (result) return std::make_shared<const Document>(std::move(result).table(), std::move(text));
        const toml::parse_error& wrong = result.error();
        std::string why(wrong.description());
        if (constexpr std::string_view kOpening = "Error while parsing "; why.starts_with(kOpening)) why.erase(0, kOpening.size());
        const toml::source_position at = wrong.source().begin;
        return Error(ErrorCode::InvalidArgument, "line " + std::to_string(at.line) + ", column " + std::to_string(at.column) + ": " + why);
    }

    std::string text;
    toml::table root;
    Places places;
};

namespace {

struct Visited {
    const toml::key* key = nullptr; ///< null for items of a list
    const toml::node* node = nullptr;
    TomlPath path;
};

/// Every node below the root with its path; what is in lists has none of its own.
void visit(const toml::table& table, const TomlPath& path, std::vector<Visited>& out) {
    for (auto&& [key, node] : table) {
        TomlPath own = path;
        own.emplace_back(key.str());
        out.push_back({&key, &node, own});
        if (const auto* inner = node.as_table()) visit(*inner, own, out);
    }
}

void collectHeaders(const toml::node& node, std::string_view text, const Places& places, std::set<std::size_t>& out) {
    if (const auto* list = node.as_array()) {
        for (const toml::node& item : *list)
            if (item.is_table()) collectHeaders(item, text, places, out);
    } else if (const auto* table = node.as_table()) {
        const std::size_t at = places.byteAt(table->source().begin);
        if (!table->is_inline() && at < text.size() && text[at] == '[') out.insert(at);
        for (auto&& [key, inner] : *table) collectHeaders(inner, text, places, out);
    }
}

/// The table that this header line opens; empty for a list of tables.
TomlPath headerPath(std::string_view line) {
    const toml::parse_result parsed = toml::parse(line);
    TomlPath path;
    if (!parsed) return path;
    for (const toml::table* table = &parsed.table(); !table->empty();) {
        path.emplace_back(table->begin()->first.str());
        table = table->begin()->second.as_table();
        if (!table) return {};
    }
    return path;
}

struct Insertion {
    std::size_t at;
    std::string text;
};

/// Where a key that is not there could be written, best place first.
class NewKey {
public:
    NewKey(std::string_view text, const toml::table& root, const Places& places, const TomlPath& path, const TomlValue& value)
        : m_text(text), m_root(root), m_places(places), m_path(path), m_value(tomlValueText(value)) {
        const auto firstBreak = text.find('\n');
        m_break = firstBreak != std::string_view::npos && firstBreak > 0 && text[firstBreak - 1] == '\r' ? "\r\n" : "\n";
        collectHeaders(root, text, places, m_headers);
        visit(root, {}, m_all);
    }

    std::vector<Insertion> candidates() {
        const TomlPath parent(m_path.begin(), m_path.end() - 1);
        if (parent.empty()) {
            inTable(m_places.first(), firstHeader(), false);
        } else if (const toml::node* node = nodeAt(m_root, parent); node && node->is_table()) {
            if (node->as_table()->is_inline()) inInline(*node);
            for (const std::size_t header : m_headers)
                if (headerPath(lineAt(header)) == parent) inTable(m_places.lineEnd(header), endOfTable(header), true);
            besideDottedKeys(parent);
        }
        if (!parent.empty()) {
            const std::string gap = m_text.empty() ? "" : m_text.back() == '\n' ? m_break : m_break + m_break;
            m_out.push_back({m_text.size(), gap + '[' + tomlPathText(parent) + ']' + m_break + line(m_path.back())});
        }
        return std::move(m_out);
    }

private:
    std::string_view lineAt(std::size_t at) const {
        const std::size_t begin = m_places.lineStart(at);
        return m_text.substr(begin, m_places.lineEnd(at) - begin);
    }
    std::size_t firstHeader() const { return m_headers.empty() ? m_text.size() : m_places.lineStart(*m_headers.begin()); }
    std::size_t endOfTable(std::size_t header) const {
        const auto next = m_headers.upper_bound(header);
        return next == m_headers.end() ? m_text.size() : m_places.lineStart(*next);
    }
    std::string line(const std::string& key) const { return (isBareKey(key) ? key : quoted(key)) + " = " + m_value + m_break; }

    /// A line of its own behind byte `at`, which is the end of a line.
    void addLine(std::size_t at, std::string_view indent, const std::string& content) {
        const bool isCutOff = at > 0 && at == m_text.size() && m_text.back() != '\n' && at != m_places.first();
        m_out.push_back({at, (isCutOff ? m_break : "") + std::string(indent) + content});
    }

    void inTable(std::size_t begin, std::size_t end, bool hasHeader) {
        // The default as lotus writes it, in a comment.
        for (std::size_t at = begin; at < end; at = m_places.lineEnd(at)) {
            const std::string_view one = m_text.substr(at, m_places.lineEnd(at) - at);
            std::string_view rest = trimmed(one);
            if (!rest.starts_with('#')) continue;
            rest = trimmed(rest, "# \t");
            if (!rest.starts_with(m_path.back())) continue;
            if (trimmed(rest.substr(m_path.back().size())).starts_with('=')) addLine(m_places.lineEnd(at), indentOf(one), line(m_path.back()));
        }
        std::size_t last = 0, key = 0;
        for (const Visited& one : m_all) {
            if (one.node->is_table() && !one.node->as_table()->is_inline()) continue;
            const std::size_t from = m_places.byteAt(one.node->source().begin), to = m_places.byteAt(one.node->source().end);
            if (from < begin || from >= end || to <= last) continue;
            last = to;
            key = m_places.byteAt(one.key->source().begin);
        }
        if (last > 0) addLine(m_places.lineEnd(last), indentOf(lineAt(key)), line(m_path.back()));
        if (hasHeader) return addLine(begin, indentOf(m_text.substr(begin, m_places.lineEnd(begin) - begin)), line(m_path.back()));
        // The root without a key: behind the comment that heads the file, which a blank line ends.
        for (std::size_t at = begin; at < end; at = m_places.lineEnd(at)) {
            const std::string_view one = trimmed(m_text.substr(at, m_places.lineEnd(at) - at));
            if (one.empty()) addLine(m_places.lineEnd(at), {}, line(m_path.back()));
            if (!one.starts_with('#')) break;
        }
        if (end == m_text.size()) addLine(end, {}, line(m_path.back()));
        m_out.push_back({begin, line(m_path.back())});
    }

    void inInline(const toml::node& node) {
        std::size_t at = m_places.byteAt(node.source().end);
        if (at == 0 || m_text[--at] != '}') return;
        const std::string key = isBareKey(m_path.back()) ? m_path.back() : quoted(m_path.back());
        const bool isEmpty = node.as_table()->empty();
        while (at > 0 && (m_text[at - 1] == ' ' || m_text[at - 1] == '\t')) --at;
        m_out.push_back({at, (isEmpty ? " " : ", ") + key + " = " + m_value + (m_text[at] == '}' && isEmpty ? " " : "")});
    }

    /// A table that is there because of `API.Timeout = …` gets its keys so.
    void besideDottedKeys(const TomlPath& parent) {
        const Visited* last = nullptr;
        for (const Visited& one : m_all)
            if (one.path.size() == m_path.size() && std::equal(parent.begin(), parent.end(), one.path.begin()) &&
                (!last || m_places.byteAt(one.key->source().begin) > m_places.byteAt(last->key->source().begin)))
                last = &one;
        if (!last) return;
        const std::size_t key = m_places.byteAt(last->key->source().begin);
        const auto header = m_headers.upper_bound(key);
        const TomlPath around = header == m_headers.begin() ? TomlPath{} : headerPath(lineAt(*std::prev(header)));
        if (around.size() >= m_path.size() || !std::equal(around.begin(), around.end(), m_path.begin())) return;
        const TomlPath rest(m_path.begin() + static_cast<std::ptrdiff_t>(around.size()), m_path.end());
        addLine(m_places.lineEnd(m_places.byteAt(last->node->source().end)), indentOf(lineAt(key)), tomlPathText(rest) + " = " + m_value + m_break);
    }

    std::string_view m_text;
    const toml::table& m_root;
    const Places& m_places;
    const TomlPath& m_path;
    std::string m_value, m_break;
    std::set<std::size_t> m_headers; ///< where the lines that open a table have their bracket
    std::vector<Visited> m_all;
    std::vector<Insertion> m_out;
};

} // namespace

std::string tomlPathText(const TomlPath& path) {
    std::string out;
    for (const std::string& key : path) out += (out.empty() ? "" : ".") + (isBareKey(key) ? key : quoted(key));
    return out;
}

std::string tomlValueText(const TomlValue& value) {
    return std::visit([]<typename Kind>(const Kind& one) -> std::string {
        if constexpr (std::is_same_v<Kind, bool>) {
            return one ? "true" : "false";
        } else if constexpr (std::is_same_v<Kind, std::string>) {
            return quoted(one);
        } else if constexpr (std::is_same_v<Kind, std::vector<std::string>>) {
            std::string out = "[";
            for (const std::string& text : one) out += (out.size() > 1 ? ", " : "") + quoted(text);
            return out + ']';
        } else if constexpr (std::is_same_v<Kind, double>) {
            std::array<char, 40> text{};
            std::snprintf(text.data(), text.size(), "%.17g", one);
            std::string out = text.data();
            return out.find_first_of(".en") == std::string::npos ? out + ".0" : out;
        } else {
            return std::to_string(one);
        }
    }, value);
}

Expected<TomlEdit> TomlEdit::parse(std::string text) {
    auto document = Document::parse(std::move(text));
    if (!document) return std::move(document).error();
    return TomlEdit(std::move(*document));
}

const std::string& TomlEdit::text() const { return m_document->text; }

std::vector<TomlEntry> TomlEdit::entries() const {
    std::vector<Visited> all;
    visit(m_document->root, {}, all);
    std::vector<TomlEntry> out;
    for (const Visited& one : all) {
        if (const auto* table = one.node->as_table(); table && !table->empty()) continue;
        const toml::source_region region = one.node->source();
        const toml::source_position key = one.key->source().begin;
        out.push_back({one.path, valueOf(*one.node), static_cast<int>(key.line), static_cast<int>(key.column),
                       m_document->places.byteAt(region.begin), m_document->places.byteAt(region.end)});
    }
    std::ranges::sort(out, {}, &TomlEntry::begin);
    return out;
}

std::optional<TomlEntry> TomlEdit::find(const TomlPath& path) const {
    for (TomlEntry& entry : entries())
        if (entry.path == path) return std::move(entry);
    return std::nullopt;
}

Expected<void> TomlEdit::set(const TomlPath& path, const TomlValue& value) {
    if (path.empty()) return Error(ErrorCode::InvalidArgument, "a setting needs a name");
    const std::string name = tomlPathText(path);
    const toml::node* there = nodeAt(m_document->root, path);
    if (there && (there->is_table() || there->is_array_of_tables())) return Error(ErrorCode::InvalidArgument, name + " is a table in this file, not a value");
    toml::table wanted = m_document->root;
    if (!put(wanted, path, value)) return Error(ErrorCode::InvalidArgument, "a value stands in this file where " + name + " needs a table");

    std::vector<Insertion> candidates;
    std::size_t replaced = 0;
    if (there) {
        const std::size_t begin = m_document->places.byteAt(there->source().begin), end = m_document->places.byteAt(there->source().end);
        candidates.push_back({begin, tomlValueText(value)});
        replaced = end - begin;
    } else {
        candidates = NewKey(text(), m_document->root, m_document->places, path, value).candidates();
    }
    for (const Insertion& one : candidates) {
        std::string changed = text();
        changed.replace(one.at, replaced, one.text);
        auto document = Document::parse(std::move(changed));
        if (!document || (*document)->root != wanted) continue;
        m_document = std::move(*document);
        return {};
    }
    return Error(ErrorCode::Unsupported, "this file cannot be changed there without changing more; write into it by hand: " + name + " = " + tomlValueText(value));
}

} // namespace lsw::setup
