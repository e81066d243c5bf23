// SPDX-License-Identifier: MIT OR Apache-2.0
#include "journal_watch.h"

#include "tasks/journal_database.h"

namespace lsw::test {
namespace fs = std::filesystem;
namespace {

fs::path journalIn(const fs::path& repo) {
    std::error_code ignored;
    for (fs::recursive_directory_iterator it(repo, ignored), end; !ignored && it != end; it.increment(ignored))
        if (it->path().filename() == "calls.sqlite") return it->path();
    return {};
}

} // namespace

void JournalWatch::look(const std::set<std::string>& taken) {
    const fs::path journal = journalIn(m_folder / "worker");
    if (journal.empty()) {
        m_unknown.insert(taken.begin(), taken.end());
        return;
    }
    QTemporaryDir copy;
    const fs::path place = copy.path().toStdString();
    std::error_code failed;
    for (const char* suffix : {"", "-wal", "-journal"})
        if (const fs::path file = journal.string() + suffix; fs::exists(file)) fs::copy_file(file, place / file.filename(), failed);
    const auto opened = tasks::JournalDatabase::open(place / "calls.sqlite");
    if (!opened) {
        m_wrong = opened.error().message();
        return;
    }
    const auto unfinished = (*opened)->unfinished(), returned = (*opened)->history(100000);
    if (!unfinished || !returned) {
        m_wrong = "the journal of the dead worker cannot be read";
        return;
    }
    std::set<std::string> known;
    for (const auto* records : {&*unfinished, &*returned})
        for (const tasks::CallRecord& record : *records) {
            known.insert(record.id.uuid);
            if (record.state != tasks::CallState::Begun) m_finished[record.id.uuid] = record.succeeded;
        }
    for (const std::string& uuid : taken)
        if (!known.contains(uuid)) m_unknown.insert(uuid);
}

JournalWatch::Verdict JournalWatch::judge(const LifeResult& life) const {
    Verdict out;
    const auto tell = [&out](const std::string& what) { out.what += (out.what.empty() ? "" : "; ") + what; };
    if (!m_wrong.empty()) tell(m_wrong);
    for (const auto& [uuid, succeeded] : m_finished) {
        const auto arrived = life.firstCode.find(uuid);
        if (arrived != life.firstCode.end() && arrived->second.has_value() != succeeded) continue;
        ++out.lostResults;
        tell("the finished result of " + uuid + (arrived == life.firstCode.end() ? " never came" : " came as another"));
    }
    for (const std::string& uuid : m_unknown) {
        ++out.lostCalls;
        tell("the call " + uuid + " was taken and then not known");
    }
    return out;
}

} // namespace lsw::test
