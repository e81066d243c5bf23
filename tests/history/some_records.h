// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "history/task_record.h"

namespace lsw::test {

/// A PC1 of 32 GiB that was done; `number` makes it another one.
inline history::TaskRecord doneRecord(int number) {
    history::TaskRecord out;
    out.call = "call-" + std::to_string(number);
    out.sector = "s-t01000-" + std::to_string(number);
    out.type = "seal/v0/precommit/1";
    out.shortName = "PC1";
    out.proof = 8;
    out.sectorSize = std::uint64_t{32} << 30;
    out.engine = "native";
    out.kernels = "labels sha-ni, pairs sha-ni";
    out.queuedMs = 1'790'000'000'000 + number * 1000;
    out.begunMs = out.queuedMs + 500;
    out.activeMs = 12'000'000;
    out.endedMs = out.begunMs + out.activeMs;
    out.phases = {{"pc1 tree-d", 600'000}, {"pc1 layer", 11'400'000}};
    out.peakMemory = 70'000'000'000;
    out.bytesMoved = 9;
    out.beside = 1;
    return out;
}

} // namespace lsw::test
