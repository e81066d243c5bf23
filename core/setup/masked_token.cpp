// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/masked_token.h"

namespace lsw::setup {
namespace {

constexpr std::size_t kShown = 4;
constexpr std::size_t kShortestPart = 8;  ///< of something that begins as a token does
constexpr std::size_t kLongestWord = 20;  ///< between dots; what is longer may be a part of a token

bool isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool mayBeToken(std::string_view word) {
    if (word.size() >= kShortestPart && word.starts_with("eyJ")) return true;
    while (!word.empty()) {
        const auto dot = word.find('.');
        if (word.substr(0, dot).size() > kLongestWord) return true;
        if (dot == std::string_view::npos) break;
        word.remove_prefix(dot + 1);
    }
    return false;
}

} // namespace

std::string maskedToken(std::string_view token) {
    if (token.empty()) return {};
    if (token.size() < 4 * kShown) return "TOKEN(…)";
    return "TOKEN(…" + std::string(token.substr(token.size() - kShown)) + ')';
}

std::string withoutTokens(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && isTokenCharacter(text[end])) ++end;
        const std::string_view word = text.substr(i, end - i);
        if (mayBeToken(word)) out += maskedToken(word);
        else out += word;
        if (end < text.size()) out += text[end++];
        i = end;
    }
    return out;
}

} // namespace lsw::setup
