// SPDX-License-Identifier: MIT OR Apache-2.0
#include "support/test_paths.h"

namespace lsw::test {

const char* const kTestData = LSW_SOURCE_FOLDER "/tests/data";
const char* const kProgramFolder = LSW_BUILD_FOLDER "/bin";
const char* const kProgramFile = LSW_BUILD_FOLDER "/bin/lotus-seal-worker";
const char* const kWindowProgramFile = LSW_BUILD_FOLDER "/bin/lotus-seal-worker-gui";
const char* const kGatedProverFolder = LSW_BUILD_FOLDER "/gated_prover";
const char* const kFakeProverFolder = LSW_BUILD_FOLDER "/fake_prover";
const char* const kDiskShimFile = LSW_BUILD_FOLDER "/bin/disk_shim.so";

} // namespace lsw::test
