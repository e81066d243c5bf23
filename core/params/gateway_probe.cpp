// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/gateway_probe.h"

#include <algorithm>
#include <memory>

#include <curl/curl.h>

#include "params/gateway_request.h"
#include "params/parameter_digest.h"

namespace lsw::params {
namespace {

constexpr std::uint64_t kLargePart = 1U << 20;
constexpr int kPollMs = 50;

/// To its end, to `until`, or to a stop; false when it did not end.
bool finish(GatewayRequest& request, Clock::time_point until, const std::stop_token& stop) {
    const std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi(curl_multi_init(), &curl_multi_cleanup);
    if (!multi || !request.handle()) return false;
    curl_multi_add_handle(multi.get(), request.handle());
    bool isOver = false;
    while (!isOver && Clock::now() < until && !stop.stop_requested()) {
        int running = 0, left = 0;
        curl_multi_perform(multi.get(), &running);
        while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            request.ended(message->data.result);
            isOver = true;
        }
        if (!isOver) curl_multi_poll(multi.get(), nullptr, 0, kPollMs, nullptr);
    }
    curl_multi_remove_handle(multi.get(), request.handle());
    return isOver;
}

} // namespace

GatewayAnswer probe(const Gateway& gateway, const std::vector<ParameterFile>& manifest, std::chrono::milliseconds limit, std::stop_token stop) {
    GatewayAnswer out;
    const auto isSmaller = [](const ParameterFile& a, const ParameterFile& b) { return a.isKey() != b.isKey() ? a.isKey() : a.about < b.about; };
    const auto small = std::min_element(manifest.begin(), manifest.end(), isSmaller);
    const auto large = std::find_if(manifest.begin(), manifest.end(), [](const ParameterFile& file) { return !file.isKey() && file.about > 2 * kLargePart; });
    if (small == manifest.end()) return out;
    const auto until = Clock::now() + limit;
    const std::string late = "does not answer within " + std::to_string(limit.count() / 1000) + " s";

    ParameterDigest digest;
    GatewayRequest key({gateway.address + small->cid, 0, kLargePart, {}, false, 0}, [&](std::uint64_t, std::span<const std::uint8_t> bytes) {
        digest.add(bytes);
        return Expected<void>();
    });
    if (!finish(key, until, stop)) {
        out.words = late;
        return out;
    }
    if (key.outcome() != GatewayRequest::Outcome::Done) {
        out.words = key.words();
        return out;
    }
    if (digest.finish() != small->digest) {
        out.words = "gives wrong bytes";
        return out;
    }
    if (key.total().value_or(key.at()) != key.at()) {
        out.words = "says a wrong length of a file";
        return out;
    }
    out.isGood = true;
    if (large == manifest.end()) return out;
    GatewayRequest part({gateway.address + large->cid, 0, kLargePart, {}, false, 0}, [](std::uint64_t, std::span<const std::uint8_t>) { return Expected<void>(); });
    const bool isOver = finish(part, until, stop);
    const double seconds = std::chrono::duration<double>(Clock::now() - part.begunAt()).count();
    if (part.at() > 0) out.bytesPerSecond = static_cast<double>(part.at()) / std::max(1e-4, seconds);
    out.hasRanges = part.at() > 0 || part.outcome() == GatewayRequest::Outcome::Done;
    if (!isOver && part.at() == 0) out.words = late;
    else if (isOver && part.outcome() != GatewayRequest::Outcome::Done) out.words = part.words();
    return out;
}

} // namespace lsw::params
