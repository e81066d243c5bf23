// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sector/proof_type.h"

#include "sector/sector_id.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace lsw::sector {
namespace {

constexpr std::uint64_t kKiB = 1ULL << 10, kMiB = 1ULL << 20, kGiB = 1ULL << 30;

struct Size {
    std::uint64_t bytes;
    int layers, baseTrees, partitions, rowsToDiscard;
};
constexpr std::array<Size, 5> kSizes{{{2 * kKiB, 2, 1, 1, 1},
                                      {8 * kMiB, 2, 1, 1, 2},
                                      {512 * kMiB, 2, 1, 1, 2},
                                      {32 * kGiB, 11, 8, 10, 2},
                                      {64 * kGiB, 11, 16, 10, 2}}};

constexpr std::array<std::string_view, 20> kNames{
    "StackedDrg2KiBV1",   "StackedDrg8MiBV1",   "StackedDrg512MiBV1",   "StackedDrg32GiBV1",   "StackedDrg64GiBV1",
    "StackedDrg2KiBV1_1", "StackedDrg8MiBV1_1", "StackedDrg512MiBV1_1", "StackedDrg32GiBV1_1", "StackedDrg64GiBV1_1",
    "StackedDrg2KiBV1_1_Feat_SyntheticPoRep", "StackedDrg8MiBV1_1_Feat_SyntheticPoRep",
    "StackedDrg512MiBV1_1_Feat_SyntheticPoRep", "StackedDrg32GiBV1_1_Feat_SyntheticPoRep",
    "StackedDrg64GiBV1_1_Feat_SyntheticPoRep", "StackedDrg2KiBV1_2_Feat_NonInteractivePoRep",
    "StackedDrg8MiBV1_2_Feat_NonInteractivePoRep", "StackedDrg512MiBV1_2_Feat_NonInteractivePoRep",
    "StackedDrg32GiBV1_2_Feat_NonInteractivePoRep", "StackedDrg64GiBV1_2_Feat_NonInteractivePoRep"};

constexpr std::array<ProofInfo, 20> makeTable() {
    std::array<ProofInfo, 20> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Size& size = kSizes[i % 5];
        const std::size_t family = i / 5;
        table[i] = ProofInfo{static_cast<SealProof>(i),
                             kNames[i],
                             kNames[i % 5],
                             PaddedBytes{size.bytes},
                             family == 2   ? ProofFeature::SyntheticPoRep
                             : family == 3 ? ProofFeature::NonInteractivePoRep
                                           : ProofFeature::None,
                             family == 0   ? 0
                             : family == 1 ? 1
                                           : 2,
                             size.layers,
                             size.baseTrees,
                             size.partitions,
                             size.rowsToDiscard};
    }
    return table;
}

constexpr std::array<ProofInfo, 20> kTable = makeTable();

bool sameIgnoringCase(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

} // namespace

std::span<const ProofInfo> allSealProofs() { return kTable; }

Expected<const ProofInfo*> proofInfo(SealProof proof) {
    const auto number = static_cast<std::int64_t>(proof);
    if (number < 0 || number >= static_cast<std::int64_t>(kTable.size()))
        return Error(ErrorCode::Unsupported, "unknown seal proof type " + std::to_string(number));
    return &kTable[static_cast<std::size_t>(number)];
}

Expected<const ProofInfo*> parseProof(std::string_view text) {
    for (const ProofInfo& row : kTable)
        if (sameIgnoringCase(row.name, text)) return &row;
    if (const auto number = parseUnsigned(text, "proof"); number && *number < kTable.size()) return &kTable[*number];
    return Error(ErrorCode::InvalidArgument,
                 "unknown proof \"" + std::string(text) +
                     "\": give a number from 0 to 19 or a name such as StackedDrg32GiBV1_1");
}

Expected<const ProofInfo*> proofForSize(PaddedBytes size) {
    for (std::size_t i = 5; i < 10; ++i)
        if (kTable[i].sectorSize == size) return &kTable[i];
    return Error(ErrorCode::Unsupported, "no seal proof has sectors of " + std::to_string(size.value) + " bytes");
}

std::string sizeName(std::uint64_t bytes) {
    if (bytes && bytes % kGiB == 0) return std::to_string(bytes / kGiB) + "GiB";
    if (bytes && bytes % kMiB == 0) return std::to_string(bytes / kMiB) + "MiB";
    if (bytes && bytes % kKiB == 0) return std::to_string(bytes / kKiB) + "KiB";
    return std::to_string(bytes) + "B";
}

Expected<PaddedBytes> parseSectorSize(std::string_view text) {
    for (const Size& size : kSizes)
        if (sameIgnoringCase(sizeName(size.bytes), text)) return PaddedBytes{size.bytes};
    return Error(ErrorCode::InvalidArgument, "unknown sector size \"" + std::string(text) +
                                                 "\": it is one of 2KiB, 8MiB, 512MiB, 32GiB, 64GiB");
}

Bytes32 porepId(SealProof proof) {
    Bytes32 out{};
    auto number = static_cast<std::uint64_t>(proof);
    for (std::size_t i = 0; i < 8; ++i, number >>= 8) out[i] = static_cast<std::uint8_t>(number);
    return out;
}

} // namespace lsw::sector
