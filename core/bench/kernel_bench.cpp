// SPDX-License-Identifier: MIT OR Apache-2.0
#include "bench/kernel_bench.h"

#include "kernels/field/fr_scale.h"
#include "kernels/fr32/fr32_pad.h"
#include "kernels/labels/labels.h"
#include "kernels/poseidon/poseidon.h"
#include "kernels/sha256/pair_hash.h"

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace lsw::bench {
namespace {

using kernels::Fitness;
using Bytes = std::vector<std::uint8_t>;

Bytes randomBytes(std::size_t count) {
    std::mt19937_64 random(5);
    Bytes out(count);
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random() >> 32);
    return out;
}

Bytes randomNodes(std::size_t count) {
    Bytes out = randomBytes(32 * count);
    for (std::size_t i = 31; i < out.size(); i += 32) out[i] &= 0x3f;
    return out;
}

/// The implementations of one kernel at one shape.
template <typename Function>
struct Trial {
    const kernels::Kernel<Function>& kernel;
    std::string shape;
    std::size_t items, outputBytes;
    std::function<void(const Function&, Bytes&)> work;                                        ///< all items
    std::function<bool(std::size_t)> has = [](std::size_t) { return true; };                  ///< whether an implementation has this shape
    std::function<Bytes(Bytes)> compared = [](Bytes out) { return out; };                     ///< the output as it is compared
    Bytes expected = {};                                                                      ///< empty: what the portable one gives
    double portable = 0;                                                                      ///< its nanoseconds; 0: it is measured here
};

struct Outcome {
    bool areEqual = true;
    double portable = 0;
};

template <typename Function>
Bytes outputOf(const Trial<Function>& trial, const Function& function) {
    Bytes out(trial.outputBytes);
    trial.work(function, out);
    return trial.compared(std::move(out));
}

/// Nanoseconds an item. Long enough for the clock: a fast one does the work several times.
template <typename Function>
double timed(const Trial<Function>& trial, const Function& function, Bytes& out) {
    int times = 0;
    Cost cost;
    for (const Stopwatch watch; cost.cpu < 0.01; cost = watch.elapsed(), ++times) trial.work(function, out);
    return cost.cpu * 1e9 / static_cast<double>(trial.items) / times;
}

template <typename Function>
Outcome carryOut(const Trial<Function>& trial, unsigned rounds, const RowSink& sink) {
    const auto& all = trial.kernel.all();
    const Bytes expected = trial.expected.empty() ? outputOf(trial, all.back().function) : trial.expected;
    std::vector<bool> isEqual(all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        isEqual[i] = trial.has(i) && trial.kernel.fitness(i) == Fitness::Works && outputOf(trial, all[i].function) == expected;
    std::vector<std::vector<double>> nanoseconds(all.size());
    Bytes out(trial.outputBytes);
    for (unsigned round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < all.size(); ++i)
            if (isEqual[i]) nanoseconds[i].push_back(timed(trial, all[i].function, out));

    Outcome outcome{true, trial.portable > 0 ? trial.portable : isEqual.back() ? spreadOf(nanoseconds.back()).median : 0};
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!trial.has(i)) continue;
        Row row = rowOf("kernel", trial.shape);
        row["kernel"] = trial.kernel.name();
        row["implementation"] = all[i].name;
        row["in_use"] = &trial.kernel.chosen() == &all[i];
        if (trial.kernel.fitness(i) == Fitness::NoInstructions) {
            row["skipped"] = "this processor has only: " + kernels::featureText(kernels::cpuFeatures());
        } else if (!isEqual[i]) { // a failed self-test among them
            row["equal"] = outcome.areEqual = false;
        } else {
            const Spread spread = spreadOf(nanoseconds[i]);
            row["equal"] = true;
            row["ns"] = spread.median;
            row["ns_least"] = spread.least;
            row["ns_most"] = spread.most;
            row["ratio"] = outcome.portable / spread.median;
        }
        sink(row);
    }
    return outcome;
}

bool benchPairs(unsigned rounds, const RowSink& sink) {
    constexpr std::size_t kPairs = 4096;
    const Bytes in = randomBytes(64 * kPairs);
    return carryOut<kernels::PairHash>({kernels::pairHash(), "pair of nodes", kPairs, 32 * kPairs,
                                        [&](kernels::PairHash hash, Bytes& out) { hash(in.data(), out.data(), kPairs); }}, rounds, sink).areEqual;
}

bool benchPadding(unsigned rounds, const RowSink& sink) {
    constexpr std::size_t kGroups = 2048;
    const Bytes user = randomBytes(127 * kGroups), padded = randomNodes(4 * kGroups);
    const Outcome pad = carryOut<kernels::Fr32Pad>({kernels::fr32Pad(), "128 padded bytes", kGroups, 128 * kGroups,
                                                    [&](kernels::Fr32Pad one, Bytes& out) { one(user.data(), out.data(), kGroups); }}, rounds, sink);
    const Outcome unpad = carryOut<kernels::Fr32Unpad>({kernels::fr32Unpad(), "128 padded bytes", kGroups, 127 * kGroups,
                                                        [&](kernels::Fr32Unpad one, Bytes& out) { one(padded.data(), out.data(), kGroups); }}, rounds, sink);
    return pad.areEqual && unpad.areEqual;
}

bool benchPoseidon(unsigned rounds, const RowSink& sink) {
    constexpr std::size_t kHashes = 256;
    bool areEqual = true;
    for (const std::size_t arity : {2U, 4U, 8U, 11U}) {
        const Bytes nodes = randomNodes(arity * kHashes);
        std::vector<const std::uint8_t*> at;
        for (std::size_t j = 0; j < arity; ++j) at.push_back(nodes.data() + 32 * j);
        const Outcome outcome = carryOut<kernels::PoseidonSet>(
            {kernels::poseidonBatch(), "arity " + std::to_string(arity), kHashes, 32 * kHashes,
             [&](const kernels::PoseidonSet& set, Bytes& out) { set.of(arity)(at.data(), 32 * arity, out.data(), kHashes); }}, rounds, sink);
        areEqual = areEqual && outcome.areEqual;
    }
    return areEqual;
}

bool benchScaling(unsigned rounds, const RowSink& sink) {
    constexpr std::size_t kNodes = 4096;
    const Bytes data = randomNodes(2 * kNodes);
    const std::uint8_t *a = data.data(), *b = a + 32 * kNodes;
    const kernels::Fr factor = kernels::frFromBytes(a);
    const Outcome encoded = carryOut<kernels::FrScaleSet>(
        {kernels::frScale(), "encode a node", kNodes, 32 * kNodes,
         [&](const kernels::FrScaleSet& set, Bytes& out) { set.multiplyAdd(a, factor, b, out.data(), kNodes); }}, rounds, sink);
    const Outcome decoded = carryOut<kernels::FrScaleSet>(
        {kernels::frScale(), "decode a node", kNodes, 32 * kNodes,
         [&](const kernels::FrScaleSet& set, Bytes& out) { set.subtractMultiply(a, b, factor, out.data(), kNodes); }}, rounds, sink);
    return encoded.areEqual && decoded.areEqual;
}

/// Parents for layer 2 of a small graph: the node before, others before it, any of the layer before.
std::vector<std::uint32_t> randomParents(std::size_t nodes) {
    std::mt19937_64 random(6);
    std::vector<std::uint32_t> out(nodes * kernels::kParents);
    for (std::size_t node = 0; node < nodes; ++node)
        for (std::size_t j = 0; j < kernels::kParents; ++j) {
            const std::uint64_t any = random();
            const std::size_t parent = j >= kernels::kBaseParents ? any % nodes : node == 0 ? 0 : j == 0 ? node - 1 : any % node;
            out[node * kernels::kParents + j] = static_cast<std::uint32_t>(parent);
        }
    return out;
}

bool benchLabels(unsigned rounds, const RowSink& sink) {
    constexpr std::size_t kNodes = 1024, kLayer = kNodes * kernels::kLabelBytes;
    const auto& kernel = kernels::labels();
    const auto parents = randomParents(kNodes);
    Outcome one; // of one sector: what the others are compared with
    bool areEqual = true;
    for (const std::size_t sectors : {1U, 2U, 4U, 16U, 32U}) {
        const kernels::LabelLayout layout{sectors};
        const Bytes ids = randomNodes(sectors), plain = randomNodes(kNodes * sectors);
        Bytes previous(plain.size()), expected(plain.size());
        for (std::size_t sector = 0; sector < sectors; ++sector) {
            layout.put(previous.data(), sector, 0, kNodes, plain.data() + sector * kLayer);
            kernel.all().back().function.x1({2, 0, kNodes, parents.data(), ids.data() + 32 * sector, plain.data() + sector * kLayer, expected.data() + sector * kLayer});
        }
        Trial<kernels::LabelSet> trial{kernel, std::to_string(sectors) + (sectors == 1 ? " sector" : " sectors"), kNodes * sectors, plain.size(),
                                       [&](const kernels::LabelSet& set, Bytes& out) {
                                           set.of(sectors)({2, 0, kNodes, parents.data(), ids.data(), previous.data(), out.data()});
                                       }};
        // An implementation that takes another one's function for a shape is not measured twice.
        trial.has = [&](std::size_t place) {
            const auto function = kernel.all()[place].function.of(sectors);
            for (std::size_t later = place + 1; later < kernel.all().size(); ++later)
                if (kernel.all()[later].function.of(sectors) == function) return false;
            return function != nullptr;
        };
        trial.compared = [&](Bytes out) {
            Bytes labels(out.size());
            for (std::size_t sector = 0; sector < sectors; ++sector) layout.take(out.data(), sector, 0, kNodes, labels.data() + sector * kLayer);
            return labels;
        };
        trial.expected = std::move(expected);
        trial.portable = one.portable;
        const Outcome outcome = carryOut(trial, rounds, sink);
        if (sectors == 1) one = outcome;
        areEqual = areEqual && outcome.areEqual;
    }
    return areEqual;
}

} // namespace

bool benchKernels(unsigned rounds, const RowSink& sink) {
    bool areEqual = benchPairs(rounds, sink);
    areEqual = benchPadding(rounds, sink) && areEqual;
    areEqual = benchPoseidon(rounds, sink) && areEqual;
    areEqual = benchScaling(rounds, sink) && areEqual;
    return benchLabels(rounds, sink) && areEqual;
}

} // namespace lsw::bench
