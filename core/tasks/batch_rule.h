// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "kernels/labels/label_widths.h"
#include "sector/proof_type.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::tasks {

/// How many PC1 that wait are begun together, to be labelled by one core.
struct BatchRule {
    std::size_t most = 1; ///< 0: as many as one core had better take, by `widths`
    std::vector<kernels::LabelWidth> widths{};

    bool isAuto() const { return most == 0; }
    bool isOff() const { return most == 1; }
    /// How many of so many that wait are begun on one of so many free cores. Automatic: while cores are free, none is shared.
    std::size_t take(std::size_t waiting, std::size_t freeCores) const;
    /// How long one waits for others when they may be on their way: a few thousandths of what its labels take.
    static std::chrono::milliseconds patience(sector::SealProof proof);
};

/// "auto", "1", "2", "4", "16" or "32"; InvalidArgument for another text. The official engine labels one sector at a time. Measures the kernel for auto.
Expected<BatchRule> batchRule(std::string_view text, std::string_view engine);

/// For people: "auto, up to 4 at once (one core labels 2.8 times as many sectors so: 700 ns a label alone, 370 x2, 254 x4; measured at start)".
std::string batchText(const BatchRule& rule);

} // namespace lsw::tasks
