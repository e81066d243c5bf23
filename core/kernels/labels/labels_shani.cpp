// SPDX-License-Identifier: MIT OR Apache-2.0
// Compiled for the SHA extensions.
#include "kernels/labels/labels.h"

#include "kernels/labels/label_blocks.h"
#include "kernels/sha256/sha256_shani.h"

namespace lsw::kernels::label_sets {
namespace {

using namespace sha256;
using namespace labels_detail;

template <int N>
LSW_INLINE void prefetch(const LabelRun& run, std::size_t k) {
    if (k >= run.count) return;
    const std::uint32_t* parents = run.parents + kParents * k;
    const std::size_t all = run.layer == 1 ? kBaseParents : kParents;
    for (std::size_t j = 0; j < all; ++j) {
        const std::uint8_t* at = (j < kBaseParents ? run.current : run.previous) + std::size_t{parents[j]} * N * kLabelBytes;
        for (std::size_t line = 0; line < N * kLabelBytes; line += 64) _mm_prefetch(reinterpret_cast<const char*>(at + line), _MM_HINT_T0);
    }
}

template <int N>
LSW_INLINE void hashParents(Pair128 (&state)[N], const std::uint8_t* const (&parents)[kParents], std::size_t distinct) {
    alignas(64) std::uint32_t kept[N][7][64];
    __m128i m[N][4];
    for (std::size_t pair = 0; pair < distinct; ++pair) {
        std::uint32_t* to[N];
#pragma GCC unroll 4
        for (int s = 0; s < N; ++s) {
            to[s] = kept[s][pair];
            for (int half = 0; half < 2; ++half) {
                const std::uint8_t* at = parents[2 * pair + static_cast<std::size_t>(half)] + kLabelBytes * static_cast<std::size_t>(s);
                m[s][2 * half] = loadBigEndian(at);
                m[s][2 * half + 1] = loadBigEndian(at + 16);
            }
        }
        if constexpr (N == 4) blockOfFour<true>(state, m, to);
        else block<N, true>(state, m, to);
    }
    for (std::size_t b = distinct, pair = 0; b < kParentBlocks; ++b, pair = pair + 1 == distinct ? 0 : pair + 1) {
        const std::uint32_t* from[N];
#pragma GCC unroll 4
        for (int s = 0; s < N; ++s) from[s] = kept[s][pair];
        rounds<N>(state, from);
    }
}

template <int N>
LSW_INLINE void labelled(const LabelRun& run) {
    const std::size_t distinct = distinctPairs(run.layer);
    std::uint32_t* const none[N] = {};
    for (std::size_t k = 0; k < run.count; ++k) {
        const std::uint64_t node = run.begin + k;
        const std::uint32_t* of = run.parents + kParents * k;
        prefetch<N>(run, k + kLookAhead);
        Pair128 state[N];
        __m128i m[N][4];
#pragma GCC unroll 4
        for (int s = 0; s < N; ++s) {
            const std::uint8_t* id = run.replicaIds + kLabelBytes * static_cast<std::size_t>(s);
            state[s] = startState();
            m[s][0] = loadBigEndian(id);
            m[s][1] = loadBigEndian(id + 16);
            m[s][2] = _mm_set_epi32(0, static_cast<int>(node & 0xffffffffU), static_cast<int>(node >> 32), static_cast<int>(run.layer));
            m[s][3] = _mm_setzero_si128();
        }
        if constexpr (N == 4) blockOfFour<false>(state, m, none);
        else block<N, false>(state, m, none);
        if (node == 0) {
            const std::uint32_t* end[N];
            for (int s = 0; s < N; ++s) end[s] = kPairEndSchedule.words;
            rounds<N>(state, end);
        } else {
            const std::uint8_t* parents[kParents];
            for (std::size_t j = 0; j < kParents; ++j)
                parents[j] = (j < kBaseParents || run.layer == 1 ? run.current : run.previous) + std::size_t{of[j]} * N * kLabelBytes;
            hashParents<N>(state, parents, distinct);
            const std::uint8_t* last = parents[lastParent(run.layer)];
#pragma GCC unroll 4
            for (int s = 0; s < N; ++s) {
                m[s][0] = loadBigEndian(last + kLabelBytes * static_cast<std::size_t>(s));
                m[s][1] = loadBigEndian(last + kLabelBytes * static_cast<std::size_t>(s) + 16);
                m[s][2] = _mm_set_epi32(0, 0, 0, static_cast<int>(0x80000000U));
                m[s][3] = _mm_set_epi32(static_cast<int>(kMessageBits), 0, 0, 0);
            }
            if constexpr (N == 4) blockOfFour<false>(state, m, none);
            else block<N, false>(state, m, none);
        }
#pragma GCC unroll 4
        for (int s = 0; s < N; ++s) storeDigest(state[s], run.current + ((node - run.origin) * N + static_cast<std::uint64_t>(s)) * kLabelBytes);
    }
}

} // namespace

void shaNi1(const LabelRun& run) { labelled<1>(run); }
void shaNi2(const LabelRun& run) { labelled<2>(run); }
void shaNi4(const LabelRun& run) { labelled<4>(run); }

} // namespace lsw::kernels::label_sets
