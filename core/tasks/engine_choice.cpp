// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/engine_choice.h"

#include "kernels/kernel_registry.h"

namespace lsw::tasks {

Expected<std::string> chosenEngine(std::string_view name) {
    if (name == "auto" || name == "native") return std::string("native");
    if (name == "official") return std::string(name);
    return Error(ErrorCode::InvalidArgument, "there is no engine \"" + std::string(name) + "\"; there are auto, native and official");
}

std::string engineText(std::string_view engine) {
    std::string out(engine);
    if (engine != "native") return out;
    std::string failed;
    for (const auto& one : kernels::kernelReport()) {
        if (one.isChosen) out += (out == engine ? ": " : ", ") + one.kernel + ' ' + one.implementation;
        if (one.fitness == kernels::Fitness::SelfTestFailed) failed += (failed.empty() ? "; not used, because it computes wrong values here: " : ", ") + one.kernel + ' ' + one.implementation;
    }
    return out + failed;
}

} // namespace lsw::tasks
