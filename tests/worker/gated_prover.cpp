// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/order_lines.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

// A prover that computes nothing: it notes that it began, waits until nobody holds the gate file, and answers a proof of
// three bytes (nothing for a cache), or the error that the gate file's text asks for.
using namespace lsw;
using namespace lsw::proofs;

int main() {
    std::string text;
    std::getline(std::cin, text);
    const auto line = decodeOrder(text);
    const char* gate = std::getenv("GATED_PROVER_GATE");
    if (!line || !gate) return 3;
    std::cout << encodeProgress({"c2", "at the gate", 1, 2, "steps"}) << '\n' << std::flush;
    OrderResult result = Bytes{1, 2, 3};
    std::uint64_t peak = 4096;
    if (const auto* clear = std::get_if<ClearCacheOrder>(&line->order)) {
        result = std::monostate();
        peak = clear->syntheticOnly ? 9000 : 5000;
    }
    const int file = ::open(gate, O_RDONLY | O_CLOEXEC);
    if (file < 0 || ::flock(file, LOCK_SH) != 0) return 4;
    char wish[64]{};
    const auto size = ::read(file, wish, sizeof wish - 1);
    if (size > 0) std::cout << encodeError(Error(ErrorCode::NoSpace, wish), 7) << '\n' << std::flush;
    else if (const auto answer = encodeResult(result, line->scratch, peak)) std::cout << *answer << '\n' << std::flush;
    return 0;
}
