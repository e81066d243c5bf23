// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/unit_file.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace lsw::setup {
namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

bool isNameLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

bool isName(std::string_view text) { return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::ranges::all_of(text, isNameLetter); }

/// Lines without comments; a backslash at the end takes the next one in.
std::vector<std::string> logicalLines(std::string_view text) {
    std::vector<std::string> out;
    bool goesOn = false;
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.starts_with('#') || line.starts_with(';')) continue; // also between continued lines
        const bool continues = line.ends_with('\\');
        if (continues) line.remove_suffix(1);
        if (goesOn) out.back() += ' ' + std::string(line);
        else out.emplace_back(line);
        goesOn = continues;
    }
    return out;
}

/// Words apart by spaces, with quotes of both kinds and backslashes.
std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> out;
    std::optional<std::string> word;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote == 0 && (c == ' ' || c == '\t')) {
            if (word) out.push_back(std::move(*word));
            word.reset();
            continue;
        }
        if (!word) word.emplace();
        if (quote != 0 && c == quote) quote = 0;
        else if (quote == 0 && (c == '"' || c == '\'')) quote = c;
        else if (c == '\\' && quote != '\'' && i + 1 < text.size()) *word += text[++i];
        else *word += c;
    }
    if (word) out.push_back(std::move(*word));
    return out;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
    return text;
}

std::string valueOf(const Variables& variables, std::string_view name) {
    const auto found = std::find_if(variables.rbegin(), variables.rend(), [&](const auto& one) { return one.first == name; });
    return found == variables.rend() ? std::string() : found->second;
}

std::string expanded(std::string_view text, const Variables& variables) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$' || i + 1 >= text.size()) {
            out += text[i];
            continue;
        }
        if (text[i + 1] == '$') { // systemd writes a dollar so
            out += text[++i];
            continue;
        }
        const bool hasBraces = text[i + 1] == '{';
        const std::size_t begin = i + (hasBraces ? 2 : 1);
        std::size_t end = begin;
        while (end < text.size() && isNameLetter(text[end])) ++end;
        const bool isWhole = end > begin && (!hasBraces || (end < text.size() && text[end] == '}'));
        if (!isWhole) {
            out += text[i];
            continue;
        }
        out += valueOf(variables, text.substr(begin, end - begin));
        i = hasBraces ? end : end - 1;
    }
    return out;
}

void addAssignment(std::string_view text, Variables& out) {
    const auto sign = text.find('=');
    if (sign == std::string_view::npos) return;
    const std::string_view name = trimmed(text.substr(0, sign));
    if (isName(name)) out.emplace_back(name, text.substr(sign + 1));
}

} // namespace

bool looksLikeUnit(std::string_view text) {
    return std::ranges::any_of(logicalLines(text), [](const std::string& line) { return line == "[Service]"; });
}

UnitFile readUnitFile(std::string_view text, std::string_view home) {
    UnitFile out;
    std::string section, command;
    for (const std::string& line : logicalLines(text)) {
        if (line.starts_with('[') && line.ends_with(']')) {
            section = line;
            continue;
        }
        const auto sign = line.find('=');
        if (section != "[Service]" || sign == std::string::npos) continue;
        const std::string key(trimmed(std::string_view(line).substr(0, sign)));
        const std::string value = replaced(replaced(std::string(trimmed(std::string_view(line).substr(sign + 1))), "%h", home), "%%", "%");
        // An empty value takes back what earlier lines and files of the unit said.
        if (key == "Environment") {
            if (value.empty()) out.environment.clear();
            for (const std::string& word : words(value)) addAssignment(word, out.environment);
        } else if (key == "EnvironmentFile") {
            if (value.empty()) out.environmentFiles.clear();
            else out.environmentFiles.push_back(value.starts_with('-') ? value.substr(1) : value);
        } else if (key == "ExecStart") {
            command = value;
        } else if (key == "User") {
            out.user = value;
        }
    }
    command.erase(0, std::min(command.find_first_not_of("@-:+!"), command.size()));
    out.command = words(command); // variables are replaced by who knows those of the files, too
    return out;
}

std::vector<std::pair<std::string, std::string>> readEnvironmentFile(std::string_view text) {
    Variables out;
    for (const std::string& line : logicalLines(text)) {
        std::string_view rest = trimmed(line);
        if (rest.starts_with("export ")) rest = trimmed(rest.substr(7));
        const auto sign = rest.find('=');
        if (sign == std::string_view::npos) continue;
        const std::string_view value = trimmed(rest.substr(sign + 1));
        // The quotes around a value; a comment behind it is one in a shell alone, and then stands behind a space.
        const auto parts = words(value);
        const bool hasQuotes = value.starts_with('"') || value.starts_with('\'');
        const std::string plain = hasQuotes ? (parts.empty() ? std::string() : parts.front()) : std::string(trimmed(value.substr(0, value.find(" #"))));
        addAssignment(std::string(rest.substr(0, sign)) + '=' + plain, out);
    }
    return out;
}

std::vector<std::string> expandedCommand(const std::vector<std::string>& command, const std::vector<std::pair<std::string, std::string>>& environment) {
    std::vector<std::string> out;
    for (const std::string& word : command) {
        if (word.starts_with('$') && isName(std::string_view(word).substr(1))) {
            for (std::string& part : words(valueOf(environment, std::string_view(word).substr(1)))) out.push_back(std::move(part));
        } else {
            out.push_back(expanded(word, environment));
        }
    }
    const std::string_view program = out.empty() ? std::string_view() : std::string_view(out[0]).substr(out[0].rfind('/') + 1);
    if (out.size() < 3 || !(program == "sh" || program == "bash" || program == "dash")) return out;
    const auto flag = std::ranges::find_if(out, [](const std::string& word) { return word.starts_with('-') && word.ends_with('c'); });
    if (flag == out.end() || flag + 1 == out.end()) return out;
    auto inner = words(expanded(*(flag + 1), environment));
    if (!inner.empty() && inner[0] == "exec") inner.erase(inner.begin());
    return inner;
}

} // namespace lsw::setup
