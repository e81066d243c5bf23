// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/practice_host.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/statvfs.h>
#include <unistd.h>

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QStandardPaths>
#include <QtCore/QTemporaryDir>

#include "practice/practice_run.h"
#include "sector/proof_type.h"
#include "tasks/isolated_engine.h"

namespace lsw::common {
namespace {

constexpr std::array<std::uint64_t, 3> kSizes{2ULL << 10, 8ULL << 20, 512ULL << 20};
/// Sealing takes about 16 times the sector, the copies that are compared take the rest.
constexpr std::uint64_t kSpaceFactor = 20, kSpaceBase = 64ULL << 20;

/// No real network reads this folder: its parameters prove nothing.
std::filesystem::path parameterFolder() {
    const QString cache = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
    return std::filesystem::path(cache.toStdString()) / "lotus-seal-worker" / "test-parameters";
}

std::string megabytes(std::uint64_t bytes) { return std::to_string((bytes + 999999) / 1000000) + " MB"; }

Expected<void> checkFile(const PracticeChoice& choice) {
    if (std::find(kSizes.begin(), kSizes.end(), choice.sectorSize) == kSizes.end())
        return Error(ErrorCode::InvalidArgument, "practice sectors have 2KiB, 8MiB or 512MiB, not " + sector::sizeName(choice.sectorSize));
    if (choice.file.empty()) return {};
    std::error_code failure;
    if (!std::filesystem::is_regular_file(choice.file, failure)) {
        if (failure && failure != std::errc::no_such_file_or_directory)
            return errnoError(failure.value(), "cannot read " + choice.file.string());
        return Error(ErrorCode::NotFound, choice.file.string() + " is not a file");
    }
    if (::access(choice.file.c_str(), R_OK) != 0) return errnoError(errno, "cannot read " + choice.file.string());
    const std::uint64_t size = std::filesystem::file_size(choice.file, failure);
    if (failure) return errnoError(failure.value(), "cannot read " + choice.file.string());
    if (size == 0) return Error(ErrorCode::InvalidArgument, choice.file.string() + " is empty: there is nothing to seal");
    const std::uint64_t room = sector::PaddedBytes{choice.sectorSize}.unpadded().value;
    if (size <= room) return {};
    std::string message = choice.file.string() + " has " + std::to_string(size) + " bytes; a sector of " +
                          sector::sizeName(choice.sectorSize) + " holds " + std::to_string(room);
    for (const std::uint64_t larger : kSizes)
        if (sector::PaddedBytes{larger}.unpadded().value >= size)
            return Error(ErrorCode::InvalidArgument, message + ": choose " + sector::sizeName(larger));
    return Error(ErrorCode::InvalidArgument, message + ": choose a smaller file");
}

Expected<void> checkSpace(const std::filesystem::path& folder, std::uint64_t sectorSize) {
    struct statvfs info {};
    if (::statvfs(folder.c_str(), &info) != 0) return errnoError(errno, "cannot look at the disk of " + folder.string());
    const std::uint64_t available = info.f_bavail * info.f_frsize, needed = kSpaceFactor * sectorSize + kSpaceBase;
    if (available >= needed) return {};
    return Error(ErrorCode::NoSpace,
                 "practice needs " + megabytes(needed) + " in " + folder.string() + ", only " + megabytes(available) + " are free there");
}

Expected<void> makeKeepFolder(const std::filesystem::path& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) return Error(ErrorCode::StorageUnavailable, "cannot make the folder " + folder.string() + ": " + failure.message());
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        return Error(ErrorCode::StorageUnavailable, "the folder " + folder.string() + " is not writable");
    if (!std::filesystem::is_empty(folder, failure) || failure)
        return Error(ErrorCode::InvalidArgument, "the folder " + folder.string() + " is not empty: choose a new one to keep the files in");
    return {};
}

} // namespace

class PracticeHost::Private {
public:
    std::unique_ptr<QTemporaryDir> temporary;
    std::unique_ptr<tasks::IsolatedEngine> engine;
    std::unique_ptr<practice::PracticeRun> run; ///< declared last: it goes before the engine and the folder that it uses
};

PracticeHost::PracticeHost(QObject* parent) : QObject(parent), m_private(std::make_unique<Private>()) {}

PracticeHost::~PracticeHost() { m_private->run.reset(); }

Expected<void> PracticeHost::start(const PracticeChoice& choice) {
    if (isRunning()) return Error(ErrorCode::AlreadyExists, "a practice run is going on already");
    LSW_TRY(checkFile(choice));
    practice::PracticeSettings settings;
    settings.sectorSize = choice.sectorSize;
    settings.prove = choice.prove;
    settings.workers = choice.workers;
    settings.snap = choice.snap;
    settings.parameters = parameterFolder();
    std::error_code failure;
    if (!choice.file.empty()) settings.file = std::filesystem::absolute(choice.file, failure);
    settings.workerProgram = QCoreApplication::applicationDirPath().toStdString() + "/lotus-seal-worker";
    if (::access(settings.workerProgram.c_str(), X_OK) != 0)
        return Error(ErrorCode::NotInstalled, "the worker program " + settings.workerProgram + " is not installed");

    tasks::ProverSettings prover;
    prover.parameterCache = settings.parameters;
    auto engine = std::make_unique<tasks::IsolatedEngine>(prover);
    if (auto program = engine->proverProgram(); !program) return std::move(program).error();

    std::unique_ptr<QTemporaryDir> temporary;
    if (!choice.keep.empty()) {
        LSW_TRY(makeKeepFolder(choice.keep));
        settings.folder = std::filesystem::absolute(choice.keep, failure);
    } else {
        temporary = std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/lotus-seal-worker-practice-XXXXXX"));
        if (!temporary->isValid())
            return Error(ErrorCode::StorageUnavailable,
                         "cannot make a folder in " + QDir::tempPath().toStdString() + ": " + temporary->errorString().toStdString());
        settings.folder = temporary->path().toStdString();
    }
    LSW_TRY(checkSpace(settings.folder, settings.sectorSize));

    m_private->temporary = std::move(temporary);
    m_private->engine = std::move(engine);
    m_private->run = std::make_unique<practice::PracticeRun>(std::move(settings), *m_private->engine);
    practice::PracticeRun* run = m_private->run.get();
    connect(run, &practice::PracticeRun::phase, this, &PracticeHost::phase);
    connect(run, &practice::PracticeRun::progress, this, &PracticeHost::progress);
    connect(run, &practice::PracticeRun::finished, this, [this](int errorCode, const QString& message) {
        m_private->run.reset();
        m_private->engine.reset();
        m_private->temporary.reset();
        Q_EMIT finished(errorCode, message);
    }, Qt::QueuedConnection);
    run->start();
    return {};
}

void PracticeHost::cancel() {
    if (m_private->run) m_private->run->cancel();
}

bool PracticeHost::isRunning() const { return m_private->run != nullptr; }

} // namespace lsw::common
