// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/miner_process.h"

#include "setup/repo_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace lsw::setup {
namespace {

namespace fs = std::filesystem;

/// The texts of a file of /proc with a zero byte behind each. Such files have no size, so they are read to their end.
std::vector<std::string> zeroEnded(const fs::path& file) {
    constexpr std::size_t kMost = 1 << 20;
    std::ifstream in(file, std::ios::binary);
    std::vector<std::string> out;
    std::string one;
    std::size_t read = 0;
    for (char c = 0; read < kMost && in.get(c); ++read) {
        if (c != '\0') {
            one += c;
            continue;
        }
        out.push_back(std::move(one));
        one.clear();
    }
    if (!one.empty()) out.push_back(std::move(one));
    return out;
}

/// The value of the first of these flags, as "--flag value" or "--flag=value", with one or two dashes as Go takes them.
std::string flagValue(const std::vector<std::string>& arguments, std::initializer_list<std::string_view> names) {
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        std::string_view text = arguments[i];
        if (!text.starts_with('-')) continue;
        text.remove_prefix(text.starts_with("--") ? 2 : 1);
        const auto equals = text.find('=');
        if (std::find(names.begin(), names.end(), text.substr(0, equals)) == names.end()) continue;
        if (equals != std::string_view::npos) return std::string(text.substr(equals + 1));
        if (i + 1 < arguments.size()) return arguments[i + 1];
    }
    return {};
}

std::string linkOf(const fs::path& link) {
    std::error_code failed;
    return fs::read_symlink(link, failed).string();
}

/// The repo whose lock the process has open: the truth, whatever was on its command line.
fs::path lockedRepo(const fs::path& process) {
    std::error_code failed;
    for (fs::directory_iterator it(process / "fd", failed), end; !failed && it != end; it.increment(failed))
        if (const fs::path target = linkOf(it->path()); target.filename() == "repo.lock") return target.parent_path();
    return {};
}

std::optional<MinerProcess> minerAt(const fs::path& process, pid_t pid) {
    const std::vector<std::string> arguments = zeroEnded(process / "cmdline");
    if (arguments.empty()) return std::nullopt;
    MinerProcess miner;
    miner.program = fs::path(arguments.front()).filename().string();
    if (miner.program != "lotus-miner" && miner.program != "lotus-storage-miner") return std::nullopt;
    if (std::find(arguments.begin(), arguments.end(), "run") == arguments.end()) return std::nullopt; // a command that soon ends
    miner.pid = pid;
    struct stat info {};
    if (::stat(process.c_str(), &info) == 0) miner.user = userName(info.st_uid);
    miner.apiFlag = flagValue(arguments, {"miner-api", "api"});

    std::map<std::string, std::string> variables;
    for (const std::string& one : zeroEnded(process / "environ"))
        if (const auto equals = one.find('='); equals != std::string::npos) variables[one.substr(0, equals)] = one.substr(equals + 1);
    for (const auto& [name, value] : variables)
        if (name.starts_with("LOTUS_API_")) miner.variables[name] = value;

    const std::string ownSpace = linkOf("/proc/self/ns/mnt"), itsSpace = linkOf(process / "ns/mnt");
    miner.isElsewhere = !ownSpace.empty() && !itsSpace.empty() && ownSpace != itsSpace;
    miner.repo = lockedRepo(process);
    if (!miner.repo.empty()) return miner;
    const fs::path home = variables["HOME"], folder = linkOf(process / "cwd");
    std::string named = flagValue(arguments, {"miner-repo", "storagerepo"});
    for (const char* name : {"LOTUS_MINER_PATH", "LOTUS_STORAGE_PATH"})
        if (named.empty()) named = variables[name];
    if (!named.empty()) {
        const bool isRelative = !named.starts_with('/') && !named.starts_with('~');
        if (!isRelative || !folder.empty()) miner.repo = expandedRepo(isRelative ? (folder / named).string() : named, home);
    } else if (!home.empty()) {
        const bool isModern = looksLikeRepo(home / ".lotusminer");
        miner.repo = home / (isModern || miner.program == "lotus-miner" ? ".lotusminer" : ".lotusstorage");
    }
    return miner;
}

} // namespace

std::vector<MinerProcess> minerProcesses(const fs::path& proc) {
    std::vector<MinerProcess> out;
    std::error_code failed;
    for (fs::directory_iterator it(proc, failed), end; !failed && it != end; it.increment(failed)) {
        const std::string name = it->path().filename().string();
        pid_t pid = 0;
        const auto [rest, wrong] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (wrong != std::errc() || rest != name.data() + name.size()) continue;
        if (auto miner = minerAt(it->path(), pid)) out.push_back(std::move(*miner));
    }
    std::sort(out.begin(), out.end(), [](const MinerProcess& a, const MinerProcess& b) { return a.pid < b.pid; });
    return out;
}

std::optional<pid_t> repoHolder(const fs::path& repo) {
    const fs::path path = repo / "repo.lock";
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return std::nullopt;
    // 3: POSIX  ADVISORY  WRITE 4711 fd:01:1234567 0 EOF
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        std::istringstream fields(line);
        std::string number, kind, how, what, file;
        long pid = 0;
        if (!(fields >> number >> kind >> how >> what >> pid >> file) || kind != "POSIX") continue;
        unsigned major = 0, minor = 0;
        unsigned long inode = 0;
        char first = 0, second = 0;
        std::istringstream place(file);
        if (!(place >> std::hex >> major >> first >> minor >> second >> std::dec >> inode) || inode != info.st_ino) continue;
        // Some file systems are known there by another number; what is ours must be recognised all the same.
        if ((major == ::major(info.st_dev) && minor == ::minor(info.st_dev)) || pid == ::getpid()) return static_cast<pid_t>(std::max(0L, pid));
    }
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return std::nullopt;
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    const bool isHeld = ::fcntl(file, F_GETLK, &range) == 0 && range.l_type != F_UNLCK;
    ::close(file);
    if (!isHeld) return std::nullopt;
    return std::max<pid_t>(0, range.l_pid);
}

std::string userName(uid_t user) {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found) return found->pw_name;
    return std::to_string(user);
}

} // namespace lsw::setup
