// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/kernel_registry.h"

#include "kernels/field/fr_scale.h"
#include "kernels/fr32/fr32_pad.h"
#include "kernels/labels/labels.h"
#include "kernels/poseidon/poseidon.h"
#include "kernels/sha256/pair_hash.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

namespace lsw::kernels {
namespace {

using Choice = std::pair<std::string, std::string>; // kernel, implementation

std::vector<Choice> parse(std::string_view text) {
    std::vector<Choice> out;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const std::string_view one = text.substr(0, comma);
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
        if (one.empty()) continue;
        const auto colon = one.find(':');
        if (colon == std::string_view::npos) out.emplace_back(std::string(one), std::string());
        else out.emplace_back(std::string(one.substr(0, colon)), std::string(one.substr(colon + 1)));
    }
    return out;
}

const std::vector<Choice>& forcedChoices() {
    static const std::vector<Choice> choices = [] {
        const char* text = std::getenv("LSW_KERNEL");
        return parse(text ? text : "");
    }();
    return choices;
}

} // namespace

namespace detail {

std::string_view forced(std::string_view kernel) {
    for (const Choice& choice : forcedChoices())
        if (choice.first == kernel) return choice.second;
    return {};
}

} // namespace detail

std::vector<ImplementationReport> kernelReport() {
    std::vector<ImplementationReport> out;
    const auto add = [&out](std::vector<ImplementationReport> reports) { std::ranges::move(reports, std::back_inserter(out)); };
    add(pairHash().report());
    add(fr32Pad().report());
    add(fr32Unpad().report());
    add(poseidonBatch().report());
    add(frScale().report());
    add(labels().report());
    return out;
}

Expected<void> checkForcedKernels() {
    const auto reports = kernelReport();
    for (const auto& [kernel, implementation] : forcedChoices()) {
        const std::string wanted = "LSW_KERNEL wants " + kernel + ':' + implementation;
        std::string known;
        bool isKernel = false, found = false;
        for (const ImplementationReport& one : reports) {
            if (one.kernel != kernel) continue;
            isKernel = true;
            known += (known.empty() ? "" : ", ") + one.implementation;
            if (one.implementation != implementation) continue;
            found = true;
            if (one.fitness == Fitness::NoInstructions)
                return Error(ErrorCode::Unsupported, wanted + ", but this processor has only: " + featureText(cpuFeatures()));
            if (one.fitness == Fitness::SelfTestFailed)
                return Error(ErrorCode::Unsupported, wanted + ", but it fails its self-test on this machine");
        }
        if (!isKernel) {
            for (const ImplementationReport& one : reports)
                if (known.find(one.kernel) == std::string::npos) known += (known.empty() ? "" : ", ") + one.kernel;
            return Error(ErrorCode::InvalidArgument, wanted + ", but there is no such kernel; there are " + known);
        }
        if (!found) return Error(ErrorCode::InvalidArgument, wanted + ", but " + kernel + " has only " + known);
    }
    return {};
}

} // namespace lsw::kernels
