// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/labels/labels.h"

#include "kernels/labels/label_blocks.h"
#include "kernels/sha256/sha256_portable.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace lsw::kernels {
namespace {

using sha256::compress;
using sha256::loadBigEndian;
using sha256::scheduleOf;
using sha256::storeBigEndian;

template <std::size_t Sectors>
void portable(const LabelRun& run) {
    for (std::size_t k = 0; k < run.count; ++k) {
        const std::uint64_t node = run.begin + k;
        for (std::size_t sector = 0; sector < Sectors; ++sector) {
            std::uint32_t state[8], block[16]{};
            std::memcpy(state, sha256::kStart, sizeof state);
            for (std::size_t i = 0; i < 8; ++i) block[i] = loadBigEndian(run.replicaIds + kLabelBytes * sector + 4 * i);
            block[8] = run.layer;
            block[9] = static_cast<std::uint32_t>(node >> 32);
            block[10] = static_cast<std::uint32_t>(node);
            compress(state, scheduleOf(block));
            const auto parent = [&](std::size_t j) {
                const std::uint8_t* layer = j < kBaseParents ? run.current : run.previous;
                return layer + (run.parents[kParents * k + j] * Sectors + sector) * kLabelBytes;
            };
            const std::size_t pairs = node == 0 ? 0 : labels_detail::kParentBlocks, distinct = labels_detail::distinctPairs(run.layer);
            for (std::size_t b = 0; b < pairs; ++b) {
                for (std::size_t half = 0; half < 2; ++half)
                    for (std::size_t i = 0; i < 8; ++i) block[8 * half + i] = loadBigEndian(parent(2 * (b % distinct) + half) + 4 * i);
                compress(state, scheduleOf(block));
            }
            std::fill(std::begin(block), std::end(block), 0U);
            if (node == 0) {
                block[0] = 0x80000000U;
                block[15] = 8 * 64;
            } else {
                for (std::size_t i = 0; i < 8; ++i) block[i] = loadBigEndian(parent(labels_detail::lastParent(run.layer)) + 4 * i);
                block[8] = 0x80000000U;
                block[15] = labels_detail::kMessageBits;
            }
            compress(state, scheduleOf(block));
            state[7] &= sha256::kLastWordMask;
            std::uint8_t* out = run.current + ((node - run.origin) * Sectors + sector) * kLabelBytes;
            for (std::size_t i = 0; i < 8; ++i) storeBigEndian(out + 4 * i, state[i]);
        }
    }
}

/// Offset of a word in the layout of 16 and 32 sectors.
std::size_t slicedWord(std::size_t sectors, std::uint64_t node, std::size_t sector, std::size_t i) {
    return static_cast<std::size_t>(node) * sectors * kLabelBytes + (sector / 16) * 16 * kLabelBytes + i * 64 + (sector % 16) * 4;
}

/// Two layers of a small graph whose parents are spread over it, each lane against the portable code.
bool selfTest(const Implementation<LabelSet>& one) {
    constexpr std::size_t kNodes = 40;
    std::array<std::uint32_t, kNodes * kParents> parents{};
    std::uint32_t x = 7;
    const auto random = [&x] {
        x = x * 1664525U + 1013904223U;
        return x >> 8;
    };
    for (std::size_t node = 1; node < kNodes; ++node)
        for (std::size_t j = 0; j < kParents; ++j)
            parents[kParents * node + j] = j == 0 ? static_cast<std::uint32_t>(node - 1) : random() % static_cast<std::uint32_t>(j < kBaseParents ? node : kNodes);
    for (const std::size_t sectors : {1U, 2U, 4U, 16U, 32U}) {
        const LabelFunction function = one.function.of(sectors);
        if (!function) continue;
        const LabelLayout layout{sectors};
        std::vector<std::uint8_t> ids(kLabelBytes * sectors), first(kNodes * layout.bytesPerNode() + 64), second(first.size());
        for (std::uint8_t& byte : ids) byte = static_cast<std::uint8_t>(random());
        const auto aligned = [](std::vector<std::uint8_t>& bytes) { return bytes.data() + (64 - reinterpret_cast<std::uintptr_t>(bytes.data()) % 64) % 64; };
        LabelRun run{1, 0, kNodes, parents.data(), ids.data(), nullptr, aligned(first)};
        function(run);
        run.layer = 2;
        run.previous = aligned(first);
        run.current = aligned(second);
        function(run);
        for (std::size_t sector = 0; sector < sectors; ++sector) {
            std::vector<std::uint8_t> a(kNodes * kLabelBytes), b(a.size()), got(a.size());
            portable<1>({1, 0, kNodes, parents.data(), ids.data() + kLabelBytes * sector, nullptr, a.data()});
            portable<1>({2, 0, kNodes, parents.data(), ids.data() + kLabelBytes * sector, a.data(), b.data()});
            layout.take(run.current, sector, 0, kNodes, got.data());
            if (got != b) return false;
        }
    }
    return true;
}

} // namespace

void LabelLayout::take(const std::uint8_t* layer, std::size_t sector, std::uint64_t begin, std::size_t count, std::uint8_t* out) const {
    for (std::size_t k = 0; k < count; ++k, out += kLabelBytes) {
        if (sectors <= 4) {
            std::memcpy(out, layer + ((begin + k) * sectors + sector) * kLabelBytes, kLabelBytes);
            continue;
        }
        for (std::size_t i = 0; i < 8; ++i) {
            std::uint32_t value = 0;
            std::memcpy(&value, layer + slicedWord(sectors, begin + k, sector, i), 4);
            storeBigEndian(out + 4 * i, value);
        }
    }
}

void LabelLayout::put(std::uint8_t* layer, std::size_t sector, std::uint64_t begin, std::size_t count, const std::uint8_t* labels) const {
    for (std::size_t k = 0; k < count; ++k, labels += kLabelBytes) {
        if (sectors <= 4) {
            std::memcpy(layer + ((begin + k) * sectors + sector) * kLabelBytes, labels, kLabelBytes);
            continue;
        }
        for (std::size_t i = 0; i < 8; ++i) {
            const std::uint32_t value = loadBigEndian(labels + 4 * i);
            std::memcpy(layer + slicedWord(sectors, begin + k, sector, i), &value, 4);
        }
    }
}

const LabelSet label_sets::kPortable{portable<1>, portable<2>, portable<4>, nullptr, nullptr};

const Kernel<LabelSet>& labels() {
    static const Kernel<LabelSet> kernel(
        "labels",
        {
#if defined(__x86_64__)
            {"avx512",
             [](const CpuFeatures& has) { return has.avx512 && has.shaNi; },
             {label_sets::shaNi1, label_sets::shaNi2, label_sets::shaNi4, label_sets::avx512x16, label_sets::avx512x32}},
            {"sha-ni", [](const CpuFeatures& has) { return has.shaNi; }, {label_sets::shaNi1, label_sets::shaNi2, label_sets::shaNi4, nullptr, nullptr}},
#endif
            {"portable", runsAnywhere, label_sets::kPortable},
        },
        selfTest);
    return kernel;
}

} // namespace lsw::kernels
