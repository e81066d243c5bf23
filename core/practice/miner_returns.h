// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "practice/practice_miner.h"
#include "protocol/json_rpc.h"

#include <functional>
#include <set>

namespace lsw::practice {

/// The Return* methods: takes each result once; a second one for the same call is refused with the words of a miner.
class MinerReturns {
public:
    explicit MinerReturns(std::function<void(const ArrivedReturn&)> arrived) : m_arrived(std::move(arrived)) {}
    void addMethods(protocol::MethodTable& table);
    /// Whether the miner writes a call of that method down and takes its result after a restart.
    static bool isKept(std::string_view returnMethod);
    bool has(const protocol::CallId& id) const { return m_seen.contains(id); }
    void forgetAll() { m_seen.clear(); }

private:
    Expected<void> take(const std::string& method, const boost::json::array& params);

    std::function<void(const ArrivedReturn&)> m_arrived;
    std::set<protocol::CallId> m_seen;
};

} // namespace lsw::practice
