// SPDX-License-Identifier: MIT OR Apache-2.0
// Compiled for AVX-512.
#include "kernels/labels/labels.h"

#include "kernels/labels/label_blocks.h"
#include "kernels/sha256/sha256_avx512.h"

namespace lsw::kernels::label_sets {
namespace {

using namespace sha256;
using namespace labels_detail;

constexpr std::size_t kGroupBytes = 16 * kLabelBytes; ///< a node of sixteen sectors

/// Works out the schedule of a block of each message and stores it with the round constants: 64 registers.
LSW_INLINE void schedule(__m512i (&w)[16], __m512i* to) {
    for (int t = 0; t < 48; t += 16) {
#pragma GCC unroll 16
        for (int i = 0; i < 16; ++i) {
            to[t + i] = _mm512_add_epi32(w[i], same(kRound[t + i]));
            w[i] = nextWord(w, i);
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) to[48 + i] = _mm512_add_epi32(w[i], same(kRound[48 + i]));
}

LSW_INLINE std::uint32_t bigEndianWord(const std::uint8_t* at) {
    std::uint32_t word;
    __builtin_memcpy(&word, at, 4);
    return __builtin_bswap32(word);
}

template <int G>
LSW_INLINE void labelled(const LabelRun& run) {
    constexpr std::size_t kNode = G * kGroupBytes;
    const std::size_t distinct = distinctPairs(run.layer), all = run.layer == 1 ? kBaseParents : kParents;
    alignas(64) __m512i kept[G][8][64]; // seven pairs of parents, and one block at a time beside them
    alignas(64) std::uint32_t ids[G][8][16];
    for (int g = 0; g < G; ++g)
        for (std::size_t i = 0; i < 8; ++i)
            for (std::size_t lane = 0; lane < 16; ++lane) ids[g][i][lane] = bigEndianWord(run.replicaIds + (16 * static_cast<std::size_t>(g) + lane) * kLabelBytes + 4 * i);

    for (std::size_t k = 0; k < run.count; ++k) {
        const std::uint64_t node = run.begin + k;
        const auto parent = [&](std::size_t of, std::size_t j, int g) __attribute__((always_inline)) {
            return (j < kBaseParents ? run.current : run.previous) + std::size_t{run.parents[kParents * of + j]} * kNode + static_cast<std::size_t>(g) * kGroupBytes;
        };
        if (k + kLookAhead < run.count)
            for (std::size_t j = 0; j < all; ++j)
                for (std::size_t line = 0; line < kNode; line += 64)
                    _mm_prefetch(reinterpret_cast<const char*>(parent(k + kLookAhead, j, 0) + line), _MM_HINT_T0);

        __m512i state[G][8], w[16];
        const __m512i* from[G];
        const auto word = [&from](int q, int t) __attribute__((always_inline)) { return from[q][t]; };
        for (int g = 0; g < G; ++g) {
            for (int i = 0; i < 8; ++i) {
                state[g][i] = same(kStart[i]);
                w[i] = _mm512_load_si512(ids[g][i]);
                w[8 + i] = _mm512_setzero_si512();
            }
            w[8] = same(run.layer);
            w[9] = same(static_cast<std::uint32_t>(node >> 32));
            w[10] = same(static_cast<std::uint32_t>(node & 0xffffffffU));
            schedule(w, kept[g][7]);
            from[g] = kept[g][7];
        }
        rounds<G>(state, word);
        if (node == 0) {
            endOfPair<G>(state);
        } else {
            for (int g = 0; g < G; ++g)
                for (std::size_t pair = 0; pair < distinct; ++pair) {
                    const std::uint8_t *left = parent(k, 2 * pair, g), *right = parent(k, 2 * pair + 1, g);
                    for (int i = 0; i < 8; ++i) {
                        w[i] = _mm512_loadu_si512(left + 64 * i);
                        w[8 + i] = _mm512_loadu_si512(right + 64 * i);
                    }
                    schedule(w, kept[g][pair]);
                }
            for (std::size_t b = 0, pair = 0; b < kParentBlocks; ++b, pair = pair + 1 == distinct ? 0 : pair + 1) {
                for (int g = 0; g < G; ++g) from[g] = kept[g][pair];
                rounds<G>(state, word);
            }
            for (int g = 0; g < G; ++g) {
                const std::uint8_t* last = parent(k, lastParent(run.layer), g);
                for (int i = 0; i < 8; ++i) {
                    w[i] = _mm512_loadu_si512(last + 64 * i);
                    w[8 + i] = _mm512_setzero_si512();
                }
                w[8] = same(0x80000000U);
                w[15] = same(kMessageBits);
                schedule(w, kept[g][7]);
                from[g] = kept[g][7];
            }
            rounds<G>(state, word);
        }
        for (int g = 0; g < G; ++g) {
            state[g][7] = _mm512_and_si512(state[g][7], same(kLastWordMask));
            std::uint8_t* out = run.current + (node - run.origin) * kNode + static_cast<std::size_t>(g) * kGroupBytes;
            for (int i = 0; i < 8; ++i) _mm512_storeu_si512(out + 64 * i, state[g][i]);
        }
    }
}

} // namespace

void avx512x16(const LabelRun& run) { labelled<1>(run); }
void avx512x32(const LabelRun& run) { labelled<2>(run); }

} // namespace lsw::kernels::label_sets
