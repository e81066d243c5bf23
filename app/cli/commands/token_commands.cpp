// SPDX-License-Identifier: MIT OR Apache-2.0
// token show, create, set, forget, where: the token that this worker shows to the miner, and where it is kept.
#include "cli/commands/miner_commands.h"

#include "base/small_file.h"
#include "cli/output.h"
#include "common/configuration.h"
#include "common/token_store.h"
#include "setup/masked_token.h"
#include "setup/miner_config.h"
#include "setup/miner_tokens.h"
#include "setup/pasted_info.h"

#include <CLI/CLI.hpp>


namespace lsw::cli {
namespace {

using boost::json::array;
using boost::json::object;
using common::ExitCode;
using common::TokenPlace;

struct TokenOptions {
    std::string text, file, variable, address, permission = "admin", from = "auto", place = "auto";
    bool reveal = false, test = false, keep = true, json = false;
};

std::optional<TokenPlace> placeOf(const std::string& text) {
    if (text == "keychain") return TokenPlace::Keychain;
    if (text == "file") return TokenPlace::File;
    return std::nullopt;
}

std::string allowsText(const setup::TokenFacts& facts) {
    if (!facts.isJwt) return "what only the miner knows";
    return facts.permissions.empty() ? "nothing" : listText(facts.permissions);
}

/// What to know of a token that was just given or is to be used.
std::vector<std::string> notesOn(const setup::TokenFacts& facts) {
    if (facts.isJwt && !setup::isEnoughForWorker(facts.level))
        return {"This token allows " + allowsText(facts) + "; a worker needs admin, and with it read, write and sign."};
    return {};
}

object jsonOf(const protocol::ApiInfo& api, bool reveal) {
    const setup::TokenFacts facts = setup::tokenFacts(api.token);
    return {{"schema", 1},
            {"ok", true},
            {"address", setup::addressText(api.endpoint)},
            {"token", reveal ? api.token : setup::maskedToken(api.token)},
            {"permissions", array(facts.permissions.begin(), facts.permissions.end())},
            {"enough_for_worker", setup::isEnoughForWorker(facts.level)}};
}

ExitCode show(const GlobalOptions& global, const TokenOptions& options) {
    const auto found = minerOfRun(global);
    if (!found) return fail(found.error(), options.json);
    const setup::TokenFacts facts = setup::tokenFacts(found->api.token);
    object report = jsonOf(found->api, options.reveal);
    report["source"] = found->source;
    if (!options.json) {
        for (const std::string& note : found->notes) say("Note: " + note);
        for (const std::string& note : notesOn(facts)) say("Note: " + note);
    }
    if (found->api.token.empty()) return fail(Error(ErrorCode::NotConfigured, "there is no token for " + setup::addressText(found->api.endpoint) + ": give one with 'token set', or make one with 'token create'"), options.json);
    std::string tested;
    if (options.test) {
        const auto allowed = setup::askWhatTokenAllows(found->api);
        if (!allowed) return fail(Error(allowed.error()).whileDoing("asking the miner at " + setup::addressText(found->api.endpoint)), options.json);
        report["miner_says"] = array(allowed->begin(), allowed->end());
        tested = "Miner says:  " + (allowed->empty() ? std::string("nothing is allowed") : listText(*allowed)) + '\n';
    }
    if (options.json) {
        printJson(report);
        return ExitCode::Success;
    }
    print("Miner:       " + setup::addressText(found->api.endpoint) + "\nFrom:        " + found->source + "\nToken:       " +
          (options.reveal ? found->api.token : setup::maskedToken(found->api.token)) + "\nAllows:      " + allowsText(facts) + (options.test ? "" : " (as it says; --test asks the miner)") + '\n' + tested);
    return ExitCode::Success;
}

/// The address that was given, in any form that people write.
Expected<protocol::Endpoint> addressGiven(const std::string& text) {
    const setup::PastedInfo info = setup::understandPasted(text);
    if (info.endpoint && (!info.fault || *info.fault == setup::PastedFault::NoToken)) return *info.endpoint;
    if (info.fault && (*info.fault == setup::PastedFault::AddressWrong || *info.fault == setup::PastedFault::NoPort))
        return Error(ErrorCode::InvalidArgument, setup::sentenceOf(*info.fault, info.argument));
    return Error(ErrorCode::InvalidArgument, "--address holds no address such as /ip4/192.168.1.5/tcp/2345/http or 192.168.1.5:2345");
}

/// Where the miner of this repo is reached from this machine: its api file, else what its configuration says.
Expected<protocol::Endpoint> addressOfRepo(const setup::LocalMiner& miner) {
    const auto dialled = [](protocol::Endpoint endpoint) {
        if (endpoint.host == "0.0.0.0") endpoint.host = "127.0.0.1";
        if (endpoint.host == "::") endpoint.host = "::1";
        return endpoint;
    };
    if (miner.endpoint) return dialled(*miner.endpoint);
    const auto config = setup::MinerConfig::read(miner.repo);
    if (!config) return config.error();
    auto endpoint = protocol::parseEndpoint(config->listen(setup::overridesOf(miner.repo, common::environmentVariable, setup::minerProcesses())).value);
    if (!endpoint) return Error(ErrorCode::InvalidArgument, "the address in " + config->path().string() + " cannot be read: say --address");
    return dialled(std::move(*endpoint));
}

/// Keeps it, unless that is not wanted, and says where.
ExitCode keepAndTell(const protocol::ApiInfo& api, const TokenOptions& options, const std::string& what, object report) {
    if (!options.keep) {
        if (options.json) printJson(report);
        else say(what + "; it is not kept.");
    } else {
        const auto place = common::keepConnection(api, placeOf(options.place));
        if (!place) return fail(place.error(), options.json);
        report["kept"] = nameOf(*place);
        if (options.json) {
            printJson(report);
        } else {
            say(what + ", kept in " + sentenceOf(*place) + (*place == TokenPlace::File ? ", readable for this user alone but not encrypted." : ".") + " Undo with: lotus-seal-worker token forget");
        }
    }
    if (!options.json) print((options.reveal ? setup::connectionText(api) : setup::connectionText({setup::maskedToken(api.token), api.endpoint})) + '\n');
    return ExitCode::Success;
}

ExitCode create(const GlobalOptions& global, const TokenOptions& options) {
    const auto failed = [&](const Error& error) { return fail(error, options.json); };
    const auto level = setup::parseTokenLevel(options.permission);
    if (!level) return failed(Error(level.error()).whileDoing("reading --perm"));
    std::optional<protocol::Endpoint> address;
    if (!options.address.empty()) {
        const auto given = addressGiven(options.address);
        if (!given) return failed(given.error());
        address = *given;
    }
    protocol::ApiInfo api;
    std::string what;
    std::optional<Error> whyNotKeystore;
    if (options.from != "miner") {
        const auto miner = localMiner(global);
        auto token = miner ? setup::createTokenFromKeystore(miner->repo, *level) : Expected<std::string>(miner.error());
        if (token) {
            const auto own = address ? Expected<protocol::Endpoint>(*address) : addressOfRepo(*miner);
            if (!own) return failed(own.error());
            api = {std::move(*token), *own};
            what = "Made with the signing key in " + miner->repo.string();
        } else if (options.from == "keystore") {
            return failed(token.error());
        } else {
            whyNotKeystore = token.error();
        }
    }
    if (api.token.empty()) {
        const auto found = minerOfRun(global);
        if (!found) return failed(whyNotKeystore ? *whyNotKeystore : found.error());
        auto token = setup::createTokenByMiner(found->api, *level);
        if (!token) return failed(Error(token.error()).whileDoing("asking the miner at " + setup::addressText(found->api.endpoint) + " for a token"));
        api = {std::move(*token), address.value_or(found->api.endpoint)};
        what = "Made by the miner at " + setup::addressText(found->api.endpoint);
    }
    if (!options.json)
        for (const std::string& note : notesOn(setup::tokenFacts(api.token))) say("Note: " + note);
    object report = jsonOf(api, options.reveal);
    report["made_by"] = what;
    return keepAndTell(api, options, what, std::move(report));
}

/// The text from where the options say: argument, file, variable, else standard input.
Expected<std::string> textGiven(const TokenOptions& options) {
    std::error_code ignored;
    if (!options.text.empty()) {
        if (std::filesystem::exists(options.text, ignored)) return Error(ErrorCode::InvalidArgument, options.text + " is a file: say --token-file " + options.text);
        say("Note: a token on the command line can be read by every user of this machine (ps), and stays in the history of the shell; standard input or --token-file keeps it private.");
        return options.text;
    }
    if (!options.variable.empty()) {
        std::string value = common::environmentVariable(options.variable);
        if (value.empty()) return Error(ErrorCode::InvalidArgument, "the variable " + options.variable + " is not set");
        return value;
    }
    if (options.file.empty()) return readStandardInput("Paste the token, or the whole line that the miner printed, then press Ctrl-D on a line of its own.");
    return readSmallFile(options.file);
}

ExitCode set(const GlobalOptions& global, const TokenOptions& options) {
    const auto failed = [&](const Error& error) { return fail(error, options.json); };
    if (static_cast<int>(!options.text.empty()) + static_cast<int>(!options.file.empty()) + static_cast<int>(!options.variable.empty()) > 1)
        return failed(Error(ErrorCode::InvalidArgument, "give the token once: as an argument, by --token-file or by --env"));
    const auto text = textGiven(options);
    if (!text) return failed(text.error());
    setup::PastedInfo info = setup::understandPasted(*text);
    if (!options.address.empty()) {
        const auto given = addressGiven(options.address);
        if (!given) return failed(given.error());
        info.endpoint = *given;
    } else if (info.fault == setup::PastedFault::NoAddress) {
        // A token alone is for the miner that is known already.
        if (const auto known = minerOfRun(global)) info.endpoint = known->api.endpoint;
        if (info.endpoint) say("Note: The address is that of the miner found by now: " + setup::addressText(*info.endpoint));
    }
    if (info.endpoint && info.fault == setup::PastedFault::NoAddress) info.fault.reset();
    const auto api = info.apiInfo();
    if (!api) return failed(api.error());
    if (!options.json) {
        for (const setup::PastedChange& one : info.changes) say("Note: " + sentenceOf(one));
        for (const std::string& note : notesOn(setup::tokenFacts(api->token))) say("Note: " + note);
    }
    return keepAndTell(*api, options, "The token for " + setup::addressText(api->endpoint), jsonOf(*api, options.reveal));
}

ExitCode forget(const GlobalOptions&, const TokenOptions& options) {
    const auto had = common::forgetConnection();
    if (!had) return fail(had.error(), options.json);
    if (options.json) printJson({{"schema", 1}, {"ok", true}, {"forgotten", *had}});
    else say(*had ? "Forgotten here. The token itself stays valid at the miner: tokens cannot be taken back one by one." : "No token was kept here.");
    return ExitCode::Success;
}

ExitCode where(const GlobalOptions&, const TokenOptions& options) {
    const common::TokenPlaces places = common::tokenPlaces();
    if (options.json) {
        object out{{"schema", 1}, {"kept", places.kept ? boost::json::value(nameOf(*places.kept)) : boost::json::value()}, {"keychain", nameOf(places.keychain)}, {"file", places.file.string()}};
        printJson(out);
        return ExitCode::Success;
    }
    print("Kept in:   " + (places.kept ? sentenceOf(*places.kept) + (*places.kept == TokenPlace::File ? ", not encrypted" : "") : std::string("nothing is kept here")) + '\n');
    print("Keychain:  " + sentenceOf(places.keychain) + '\n');
    print("File:      " + places.file.string() + (places.kept == TokenPlace::File ? "" : ", not there") + '\n');
    return ExitCode::Success;
}

} // namespace

void addTokenCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    CLI::App* group = app.add_subcommand("token", "The token for the miner: show, make, keep, forget");
    group->require_subcommand(1);
    auto options = std::make_shared<TokenOptions>();
    const auto add = [&](const char* name, const char* about, ExitCode (*run)(const GlobalOptions&, const TokenOptions&)) {
        CLI::App* command = group->add_subcommand(name, about);
        command->add_flag("--json", options->json, "As JSON (schema 1)");
        command->callback([=, &global, &action] { action = [=, &global] { return run(global, *options); }; });
        return command;
    };
    CLI::App* showing = add("show", "The token that 'run' would use, masked", &show);
    showing->add_flag("--test", options->test, "Ask the miner what it allows");
    CLI::App* making = add("create", "Make a token for this worker and keep it", &create);
    making->add_option("--perm", options->permission, "What it allows, with all below it: read, write, sign, admin")->capture_default_str();
    making->add_option("--from", options->from, "Who makes it: keystore (of the miner of this machine, which need not run), miner (asked over the network), auto")
        ->check(CLI::IsMember({"auto", "keystore", "miner"}))->capture_default_str();
    making->add_flag("!--no-keep", options->keep, "Do not keep it (with --reveal, to carry it elsewhere)");
    CLI::App* setting = add("set", "Keep a token, or a whole connection, read from standard input", &set);
    setting->add_option("TEXT", options->text, "The token or connection; seen by other users of this machine, so better on standard input");
    setting->add_option("--token-file", options->file, "Read it from this file");
    setting->add_option("--env", options->variable, "Read it from this environment variable");
    for (CLI::App* one : {making, setting}) {
        one->add_option("--address", options->address, "Address of the miner for this worker, when it is not the one that is known");
        one->add_option("--place", options->place, "Where to keep it: keychain, file, auto (the keychain when there is one)")
            ->check(CLI::IsMember({"auto", "keychain", "file"}))->capture_default_str();
    }
    for (CLI::App* one : {showing, making, setting}) one->add_flag("--reveal", options->reveal, "Show the token whole");
    add("forget", "Remove the kept token from this machine", &forget);
    add("where", "Where a token is kept, and whether there is a keychain", &where);
}

} // namespace lsw::cli
