// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_run_private.h"

#include <QtCore/QRandomGenerator>

#include "base/memory.h"

// The life of a practice run: what it needs, one step after the other, the end.
namespace lsw::practice {
namespace {

using boost::json::object;

constexpr int kLookAgainMs = 300, kSettleMs = 60000;
constexpr std::uint64_t kProveMemory = 7000000000ULL;

Bytes32 randomBytes32() {
    Bytes32 out{};
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(QRandomGenerator::system()->generate() & 0xFFU);
    // Randomness of the chain is used as a field element.
    out[31] &= 0x3FU;
    return out;
}

} // namespace

Expected<void> PracticeRun::Private::prepare() {
    const auto proofInfo = sector::proofForSize({s.sectorSize});
    if (!proofInfo) return proofInfo.error();
    ref = {{1000, s.sectorNumber}, (*proofInfo)->proof};
    ticket = s.ticket ? *s.ticket : randomBytes32();
    seed = s.seed ? *s.seed : randomBytes32();
    data = s.file.empty() ? s.folder / "data.bin" : s.file;
    std::error_code failure;
    std::filesystem::create_directories(s.folder, failure);
    if (failure) return errnoError(failure.value(), "cannot make the folder " + s.folder.string());
    dataBytes = s.file.empty() ? sector::PaddedBytes{s.sectorSize}.unpadded().value : std::filesystem::file_size(s.file, failure);
    if (failure) return errnoError(failure.value(), "cannot read " + s.file.string());
    if (s.workers < 1 || s.workers > 2) return Error(ErrorCode::InvalidArgument, "practice knows one worker or two, not " + std::to_string(s.workers));
    auto planned = planPieces(dataBytes, {s.sectorSize});
    if (!planned) return std::move(planned).error();
    plan = *std::move(planned);
    if (s.snap) { // first a sector of zeros
        dealPlan = std::exchange(plan, {{sector::PaddedBytes{s.sectorSize}.unpadded(), false}});
    }
    if (const auto free = memoryLeft().available; s.prove && free < kProveMemory)
        return Error(ErrorCode::Unsupported,
                     "--prove needs 7 GB of free memory; this machine has " + std::to_string(free / 1000000) + " MB");
    if (s.prove && s.parameters.empty()) return Error(ErrorCode::NotConfigured, "no folder for the proof parameters");

    steps = {&Private::startMiner, &Private::makeData, &Private::addPiece, &Private::preCommit1,
             &Private::preCommit2, &Private::waitSeed, &Private::commit1};
    // Of an update only the update is proven: the proof of the sector is that of any other.
    if (s.prove && s.snap)
        steps.insert(steps.begin(), &Private::makeUpdateParameters);
    else if (s.prove && !std::filesystem::exists(s.parameters / parameterFileName(s.sectorSize), failure))
        steps.insert(steps.begin(), &Private::makeParameters);
    if (s.prove && !s.snap) steps.insert(steps.end(), {&Private::commit2, &Private::verify});
    steps.insert(steps.end(), {&Private::finalize, &Private::move});
    const std::vector<Step> after = s.snap ? snapSteps() : std::vector<Step>{&Private::unseal, &Private::readBack};
    steps.insert(steps.end(), after.begin(), after.end());
    steps.push_back(&Private::checkFiles);
    return {};
}

void PracticeRun::Private::next() {
    if (ended) return;
    if (step == steps.size()) return end(std::nullopt);
    const Step now = steps[step++];
    (this->*now)();
}

void PracticeRun::Private::begin(const char* name, const char* text) {
    phase = name;
    sincePhase.start();
    Q_EMIT q->progress(QString::fromStdString(phase), -1, QString::fromUtf8(text));
}

void PracticeRun::Private::emitPhase(object extra) {
    object line{{"schema", 1},
                {"phase", phase},
                {"sector", sector::sectorName(ref.id)},
                {"seconds", static_cast<double>(sincePhase.elapsed()) / 1000.0}};
    for (auto& member : extra) line[member.key()] = std::move(member.value());
    Q_EMIT q->phase(QByteArray::fromStdString(boost::json::serialize(line)));
}

void PracticeRun::Private::end(std::optional<Error> error) {
    if (ended) return;
    ended = true;
    stop.request_stop();
    for (const auto& site : sites) site->asker->cancel();
    const auto finish = [this, error] {
        askedAgainBefore = askedAgain();
        for (const auto& site : sites) site->asker.reset();
        if (miner) miner->stop();
        object line{{"schema", 1}, {"phase", "done"}, {"sector", sector::sectorName(ref.id)}, {"ok", !error}, {"readback", !error},
                    {"seconds", static_cast<double>(whole.elapsed()) / 1000.0}, {"asked_again", askedAgainBefore}};
        if (error) {
            line["error"] = error->message();
            line["code"] = errorCodeName(error->code());
        }
        Q_EMIT q->phase(QByteArray::fromStdString(boost::json::serialize(line)));
        Q_EMIT q->finished(error ? static_cast<int>(error->code()) : -1, error ? QString::fromStdString(error->message()) : QString());
    };
    // Not from inside a call of the worker's or the miner's own signals.
    QMetaObject::invokeMethod(q, [this, finish] {
        pool.waitForDone();
        stopSites(finish);
    }, Qt::QueuedConnection);
}

void PracticeRun::Private::inBackground(Work work, std::function<void()> then) {
    TaskContext context;
    context.stop = stop.get_token();
    context.report = [this](const Progress& now) {
        const double fraction = now.total > 0 ? static_cast<double>(now.done) / static_cast<double>(now.total) : -1;
        QMetaObject::invokeMethod(q, [this, fraction, text = QString::fromStdString(now.step)] {
            if (!ended) Q_EMIT q->progress(QString::fromStdString(phase), fraction, text);
        }, Qt::QueuedConnection);
    };
    pool.start([this, work = std::move(work), then = std::move(then), context] {
        auto result = work(context);
        QMetaObject::invokeMethod(q, [this, result = std::move(result), then]() mutable {
            if (ended) return;
            if (!result) end(std::move(result).error());
            else then();
        }, Qt::QueuedConnection);
    });
}

void PracticeRun::Private::whenTrue(std::function<std::string()> whatIsWrong, std::function<void()> then) {
    const auto since = std::make_shared<QElapsedTimer>();
    since->start();
    const auto look = std::make_shared<std::function<void()>>();
    *look = [this, since, weak = std::weak_ptr(look), whatIsWrong = std::move(whatIsWrong), then = std::move(then)] {
        if (ended) return;
        const std::string wrong = whatIsWrong();
        if (wrong.empty()) return then();
        if (since->elapsed() > kSettleMs) return end(Error(ErrorCode::VerificationFailed, wrong));
        QTimer::singleShot(kLookAgainMs, q, [look = weak.lock()] { (*look)(); });
    };
    (*look)();
}

PracticeRun::PracticeRun(PracticeSettings settings, proofs::ProofEngine& checker, QObject* parent)
    : QObject(parent), m_private(std::make_unique<Private>(this, std::move(settings), checker)) {}

PracticeRun::~PracticeRun() {
    m_private->ended = true;
    m_private->stop.request_stop();
    m_private->pool.waitForDone();
}

void PracticeRun::start() {
    m_private->whole.start();
    QMetaObject::invokeMethod(this, [this] {
        if (m_private->ended) return;
        if (auto prepared = m_private->prepare(); !prepared) m_private->end(std::move(prepared).error());
        else m_private->next();
    }, Qt::QueuedConnection);
}

void PracticeRun::cancel() { m_private->end(Error(ErrorCode::Cancelled, "the practice run was stopped")); }

PracticeMiner* PracticeRun::miner() const { return m_private->miner.get(); }

int PracticeRun::tasksAskedAgain() const { return m_private->askedAgain(); }

} // namespace lsw::practice
