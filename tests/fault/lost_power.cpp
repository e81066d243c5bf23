// SPDX-License-Identifier: MIT OR Apache-2.0
#include "lost_power.h"

#include "disk_shadow.h"

#include <cstdio>
#include <fstream>
#include <new>
#include <thread>

#include <sys/mman.h>

namespace lsw::test {
namespace fs = std::filesystem;
namespace {

bool complain(const char* what, const fs::path& where, const std::error_code& why) {
    std::fprintf(stderr, "%s %s: %s\n", what, where.c_str(), why.message().c_str());
    return false;
}

/// Makes `place` (which is there, and empty) as the shadow has the folder of that key.
bool rebuild(const fs::path& shadow, const std::string& key, const fs::path& place) {
    std::ifstream list(shadow / ("d-" + key));
    char kind = 0;
    std::string entry, name;
    while (list >> kind >> entry && list.get() == ' ' && std::getline(list, name)) {
        std::error_code failed;
        const fs::path kept = shadow / ("f-" + entry), made = place / name;
        // A folder that was listed while a file in it got a new name may have that name twice.
        if (kind == 'd') {
            fs::create_directory(made, failed);
            if (failed || !rebuild(shadow, entry, made)) return complain("cannot make the folder", made, failed);
        } else if (fs::exists(kept, failed)) {
            if (!fs::copy_file(kept, made, fs::copy_options::overwrite_existing, failed)) return complain("cannot copy", made, failed);
        } else if (!std::ofstream(made)) {
            return complain("cannot make", made, failed); // its name was flushed, its content never
        }
    }
    return true;
}

void noteTree(const fs::path& shadow, const fs::path& place) {
    const int descriptor = ::open(place.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor >= 0) {
        noteFlushed(descriptor, shadow.string());
        ::close(descriptor);
    }
    std::error_code ignored;
    if (!fs::is_directory(fs::symlink_status(place, ignored))) return;
    for (const auto& entry : fs::directory_iterator(place, ignored)) noteTree(shadow, entry.path());
}

} // namespace

DiskControlFile::DiskControlFile(fs::path file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return;
    if (::ftruncate(descriptor, sizeof(DiskControl)) == 0) {
        void* mapped = ::mmap(nullptr, sizeof(DiskControl), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (mapped != MAP_FAILED) m_control = new (mapped) DiskControl{};
    }
    ::close(descriptor);
}

DiskControlFile::~DiskControlFile() {
    if (m_control) ::munmap(m_control, sizeof(DiskControl));
}

void noteAllFlushed(const fs::path& shadow, const fs::path& root) { noteTree(shadow, root); }

bool losePower(const fs::path& shadow, const fs::path& root) {
    const std::string key = inodeKey(AT_FDCWD, root.c_str(), 0);
    const fs::path after = root.string() + ".after";
    std::error_code failed;
    if (!fs::exists(root, failed)) return true; // the power went before anything was made
    fs::remove_all(after, failed);
    if (!fs::create_directory(after, failed)) return complain("cannot make the folder", after, failed);
    if (!rebuild(shadow, key, after)) return false;
    fs::permissions(after, fs::status(root).permissions(), failed);
    // At one moment: the miner's side may be checking a result that it was given, with the files there.
    if (::renameat2(AT_FDCWD, after.c_str(), AT_FDCWD, root.c_str(), RENAME_EXCHANGE) != 0) return complain("cannot exchange", root, std::error_code(errno, std::generic_category()));
    // A prover that had just been started may write there a moment longer; nobody sees that any more.
    for (int tries = 0; tries < 500; ++tries) {
        fs::remove_all(after, failed);
        if (!failed) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    noteTree(shadow, root);
    return !failed || complain("cannot remove", after, failed);
}

} // namespace lsw::test
