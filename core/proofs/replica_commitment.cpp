// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/replica_commitment.h"

#include <array>
#include <memory>
#include <vector>

#include <openssl/bn.h>

namespace lsw::proofs {
namespace {

using sector::Commitment;

constexpr std::size_t kWidth = 3, kFullRounds = 8, kPartialRounds = 55;
constexpr int kFieldBits = 255;
constexpr const char* kOrder = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";

struct FreeNumber {
    void operator()(BIGNUM* number) const { BN_free(number); }
};
struct FreeContext {
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;

Number numberOf(BN_ULONG value) {
    Number out(BN_new());
    BN_set_word(out.get(), value);
    return out;
}

/// The shift register that gives the constants: 80 bits, thinned out by itself.
class Grain {
public:
    Grain() {
        put(2, 1); // a prime field
        put(4, 1); // S-box x^alpha
        put(12, kFieldBits);
        put(12, kWidth);
        put(10, kFullRounds);
        put(10, kPartialRounds);
        put(30, 0x3fffffff);
        for (int i = 0; i < 160; ++i) next();
    }
    Number element(const BIGNUM* order) {
        for (;;) {
            std::array<std::uint8_t, 32> bytes{};
            for (int bit = kFieldBits - 1; bit >= 0; --bit)
                if (chosen()) bytes[static_cast<std::size_t>(31 - bit / 8)] |= static_cast<std::uint8_t>(1U << (bit % 8));
            Number out(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
            if (BN_cmp(out.get(), order) < 0) return out;
        }
    }

private:
    void put(int bits, std::uint64_t value) {
        for (int i = bits - 1; i >= 0; --i) m_bits.push_back(((value >> i) & 1U) != 0);
    }
    bool next() {
        const auto at = [this](std::size_t place) { return m_bits[m_begin + place]; };
        const bool bit = ((at(62) != at(51)) != (at(38) != at(23))) != (at(13) != at(0));
        m_bits.push_back(bit);
        ++m_begin;
        return bit;
    }
    /// Of two bits the first says whether the second counts.
    bool chosen() {
        for (;;) {
            const bool counts = next(), bit = next();
            if (counts) return bit;
        }
    }

    std::vector<bool> m_bits;
    std::size_t m_begin = 0;
};

class Poseidon {
public:
    Poseidon() : m_context(BN_CTX_new()) {
        BIGNUM* order = nullptr;
        BN_hex2bn(&order, kOrder);
        m_order.reset(order);
        Grain grain;
        for (std::size_t i = 0; i < (kFullRounds + kPartialRounds) * kWidth; ++i) m_constants.push_back(grain.element(order));
        for (std::size_t i = 0; i < kWidth; ++i)
            for (std::size_t j = 0; j < kWidth; ++j)
                m_matrix.emplace_back(BN_mod_inverse(nullptr, numberOf(i + j + kWidth).get(), order, m_context.get()));
    }

    bool isElement(const BIGNUM* number) const { return BN_cmp(number, m_order.get()) < 0; }

    Number hash(std::vector<Number> state) const {
        for (std::size_t round = 0; round < kFullRounds + kPartialRounds; ++round) {
            const bool isFull = round < kFullRounds / 2 || round >= kFullRounds / 2 + kPartialRounds;
            for (std::size_t i = 0; i < kWidth; ++i) {
                BIGNUM* one = state[i].get();
                BN_mod_add(one, one, m_constants[round * kWidth + i].get(), m_order.get(), m_context.get());
                if (!isFull && i > 0) continue;
                const Number before(BN_dup(one)); // x^5
                for (int square = 0; square < 2; ++square) BN_mod_sqr(one, one, m_order.get(), m_context.get());
                BN_mod_mul(one, one, before.get(), m_order.get(), m_context.get());
            }
            std::vector<Number> mixed;
            const Number product(BN_new());
            for (std::size_t i = 0; i < kWidth; ++i) {
                mixed.push_back(numberOf(0));
                for (std::size_t j = 0; j < kWidth; ++j) {
                    BN_mod_mul(product.get(), m_matrix[i * kWidth + j].get(), state[j].get(), m_order.get(), m_context.get());
                    BN_mod_add(mixed[i].get(), mixed[i].get(), product.get(), m_order.get(), m_context.get());
                }
            }
            state = std::move(mixed);
        }
        return std::move(state[1]);
    }

private:
    std::unique_ptr<BN_CTX, FreeContext> m_context;
    Number m_order;
    std::vector<Number> m_constants, m_matrix;
};

} // namespace

Expected<Commitment> replicaCommitment(const Commitment& commC, const Commitment& commRLast) {
    const Poseidon poseidon;
    std::vector<Number> state;
    state.push_back(numberOf(3)); // 2^arity - 1: all inputs are there
    for (const Commitment* one : {&commC, &commRLast}) {
        state.emplace_back(BN_lebin2bn(one->data(), static_cast<int>(one->size()), nullptr));
        if (!poseidon.isElement(state.back().get())) return Error(ErrorCode::Corrupt, "the root of a tree is no field element: " + toHex(*one));
    }
    const Number result = poseidon.hash(std::move(state));
    Commitment out{};
    if (BN_bn2lebinpad(result.get(), out.data(), static_cast<int>(out.size())) < 0) return Error(ErrorCode::Internal, "a field element of more than 32 bytes");
    return out;
}

} // namespace lsw::proofs
