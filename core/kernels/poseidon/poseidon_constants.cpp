// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/poseidon/poseidon_constants.h"

#include <vector>

namespace lsw::kernels::poseidon {
namespace {

std::size_t partialRoundsOf(std::size_t arity) {
    switch (arity) {
    case 2: return 55;
    case 4: return 56;
    default: return 57; // 8 and 11
    }
}

/// The shift register that gives the round constants: 80 bits, thinned out by itself.
class Grain {
public:
    Grain(std::size_t width, std::size_t partialRounds) {
        put(2, 1);   // a prime field
        put(4, 1);   // S-box x^alpha
        put(12, 255);
        put(12, width);
        put(10, kFullRounds);
        put(10, partialRounds);
        put(30, 0x3fffffff);
        for (int i = 0; i < 160; ++i) next();
    }

    Fr element() {
        while (true) {
            std::array<std::uint64_t, 4> plain{};
            for (int bit = 254; bit >= 0; --bit)
                if (chosen()) plain[static_cast<std::size_t>(bit) / 64] |= 1ULL << (static_cast<unsigned>(bit) % 64);
            if (isBelowOrder(plain)) return frFromPlain(plain);
        }
    }

private:
    void put(int bits, std::uint64_t value) {
        for (int i = bits - 1; i >= 0; --i) m_bits.push_back((value >> i & 1U) != 0);
    }
    bool next() {
        const auto tap = [this](std::size_t place) { return m_bits[m_head + place]; };
        const bool bit = tap(62) != tap(51);
        const bool rest = (tap(38) != tap(23)) != (tap(13) != tap(0));
        m_bits.push_back(bit != rest);
        ++m_head;
        return m_bits.back();
    }
    bool chosen() {
        while (true) {
            const bool take = next(), bit = next();
            if (take) return bit;
        }
    }
    static bool isBelowOrder(const std::array<std::uint64_t, 4>& plain) {
        for (std::size_t i = 4; i-- > 0;)
            if (plain[i] != kFrOrder[i]) return plain[i] < kFrOrder[i];
        return false;
    }

    std::vector<bool> m_bits;
    std::size_t m_head = 0;
};

} // namespace

Constants::Constants(std::size_t arity) : width(arity + 1), partialRounds(partialRoundsOf(arity)), tag(frFrom((1ULL << arity) - 1)) {
    Grain grain(width, partialRounds);
    round.assign(kFullRounds + partialRounds, FrVector(width));
    for (FrVector& row : round)
        for (Fr& one : row) one = grain.element();
    mds.assign(width, FrVector(width));
    for (std::size_t i = 0; i < width; ++i)
        for (std::size_t j = 0; j < width; ++j) mds[i][j] = frInverse(frFrom(i + j + width));

    FrMatrix pushed = round;
    for (std::size_t k = kHalf; k < kHalf + partialRounds; ++k) {
        partial.push_back(pushed[k][0]);
        pushed[k][0] = Fr{};
        for (std::size_t i = 0; i < width; ++i) pushed[k + 1][i] += dot(mds[i], pushed[k]);
    }
    first.assign(pushed.begin(), pushed.begin() + kHalf);
    last.assign(pushed.end() - kHalf, pushed.end());
}

Fr Constants::hash(std::span<const Fr> inputs, const Fr& domainTag) const {
    FrVector state{domainTag};
    state.insert(state.end(), inputs.begin(), inputs.end());
    for (std::size_t r = 0; r < round.size(); ++r) {
        const bool isFull = r < kHalf || r >= kHalf + partialRounds;
        for (std::size_t i = 0; i < width; ++i) {
            state[i] += round[r][i];
            if (isFull || i == 0) state[i] = frFifthPower(state[i]);
        }
        FrVector next(width);
        for (std::size_t i = 0; i < width; ++i) next[i] = dot(mds[i], state);
        state = std::move(next);
    }
    return state[1];
}

const Constants& constants(std::size_t arity) {
    static const Constants two(2), four(4), eight(8), eleven(11);
    return arity == 2 ? two : arity == 4 ? four : arity == 8 ? eight : eleven;
}

Recurrence::Recurrence(const Constants& from) {
    const std::size_t n = from.width - 1, rounds = from.partialRounds;
    FrMatrix inner(n, FrVector(n)); // what the elements without an S-box do among themselves
    FrVector in(n), out(n);         // what they take from y, what they give to x
    for (std::size_t i = 0; i < n; ++i) {
        in[i] = from.mds[i + 1][0];
        out[i] = from.mds[0][i + 1];
        for (std::size_t j = 0; j < n; ++j) inner[i][j] = from.mds[i + 1][j + 1];
    }
    FrVector power = out; // out · inner^k
    for (std::size_t k = 0; k < n; ++k) {
        row.push_back(power);
        power = product(power, inner);
    }
    const FrMatrix observed = inverse(row);
    const FrVector weights = product(power, observed); // out · inner^n = Σ weights[k] row[k]

    impulse.resize(n + 2);
    impulse[1] = from.mds[0][0];
    for (std::size_t j = 2; j <= n + 1; ++j) impulse[j] = dot(row[j - 2], in);
    fromX.resize(n + 1);
    for (std::size_t i = 1; i <= n; ++i) fromX[i] = weights[n - i];
    fromY.resize(n + 2);
    for (std::size_t j = 1; j <= n + 1; ++j) {
        fromY[j] = impulse[j];
        for (std::size_t i = 1; i < j && i <= n; ++i) fromY[j] -= fromX[i] * impulse[j - i];
    }
    // x has its constant in it; the recurrence is one of the values without.
    FrVector added = from.partial;
    added.push_back(from.last[0][0]);
    constant.resize(rounds + 1);
    for (std::size_t k = 1; k <= rounds; ++k) {
        constant[k] = added[k];
        if (k <= n) continue;
        for (std::size_t i = 1; i <= n; ++i) constant[k] -= fromX[i] * added[k - i];
    }
    // The last state: inner^n · observed takes the last n outputs back to a state, what the inputs did since is added.
    FrMatrix raised = inner;
    for (std::size_t i = 1; i < n; ++i) raised = product(raised, inner);
    lastX = product(raised, observed);
    lastY.assign(n, FrVector(n));
    FrVector column = in; // inner^(n-1-j) · in
    for (std::size_t j = n; j-- > 0;) {
        for (std::size_t i = 0; i < n; ++i) {
            lastY[i][j] = column[i];
            for (std::size_t k = j; k < n; ++k) lastY[i][j] -= lastX[i][k] * impulse[k + 1 - j];
        }
        FrVector next(n);
        for (std::size_t i = 0; i < n; ++i) next[i] = dot(inner[i], column);
        column = std::move(next);
    }
    for (std::size_t i = 0; i < n; ++i) {
        Fr sum = from.last[0][i + 1];
        for (std::size_t j = 0; j < n; ++j) sum -= lastX[i][j] * added[rounds - n + 1 + j];
        lastConstant.push_back(sum);
    }
}

} // namespace lsw::kernels::poseidon
