// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "proofs/proof_engine.h"

#include <functional>
#include <string>
#include <vector>

namespace lsw::bench {

/// What the program around gives to its commands.
struct Surroundings {
    proofs::ProofEngine* official = nullptr;        ///< none when the crate is not built in
    std::string flavour;                            ///< of this prover: how its crate was built
    std::function<void(const std::string&)> print;  ///< one line of standard output
};

/// The commands of a prover, told by their arguments after the name of the program:
///
///   bench [kernel|piece|add-piece|tree-d|pc1|pc1-multicore|pc1-x2|pc1-x4|pc1-x16|pc1-parts|pc1-small-pages|pc2|pc2-11|update|unseal …] [--against official] [--shape 8MiB] [--rounds N] [--threads N] [--folder DIR] [--json]
///   selftest [--folder DIR] [--json]
///
/// Without names: all but pc1-multicore, pc1-x16, pc1-parts and pc1-small-pages. First comes a line about the machine (of bench), then one line for each figure.
/// out     whether everything that was compared or tested is as it must be
/// error   InvalidArgument: the command line
Expected<bool> runCommand(const std::vector<std::string>& arguments, const Surroundings& surroundings);

} // namespace lsw::bench
