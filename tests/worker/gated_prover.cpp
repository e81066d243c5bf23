// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/order_lines.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <vector>

#include <csignal>
#include <string_view>

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <unistd.h>

// A prover that computes nothing: it notes that it began, waits until nobody holds the gate file, and answers a proof of
// three bytes (nothing for a cache, the hash of its data for a piece), or the error that the gate file's text asks for; for C1 as
// many bytes as that text says.
using namespace lsw;
using namespace lsw::proofs;

namespace {

/// Reads a piece to its end and takes the hash of all of it.
PieceInfo hashed(const PieceCommitmentOrder& order) {
    PieceInfo out{order.size.padded(), {}};
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
    std::vector<char> block(1 << 20);
    for (ssize_t got = 0; (got = ::read(order.source.descriptor, block.data(), block.size())) > 0;)
        EVP_DigestUpdate(context, block.data(), static_cast<std::size_t>(got));
    EVP_DigestFinal_ex(context, out.commitment.data(), nullptr);
    EVP_MD_CTX_free(context);
    out.commitment[31] &= 0x3f; // as a commitment is a field element
    return out;
}

} // namespace

int main() {
    std::string order;
    std::getline(std::cin, order);
    const auto line = decodeOrder(order);
    const char* gate = std::getenv("GATED_PROVER_GATE");
    if (!line || !gate) return 3;
    std::cout << encodeProgress({"c2", "at the gate", 1, 2, "steps"}) << '\n' << std::flush;
    OrderResult result = Bytes{1, 2, 3};
    std::uint64_t peak = 4096;
    if (const auto* clear = std::get_if<ClearCacheOrder>(&line->order)) {
        result = std::monostate();
        peak = clear->syntheticOnly ? 9000 : 5000;
    }
    if (const auto* piece = std::get_if<PieceCommitmentOrder>(&line->order)) result = hashed(*piece);
    const int file = ::open(gate, O_RDONLY | O_CLOEXEC);
    if (file < 0 || ::flock(file, LOCK_SH) != 0) return 4;
    char wish[64]{};
    const auto size = ::read(file, wish, sizeof wish - 1);
    std::string_view asked(wish, size > 0 ? static_cast<std::size_t>(size) : 0);
    // "die 2": the first two that come so far are killed, as for want of memory.
    if (asked.starts_with("die ")) {
        const int deaths = ::open((std::string(gate) + ".deaths").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (deaths < 0) return 5;
        if (::lseek(deaths, 0, SEEK_END) < std::atoi(wish + 4)) {
            if (::write(deaths, "x", 1) != 1) return 5;
            ::raise(SIGKILL);
        }
        asked = {};
    }
    if (std::holds_alternative<Commit1Order>(line->order) && asked.starts_with("bytes ")) {
        result = std::string(std::strtoul(wish + 6, nullptr, 10), 'r');
        asked = {};
    }
    if (!asked.empty()) std::cout << encodeError(Error(ErrorCode::NoSpace, std::string(asked)), 7) << '\n' << std::flush;
    else if (const auto answer = encodeResult(result, line->scratch, peak)) std::cout << *answer << '\n' << std::flush;
    return 0;
}
