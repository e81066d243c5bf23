// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/labels/label_widths.h"

#include "kernels/labels/labels.h"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <limits>

namespace lsw::kernels {
namespace {

constexpr std::size_t kNodes = 512;
constexpr int kRounds = 3;
/// What more sectors have to bring before they are taken: less is within what a measurement of milliseconds is off by.
constexpr double kWorthIt = 0.97;

double processorSeconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::vector<LabelWidth> measured() {
    std::vector<std::uint32_t> parents(kNodes * kParents);
    std::uint32_t x = 11;
    for (std::size_t node = 1; node < kNodes; ++node)
        for (std::size_t j = 0; j < kParents; ++j) {
            x = x * 1664525U + 1013904223U;
            parents[kParents * node + j] = j == 0 ? static_cast<std::uint32_t>(node - 1) : (x >> 8) % static_cast<std::uint32_t>(j < kBaseParents ? node : kNodes);
        }
    std::vector<LabelWidth> out;
    for (const std::size_t sectors : {1U, 2U, 4U, 16U, 32U}) {
        const LabelFunction label = labels().chosen().function.of(sectors);
        if (!label) continue;
        const std::vector<std::uint8_t> ids(kLabelBytes * sectors), previous(kNodes * LabelLayout{sectors}.bytesPerNode());
        std::vector<std::uint8_t> current(previous.size());
        double least = std::numeric_limits<double>::max();
        for (int round = 0; round <= kRounds; ++round) {
            const double begin = processorSeconds();
            label({2, 0, kNodes, parents.data(), ids.data(), previous.data(), current.data()});
            if (round > 0) least = std::min(least, processorSeconds() - begin); // the first one warms up
        }
        out.push_back({sectors, 1e9 * least / static_cast<double>(kNodes * sectors)});
    }
    return out;
}

} // namespace

const std::vector<LabelWidth>& labelWidths() {
    static const std::vector<LabelWidth> widths = measured();
    return widths;
}

std::vector<LabelGroup> labelGroups(std::size_t sectors, std::size_t mostLanes, const std::vector<LabelWidth>& widths) {
    std::vector<double> cost(sectors + 1, 0);     // of so many sectors
    std::vector<LabelGroup> first(sectors + 1);   // with which they begin
    for (std::size_t count = 1; count <= sectors; ++count) {
        cost[count] = std::numeric_limits<double>::max();
        for (auto width = widths.rbegin(); width != widths.rend(); ++width) { // wide ones first, so that most sectors begin at once
            if (width->sectors > mostLanes && width->sectors > 1) continue;
            const std::size_t taken = std::min(count, width->sectors);
            const double with = static_cast<double>(width->sectors) * width->nanoseconds + cost[count - taken];
            if (with >= cost[count]) continue;
            cost[count] = with;
            first[count] = {taken, width->sectors};
        }
    }
    std::vector<LabelGroup> out;
    for (std::size_t left = sectors; left > 0; left -= out.back().sectors) out.push_back(first[left]);
    return out;
}

double costOf(const std::vector<LabelGroup>& groups, const std::vector<LabelWidth>& widths) {
    double sum = 0;
    for (const LabelGroup& group : groups)
        for (const LabelWidth& width : widths)
            if (width.sectors == group.width) sum += static_cast<double>(width.sectors) * width.nanoseconds;
    return sum;
}

std::size_t bestTogether(std::size_t waiting, const std::vector<LabelWidth>& widths) {
    std::size_t best = 1;
    double least = std::numeric_limits<double>::max();
    for (std::size_t count = 1; count <= std::min(waiting, widths.back().sectors); ++count) {
        const double each = costOf(labelGroups(count, widths.back().sectors, widths), widths) / static_cast<double>(count);
        if (each >= kWorthIt * least) continue;
        best = count;
        least = each;
    }
    return best;
}

} // namespace lsw::kernels
