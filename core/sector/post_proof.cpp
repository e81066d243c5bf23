// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sector/post_proof.h"

#include <array>

namespace lsw::sector {
namespace {

constexpr std::uint64_t kKiB = 1ULL << 10, kMiB = 1ULL << 20, kGiB = 1ULL << 30;

struct Size {
    std::uint64_t bytes;
    int windowSectors;
};
constexpr std::array<Size, 5> kSizes{{{2 * kKiB, 2}, {8 * kMiB, 2}, {512 * kMiB, 2}, {32 * kGiB, 2349}, {64 * kGiB, 2300}}};

constexpr std::array<std::string_view, 15> kNames{
    "StackedDrgWinning2KiBV1",  "StackedDrgWinning8MiBV1",  "StackedDrgWinning512MiBV1",  "StackedDrgWinning32GiBV1",
    "StackedDrgWinning64GiBV1", "StackedDrgWindow2KiBV1",   "StackedDrgWindow8MiBV1",     "StackedDrgWindow512MiBV1",
    "StackedDrgWindow32GiBV1",  "StackedDrgWindow64GiBV1",  "StackedDrgWindow2KiBV1_1",   "StackedDrgWindow8MiBV1_1",
    "StackedDrgWindow512MiBV1_1", "StackedDrgWindow32GiBV1_1", "StackedDrgWindow64GiBV1_1"};

constexpr std::array<PostProofInfo, 15> makeTable() {
    std::array<PostProofInfo, 15> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Size& size = kSizes[i % 5];
        const bool isWindow = i >= 5;
        table[i] = PostProofInfo{static_cast<PostProof>(i), kNames[i], PaddedBytes{size.bytes}, isWindow, isWindow ? 10 : 66,
                                 isWindow ? size.windowSectors : 1};
    }
    return table;
}

constexpr std::array<PostProofInfo, 15> kTable = makeTable();

} // namespace

std::span<const PostProofInfo> allPostProofs() { return kTable; }

Expected<const PostProofInfo*> postProofInfo(PostProof proof) {
    const auto number = static_cast<std::int64_t>(proof);
    if (number >= 0 && number < static_cast<std::int64_t>(kTable.size())) return &kTable[static_cast<std::size_t>(number)];
    return Error(ErrorCode::Unsupported, std::to_string(number) + " is no registered PoSt proof: there are 0 to " + std::to_string(kTable.size() - 1));
}

} // namespace lsw::sector
