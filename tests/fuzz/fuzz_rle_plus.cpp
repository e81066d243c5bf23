// SPDX-License-Identifier: MIT OR Apache-2.0
// RLE+ of an unsealed file's trailer, and the set behind it.
#include "fuzz.h"

#include "sector/rle_plus.h"

using namespace lsw;
using namespace lsw::sector;

namespace {

void checkOrder(const RunSet& set) {
    std::uint64_t last = 0;
    bool first = true;
    for (const Run& run : set.runs()) {
        fuzz::require(run.begin < run.end, "a run is not empty");
        fuzz::require(first || run.begin > last, "runs are sorted and apart");
        last = run.end;
        first = false;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto set = decodeRlePlus({data, size});
    if (set) {
        checkOrder(*set);
        const auto again = decodeRlePlus(encodeRlePlus(*set));
        fuzz::require(again && *again == *set, "a set comes back");
    }
    // The same bytes as additions and removals.
    RunSet changing;
    for (fuzz::Input input(data, size); !input.empty();) {
        const unsigned what = input.byte();
        const std::uint64_t begin = what & 2 ? input.number() >> 1 : input.byte();
        const Run run{begin, begin + (what & 4 ? input.number() >> 2 : input.byte())};
        if (what & 1) changing.remove(run);
        else changing.add(run);
        checkOrder(changing);
        if (run.begin < run.end) fuzz::require(changing.contains(run) == !(what & 1), "what was added is there, what was removed is not");
    }
    const auto again = decodeRlePlus(encodeRlePlus(changing));
    fuzz::require(again && *again == changing, "a set made here comes back");
    return 0;
}
