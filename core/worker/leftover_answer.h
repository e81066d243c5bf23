// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/spool_folder.h"
#include "storage/local_store.h"
#include "tasks/call_journal.h"

#include <boost/json.hpp>

namespace lsw::worker {

/// The files of the spool that an earlier run left and no unfinished call names.
std::vector<storage::Leftover> spoolLeftovers(const protocol::SpoolFolder& spool, const std::vector<tasks::CallRecord>& unfinished);

/// {"schema":1,"leftovers":[{"kind","path","sector","storage","bytes","modified_ms","owner","sure"}],"deleted":[path],"failed":[{"path","error"}]}
///
/// Each path of `toDelete` is given to `remove` if it is among what was found, and is in "failed" if it is not; "leftovers" is what remains.
boost::json::value leftoverAnswer(std::vector<storage::Leftover> found, const std::vector<std::string>& toDelete,
                                  const std::function<Expected<void>(const storage::Leftover&)>& remove);

} // namespace lsw::worker
