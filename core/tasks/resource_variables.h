// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace lsw::tasks {

/// One variable that lotus reads for its resource table.
struct ResourceVariable {
    std::string name;         ///< "PC1_32G_MAX_CONCURRENT"
    std::string defaultValue; ///< as lotus-worker prints it; empty where it has none
    std::string value;        ///< what is set; empty: not set
};

/// All of them, sorted by name. A name without a size has the default of 32 GiB; the producers of multicore SDR count where they are read.
/// source  lotus v1.36 storage/sealer/storiface/resources.go, cli/worker/resources.go
std::vector<ResourceVariable> resourceVariables(const std::function<std::string(const std::string&)>& environment);

/// One sentence for each of these names of variables that was meant for the resource table and is not read as its owner thinks, with the
/// nearest name that is: a size or task written out, a letter too many or too few, a task that has no row, DataCid with a size.
std::vector<std::string> misspeltResources(const std::vector<std::string>& names);

/// The names of what is set in the environment of this process.
std::vector<std::string> environmentNames();

} // namespace lsw::tasks
