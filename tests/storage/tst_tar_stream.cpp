// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/tar_stream.h"
#include "sector/sector_files.h"
#include "storage_fixture.h"
#include "support/test_paths.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::storage;
using namespace lsw::test;

namespace {

/// One ustar header, made by hand so that it can say what no writer would.
std::string member(const std::string& name, const std::string& data, char type = '0', std::int64_t claimedSize = -1) {
    std::string head(512, '\0');
    head.replace(0, name.size(), name);
    head.replace(100, 7, "0000644");
    head.replace(108, 7, "0000000");
    head.replace(116, 7, "0000000");
    char size[13];
    std::snprintf(size, sizeof size, "%011llo", static_cast<unsigned long long>(claimedSize < 0 ? static_cast<std::int64_t>(data.size()) : claimedSize));
    head.replace(124, 11, size, 11);
    head.replace(136, 11, "15300732450");
    head.replace(148, 8, "        ");
    head[156] = type;
    if (type == '2') head.replace(157, 11, "/etc/passwd");
    head.replace(257, 5, "ustar");
    head.replace(263, 2, "00");
    unsigned sum = 0;
    for (const char c : head) sum += static_cast<unsigned char>(c);
    char check[8];
    std::snprintf(check, sizeof check, "%06o", sum);
    head.replace(148, 7, check, 7);
    std::string body = data;
    body.resize((body.size() + 511) / 512 * 512, '\0');
    return head + body;
}

Expected<void> unpack(const std::string& tar, const fs::path& folder, std::size_t step = 100) {
    std::size_t at = 0;
    return unpackCacheTar(
        [&]() -> Expected<std::span<const std::uint8_t>> {
            const std::size_t size = std::min(step, tar.size() - at);
            at += size;
            return asBytes(std::string_view(tar).substr(at - size, size));
        },
        folder);
}

Expected<std::string> pack(const fs::path& folder) {
    std::string out;
    const auto write = [&](const void* data, std::size_t size) -> Expected<void> {
        out.append(static_cast<const char*>(data), size);
        return {};
    };
    const auto writeFile = [&](int file, std::uint64_t length) -> Expected<void> {
        std::string data(length, '\0');
        if (::pread(file, data.data(), data.size(), 0) != static_cast<ssize_t>(length)) return Error(ErrorCode::Corrupt, "the file has fewer bytes");
        out += data;
        return {};
    };
    LSW_TRY(packFolder(folder, {write, writeFile}));
    return out;
}

} // namespace

class TestTarStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aCacheFolderComesBackByteForByte_data() {
        QTest::addColumn<int>("step");
        for (const int step : {1, 511, 512, 513, 10240, 1 << 22}) QTest::newRow(std::to_string(step).c_str()) << step;
    }
    void aCacheFolderComesBackByteForByte() {
        QFETCH(int, step);
        const QTemporaryDir folder(fastFolder());
        const fs::path root = folder.path().toStdString();
        writeFile(root / "in/p_aux", pattern(64));
        writeFile(root / "in/t_aux", pattern(395, 2));
        writeFile(root / "in/sc-02-data-layer-11.dat", pattern(2048, 3));
        writeFile(root / "in/sc-02-data-tree-c-15.dat", pattern(70001, 4));
        writeFile(root / "in/sc-02-data-tree-c.dat", pattern(2336, 4));
        writeFile(root / "in/sc-02-data-tree-d.dat", "");
        writeFile(root / "in/syn-porep-vanilla-proofs.dat", pattern(512, 5));
        const auto tar = pack(root / "in");
        QVERIFY(tar.hasValue());
        const auto unpacked = unpack(*tar, root / "out", static_cast<std::size_t>(step));
        QVERIFY2(unpacked.hasValue(), unpacked ? "" : unpacked.error().message().c_str());
        for (const auto& entry : fs::directory_iterator(root / "in")) {
            const fs::path copy = root / "out" / entry.path().filename();
            QVERIFY2(fs::exists(copy) && readFile(copy) == readFile(entry.path()), copy.c_str());
        }
        QCOMPARE(std::distance(fs::directory_iterator(root / "out"), fs::directory_iterator()), std::ptrdiff_t(7));
    }
    void aTarOfGoWithoutItsEndIsAccepted_data() {
        QTest::addColumn<int>("step");
        for (const int step : {1, 512, 1000, 100000}) QTest::newRow(std::to_string(step).c_str()) << step;
    }
    void aTarOfGoWithoutItsEndIsAccepted() {
        QFETCH(int, step);
        const QTemporaryDir folder(fastFolder());
        const fs::path out = fs::path(folder.path().toStdString()) / "out";
        const std::string tar = readFile(std::string(lsw::test::kTestData) + "/storage/go-cache.tar");
        QCOMPARE(tar.size(), std::size_t(2955));
        QVERIFY(unpack(tar, out, static_cast<std::size_t>(step)).hasValue());
        QCOMPARE(fs::file_size(out / "p_aux"), std::uintmax_t(64));
        QCOMPARE(fs::file_size(out / "sc-02-data-tree-r-last.dat"), std::uintmax_t(32));
        QCOMPARE(readFile(out / "t_aux"), tar.substr(2560, 395));
    }
    void aTarThatEndsAnywhereInsideOfDataIsRefused() {
        const std::string tar = readFile(std::string(lsw::test::kTestData) + "/storage/go-cache.tar");
        // A cut at the end of a member's data or on a header's edge cannot be seen in the tar: that is what the chunks of HTTP are for.
        for (std::size_t size = 1; size < tar.size(); ++size) {
            const bool isInsideData = (size > 512 && size < 512 + 64) || (size > 1536 && size < 1536 + 32) || size > 2560;
            const bool isInsideHeader = size < 512 || (size > 1024 && size < 1536) || (size > 2048 && size < 2560);
            if (!isInsideData && !isInsideHeader) continue;
            const QTemporaryDir folder(fastFolder());
            const auto got = unpack(tar.substr(0, size), fs::path(folder.path().toStdString()) / "out", 4096);
            QVERIFY2(!got && got.error().code() == ErrorCode::Corrupt, std::to_string(size).c_str());
        }
    }
    void largeFilesHaveASizeThatBothSidesKnow() {
        // Sizes over 8 GiB do not fit into the octal field: what GNU writes is read, what we write is PAX.
        std::string head = member("sc-02-data-layer-1.dat", "");
        const std::uint64_t size = 9ULL << 30;
        std::string field(12, '\0');
        field[0] = static_cast<char>(0x80);
        for (int i = 0; i < 8; ++i) field[static_cast<std::size_t>(11 - i)] = static_cast<char>(size >> (8 * i));
        head.replace(124, 12, field);
        head.replace(148, 8, "        ");
        unsigned sum = 0;
        for (const char c : head) sum += static_cast<unsigned char>(c);
        char check[8];
        std::snprintf(check, sizeof check, "%06o", sum);
        head.replace(148, 7, check, 7);
        const QTemporaryDir folder(fastFolder());
        const fs::path root = folder.path().toStdString();
        auto got = unpack(head + "abc", root / "out");
        QVERIFY(!got.hasValue());
        // Known for what it is: the transfer ended early, the size was no nonsense.
        QVERIFY2(QByteArray::fromStdString(got.error().message()).contains("whole") || QByteArray::fromStdString(got.error().message()).contains("ended"),
                 got.error().message().c_str());

        // Under a name that cannot be so large: that the size was understood shows without writing it.
        fs::create_directories(root / "big");
        const int file = ::open((root / "big/p_aux").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
        QVERIFY(::ftruncate(file, static_cast<off_t>(size)) == 0);
        ::close(file);
        std::string start;
        std::uint64_t sent = 0;
        const auto write = [&](const void* data, std::size_t length) -> Expected<void> {
            start.append(static_cast<const char*>(data), length);
            return {};
        };
        const auto packed = packFolder(root / "big", {write, [&](int, std::uint64_t length) -> Expected<void> {
                                                          sent = length;
                                                          return Error(ErrorCode::Io, "the peer left");
                                                      }});
        QCOMPARE(sent, size);
        QVERIFY(!packed && packed.error().message() == "the peer left");
        QVERIFY(start.find("19 size=9663676416\n") != std::string::npos);
        got = unpack(start, root / "out2");
        QCOMPARE(got.error().message(), std::string("tar file \"p_aux\" has 9663676416 bytes, at most 64 are possible"));
    }
    void aCheckpointIsNoFileOfTheSector() {
        const QTemporaryDir dir(fastFolder());
        const fs::path folder = fs::path(dir.path().toStdString()) / "cache";
        fs::create_directory(folder);
        std::ofstream(folder / "p_aux") << std::string(64, 'a');
        const auto without = pack(folder);
        QVERIFY(without);
        // Layers and tree D are whole while PC2 is at work.
        for (const std::string& name : {std::string(sector::kTreeCheckpointName), std::string(sector::kTreeCheckpointName) + ".new"}) std::ofstream(folder / name) << "mark";
        const auto with = pack(folder);
        QVERIFY(with);
        QCOMPARE(*with, *without);
        // While PC1 is, nothing is.
        std::ofstream(folder / sector::kLabelCheckpointName) << "mark";
        const auto refused = pack(folder);
        QVERIFY(!refused && refused.error().code() == ErrorCode::Corrupt);
    }
    void theHeadIsThatOfGo() {
        // Of the recorded tar but for the owner's names, which are nobody's business, and so the sum.
        const QTemporaryDir folder(fastFolder());
        const fs::path root = folder.path().toStdString();
        const std::string recorded = readFile(std::string(lsw::test::kTestData) + "/storage/go-cache.tar");
        writeFile(root / "in/p_aux", recorded.substr(512, 64));
        const timespec times[2] = {{0, UTIME_OMIT}, {static_cast<std::time_t>(std::stoull(recorded.substr(136, 11), nullptr, 8)), 0}};
        QVERIFY(::utimensat(AT_FDCWD, (root / "in/p_aux").c_str(), times, 0) == 0);
        const auto packed = pack(root / "in");
        QVERIFY(packed.hasValue());
        std::string ours = packed->substr(0, 576), theirs = recorded.substr(0, 576);
        for (std::string* head : {&ours, &theirs}) {
            head->replace(148, 8, 8, '?');
            head->replace(265, 64, 64, '?');
            head->replace(329, 16, 16, '?');
        }
        QCOMPARE(QByteArray::fromStdString(ours), QByteArray::fromStdString(theirs));
        QCOMPARE(packed->size(), std::size_t(512 + 512 + 1024));
    }
    void badTarsAreRefused_data() {
        QTest::addColumn<QByteArray>("tar");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const std::string& tar, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(tar) << QByteArray(says);
        };
        row("unknown name", member("other.dat", "x"), "isn't expected");
        row("parent folder", member("../p_aux", pattern(64)), "isn't expected");
        row("absolute", member("/tmp/p_aux", pattern(64)), "isn't expected");
        row("below a folder", member("a/p_aux", pattern(64)), "isn't expected");
        row("symbolic link", member("p_aux", "", '2'), "not a plain file");
        row("hard link", member("p_aux", "", '1'), "not a plain file");
        row("folder", member("p_aux", "", '5'), "not a plain file");
        row("pipe", member("p_aux", "", '6'), "not a plain file");
        row("too large", member("p_aux", pattern(65)), "at most 64");
        row("twice", member("p_aux", pattern(64)) + member("p_aux", pattern(64, 2)), "twice");
        row("layer 12", member("sc-02-data-layer-12.dat", "x"), "isn't expected");
        row("layer 0", member("sc-02-data-layer-0.dat", "x"), "isn't expected");
        row("tree 16", member("sc-02-data-tree-c-16.dat", "x"), "isn't expected");
        row("not a tar", std::string(2000, 'x'), "no whole tar");
        row("says more than it has", member("t_aux", "short", '0', 5000), "whole");
    }
    void badTarsAreRefused() {
        QFETCH(QByteArray, tar);
        QFETCH(QByteArray, says);
        const QTemporaryDir folder(fastFolder());
        const fs::path out = fs::path(folder.path().toStdString()) / "deep/out";
        fs::create_directories(out.parent_path());
        const auto got = unpack(tar.toStdString(), out);
        QVERIFY(!got.hasValue());
        QVERIFY(got.error().code() == ErrorCode::Corrupt);
        const QByteArray message = QByteArray::fromStdString(got.error().message());
        QVERIFY2(message.contains(says) || (says == "whole" && message.contains("ended inside")), message.constData());
        // Nothing came to lie outside.
        QCOMPARE(std::distance(fs::directory_iterator(out.parent_path()), fs::directory_iterator()), std::ptrdiff_t(1));
        QCOMPARE(std::distance(fs::directory_iterator(out.parent_path().parent_path()), fs::directory_iterator()), std::ptrdiff_t(1));
    }
    void anErrorOfTheSourceIsGivenOn() {
        const std::string tar = member("t_aux", pattern(5000));
        const QTemporaryDir folder(fastFolder());
        bool first = true;
        const auto got = unpackCacheTar(
            [&]() -> Expected<std::span<const std::uint8_t>> {
                if (!std::exchange(first, false)) return Error(ErrorCode::Cancelled, "stopped");
                return asBytes(std::string_view(tar).substr(0, 1000));
            },
            fs::path(folder.path().toStdString()) / "out");
        QVERIFY(!got && got.error().code() == ErrorCode::Cancelled);
    }
    void aFolderInTheCacheIsNotSentHalf() {
        const QTemporaryDir folder(fastFolder());
        const fs::path root = folder.path().toStdString();
        writeFile(root / "in/a/b", "x");
        const auto tar = pack(root / "in");
        QVERIFY(!tar && tar.error().code() == ErrorCode::Corrupt);
    }
    void aFullDiskSaysSo() {
        const QTemporaryDir folder(fastFolder());
        const std::string tar = member("sc-02-data-layer-1.dat", pattern(200000));
        rlimit before{};
        QVERIFY(::getrlimit(RLIMIT_FSIZE, &before) == 0);
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{65536, before.rlim_max};
        QVERIFY(::setrlimit(RLIMIT_FSIZE, &small) == 0);
        const auto got = unpack(tar, fs::path(folder.path().toStdString()) / "out", 4096);
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
        QVERIFY(!got.hasValue());
        QVERIFY2(got.error().code() == ErrorCode::NoSpace, got.error().message().c_str());
    }
};

QTEST_GUILESS_MAIN(TestTarStream)
#include "tst_tar_stream.moc"
