// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/json_line.h"

#include "protocol/go_json.h"

namespace lsw::common {

std::string jsonLine(const boost::json::value& value) { return protocol::toGoJson(value); }

} // namespace lsw::common
