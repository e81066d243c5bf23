// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/connection_doctor.h"

#include "setup/doctor_private.h"

#include <algorithm>
#include <array>
#include <map>

#include <QtCore/qglobal.h>

namespace lsw::setup {
namespace {

using doctor::Visit;

struct Check {
    CheckName name;
    doctor::Outcome (*body)(Visit&, CheckNotes&);
    std::vector<CheckId> needs; ///< must have passed, with or without warnings
};

const std::array<Check, 14>& checks() {
    using enum CheckId;
    static const std::array<Check, 14> all{{
        {{Input, "input", QT_TRANSLATE_NOOP("checks", "Connection information")}, doctor::checkInput, {}},
        {{Token, "token", QT_TRANSLATE_NOOP("checks", "Token well-formed")}, doctor::checkToken, {Input}},
        {{Name, "name", QT_TRANSLATE_NOOP("checks", "Name resolves")}, doctor::checkName, {Input}},
        {{Route, "route", QT_TRANSLATE_NOOP("checks", "A way leads there")}, doctor::checkRoute, {Name}},
        {{Tcp, "tcp", QT_TRANSLATE_NOOP("checks", "TCP connects")}, doctor::checkTcp, {Route}},
        {{Rpc, "rpc", QT_TRANSLATE_NOOP("checks", "A lotus API answers")}, doctor::checkRpc, {Tcp}},
        {{Auth, "auth", QT_TRANSLATE_NOOP("checks", "Token accepted")}, doctor::checkAuth, {Rpc, Token}},
        {{Version, "version", QT_TRANSLATE_NOOP("checks", "Version fits")}, doctor::checkVersion, {Rpc}},
        {{Miner, "miner", QT_TRANSLATE_NOOP("checks", "Which miner it is")}, doctor::checkMiner, {Version, Auth}},
        {{ListenPort, "listen-port", QT_TRANSLATE_NOOP("checks", "Own port free")}, doctor::checkListenPort, {}},
        {{Advertise, "advertise", QT_TRANSLATE_NOOP("checks", "Own address can be called")}, doctor::checkAdvertise, {Route}},
        {{Clock, "clock", QT_TRANSLATE_NOOP("checks", "Clocks agree")}, doctor::checkClock, {Rpc}},
        {{Limits, "limits", QT_TRANSLATE_NOOP("checks", "Limits of this PC")}, doctor::checkLimits, {}},
        {{Storage, "storage", QT_TRANSLATE_NOOP("checks", "Storage paths")}, doctor::checkStorage, {}},
    }};
    return all;
}

const Check& checkOf(CheckId id) { return checks().at(static_cast<std::size_t>(id) - 1); }

/// What was asked for and everything that it needs.
std::set<CheckId> withNeeds(const std::set<CheckId>& asked) {
    std::set<CheckId> out;
    const auto add = [&out](const auto& self, CheckId id) -> void {
        if (!out.insert(id).second) return;
        for (const CheckId need : checkOf(id).needs) self(self, need);
    };
    for (const Check& one : checks())
        if (asked.empty() || asked.contains(one.name.id)) add(add, one.name.id);
    return out;
}

CheckResult notRun(CheckId id, CheckId because) {
    return {id, CheckState::NotRun, {Finding::NotRunBecause, {std::to_string(static_cast<int>(because))}}, {}, because};
}

} // namespace

std::span<const CheckName> checkNames() {
    static const std::vector<CheckName> names = [] {
        std::vector<CheckName> out;
        for (const Check& one : checks()) out.push_back(one.name);
        return out;
    }();
    return names;
}

const CheckResult* Diagnosis::firstFailure() const {
    const auto found = std::find_if(checks.begin(), checks.end(), [](const CheckResult& one) { return one.state == CheckState::Fail; });
    return found == checks.end() ? nullptr : &*found;
}

bool Diagnosis::hasWarnings() const {
    return std::any_of(checks.begin(), checks.end(), [](const CheckResult& one) { return one.state == CheckState::Warn; });
}

Diagnosis examine(const DoctorQuestion& question, const std::stop_token& stop, const std::function<void(const CheckResult&)>& report) {
    Visit visit(question, stop);
    Diagnosis out;
    std::map<CheckId, CheckResult> done;
    const std::set<CheckId> wanted = withNeeds(question.only);
    for (const Check& check : checks()) {
        const CheckId id = check.name.id;
        if (!wanted.contains(id)) continue;
        CheckResult result{id, CheckState::NotRun, {}, {}, {}};
        const auto missing = std::find_if(check.needs.begin(), check.needs.end(), [&](CheckId need) { return done[need].state != CheckState::Pass && done[need].state != CheckState::Warn; });
        if (stop.stop_requested()) {
            // stays Stopped
        } else if (missing != check.needs.end()) {
            result = notRun(id, done[*missing].because.value_or(*missing)); // the root, not what was not run for the same reason
        } else {
            CheckNotes notes;
            const doctor::Outcome because = check.body(visit, notes);
            if (because) result = notRun(id, *because);
            else if (!stop.stop_requested()) result = {id, notes.worst().state(), notes.worst(), notes.evidence(), {}};
        }
        done[id] = result;
        // What was not asked for is told where it explains why that was not run.
        if (!question.only.empty() && !question.only.contains(id) && result.state != CheckState::Fail) continue;
        out.checks.push_back(std::move(result));
        if (report) report(out.checks.back());
    }
    if (visit.view && !visit.view->address.empty()) out.miner = std::move(visit.view);
    return out;
}

} // namespace lsw::setup
