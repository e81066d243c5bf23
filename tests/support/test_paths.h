// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

/// Where the build that a test belongs to has its things. Not macros: only `test_paths.cpp` differs between two checkouts, so that the compiler's
/// cache knows all other objects again.
namespace lsw::test {

extern const char* const kTestData;          ///< tests/data
extern const char* const kProgramFolder;     ///< of the programs and the provers
extern const char* const kProgramFile;       ///< lotus-seal-worker
extern const char* const kWindowProgramFile; ///< lotus-seal-worker-gui, where it is built
extern const char* const kGatedProverFolder; ///< see tests/worker/gated_prover.cpp
extern const char* const kFakeProverFolder;  ///< see tests/tasks/fake_prover.cpp
extern const char* const kDiskShimFile;      ///< see tests/fault/disk_shim.cpp

} // namespace lsw::test
