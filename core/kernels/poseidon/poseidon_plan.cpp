// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/poseidon/poseidon_plan.h"

#include <numeric>

namespace lsw::kernels::poseidon {
namespace {

FrVector scaled(FrVector values, const Fr& by) {
    for (Fr& value : values) value *= by;
    return values;
}

FrMatrix scaled(FrMatrix values, const Fr& by) {
    for (FrVector& value : values) value = scaled(std::move(value), by);
    return values;
}

} // namespace

Plan::Plan(const Constants& from, const Arithmetic& arithmetic)
    : width(from.width), inner(from.width - 1), partialRounds(from.partialRounds), input(from.first[0]) {
    std::uint64_t multiple = 1;
    for (std::uint64_t k = width; k <= 3 * width - 2; ++k) multiple = std::lcm(multiple, k);
    for (std::uint64_t i = 0; i < 2 * width - 1; ++i) small.push_back(multiple / (i + width));
    const Fr linear = frFrom(multiple) * arithmetic.linear;

    Fr scale = frFrom(1);
    const auto afterSBox = [&] { scale = frFifthPower(scale) * arithmetic.fifthPower; };
    const auto afterRow = [&] { scale *= linear; };
    tag = frFifthPower(from.tag + from.first[0][0]) * arithmetic.fifthPower;
    for (std::size_t r = 0; r < kHalf; ++r) {
        afterSBox();
        afterRow();
        FrVector added(width);
        if (r + 1 < kHalf) added = from.first[r + 1];
        else added[0] = from.partial[0];
        first.push_back(scaled(added, scale));
    }

    const Recurrence recurrence(from);
    // What an S-box gives has another scale than the state around it.
    const Fr fromSBox = scale * frInverse(frFifthPower(scale) * arithmetic.fifthPower);
    row = recurrence.row;
    impulse = scaled(recurrence.impulse, fromSBox);
    fromX = recurrence.fromX;
    fromY = scaled(recurrence.fromY, fromSBox);
    constant = scaled(recurrence.constant, scale);
    lastX = recurrence.lastX;
    lastY = scaled(recurrence.lastY, fromSBox);
    lastConstant = scaled(recurrence.lastConstant, scale);

    for (std::size_t r = 1; r < kHalf; ++r) {
        afterSBox();
        afterRow();
        last.push_back(scaled(from.last[r], scale));
    }
    afterSBox();
    digest = scaled(from.mds[1], frInverse(scale));
}

} // namespace lsw::kernels::poseidon
