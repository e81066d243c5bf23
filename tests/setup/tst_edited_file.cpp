// SPDX-License-Identifier: MIT OR Apache-2.0
// A file that is replaced whole: rights and owner, links, full disks, a second writer.
#include "setup/edited_file.h"

#include <csignal>

#include <sys/file.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::setup;
namespace fs = std::filesystem;

class TestEditedFile : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;

    fs::path at(const char* name) const { return fs::path(m_dir->path().toStdString()) / name; }
    static void write(const fs::path& path, const QByteArray& text, mode_t mode = 0644) {
        QFile file(QString::fromStdString(path.string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        QCOMPARE(::chmod(path.c_str(), mode), 0);
    }
    static QByteArray textOf(const fs::path& path) {
        QFile file(QString::fromStdString(path.string()));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("none");
    }
    static mode_t modeOf(const fs::path& path) {
        struct stat status {};
        return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
    }
    int filesHere() const { return static_cast<int>(QDir(m_dir->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size()); }

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void rightsAreKeptAndNewFilesAreTheOwnersAlone() {
        write(at("a"), "old", 0640);
        auto file = EditedFile::read(at("a"));
        QVERIFY(file && file->exists());
        QVERIFY(file->replace("new"));
        QCOMPARE(textOf(at("a")), QByteArray("new"));
        QCOMPARE(modeOf(at("a")), mode_t{0640});
        QVERIFY(file->replace("newer")); // from what it wrote itself
        QCOMPARE(textOf(at("a")), QByteArray("newer"));

        auto made = EditedFile::read(at("deep/er/b"));
        QVERIFY(made && !made->exists());
        QVERIFY(made->replace("text"));
        QCOMPARE(textOf(at("deep/er/b")), QByteArray("text"));
        QCOMPARE(modeOf(at("deep/er/b")), mode_t{0600});
        QCOMPARE(modeOf(at("deep/er")), mode_t{0700});
        QCOMPARE(filesHere(), 2);
    }
    void linksAreFollowed() {
        QVERIFY(fs::create_directory(at("real")));
        write(at("real/a"), "old");
        fs::create_symlink("real/a", at("link"));
        auto file = EditedFile::read(at("link"));
        QVERIFY(file && file->replace("new"));
        QVERIFY(fs::is_symlink(at("link")));
        QCOMPARE(textOf(at("real/a")), QByteArray("new"));
        fs::create_symlink("nowhere", at("broken"));
        QCOMPARE(EditedFile::read(at("broken")).error().code(), ErrorCode::NotFound);
    }
    void whatIsNoPlainFileIsRefused() {
        QCOMPARE(EditedFile::read(at(".")).error().code(), ErrorCode::InvalidArgument);
        write(at("large"), QByteArray(2 << 20, 'x'));
        QCOMPARE(EditedFile::read(at("large")).error().code(), ErrorCode::InvalidArgument);
        QCOMPARE(::mkfifo(at("pipe").c_str(), 0600), 0);
        QCOMPARE(EditedFile::read(at("pipe")).error().code(), ErrorCode::InvalidArgument);
    }
    void aReadOnlyFileStays() {
        write(at("a"), "old", 0444);
        auto file = EditedFile::read(at("a"));
        QVERIFY(file);
        const auto done = file->replace("new");
        QVERIFY(!done);
        QCOMPARE(done.error().code(), ErrorCode::PermissionDenied);
        QCOMPARE(textOf(at("a")), QByteArray("old"));
        QCOMPARE(filesHere(), 1);
    }
    void ofTwoWritersOneIsRefused() {
        write(at("a"), "old");
        auto first = EditedFile::read(at("a")), second = EditedFile::read(at("a"));
        QVERIFY(first->replace("first"));
        const auto refused = second->replace("second");
        QVERIFY(!refused);
        QCOMPARE(refused.error().code(), ErrorCode::AlreadyExists);
        QCOMPARE(textOf(at("a")), QByteArray("first"));

        auto maker = EditedFile::read(at("new")), other = EditedFile::read(at("new"));
        QVERIFY(maker->replace("first"));
        QCOMPARE(other->replace("second").error().code(), ErrorCode::AlreadyExists);
        QCOMPARE(textOf(at("new")), QByteArray("first"));

        auto late = EditedFile::read(at("a"));
        QVERIFY(fs::remove(at("a")));
        QCOMPARE(late->replace("second").error().code(), ErrorCode::AlreadyExists);
        QVERIFY(!fs::exists(at("a")));
    }
    void whileAnotherWritesNothingIsWritten() {
        write(at("a"), "old");
        auto file = EditedFile::read(at("a"));
        const int other = ::open(m_dir->path().toLocal8Bit().constData(), O_RDONLY);
        QCOMPARE(::flock(other, LOCK_EX), 0);
        QCOMPARE(file->replace("new").error().code(), ErrorCode::AlreadyExists);
        QCOMPARE(textOf(at("a")), QByteArray("old"));
        ::close(other);
        QVERIFY(file->replace("new"));
    }
    void aFullDiskKeepsTheOldText() {
        write(at("a"), "old");
        auto file = EditedFile::read(at("a"));
        struct rlimit before {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        const struct rlimit small { 100, before.rlim_max };
        std::signal(SIGXFSZ, SIG_IGN);
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto done = file->replace(std::string(10000, 'x'));
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY(!done);
        QCOMPARE(done.error().code(), ErrorCode::NoSpace);
        QCOMPARE(textOf(at("a")), QByteArray("old"));
        QCOMPARE(filesHere(), 1);
    }
    void theDifferenceIsTold() {
        QCOMPARE(changedLines("a\nb\nc\n", "a\nB\nc\n"), std::string("- b\n+ B\n"));
        QCOMPARE(changedLines("a\r\nc\r\n", "a\r\nb\r\nc\r\n"), std::string("+ b\n"));
        QCOMPARE(changedLines("a\n", "a\n"), std::string());
        QCOMPARE(changedLines("", "a\n"), std::string("+ a\n"));
        QCOMPARE(changedLines("a\na\n", "a\n"), std::string("- a\n"));
    }
};

QTEST_APPLESS_MAIN(TestEditedFile)
#include "tst_edited_file.moc"
