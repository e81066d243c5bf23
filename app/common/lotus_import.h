// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "common/configuration.h"
#include "protocol/api_info.h"

namespace lsw::common {

/// One thing that a lotus-worker was told.
struct ImportedItem {
    std::string name;  ///< "LOTUS_WORKER_LISTEN", "--no-swap", "storage.json"; never with a value that may be secret
    std::string where; ///< "the unit", "the file /etc/…/env", "ExecStart"
    std::string about; ///< of a taken one what it becomes; of the others why not
};

/// What an existing lotus-worker was told, as settings of ours.
struct LotusImport {
    std::filesystem::path repo;               ///< its folder, which stays the worker's folder
    std::vector<ConfigurationChange> changes; ///< in the order of settings()
    std::optional<protocol::ApiInfo> miner;   ///< what the token store is to keep; its token is never shown
    std::vector<ImportedItem> taken, notNeeded, unknown;
};

struct ImportRequest {
    std::vector<std::filesystem::path> sources; ///< units, files of variables, the worker's folder, in any order; none: where they usually are
    std::filesystem::path repo;                 ///< the worker's folder when no source says another one
    std::filesystem::path home;
    std::filesystem::path systemFolder = "/etc/systemd/system"; ///< where units are looked for
};

/// Reads a unit (with the files of variables and drop-ins it has), a file of variables, or a folder. Flags of its command win over variables, as
/// in lotus-worker.
/// errors  NotFound for a source that is not there or when nothing is found; InvalidArgument for a value that no lotus-worker would take; Io
Expected<LotusImport> readLotusWorker(const ImportRequest& request);

} // namespace lsw::common
