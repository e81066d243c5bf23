// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/parent_cache_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "proofs/sector_folder.h"

namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kDegree = 14, kBaseDegree = 6, kEntry = kDegree * 4;

Bytes32 sha256(const std::string& text) {
    Bytes32 out{};
    EVP_Digest(text.data(), text.size(), out.data(), nullptr, EVP_sha256(), nullptr);
    return out;
}

class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (m_fd >= 0) ::close(m_fd);
    }
    int get() const { return m_fd; }

private:
    int m_fd;
};

/// Waits for a lock of the kernel's, which ends with its holder; looks at the stop token meanwhile.
Expected<void> lockFile(int fd, int operation, const std::stop_token& stop) {
    while (::flock(fd, operation | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) return errnoError(errno, "cannot lock the parent cache");
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while another process makes the parent cache");
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return {};
}

std::string stamp(const fs::path& file) {
    struct stat st {};
    if (::stat(file.c_str(), &st) != 0) return {};
    return std::to_string(st.st_size) + ' ' + std::to_string(st.st_mtim.tv_sec) + '.' + std::to_string(st.st_mtim.tv_nsec) + '\n';
}

std::uint32_t littleEndian(const std::uint8_t* p) {
    return std::uint32_t{p[0]} | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24;
}

} // namespace

fs::path parentCacheFolder() {
    if (const char* own = std::getenv("FIL_PROOFS_PARENT_CACHE")) return own;
    const char* before = std::getenv("FIL_PROOFS_CACHE_DIR");
    return std::string(before ? before : "/var/tmp/") + "filecoin-parents"; // without a slash between, as the crate does
}

fs::path parentCachePath(const sector::ProofInfo& proof) {
    const Bytes32 id = sector::porepId(proof.proof);
    const Bytes32 keys = sha256("Filecoin_Feistel" + std::string(asText(id)));
    const std::uint64_t nodes = proof.nodes();
    std::string text =
        "poseidon_hasherstacked_graph::StackedGraph{expansion_degree: 8 base_graph: drgraph::BucketGraph{size: " + std::to_string(nodes) +
        "; degree: 6; hasher: poseidon_hasher} }";
    text += asText(keys); // four LE u64 read from a hash and written again: the hash itself
    for (unsigned shift = 0; shift < 32; shift += 8) text += static_cast<char>(nodes >> shift & 0xffU);
    return parentCacheFolder() / ("v28-sdr-parent-" + toHex(sha256(text)) + ".cache");
}

Expected<bool> parentCacheIsWhole(const fs::path& file, const sector::ProofInfo& proof, std::stop_token stop) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0) return errnoError(errno, "cannot open the parent cache " + file.string());
    // Whoever makes the file holds it exclusively; a killed one holds it no more.
    LSW_TRY(lockFile(descriptor.get(), LOCK_SH, stop));
    std::error_code ignored;
    if (fs::file_size(file, ignored) != proof.nodes() * kEntry) return false;
    const std::size_t before = proof.apiMinor == 0 ? kBaseDegree - 1 : 0;
    std::vector<std::uint8_t> buffer(kEntry * static_cast<std::size_t>(std::min<std::uint64_t>(proof.nodes(), 1U << 16)));
    for (std::uint64_t node = 0; node < proof.nodes();) {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while checking the parent cache");
        const ssize_t got = ::pread(descriptor.get(), buffer.data(), buffer.size(), static_cast<off_t>(node * kEntry));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errnoError(errno, "cannot read the parent cache " + file.string());
        const std::size_t entries = static_cast<std::size_t>(got) / kEntry;
        if (entries == 0) return false;
        for (std::size_t i = 0; i < entries; ++i, ++node) {
            const std::uint8_t* entry = buffer.data() + i * kEntry;
            if (node >= 2 && littleEndian(entry + before * 4) != node - 1) return false;
            if (std::all_of(entry + kBaseDegree * 4, entry + kEntry, [](std::uint8_t byte) { return byte == 0; })) return false;
        }
    }
    return true;
}

std::string parentCacheDigest(const sector::ProofInfo& proof) {
    struct Row {
        std::uint64_t sectorSize;
        const char *first, *later; // of API 1.0.0; of 1.1.0
    };
    static constexpr std::array<Row, 5> kRows{{
        {2ULL << 10, "3da49221e2ed55371b86d0bf3d6526fcf128af61bed904f966428db1b531750d", "840057702eea7652cf97e04306c30fe57174714d90de156a25eddd6075c25b97"},
        {8ULL << 20, "a76604f2f59f2744c7151653bbb1d8596b6b57d295e6fa6c1f0c41d725b502ce", "03cd13565ded97c240a5f52e54295ad127bd0461b57904cb3a4d79b097bbecab"},
        {512ULL << 20, "3adcc092423aa76d6a7184016893406da44dd974b219a89cd3ece25e4e3018f5", "b5877d1963793efebc261fd8fde4dd6bc59e6b5c7abf52617a4ee023b8dc173a"},
        {32ULL << 30, "3c4f9841fcc75aed8c695800e58d08480629f25af3a2aefd81904181d75cc0b6", "93deeac5e3052b6927467d4b2641bb782f05491de18d510147c93eeedd8672da"},
        {64ULL << 30, "2778a732ad46a7dc18e0564dfdf59fd321dcde74ab476fd6d3c4e6735d7cd89c", "2698b74eb2606b55b98d8b095e18b6320b47f46e00075956d48640ccd1641b03"},
    }};
    if (proof.feature != sector::ProofFeature::None || proof.apiMinor > 1) return {};
    const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) { return one.sectorSize == proof.sectorSize.value; });
    return row == kRows.end() ? std::string() : proof.apiMinor == 0 ? row->first : row->later;
}

bool isKnownToBeWhole(const fs::path& file) {
    std::ifstream in(file.string() + ".whole");
    std::string line;
    return std::getline(in, line) && line + '\n' == stamp(file);
}

Expected<void> ensureParentCache(const sector::ProofInfo& proof, std::string_view phase, const std::function<Expected<void>()>& generate,
                                 const TaskContext& context) {
    const fs::path file = parentCachePath(proof);
    const std::string remembered = file.string() + ".whole";
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error) return errnoError(error.value(), "cannot create the folder of the parent caches " + file.parent_path().string());
    const std::string lockName = file.string() + ".lock";
    const Descriptor lock(::open(lockName.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (lock.get() < 0) return errnoError(errno, "cannot create " + lockName);
    const auto say = [&](const char* step) { context.report({std::string(phase), step, 0, 0, ""}); };
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        say("waiting for the parent cache");
        LSW_TRY(lockFile(lock.get(), LOCK_EX, context.stop));
    }

    if (fs::exists(file, error)) {
        if (isKnownToBeWhole(file)) return {};
        say("checking the parent cache");
        const auto whole = parentCacheIsWhole(file, proof, context.stop);
        if (!whole) return whole.error();
        if (!*whole && ::unlink(file.c_str()) != 0) return errnoError(errno, "cannot remove the torn parent cache " + file.string());
    }
    if (!fs::exists(file, error)) {
        LSW_TRY(requireSpace({{file.parent_path(), proof.nodes() * kEntry}}, "the parent cache"));
        if (auto made = generate(); !made) {
            ::unlink(file.c_str());
            return std::move(made).error();
        }
        const auto whole = parentCacheIsWhole(file, proof, context.stop);
        if (!whole) return whole.error();
        if (!*whole) return Error(ErrorCode::Internal, "the official crate made no whole parent cache at " + file.string());
    }
    LSW_TRY(syncFile(file));
    std::ofstream(remembered + ".partial") << stamp(file);
    fs::rename(remembered + ".partial", remembered, error);
    return {};
}

} // namespace lsw::proofs
