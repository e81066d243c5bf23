// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/batch_rule.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace lsw::tasks {
namespace {

constexpr std::array<std::string_view, 6> kTexts{"auto", "1", "2", "4", "16", "32"};
constexpr std::array<std::size_t, 6> kMost{0, 1, 2, 4, 16, 32};

std::string number(const char* format, double value) {
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

} // namespace

std::size_t BatchRule::take(std::size_t waiting, std::size_t freeCores) const {
    if (!isAuto()) return std::min(waiting, most);
    const std::size_t cores = std::max<std::size_t>(freeCores, 1), share = (waiting + cores - 1) / cores;
    return widths.empty() ? 1 : kernels::bestTogether(share, widths);
}

std::chrono::milliseconds BatchRule::patience(sector::SealProof proof) {
    const auto info = sector::proofInfo(proof);
    const std::uint64_t bytes = info ? (*info)->sectorSize.value : 0;
    return std::chrono::milliseconds(std::min<std::uint64_t>(30000, 200 + bytes * 1000 / (1ULL << 30)));
}

Expected<BatchRule> batchRule(std::string_view text, std::string_view engine) {
    const auto known = std::ranges::find(kTexts, text);
    if (known == kTexts.end()) return Error(ErrorCode::InvalidArgument, "so many PC1 at once are not possible: \"" + std::string(text) + "\"; there are auto, 1, 2, 4, 16 and 32");
    if (engine != "native") return BatchRule{};
    const std::size_t most = kMost[static_cast<std::size_t>(known - kTexts.begin())];
    return most == 1 ? BatchRule{} : BatchRule{most, kernels::labelWidths()};
}

std::string batchText(const BatchRule& rule) {
    if (rule.isOff()) return "each alone";
    const std::size_t most = rule.isAuto() ? kernels::bestTogether(rule.widths.back().sectors, rule.widths) : rule.most;
    const double alone = rule.widths.front().nanoseconds;
    const double together = kernels::costOf(kernels::labelGroups(most, rule.widths.back().sectors, rule.widths), rule.widths) / static_cast<double>(most);
    std::string out = (rule.isAuto() ? "auto, up to " : "up to ") + std::to_string(most) + " at once";
    if (most == 1) out = "auto: each alone, this processor gains nothing by more";
    else out += " on a core, which labels " + number("%.1f", alone / together) + " times as many sectors so";
    out += " (" + number("%.0f", alone) + " ns a label alone";
    for (std::size_t i = 1; i < rule.widths.size(); ++i) out += ", " + number("%.0f", rule.widths[i].nanoseconds) + " x" + std::to_string(rule.widths[i].sectors);
    return out + "; measured at start)";
}

} // namespace lsw::tasks
