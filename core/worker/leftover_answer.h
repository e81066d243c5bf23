// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "storage/local_store.h"

#include <boost/json.hpp>

namespace lsw::worker {

/// {"schema":1,"leftovers":[{"kind","path","sector","storage","bytes","modified_ms","owner","sure"}],"deleted":[path],"failed":[{"path","error"}]}
///
/// `owned`: the sectors of calls that are not over. Each path of `toDelete` is deleted if it is a leftover now, and is in "failed" if it is none;
/// "leftovers" is what remains.
Expected<boost::json::value> leftoverAnswer(storage::LocalStore& store, const std::set<protocol::SectorId>& owned, const std::vector<std::string>& toDelete,
                                            std::stop_token stop);

} // namespace lsw::worker
