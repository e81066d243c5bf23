// SPDX-License-Identifier: MIT OR Apache-2.0
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

#include "proofs/order_lines.h"

// Takes an order as the real prover does, then behaves as FAKE_PROVER says. Nothing is computed.
using namespace lsw;
using namespace lsw::proofs;

namespace {

void say(const std::string& line) { std::cout << line << '\n' << std::flush; }

void notePid() {
    if (const char* file = std::getenv("FAKE_PROVER_PID")) {
        std::ofstream(std::string(file) + ".new") << ::getpid();
        std::rename((std::string(file) + ".new").c_str(), file);
    }
}

[[noreturn]] void pauseForEver() {
    for (;;) ::pause();
}

/// What a test may want to know of the process it started.
std::string describeSelf() {
    std::string out = "nice=" + std::to_string(::getpriority(PRIO_PROCESS, 0)) + " session=" + (::getsid(0) == ::getpid() ? "own" : "other");
    for (int fd = 3; fd < 1024; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0) out += " fd=" + std::to_string(fd);
    }
    for (const char* name : {"FIL_PROOFS_PARAMETER_CACHE", "FIL_PROOFS_PARENT_CACHE", "MINER_API_INFO"}) {
        const char* value = std::getenv(name);
        out += std::string(" ") + name + '=' + (value ? value : "unset");
    }
    return out;
}

std::uint64_t readAll(int fd) {
    std::array<char, 65536> block;
    std::uint64_t total = 0;
    for (ssize_t n = 0; (n = ::read(fd, block.data(), block.size())) > 0;) total += static_cast<std::uint64_t>(n);
    return total;
}

/// Reads one sector after the other; the proof of each is who read it. Sector 13 ends its reader, 66 never comes back, and 27 ends
/// whoever has read another before.
int readSectors(std::string text) {
    bool isFirst = true;
    do {
        const auto line = decodeOrder(text);
        const std::uint64_t number = std::get<VanillaPostOrder>(line->order).sectorNumber;
        if (number == 13 || (number == 27 && !isFirst)) std::abort();
        if (number == 66) {
            say(encodeProgress({"post", "reading", 0, 1, "sectors"}));
            pauseForEver();
        }
        const std::string self = std::to_string(::getpid());
        say(*encodeResult(Bytes(self.begin(), self.end()), line->scratch, 0));
        isFirst = false;
    } while (std::getline(std::cin, text));
    return 0;
}

} // namespace

int main() {
    const char* wanted = std::getenv("FAKE_PROVER");
    const std::string mode = wanted ? wanted : "";
    notePid();
    if (mode == "deaf") return 4;
    std::string text;
    std::getline(std::cin, text);
    const auto line = decodeOrder(text);
    if (!line) {
        say(encodeError(line.error(), 0));
        return 0;
    }
    if (mode == "reads") return readSectors(text);
    if (mode == "silent") {
        std::signal(SIGTERM, SIG_IGN);
        std::signal(SIGINT, SIG_IGN);
        say(encodeProgress({"pc1", "waiting", 0, 1, "nodes"}));
        pauseForEver();
    }
    if (mode == "exit") {
        std::fputs("first words\nthe disk is on fire\n", stderr);
        return 3;
    }
    if (mode == "abort") std::abort();
    if (mode == "kill") ::raise(SIGKILL);
    if (mode == "garbage") {
        say("thread 'main' panicked at 42");
        pauseForEver();
    }
    if (mode == "half") {
        std::cout << R"({"result":)" << std::flush;
        return 0;
    }
    if (mode == "endless") {
        const std::string block(1U << 20, 'x');
        for (;;) std::cout << block << std::flush;
    }
    if (mode == "error") say(encodeError(Error(ErrorCode::NoSpace, "no room for the layer"), 7));
    if (mode == "flood") std::cerr << std::string(1U << 20, 'e') << std::endl;
    if (mode == "progress" || mode == "flood") {
        for (std::uint64_t i = 1; i <= 3; ++i) say(encodeProgress({"pc1", "layer " + std::to_string(i) + " of 3", i, 3, "layers"}));
    }
    if (mode == "text" || mode == "progress" || mode == "flood" || mode == "linger")
        say(*encodeResult(describeSelf(), line->scratch, 12345));
    if (mode == "linger") pauseForEver();
    if (mode == "big") {
        if (const char* noted = std::getenv("FAKE_PROVER_SCRATCH")) std::ofstream(noted) << line->scratch.string();
        say(*encodeResult(std::string(3U << 20, 'c'), line->scratch, 0));
    }
    if (mode == "outside") say(R"({"result":{"text":{"file":"/etc/passwd"}}})");
    if (mode == "echo-input") {
        const bool whole = std::get<Commit2Order>(line->order).commit1Output == std::string(2U << 20, 'i');
        say(*encodeResult(whole ? Bytes{1, 2, 3} : Bytes{}, line->scratch, 0));
    }
    if (mode == "piece") {
        const auto& order = std::get<AddPieceOrder>(line->order);
        PieceInfo piece;
        piece.size.value = readAll(order.source.descriptor);
        piece.commitment.fill(static_cast<std::uint8_t>(order.source.descriptor));
        say(*encodeResult(piece, line->scratch, 0));
    }
    return 0;
}
