// SPDX-License-Identifier: MIT OR Apache-2.0
#include "history/task_record.h"

#include <array>
#include <utility>

namespace lsw::history {
namespace {

constexpr std::array<std::pair<Outcome, std::string_view>, 4> kNames{{
    {Outcome::Done, "done"}, {Outcome::Failed, "failed"}, {Outcome::Aborted, "aborted"}, {Outcome::Interrupted, "interrupted"}}};

} // namespace

std::string_view outcomeName(Outcome outcome) {
    for (const auto& [value, name] : kNames)
        if (value == outcome) return name;
    return "";
}

std::optional<Outcome> outcomeNamed(std::string_view name) {
    for (const auto& [value, text] : kNames)
        if (text == name) return value;
    return std::nullopt;
}

std::int64_t TaskRecord::phaseMs(std::string_view name) const {
    for (const PhaseTime& phase : phases)
        if (phase.name == name) return phase.ms;
    return 0;
}

} // namespace lsw::history
