// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "params/parameter_digest.h"
#include "params/parameter_manifest.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace lsw::test {

/// Random files with the list that names them.
struct ParameterSet {
    std::vector<params::ParameterFile> manifest;
    std::map<std::string, Bytes> byCid;

    /// Keys of the given sizes first, then parameter files.
    ParameterSet(const std::vector<std::size_t>& keys, const std::vector<std::size_t>& files, std::uint64_t seed) {
        std::mt19937_64 random(seed);
        for (const std::size_t size : keys) add(size, ".vk", random);
        for (const std::size_t size : files) add(size, ".params", random);
    }

    const Bytes& bytesOf(std::size_t index) const { return byCid.at(manifest[index].cid); }

    /// In the form of lotus' parameters.json.
    std::string asManifest() const {
        std::string out = "{";
        for (const auto& file : manifest)
            out += (out.size() > 1 ? "," : "") + ("\n  \"" + file.name) + "\": {\"cid\": \"" + file.cid + "\", \"digest\": \"" + file.digest + "\", \"sector_size\": " +
                   std::to_string(file.sectorSize.value) + '}';
        return out + "\n}\n";
    }

private:
    void add(std::size_t size, const std::string& end, std::mt19937_64& random) {
        Bytes bytes(size);
        for (std::size_t at = 0; at < size; at += sizeof(std::uint64_t)) {
            const std::uint64_t word = random();
            std::memcpy(bytes.data() + at, &word, std::min(sizeof word, size - at));
        }
        params::ParameterDigest digest;
        digest.add(bytes);
        const std::string number = std::to_string(manifest.size());
        params::ParameterFile file{"v28-test-" + number + end, "QmTest" + number, digest.finish(), {2048}, params::Circuit::PoRep, size};
        byCid[file.cid] = std::move(bytes);
        manifest.push_back(std::move(file));
    }
};

inline Bytes contentOf(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return Bytes((std::istreambuf_iterator<char>(in)), {});
}

inline void putFile(const std::filesystem::path& file, std::span<const std::uint8_t> bytes) {
    std::ofstream out(file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

} // namespace lsw::test
