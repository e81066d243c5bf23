// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/unified_diff.h"

#include <algorithm>
#include <vector>

namespace lsw::setup {
namespace {

constexpr std::size_t kAround = 3;

struct Line {
    char mark = ' '; ///< ' ', '-', '+'
    std::string_view text;
};

std::vector<std::string_view> linesOf(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const auto end = text.find('\n');
        out.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

/// Old and new lines in one list, by the longest common subsequence of what lies between the equal ends.
std::vector<Line> merged(const std::vector<std::string_view>& old, const std::vector<std::string_view>& now) {
    std::size_t head = 0, tail = 0;
    while (head < old.size() && head < now.size() && old[head] == now[head]) ++head;
    while (tail + head < old.size() && tail + head < now.size() && old[old.size() - 1 - tail] == now[now.size() - 1 - tail]) ++tail;
    const std::size_t rows = old.size() - head - tail, columns = now.size() - head - tail;
    std::vector<std::size_t> length((rows + 1) * (columns + 1), 0);
    const auto at = [&](std::size_t row, std::size_t column) -> std::size_t& { return length[row * (columns + 1) + column]; };
    for (std::size_t row = rows; row-- > 0;)
        for (std::size_t column = columns; column-- > 0;)
            at(row, column) = old[head + row] == now[head + column] ? at(row + 1, column + 1) + 1 : std::max(at(row + 1, column), at(row, column + 1));
    std::vector<Line> out;
    for (std::size_t i = 0; i < head; ++i) out.push_back({' ', old[i]});
    for (std::size_t row = 0, column = 0; row < rows || column < columns;) {
        if (row < rows && column < columns && old[head + row] == now[head + column]) {
            out.push_back({' ', old[head + row++]});
            ++column;
        } else if (column == columns || (row < rows && at(row + 1, column) >= at(row, column + 1))) {
            out.push_back({'-', old[head + row++]});
        } else {
            out.push_back({'+', now[head + column++]});
        }
    }
    for (std::size_t i = old.size() - tail; i < old.size(); ++i) out.push_back({' ', old[i]});
    return out;
}

std::string shown(const Line& line) {
    std::string_view text = line.text;
    const bool hasReturn = text.ends_with('\r');
    if (hasReturn) text.remove_suffix(1);
    return line.mark + std::string(text) + (hasReturn && line.mark != ' ' ? "^M" : "") + '\n';
}

} // namespace

std::string unifiedDiff(std::string_view before, std::string_view after, const std::string& name) {
    if (before == after) return {};
    const std::vector<Line> lines = merged(linesOf(before), linesOf(after));
    const auto isChange = [](const Line& line) { return line.mark != ' '; };
    std::string out = "--- " + name + "\n+++ " + name + " (new)\n";
    std::size_t oldLine = 1, newLine = 1, done = 0;
    for (auto next = std::find_if(lines.begin(), lines.end(), isChange); next != lines.end();) {
        // A hunk goes on while the next change is near enough to share lines around it.
        auto last = next;
        for (auto other = next; (other = std::find_if(other + 1, lines.end(), isChange)) != lines.end() && other - last <= static_cast<std::ptrdiff_t>(2 * kAround);) last = other;
        const auto first = static_cast<std::size_t>(next - lines.begin());
        const std::size_t begin = std::max(done, first - std::min(first, kAround));
        const std::size_t end = std::min(lines.size(), static_cast<std::size_t>(last - lines.begin()) + 1 + kAround);
        for (; done < begin; ++done) {
            ++oldLine;
            ++newLine;
        }
        std::size_t oldCount = 0, newCount = 0;
        std::string body;
        for (; done < end; ++done) {
            oldCount += lines[done].mark != '+';
            newCount += lines[done].mark != '-';
            body += shown(lines[done]);
        }
        const auto range = [](std::size_t from, std::size_t count) { return std::to_string(count == 0 ? from - 1 : from) + ',' + std::to_string(count); };
        out += "@@ -" + range(oldLine, oldCount) + " +" + range(newLine, newCount) + " @@\n" + body;
        oldLine += oldCount;
        newLine += newCount;
        next = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(done), lines.end(), isChange);
    }
    return out;
}

} // namespace lsw::setup
