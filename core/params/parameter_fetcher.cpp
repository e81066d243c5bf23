// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/parameter_fetcher.h"

#include <algorithm>

#include "params/file_fetch.h"

namespace lsw::params {

ParameterFetcher::ParameterFetcher(ParameterFolder& folder, FetchSettings settings)
    : m_folder(folder), m_settings(std::move(settings)), m_pool(m_settings.gateways, m_settings.backoff, m_settings.patience) {}

Expected<void> ParameterFetcher::fetch(const std::vector<ParameterFile>& files, const TaskContext& context) {
    LSW_TRY(m_folder.make());
    const auto lock = FetchLock::take(m_folder.path());
    if (!lock) return lock.error();
    std::uint64_t before = 0, expected = 0, missing = 0;
    for (const ParameterFile& file : files) {
        expected += file.about;
        const FileState state = m_folder.status(file).state;
        if (state == FileState::Missing) missing += file.about;
    }
    const auto free = m_folder.freeBytes();
    if (!free) return free.error();
    if (missing > 0 && (*free < missing || *free - missing < m_settings.margin))
        return Error(ErrorCode::NoSpace, "the parameters that are missing have about " + std::to_string(missing >> 20) + " MiB, and the disk of " + m_folder.path().string() +
                                             " has " + std::to_string(*free >> 20) + " MiB free: make room, or choose another folder");
    for (std::size_t i = 0; i < files.size(); ++i) {
        const ParameterFile& file = files[i];
        const std::string step = std::to_string(i + 1) + " of " + std::to_string(files.size()) + ": " + file.name;
        const auto tell = [&](std::uint64_t done, std::uint64_t total) {
            // The manifest knows sizes only roughly.
            const std::uint64_t rest = expected > file.about ? expected - file.about : 0;
            context.report({"params", step, before + done, before + total + rest, "bytes"});
        };
        FileStatus there = m_folder.status(file);
        if (there.state == FileState::Unchecked) {
            const auto checked = m_folder.check(file, false, {context.stop, [&](const Progress& progress) { tell(progress.done, progress.total); }});
            if (!checked) return checked.error();
            there = *checked;
        }
        if (there.state != FileState::Right) {
            FileFetch fetch(file, m_folder, m_settings, m_pool, context, tell);
            auto done = fetch.run();
            m_received += fetch.received();
            if (!done) return std::move(done).error().whileDoing("fetching parameters");
            there = m_folder.status(file);
        }
        before += there.bytes;
        expected -= std::min(expected, file.about);
        context.report({"params", step, before, before + expected, "bytes"});
    }
    return {};
}

} // namespace lsw::params
