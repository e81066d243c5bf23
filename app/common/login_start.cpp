// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/login_start.h"

#include "common/configuration.h"
#include "common/storage_path.h"
#include "setup/edited_file.h"

#include <cerrno>

#include <unistd.h>

namespace lsw::common {
namespace {

namespace fs = std::filesystem;

/// A program of ours: beside this one, else empty.
fs::path programNamed(const char* name) {
    std::error_code failed;
    const fs::path own = fs::read_symlink("/proc/self/exe", failed);
    const fs::path there = own.parent_path() / name;
    return !failed && fs::exists(there, failed) ? there : fs::path();
}

/// As Exec= of a desktop file wants it.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '`' || c == '$' || c == '\\') out += "\\\\"; // once for the string, once for the argument
        out += c;
        if (c == '%') out += '%';
    }
    return out + '"';
}

} // namespace

fs::path loginStartFile() {
    const std::string configured = environmentVariable("XDG_CONFIG_HOME");
    return (configured.starts_with('/') ? fs::path(configured) : plainStoragePath("~/.config")) / "autostart" / "lotus-seal-worker.desktop";
}

bool startsAtLogin() {
    const auto file = setup::EditedFile::read(loginStartFile());
    // Desktops switch an entry off by these two lines.
    return file && file->exists() && file->text().find("Hidden=true") == std::string::npos && file->text().find("X-GNOME-Autostart-enabled=false") == std::string::npos;
}

Expected<void> startAtLogin(bool on) {
    const fs::path path = loginStartFile();
    if (!on) {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) return errnoError(errno, "cannot remove " + path.string());
        return {};
    }
    const fs::path program = programNamed("lotus-seal-worker-gui");
    if (program.empty()) return Error(ErrorCode::NotInstalled, "there is no lotus-seal-worker-gui beside this program, which could be started at the login");
    auto file = setup::EditedFile::read(path);
    if (!file) return std::move(file).error();
    return file->replace("[Desktop Entry]\nType=Application\nName=Lotus Seal Worker\nName[zh_CN]=Lotus 封装工作节点\nExec=" + quoted(program.string()) + "\nTerminal=false\n", 0644);
}

std::string userServiceLines(const fs::path& workerRepo) {
    const fs::path program = programNamed("lotus-seal-worker");
    std::string out = "mkdir -p ~/.config/systemd/user\ncat > ~/.config/systemd/user/lotus-seal-worker.service <<'END'\n"
                      "[Unit]\nDescription=Lotus Seal Worker\n\n[Service]\nType=notify\nExecStart=\"" + (program.empty() ? "/usr/bin/lotus-seal-worker" : program.string()) + "\" run\n";
    if (workerRepo != plainStoragePath("~/.lotusworker")) out += "Environment=\"LOTUS_WORKER_PATH=" + workerRepo.string() + "\"\n";
    return out + "Restart=on-failure\nRestartPreventExitStatus=2 3 4 5 6 11\nWatchdogSec=120\nNice=10\nLimitNOFILE=1048576\n\n[Install]\nWantedBy=default.target\nEND\n"
                 "systemctl --user daemon-reload\nsystemctl --user enable --now lotus-seal-worker\nloginctl enable-linger";
}

} // namespace lsw::common
