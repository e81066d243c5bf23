// SPDX-License-Identifier: MIT OR Apache-2.0
#include <array>
#include <mutex>
#include <thread>

#include <boost/json.hpp>

#include <QtCore/QCryptographicHash>

#include "proofs/fr32.h"
#include "sealed_sector.h"

using namespace lsw;
using namespace lsw::proofs;
using sector::PaddedBytes;
using sector::UnpaddedBytes;
namespace json = boost::json;

namespace {

json::value parsed(const QByteArray& text) {
    return json::parse(std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
}

/// The PC1 output with other paths in it.
json::value withPaths(json::value value, const std::string& path) {
    if (auto* object = value.if_object()) {
        for (auto& member : *object)
            member.value() = member.key() == "path" && member.value().is_string() ? json::value(path) : withPaths(member.value(), path);
    } else if (auto* array = value.if_array()) {
        for (auto& element : *array) element = withPaths(element, path);
    }
    return value;
}

QByteArray lengthPrefixed(const std::string& text) {
    QByteArray out;
    for (unsigned shift = 0; shift < 64; shift += 8) out.append(static_cast<char>(text.size() >> shift & 0xff));
    return out + QByteArray::fromStdString(text);
}

QByteArray anyBytes(qsizetype size) {
    QByteArray out(size, '\0');
    std::uint64_t seed = 11;
    for (char& byte : out) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        byte = static_cast<char>(seed >> 56);
    }
    return out;
}

PieceInfo ours(const QByteArray& user, UnpaddedBytes size) {
    PieceHasher hasher;
    hasher.append({reinterpret_cast<const std::uint8_t*>(user.constData()), static_cast<std::size_t>(user.size())});
    return *hasher.finish(size);
}

} // namespace

class TestOfficialEngine : public QObject {
    Q_OBJECT

    QTemporaryDir m_shared;

private Q_SLOTS:
    void initTestCase() {
        // Read once, when the crate is first called.
        qputenv("FIL_PROOFS_PARENT_CACHE", m_shared.filePath(QStringLiteral("parents")).toLocal8Bit());
        const QString parameters = m_shared.filePath(QStringLiteral("parameters"));
        qputenv("FIL_PROOFS_PARAMETER_CACHE", parameters.toLocal8Bit());
        QVERIFY(QDir().mkpath(parameters));
        const QDir vectors(QString::fromStdString(vectorPath("2KiB-V1_1-full").string()));
        const QStringList keys = vectors.entryList({QStringLiteral("*.vk")});
        QCOMPARE(keys.size(), 1);
        QVERIFY(QFile::copy(vectors.filePath(keys.first()), parameters + u'/' + keys.first()));
    }

    void sectorsAreTheOfficialOnesByteForByte_data() {
        QTest::addColumn<int>("number");
        QTest::addColumn<QByteArray>("folder");
        QTest::newRow("V1") << 0 << QByteArray("2KiB-V1-pattern");
        QTest::newRow("V1_1") << 5 << QByteArray("2KiB-V1_1-pattern");
        QTest::newRow("V1_1 of zeros") << 5 << QByteArray("2KiB-V1_1-zero");
        QTest::newRow("synthetic") << 10 << QByteArray("2KiB-Synth-pattern");
        QTest::newRow("non-interactive") << 15 << QByteArray("2KiB-NI-pattern");
    }
    void sectorsAreTheOfficialOnesByteForByte() {
        QFETCH(int, number);
        QFETCH(QByteArray, folder);
        const auto vector = vectorPath(folder.constData());
        const std::string theirs = "vectors/" + folder.toStdString() + "/cache";
        SealedSector sector(number, folder.constData());
        LSW_DONE(sector.preCommit1());
        QVERIFY(withPaths(json::parse(sector.phase1), theirs) == parsed(contentOf(vector / "pc1.json")));
        LSW_DONE(sector.preCommit2());
        const json::value phase2 = parsed(contentOf(vector / "pc2.json"));
        const auto bytes = [&](const char* key) {
            Commitment out{};
            for (std::size_t i = 0; i < out.size(); ++i) out[i] = phase2.at(key).at(i).to_number<std::uint8_t>();
            return hex(out);
        };
        QCOMPARE(hex(sector.phase2.commR), bytes("comm_r"));
        QCOMPARE(hex(sector.phase2.commD), bytes("comm_d"));
        QCOMPARE(contentOf(sector.sealed), contentOf(vector / "sealed"));
        for (const QString& name : sector.cacheFiles()) {
            QByteArray content = contentOf(sector.cache / name.toStdString());
            if (name == QLatin1String("t_aux")) content.replace(lengthPrefixed(sector.cache.string()), lengthPrefixed(theirs));
            QVERIFY2(content == contentOf(vector / "cache" / name.toStdString()), qPrintable(name));
        }
        QCOMPARE(sector.cacheFiles(), QDir(QString::fromStdString((vector / "cache").string())).entryList(QDir::Files, QDir::Name));
    }
    void vanillaProofsAreTheOfficialOnes() {
        SealedSector sector(5);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        const auto output = sector.commit1();
        LSW_DONE(output);
        QVERIFY(json::parse(*output) == parsed(contentOf(vectorPath("2KiB-V1_1-full") / "c1.json")));
    }
    void commitOneRefusesAnotherReplica() {
        SealedSector sector(5);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        QByteArray replica = contentOf(sector.sealed);
        for (qsizetype at = 0; at < replica.size(); at += 32) replica[at] = static_cast<char>(replica[at] ^ 1);
        writeFile(sector.sealed, replica);
        QVERIFY(!sector.commit1().hasValue());
    }
    void aNonInteractiveSectorHasVanillaProofs() {
        SealedSector sector(15);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        const auto output = sector.commit1();
        LSW_DONE(output);
        QCOMPARE(json::parse(*output).at("vanilla_proofs").at("StackedDrg2KiBV1").as_array().size(), std::size_t(13));
    }
    void syntheticProofsOutliveTheLayers() {
        SealedSector sector(10, "2KiB-Synth-pattern");
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        LSW_REFUSED(sector.commit1(), ErrorCode::NotFound);
        LSW_DONE(sector.syntheticProofs());
        const QByteArray file = contentOf(sector.cache / sector::kSyntheticName);
        QCOMPARE(file.size(), qsizetype(575072));
        QCOMPARE(QCryptographicHash::hash(file, QCryptographicHash::Sha256).toHex(),
                 QByteArray("7ae31cecd251f135554949707dff72804502fa6f70d0d33ff83eb677ac4e5d67"));
        const auto before = sector.commit1();
        LSW_DONE(before);
        LSW_DONE(sector.engine.clearCache({sector.cache, false}, {}));
        const auto after = sector.commit1();
        LSW_DONE(after);
        QCOMPARE(*after, *before);
        LSW_DONE(sector.engine.clearCache({sector.cache, true}, {}));
        QCOMPARE(sector.cacheFiles(),
                 (QStringList{QStringLiteral("p_aux"), QStringLiteral("sc-02-data-tree-r-last.dat"), QStringLiteral("t_aux")}));
        LSW_REFUSED(SealedSector(5).syntheticProofs(), ErrorCode::InvalidArgument);
    }

    void piecesAreWhatOurOwnHashingSays_data() {
        QTest::addColumn<int>("number");
        QTest::addColumn<quint64>("size");
        QTest::newRow("one group") << 5 << quint64(127);
        QTest::newRow("a sector of 2 KiB") << 5 << quint64(2032);
        QTest::newRow("one portion") << 7 << quint64(127) * 131072;
        QTest::newRow("two portions") << 7 << quint64(127) * 262144;
    }
    void piecesAreWhatOurOwnHashingSays() {
        QFETCH(int, number);
        QFETCH(quint64, size);
        QTemporaryDir dir;
        const std::filesystem::path root = dir.path().toStdString();
        const QByteArray user = anyBytes(static_cast<qsizetype>(size));
        const UnpaddedBytes unpadded{size};
        const PaddedBytes offset = unpadded.padded();
        writeFile(root / "user", user + "what follows is another's");
        writeFile(root / "unsealed", {});
        const auto proof = static_cast<SealProof>(number);
        const bool fits = offset.value * 2 <= (**sector::proofInfo(proof)).sectorSize.value;
        const OpenFile source(root / "user");
        OfficialEngine engine;
        std::uint64_t seen = 0;
        TaskContext context;
        context.report = [&](const Progress& progress) {
            QVERIFY(progress.done >= seen && progress.total == size && progress.unit == "bytes");
            seen = progress.done;
        };
        const auto piece = engine.addPiece({proof, root / "unsealed", fits ? offset : PaddedBytes{0}, unpadded, {source.fd()}}, context);
        LSW_DONE(piece);
        QCOMPARE(seen, size);
        QVERIFY(*piece == ours(user, unpadded));
        QCOMPARE(::lseek(source.fd(), 0, SEEK_CUR), static_cast<off_t>(size));
        const OpenFile unsealed(root / "unsealed");
        QVERIFY(*paddedCommitmentOf(unsealed.fd(), fits ? offset.value : 0, unpadded.padded()) == piece->commitment);
    }
    void aPieceComesThroughAPipe() {
        SealedSector sector(5);
        const QByteArray user = anyBytes(1016);
        std::array<int, 2> ends{};
        QCOMPARE(::pipe(ends.data()), 0);
        std::thread writer([&] {
            for (qsizetype at = 0; at < user.size(); at += 100)
                if (::write(ends[1], user.constData() + at, static_cast<std::size_t>(std::min<qsizetype>(100, user.size() - at))) < 0)
                    return;
            ::close(ends[1]);
        });
        const auto piece = sector.engine.addPiece({sector.proof, sector.unsealed, PaddedBytes{1024}, UnpaddedBytes{1016}, {ends[0]}}, {});
        writer.join();
        ::close(ends[0]);
        LSW_DONE(piece);
        QVERIFY(*piece == ours(user, UnpaddedBytes{1016}));
        QCOMPARE(contentOf(sector.unsealed).left(1024), contentOf(vectorPath("2KiB-V1_1-pattern") / "unsealed").left(1024));
    }
    void aPieceOfZerosIsWritten() {
        SealedSector sector(5);
        const auto piece = sector.engine.addPiece({sector.proof, sector.unsealed, PaddedBytes{512}, UnpaddedBytes{508}, {}}, {});
        LSW_DONE(piece);
        QVERIFY(*piece == ours(QByteArray(508, '\0'), UnpaddedBytes{508}));
        const QByteArray before = contentOf(vectorPath("2KiB-V1_1-pattern") / "unsealed");
        QCOMPARE(contentOf(sector.unsealed), before.left(512) + QByteArray(512, '\0') + before.mid(1024));
    }
    void aPieceThatIsPaddedAlreadyIsTakenAsItIs() {
        SealedSector sector(5);
        const auto source = vectorPath("2KiB-V1_1-pattern") / "unsealed";
        const OpenFile file(source);
        writeFile(sector.unsealed, {});
        const auto piece =
            sector.engine.addPiece({sector.proof, sector.unsealed, PaddedBytes{0}, UnpaddedBytes{2032}, {file.fd(), true}}, {});
        LSW_DONE(piece);
        QVERIFY(*piece == sector.pieces.front());
        QCOMPARE(contentOf(sector.unsealed), contentOf(source));
    }
    void aShortSourceIsFilledUpForItsCommitmentOnly() {
        QTemporaryDir dir;
        const std::filesystem::path path = dir.filePath(QStringLiteral("user")).toStdString();
        OfficialEngine engine;
        for (const qsizetype size : {0, 1, 127, 1000, 2032}) {
            const QByteArray user = anyBytes(size);
            writeFile(path, user);
            const OpenFile file(path);
            const auto piece = engine.pieceCommitment({UnpaddedBytes{2032}, {file.fd()}}, {});
            LSW_DONE(piece);
            QVERIFY(*piece == ours(user, UnpaddedBytes{2032}));
        }
        // An end inside the first of several portions.
        const QByteArray user = anyBytes(100000);
        writeFile(path, user);
        const OpenFile file(path);
        const auto piece = engine.pieceCommitment({UnpaddedBytes{127 * 524288}, {file.fd()}}, {});
        LSW_DONE(piece);
        QVERIFY(*piece == ours(user, UnpaddedBytes{127 * 524288}));
    }

    void unsealingGivesTheDataBack() {
        SealedSector sector(5);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        const auto scratch = sector.root / "scratch", output = sector.root / "output";
        std::filesystem::create_directory(scratch);
        writeFile(output, QByteArray(2048, 'x') + "trailer");
        UnsealOrder order{sector.proof, sector.id, sector.ticket, sector.phase2.commD, sector.sealed,      sector.cache,
                          scratch,      output,    true,          UnpaddedBytes{0},    UnpaddedBytes{2032}};
        LSW_DONE(sector.engine.unseal(order, {}));
        const QByteArray padded = contentOf(sector.unsealed);
        QCOMPARE(contentOf(output), padded + "trailer");

        // A range of it, at its place.
        writeFile(output, QByteArray(2048, 'x'));
        order.offset = UnpaddedBytes{508};
        order.size = UnpaddedBytes{254};
        LSW_DONE(sector.engine.unseal(order, {}));
        QCOMPARE(contentOf(output), QByteArray(512, 'x') + padded.mid(512, 256) + QByteArray(1280, 'x'));

        // As user bytes, also where they are no whole groups.
        QByteArray user;
        for (qsizetype at = 0; at < padded.size(); at += 128) {
            std::array<std::uint8_t, 127> group;
            unpadGroup(std::span<const std::uint8_t, 128>(reinterpret_cast<const std::uint8_t*>(padded.constData()) + at, 128), group);
            user.append(reinterpret_cast<const char*>(group.data()), 127);
        }
        QCOMPARE(user.left(8).toHex(), QByteArray("030a11181f262d34"));
        order.padded = false;
        using Range = std::pair<std::uint64_t, std::uint64_t>;
        for (const auto& [offset, size] : {Range{0, 2032}, Range{127, 127}, Range{1, 1}, Range{100, 200}, Range{2031, 1}, Range{126, 2}}) {
            writeFile(output, {});
            order.offset = UnpaddedBytes{offset};
            order.size = UnpaddedBytes{size};
            LSW_DONE(sector.engine.unseal(order, {}));
            QCOMPARE(contentOf(output), user.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size)));
        }
        QVERIFY(QDir(QString::fromStdString(scratch.string())).isEmpty());
    }

    void progressNamesEachStep() {
        SealedSector sector(5);
        std::mutex mutex;
        std::vector<Progress> seen;
        sector.context.report = [&](const Progress& progress) {
            const std::lock_guard lock(mutex);
            seen.push_back(progress);
        };
        LSW_DONE(sector.preCommit1());
        QCOMPARE(seen.back().phase, std::string("pc1"));
        QCOMPARE(seen.back().step, std::string("layer 2 of 2"));
        QCOMPARE(seen.back().done, std::uint64_t(2));
        QCOMPARE(seen.back().total, std::uint64_t(2));
        LSW_DONE(sector.preCommit2());
        QCOMPARE(seen.back().phase, std::string("pc2"));
        QCOMPARE(seen.back().done, seen.back().total);
        QVERIFY(std::any_of(seen.begin(), seen.end(),
                            [](const Progress& p) { return p.phase == "pc2" && p.step == "copy" && p.done == 2048; }));
    }

    void proofsAreVerified_data() {
        QTest::addColumn<int>("flipped");
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("seed");
        QTest::addColumn<bool>("holds");
        QTest::newRow("the genuine one") << -1 << 192 << 0x80 << true;
        QTest::newRow("another seed") << -1 << 192 << 0x81 << false;
        QTest::newRow("no point on the curve") << 5 << 192 << 0x80 << false;
        QTest::newRow("last byte") << 191 << 192 << 0x80 << false;
        QTest::newRow("cut") << -1 << 191 << 0x80 << false;
        QTest::newRow("one byte") << -1 << 1 << 0x80 << false;
        QTest::newRow("empty") << -1 << 0 << 0x80 << false;
        QTest::newRow("too long") << -1 << 384 << 0x80 << false;
    }
    void proofsAreVerified() {
        QFETCH(int, flipped);
        QFETCH(int, size);
        QFETCH(int, seed);
        QFETCH(bool, holds);
        const QByteArray genuine = contentOf(vectorPath("2KiB-V1_1-full") / "proof");
        Bytes proof(genuine.begin(), genuine.end());
        if (flipped >= 0) proof[static_cast<std::size_t>(flipped)] ^= 1;
        proof.resize(static_cast<std::size_t>(size));
        const json::value phase2 = parsed(contentOf(vectorPath("2KiB-V1_1-full") / "pc2.json"));
        VerifySealOrder order{static_cast<SealProof>(5), {1000, 1}, counting(1), counting(static_cast<std::uint8_t>(seed)), {}, {}, proof};
        for (std::size_t i = 0; i < 32; ++i) {
            order.commR[i] = phase2.at("comm_r").at(i).to_number<std::uint8_t>();
            order.commD[i] = phase2.at("comm_d").at(i).to_number<std::uint8_t>();
        }
        OfficialEngine engine;
        const auto verified = engine.verifySeal(order, {});
        LSW_DONE(verified);
        QCOMPARE(*verified, holds);
        order.sector.number = 2;
        QVERIFY(!*engine.verifySeal(order, {}));
        order.proof = static_cast<SealProof>(6);
        LSW_REFUSED(engine.verifySeal(order, {}), ErrorCode::NotInstalled);
    }
    void withoutParametersThereIsNoProof() {
        OfficialEngine engine;
        const std::string output = contentOf(vectorPath("2KiB-V1_1-full") / "c1.json").toStdString();
        LSW_REFUSED(engine.commit2({output, {1000, 1}}, {}), ErrorCode::NotInstalled);
        LSW_REFUSED(engine.commit2({"{}", {1000, 1}}, {}), ErrorCode::InvalidArgument);
        LSW_REFUSED(engine.testParameters({PaddedBytes{std::uint64_t(32) << 30}}, {}), ErrorCode::Unsupported);
    }
};

QTEST_GUILESS_MAIN(TestOfficialEngine)
#include "tst_official_engine.moc"
