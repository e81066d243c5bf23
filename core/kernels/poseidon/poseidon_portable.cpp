// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/poseidon/poseidon.h"
#include "kernels/poseidon/poseidon_plan.h"

#include <vector>

namespace lsw::kernels::poseidon {
namespace {

__extension__ using Wide = unsigned __int128;
constexpr std::uint64_t kMinusInverse = 0xfffffffeffffffffULL; ///< -1/r modulo 2^64

constexpr std::uint64_t low(Wide value) { return static_cast<std::uint64_t>(value); }
constexpr std::uint64_t high(Wide value) { return static_cast<std::uint64_t>(value >> 64); }

/// A sum of products that is reduced once, at the end.
/// 23 products of elements stay below 2^515; five words are divided out, so that what is left is below r + 2^195: one subtraction makes it canonical.
class Sum {
public:
    void add(const Fr& a, const Fr& b) {
        for (std::size_t i = 0; i < 4; ++i) carry(i + 4, row(i, a.words[i], b.words));
    }
    void addSmall(std::uint64_t a, const Fr& b) { carry(4, row(0, a, b.words)); }
    void addWords(const Fr& a) {
        std::uint64_t over = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const Wide sum = Wide{m_words[i]} + a.words[i] + over;
            m_words[i] = low(sum);
            over = high(sum);
        }
        carry(4, over);
    }
    /// (sum + multiple of r) / 2^(64·steps)
    Fr reduced(std::size_t steps) {
        for (std::size_t i = 0; i < steps; ++i) carry(i + 4, row(i, m_words[i] * kMinusInverse, kFrOrder));
        Fr out;
        for (std::size_t i = 0; i < 4; ++i) out.words[i] = m_words[steps + i];
        return out + Fr{}; // takes the order off when it is in it
    }

private:
    std::uint64_t row(std::size_t at, std::uint64_t a, const std::array<std::uint64_t, 4>& b) {
        std::uint64_t over = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const Wide product = Wide{a} * b[j] + m_words[at + j] + over;
            m_words[at + j] = low(product);
            over = high(product);
        }
        return over;
    }
    void carry(std::size_t at, std::uint64_t over) {
        for (; over != 0 && at < m_words.size(); ++at) {
            const Wide sum = Wide{m_words[at]} + over;
            m_words[at] = low(sum);
            over = high(sum);
        }
    }

    std::array<std::uint64_t, 10> m_words{};
};

constexpr std::size_t kSteps = 5, kSmallSteps = 1;

/// The plan with the constants of sums times 2^64, because they are reduced by five words instead of Montgomery's four.
struct PortablePlan : Plan {
    explicit PortablePlan(const Constants& from) : Plan(from, {frFrom(1), frPowerOfTwo(-64)}) {
        const Fr extra = frPowerOfTwo(64);
        const auto times = [&](auto& list) {
            for (Fr& one : list) one *= extra;
        };
        for (auto* matrix : {&row, &lastX, &lastY})
            for (FrVector& one : *matrix) times(one);
        for (auto* list : {&impulse, &fromX, &fromY, &digest}) times(*list);
        // Added before the reduction, as they lie there.
        const Fr before = frPowerOfTwo(64 * static_cast<int>(kSteps)), beforeSmall = frPowerOfTwo(64 * static_cast<int>(kSmallSteps));
        for (auto* list : {&constant, &lastConstant})
            for (Fr& one : *list) one *= before;
        for (auto* matrix : {&first, &last})
            for (FrVector& one : *matrix)
                for (Fr& value : one) value *= beforeSmall;
    }
};

template <std::size_t Arity>
const PortablePlan& plan() {
    static const PortablePlan made(constants(Arity));
    return made;
}

template <std::size_t Width>
void linear(const PortablePlan& plan, const FrVector& added, std::array<Fr, Width>& state) {
    std::array<Fr, Width> next;
    for (std::size_t i = 0; i < Width; ++i) {
        Sum sum;
        sum.addWords(added[i]);
        for (std::size_t j = 0; j < Width; ++j) sum.addSmall(plan.small[i + j], state[j]);
        next[i] = sum.reduced(kSmallSteps);
    }
    state = next;
}

template <std::size_t Arity>
Fr permuted(const PortablePlan& plan, std::array<Fr, Arity + 1> state) {
    constexpr std::size_t kWidth = Arity + 1, n = Arity;
    for (std::size_t i = 1; i < kWidth; ++i) state[i] += plan.input[i];
    state[0] = plan.tag;
    for (std::size_t r = 0; r < kHalf; ++r) {
        for (std::size_t i = r == 0 ? 1 : 0; i < kWidth; ++i) state[i] = frFifthPower(state[i]);
        linear<kWidth>(plan, plan.first[r], state);
    }
    const std::size_t rounds = plan.partialRounds;
    std::array<Fr, 64> x, y; // by round: at most 57
    x[0] = state[0];
    for (std::size_t k = 1; k <= rounds; ++k) {
        y[k - 1] = frFifthPower(x[k - 1]);
        Sum sum;
        sum.addWords(plan.constant[k]);
        if (k <= n) {
            for (std::size_t j = 0; j < n; ++j) sum.add(plan.row[k - 1][j], state[j + 1]);
            for (std::size_t j = 1; j <= k; ++j) sum.add(plan.impulse[j], y[k - j]);
        } else {
            for (std::size_t j = 1; j <= n; ++j) sum.add(plan.fromX[j], x[k - j]);
            for (std::size_t j = 1; j <= n + 1; ++j) sum.add(plan.fromY[j], y[k - j]);
        }
        x[k] = sum.reduced(kSteps);
    }
    state[0] = x[rounds];
    for (std::size_t i = 0; i < n; ++i) {
        Sum sum;
        sum.addWords(plan.lastConstant[i]);
        for (std::size_t j = 0; j < n; ++j) {
            sum.add(plan.lastX[i][j], x[rounds - n + 1 + j]);
            sum.add(plan.lastY[i][j], y[rounds - n + j]);
        }
        state[i + 1] = sum.reduced(kSteps);
    }
    for (std::size_t r = 0; r + 1 < kHalf; ++r) {
        for (Fr& element : state) element = frFifthPower(element);
        linear<kWidth>(plan, plan.last[r], state);
    }
    Sum sum;
    for (std::size_t j = 0; j < kWidth; ++j) sum.add(plan.digest[j], frFifthPower(state[j]));
    return sum.reduced(kSteps);
}

template <std::size_t Arity>
void batch(const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        std::array<Fr, Arity + 1> state;
        for (std::size_t j = 0; j < Arity; ++j) state[j + 1] = frFromBytes(nodes[j] + i * stride);
        frToBytes(permuted<Arity>(plan<Arity>(), state), out + 32 * i);
    }
}

} // namespace
} // namespace lsw::kernels::poseidon

namespace lsw::kernels::poseidon_sets {
const PoseidonSet kPortable{poseidon::batch<2>, poseidon::batch<4>, poseidon::batch<8>, poseidon::batch<11>};
}
