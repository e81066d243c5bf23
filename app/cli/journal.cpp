// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/journal.h"

#include "cli/output.h"

#include <QtCore/QDateTime>

#include <systemd/sd-journal.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace lsw::cli {
namespace {

/// Whether standard error is the stream that systemd has connected to its journal: somebody may have sent it elsewhere since.
bool isJournal() {
    static const bool is = [] {
        const char* stream = std::getenv("JOURNAL_STREAM");
        unsigned long device = 0, inode = 0;
        struct stat now {};
        if (::access("/run/systemd/journal/socket", W_OK) != 0) return false; // sd_journal_sendv would drop the line and say that all is well
        if (!stream || std::sscanf(stream, "%lu:%lu", &device, &inode) != 2 || ::fstat(STDERR_FILENO, &now) != 0) return false;
        return device == now.st_dev && inode == now.st_ino;
    }();
    return is;
}

bool sentToJournal(const LogLine& line) {
    const std::array<std::string, 6> fields = {"MESSAGE=" + line.text, "PRIORITY=" + std::to_string(static_cast<int>(line.level)),
                                               "SYSLOG_IDENTIFIER=lotus-seal-worker", line.sector.empty() ? "" : "LSW_SECTOR=" + line.sector,
                                               line.task.empty() ? "" : "LSW_TASK=" + line.task, line.call.empty() ? "" : "LSW_CALL=" + line.call};
    std::array<iovec, fields.size()> parts{};
    int count = 0;
    for (const std::string& field : fields)
        if (!field.empty()) parts.at(static_cast<std::size_t>(count++)) = {const_cast<char*>(field.data()), field.size()};
    return sd_journal_sendv(parts.data(), count) == 0;
}

} // namespace

void log(const LogLine& line) {
    if (isJournal() && sentToJournal(line)) return;
    say(QDateTime::currentDateTime().toString(Qt::ISODate).toStdString() + ' ' + line.text);
}

} // namespace lsw::cli
