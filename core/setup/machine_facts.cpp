// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/machine_facts.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include <fcntl.h>
#include <pwd.h>
#include <sys/resource.h>
#include <unistd.h>

namespace lsw::setup {
namespace {

namespace fs = std::filesystem;

/// The last value of KEY=VALUE in a file of systemd.
void readSetting(const fs::path& file, std::string_view key, std::string& value) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const std::string_view text = trimmed(line);
        const auto equals = text.find('=');
        if (equals == std::string_view::npos || trimmed(text.substr(0, equals)) != key) continue;
        value = std::string(trimmed(text.substr(equals + 1)));
    }
}

} // namespace

std::uint64_t mostOpenFiles() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : 0;
}

std::uint64_t memoryOfMachine(const fs::path& root) {
    std::ifstream in(root / "proc/meminfo");
    for (std::string name, unit; in >> name;) {
        std::uint64_t kilobytes = 0;
        if (name == "MemTotal:" && in >> kilobytes) return kilobytes * 1024;
        std::getline(in, unit);
    }
    return 0;
}

std::string idleSleep(const fs::path& root) {
    std::string action;
    for (const char* folder : {"usr/lib/systemd", "etc/systemd"}) readSetting(root / folder / "logind.conf", "IdleAction", action);
    std::vector<fs::path> parts;
    for (const char* folder : {"usr/lib/systemd/logind.conf.d", "etc/systemd/logind.conf.d"}) {
        std::error_code failed;
        for (fs::directory_iterator it(root / folder, failed), end; !failed && it != end; it.increment(failed))
            if (it->path().extension() == ".conf") parts.push_back(it->path());
    }
    std::sort(parts.begin(), parts.end(), [](const fs::path& a, const fs::path& b) { return a.filename() < b.filename(); });
    for (const fs::path& part : parts) readSetting(part, "IdleAction", action);
    constexpr std::array<std::string_view, 5> sleeps{"suspend", "hibernate", "hybrid-sleep", "suspend-then-hibernate", "poweroff"};
    return std::find(sleeps.begin(), sleeps.end(), action) == sleeps.end() ? std::string() : "IdleAction=" + action;
}

std::string activeFirewall(const fs::path& root) {
    std::string enabled;
    readSetting(root / "etc/ufw/ufw.conf", "ENABLED", enabled);
    if (lowerCase(enabled) == "yes") return "ufw";
    std::error_code failed;
    for (const char* sign : {"run/firewalld.pid", "run/firewalld/firewalld.pid"})
        if (fs::exists(root / sign, failed)) return "firewalld";
    return {};
}

std::string whyNotWritable(const fs::path& folder) {
    std::string name = (folder / ".lsw-writable-XXXXXX").string();
    const int file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) return std::strerror(errno);
    const bool works = ::write(file, "x", 1) == 1 && ::fsync(file) == 0;
    const int failed = errno;
    ::close(file);
    ::unlink(name.c_str());
    return works ? std::string() : std::strerror(failed);
}

std::string ownUserName() {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found) return found->pw_name;
    return std::to_string(::geteuid());
}

} // namespace lsw::setup
