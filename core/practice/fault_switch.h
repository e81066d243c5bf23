// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "practice/practice_miner.h"

namespace lsw::practice {

/// What is to happen to one request.
enum class Fault { None, Refuse, Unauthorized, DropConnection, DropAfterDoing };

/// Takes one misbehaviour for this method out of the switches.
Fault takeFault(Faults& faults, const std::string& method);
int latenessMs(const Faults& faults, const std::string& method);

/// Shuts the socket of ours that talks to this peer ("127.0.0.1:40000"), so that it sees the connection end without an answer.
void dropConnectionTo(const std::string& peer);

} // namespace lsw::practice
