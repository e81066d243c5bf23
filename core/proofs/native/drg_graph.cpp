// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/drg_graph.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include <openssl/evp.h>

namespace lsw::proofs {
namespace {

Bytes32 digestOf(std::string_view tag, const Bytes32& id) {
    std::string text(tag);
    text += asText(id);
    Bytes32 out{};
    EVP_Digest(text.data(), text.size(), out.data(), nullptr, EVP_sha256(), nullptr);
    return out;
}

std::uint32_t word32(const std::uint8_t* at) {
    return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[3]} << 24;
}

std::uint64_t word64(const std::uint8_t* at) { return word32(at) | std::uint64_t{word32(at + 4)} << 32; }

/// ChaCha with eight rounds, as a source of numbers: 64-bit counter from 0, no nonce.
class ChaCha8 {
public:
    explicit ChaCha8(const std::array<std::uint32_t, 8>& key) : m_key(key) {}

    std::uint64_t next() {
        if (m_at == m_block.size()) refill();
        const std::uint64_t low = m_block[m_at], high = m_block[m_at + 1];
        m_at += 2;
        return low | high << 32;
    }

private:
    static void quarter(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d) {
        a += b, d = std::rotl(d ^ a, 16);
        c += d, b = std::rotl(b ^ c, 12);
        a += b, d = std::rotl(d ^ a, 8);
        c += d, b = std::rotl(b ^ c, 7);
    }
    void refill() {
        std::array<std::uint32_t, 16> start{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
        std::copy(m_key.begin(), m_key.end(), start.begin() + 4);
        start[12] = m_counter++;
        m_block = start;
        auto& s = m_block;
        for (int round = 0; round < 4; ++round) {
            quarter(s[0], s[4], s[8], s[12]), quarter(s[1], s[5], s[9], s[13]), quarter(s[2], s[6], s[10], s[14]), quarter(s[3], s[7], s[11], s[15]);
            quarter(s[0], s[5], s[10], s[15]), quarter(s[1], s[6], s[11], s[12]), quarter(s[2], s[7], s[8], s[13]), quarter(s[3], s[4], s[9], s[14]);
        }
        for (std::size_t i = 0; i < 16; ++i) s[i] += start[i];
        m_at = 0;
    }

    std::array<std::uint32_t, 8> m_key;
    std::array<std::uint32_t, 16> m_block{};
    std::uint32_t m_counter = 0;
    std::size_t m_at = 16;
};

/// The first word, big endian, of BLAKE2b-512 over 16 bytes: two numbers, big endian. OpenSSL spends longer setting one up than it takes.
std::uint64_t blake2bWord(std::uint64_t first, std::uint64_t second) {
    constexpr std::array<std::uint64_t, 8> kStart{0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                                  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
    constexpr std::uint8_t kOrder[10][16] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
        {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
        {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
        {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
        {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};
    const auto swapped = [](std::uint64_t value) { return __builtin_bswap64(value); };
    std::array<std::uint64_t, 16> m{swapped(first), swapped(second)};
    std::array<std::uint64_t, 16> v;
    std::copy(kStart.begin(), kStart.end(), v.begin());
    std::copy(kStart.begin(), kStart.end(), v.begin() + 8);
    v[0] ^= 0x01010040; // 64 bytes out, no key
    v[12] ^= 16;        // bytes so far
    v[14] = ~v[14];     // the last block
    const auto mix = [&v](std::size_t a, std::size_t b, std::size_t c, std::size_t d, std::uint64_t x, std::uint64_t y) {
        v[a] += v[b] + x, v[d] = std::rotr(v[d] ^ v[a], 32);
        v[c] += v[d], v[b] = std::rotr(v[b] ^ v[c], 24);
        v[a] += v[b] + y, v[d] = std::rotr(v[d] ^ v[a], 16);
        v[c] += v[d], v[b] = std::rotr(v[b] ^ v[c], 63);
    };
    for (std::size_t round = 0; round < 12; ++round) {
        const auto& s = kOrder[round % 10];
        mix(0, 4, 8, 12, m[s[0]], m[s[1]]), mix(1, 5, 9, 13, m[s[2]], m[s[3]]), mix(2, 6, 10, 14, m[s[4]], m[s[5]]), mix(3, 7, 11, 15, m[s[6]], m[s[7]]);
        mix(0, 5, 10, 15, m[s[8]], m[s[9]]), mix(1, 6, 11, 12, m[s[10]], m[s[11]]), mix(2, 7, 8, 13, m[s[12]], m[s[13]]), mix(3, 4, 9, 14, m[s[14]], m[s[15]]);
    }
    return swapped(kStart[0] ^ 0x01010040 ^ v[0] ^ v[8]);
}

} // namespace

DrgGraph::DrgGraph(const sector::ProofInfo& proof) : m_nodes(proof.nodes()), m_isFirstVersion(proof.apiMinor == 0) {
    const Bytes32 id = sector::porepId(proof.proof);
    const Bytes32 seed = digestOf("Filecoin_DRSample", id), keys = digestOf("Filecoin_Feistel", id);
    for (std::size_t i = 0; i < 7; ++i) m_key[i] = word32(seed.data() + 4 * i);
    for (std::size_t i = 0; i < m_feistelKeys.size(); ++i) m_feistelKeys[i] = word64(keys.data() + 8 * i);
    for (std::uint64_t domain = 4; ; domain *= 4) {
        ++m_halfBits;
        if (domain >= kExpander * m_nodes) break;
    }
}

void DrgGraph::baseParents(std::uint64_t node, std::uint32_t* out) const {
    if (node < 2) {
        std::fill(out, out + kBase, 0U);
        return;
    }
    auto key = m_key;
    key[7] = static_cast<std::uint32_t>(node);
    ChaCha8 random(key);
    constexpr std::uint64_t kMeta = kBase - 1; // a node is five in the graph that is sampled
    const std::uint64_t meta = node * kMeta, buckets = static_cast<std::uint64_t>(std::bit_width(meta));
    std::uint32_t* to = m_isFirstVersion ? out : out + 1;
    for (std::size_t k = 0; k < kMeta; ++k) {
        const std::uint64_t bucket = random.next() % buckets + 1;
        const std::uint64_t largest = std::min<std::uint64_t>(meta, 1ULL << bucket), smallest = std::max<std::uint64_t>(2, largest >> 1);
        const std::uint64_t distance = smallest + random.next() % (largest - smallest + 1);
        const std::uint64_t parent = (meta - distance) / kMeta;
        to[k] = static_cast<std::uint32_t>(parent == node ? node - 1 : parent);
    }
    (m_isFirstVersion ? out[kBase - 1] : out[0]) = static_cast<std::uint32_t>(node - 1);
}

std::uint64_t DrgGraph::permuted(std::uint64_t index) const {
    const std::uint64_t mask = (1ULL << m_halfBits) - 1;
    do { // until it falls into the range: the network permutes the next power of four
        std::uint64_t left = index >> m_halfBits, right = index & mask;
        for (const std::uint64_t key : m_feistelKeys) {
            const std::uint64_t mixed = left ^ (blake2bWord(right, key) & mask);
            left = right;
            right = mixed;
        }
        index = left << m_halfBits | right;
    } while (index >= kExpander * m_nodes);
    return index;
}

void DrgGraph::parents(std::uint64_t node, std::span<std::uint32_t, kDegree> out) const {
    baseParents(node, out.data());
    for (std::size_t i = 0; i < kExpander; ++i) {
        const std::uint64_t edge = permuted(node * kExpander + i);
        out[kBase + i] = m_isFirstVersion ? static_cast<std::uint32_t>(edge) / static_cast<std::uint32_t>(kExpander)
                                          : static_cast<std::uint32_t>(edge / kExpander);
    }
}

} // namespace lsw::proofs
