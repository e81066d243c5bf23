// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/machine_facts.h"

#include "base/text.h"
#include "setup/miner_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timex.h>
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

std::string firstLine(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

/// Files with this ending, by name, whichever of the folders they lie in.
std::vector<fs::path> filesOf(const fs::path& root, std::initializer_list<const char*> folders, const char* ending) {
    std::vector<fs::path> out;
    for (const char* folder : folders) {
        std::error_code failed;
        for (fs::directory_iterator it(root / folder, failed), end; !failed && it != end; it.increment(failed))
            if (it->path().filename().string().ends_with(ending)) out.push_back(it->path());
    }
    std::sort(out.begin(), out.end(), [](const fs::path& a, const fs::path& b) { return a.filename() < b.filename(); });
    return out;
}

/// By `systemctl mask sleep.target …`, or for suspending alone.
bool isSleepMasked(const fs::path& root) {
    std::error_code failed;
    for (const char* unit : {"sleep.target", "suspend.target"})
        if (fs::read_symlink(root / "etc/systemd/system" / unit, failed) == "/dev/null") return true;
    return false;
}

constexpr std::string_view kGnomeSleep = "sleep-inactive-ac-type";

/// What GNOME, and its login screen, does on mains power when nobody is there: its own default, then what the distribution and the owner of the machine
/// set for all. Empty without GNOME.
std::string gnomeSleep(const fs::path& root) {
    const fs::path schemas = root / "usr/share/glib-2.0/schemas";
    std::ifstream in(schemas / "org.gnome.settings-daemon.plugins.power.gschema.xml");
    std::string value;
    bool isKey = false;
    for (std::string line; std::getline(in, line) && value.empty();) {
        if (line.find("<key") != std::string::npos) isKey = line.find('"' + std::string(kGnomeSleep) + '"') != std::string::npos;
        const auto begin = line.find("<default>"), end = line.find("</default>");
        if (isKey && begin != std::string::npos && end != std::string::npos) value = line.substr(begin + 9, end - begin - 9);
    }
    if (value.empty()) return {};
    for (const fs::path& one : filesOf(root, {"usr/share/glib-2.0/schemas"}, ".gschema.override")) readSetting(one, kGnomeSleep, value);
    for (const fs::path& one : filesOf(root, {"etc/dconf/db/distro.d", "etc/dconf/db/local.d", "etc/dconf/db/gdm.d"}, "")) readSetting(one, kGnomeSleep, value);
    return std::string(trimmed(value, " '\""));
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

CacheGroups cacheGroups(const fs::path& root) {
    CacheGroups out;
    std::set<std::string> groups;
    std::error_code failed;
    for (fs::directory_iterator cpu(root / "sys/devices/system/cpu", failed), end; !failed && cpu != end; cpu.increment(failed)) {
        if (!cpu->path().filename().string().starts_with("cpu")) continue;
        std::error_code none;
        for (fs::directory_iterator cache(cpu->path() / "cache", none), last; !none && cache != last; cache.increment(none)) {
            if (firstLine(cache->path() / "level") != "3") continue;
            groups.insert(firstLine(cache->path() / "shared_cpu_list"));
            out.size = firstLine(cache->path() / "size");
        }
    }
    out.count = static_cast<int>(groups.size());
    return out;
}

std::string transparentHugePages(const fs::path& root) {
    const std::string modes = firstLine(root / "sys/kernel/mm/transparent_hugepage/enabled"); // "always [madvise] never"
    const auto begin = modes.find('['), end = modes.find(']');
    return begin == std::string::npos || end == std::string::npos || end < begin ? std::string() : modes.substr(begin + 1, end - begin - 1);
}

std::uint64_t reservedHugePages(const fs::path& root) {
    std::ifstream in(root / "proc/meminfo");
    for (std::string name, rest; in >> name; std::getline(in, rest)) {
        std::uint64_t count = 0;
        if (name == "HugePages_Total:" && in >> count) return count;
    }
    return 0;
}

std::string gpuDrivers(const fs::path& root) {
    std::string out;
    // "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.161.07  Sat Feb …"
    std::istringstream words(firstLine(root / "proc/driver/nvidia/version"));
    for (std::string one; words >> one;) {
        if (one.empty() || one.front() < '0' || one.front() > '9' || one.find('.') == std::string::npos) continue;
        out = "NVIDIA " + one;
        break;
    }
    std::vector<std::string> vendors;
    std::error_code failed;
    for (fs::directory_iterator it(root / "etc/OpenCL/vendors", failed), end; !failed && it != end; it.increment(failed))
        if (it->path().extension() == ".icd") vendors.push_back(it->path().stem().string());
    std::sort(vendors.begin(), vendors.end());
    for (std::size_t i = 0; i < vendors.size(); ++i) out += (i ? " " : out.empty() ? "OpenCL: " : ", OpenCL: ") + vendors[i];
    return out;
}

std::uint64_t lockableMemory() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 0;
    return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

bool isClockKept() {
    timex state{};
    return ::adjtimex(&state) != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

std::string idleSleep(const fs::path& root) {
    if (isSleepMasked(root)) return {};
    std::string action;
    for (const char* folder : {"usr/lib/systemd", "etc/systemd"}) readSetting(root / folder / "logind.conf", "IdleAction", action);
    for (const fs::path& part : filesOf(root, {"usr/lib/systemd/logind.conf.d", "etc/systemd/logind.conf.d"}, ".conf")) readSetting(part, "IdleAction", action);
    constexpr std::array<std::string_view, 5> sleeps{"suspend", "hibernate", "hybrid-sleep", "suspend-then-hibernate", "poweroff"};
    const auto isSleep = [&](const std::string& text) { return std::find(sleeps.begin(), sleeps.end(), text) != sleeps.end(); };
    if (isSleep(action)) return "IdleAction=" + action;
    const std::string desktop = gnomeSleep(root);
    return isSleep(desktop) ? "GNOME: " + std::string(kGnomeSleep) + '=' + desktop : std::string();
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

std::string ownerOf(const fs::path& file) {
    struct stat info {};
    return ::stat(file.c_str(), &info) == 0 ? userName(info.st_uid) : std::string();
}

std::string ownUserName() { return userName(::geteuid()); }

} // namespace lsw::setup
