// SPDX-License-Identifier: MIT OR Apache-2.0
// Reading and changing a TOML file that people write, too: for our own configuration and for the miner's config.toml.
//
//   auto edit = TomlEdit::parse(text);            the text, checked
//   edit->find({"API", "ListenAddress"})          value and place of one key
//   edit->set({"API", "ListenAddress"}, "…")      replaces the bytes of that value, or adds the key (and its table)
//   edit->text()                                  what to write: by setup/edited_file.h
//
// Everything else stays byte for byte: comments, order, spaces, CRLF, a byte order mark, numbers as they were written.
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lsw::setup {

/// The keys from the root to a value: {"API", "ListenAddress"}.
using TomlPath = std::vector<std::string>;
/// The kinds of value that settings have.
using TomlValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// "API.ListenAddress", quoted where TOML needs it.
std::string tomlPathText(const TomlPath& path);
/// As it is written into a file: true, 5, "text", ["a", "b"].
std::string tomlValueText(const TomlValue& value);

/// One value of a file, or a table without any.
struct TomlEntry {
    TomlPath path;
    std::optional<TomlValue> value;   ///< none: a date, an empty table, or a list of anything but strings
    int line = 0, column = 0;         ///< of the key, from 1; columns count characters
    std::size_t begin = 0, end = 0;   ///< the bytes of the value in text()
};

/// A TOML text that is changed where it is told to and nowhere else.
class TomlEdit {
public:
    /// InvalidArgument "line 3, column 5: …" when it is no TOML (1.0) or larger than 1 MiB.
    static Expected<TomlEdit> parse(std::string text);

    const std::string& text() const;
    /// All values in the order of the file.
    std::vector<TomlEntry> entries() const;
    std::optional<TomlEntry> find(const TomlPath& path) const;

    /// Gives the key this value. A value that is there is replaced in its bytes. A new key comes behind its commented default
    /// (`#ListenAddress = …`) where there is one, else behind the last key of its table; a new table at the end of the text.
    /// The result is parsed again and must be the old document with this one change, else nothing changes:
    /// errors  InvalidArgument when a table (or a list of tables) is where the value should be, or a value where a table should be;
    ///         Unsupported, with the line to write by hand, when no place in the text gives that document
    Expected<void> set(const TomlPath& path, const TomlValue& value);

private:
    class Document; // toml++ is seen by one .cpp alone
    explicit TomlEdit(std::shared_ptr<const Document> document) : m_document(std::move(document)) {}

    std::shared_ptr<const Document> m_document;
};

} // namespace lsw::setup
