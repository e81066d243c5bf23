// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "params/gateway_pool.h"
#include "params/parameter_manifest.h"

#include <stop_token>

namespace lsw::params {

/// What one gateway answers today.
struct GatewayAnswer {
    bool isGood = false;      ///< gave a small file with the right digest
    bool hasRanges = false;   ///< and a part of a large one, as asked
    double bytesPerSecond = 0;
    std::string words;        ///< what is wrong; empty when nothing is
};

/// Asks for the smallest key of the manifest and for the first MiB of a large file. Never longer than `limit`.
GatewayAnswer probe(const Gateway& gateway, const std::vector<ParameterFile>& manifest, std::chrono::milliseconds limit, std::stop_token stop);

} // namespace lsw::params
