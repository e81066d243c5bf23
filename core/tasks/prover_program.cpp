// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/prover_program.h"

#include <string>
#include <unistd.h>
#include <vector>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace lsw::tasks {

bool processorRunsOptimisedProver() {
#if defined(__x86_64__)
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
    const bool sse42 = c & (1U << 20), osxsave = c & (1U << 27);
    if (!sse42 || !osxsave) return false;
    unsigned low = 0, high = 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    if ((low & 6U) != 6U) return false; // the system saves XMM and YMM
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
    return (b & (1U << 5)) && (b & (1U << 19)) && (b & (1U << 29)); // AVX2, ADX, SHA
#else
    return false;
#endif
}

Expected<std::filesystem::path> findProver(const std::filesystem::path& folder, bool optimised) {
    namespace fs = std::filesystem;
    std::vector<fs::path> folders;
    if (!folder.empty()) folders.push_back(folder);
    else {
        std::error_code failed;
        const fs::path self = fs::read_symlink("/proc/self/exe", failed);
        if (failed) return Error(ErrorCode::Io, "this program cannot tell where it lies: " + failed.message());
        folders.push_back(self.parent_path());
        folders.push_back(self.parent_path().parent_path() / "libexec" / "lotus-seal-worker");
    }
    std::string tried;
    for (const char* name : {"lotus-seal-prover-opt", "lotus-seal-prover"}) {
        const bool isOptimised = name[sizeof("lotus-seal-prover") - 1] != '\0';
        for (const fs::path& place : folders) {
            const fs::path candidate = place / name;
            const bool there = ::access(candidate.c_str(), X_OK) == 0;
            if (there && (optimised || !isOptimised)) return candidate;
            tried += (tried.empty() ? "" : ", ") + candidate.string() + (there ? " (not for this processor)" : "");
        }
    }
    return Error(ErrorCode::NotInstalled, "no prover is installed: looked for " + tried);
}

} // namespace lsw::tasks
