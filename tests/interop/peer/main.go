// SPDX-License-Identifier: MIT OR Apache-2.0

// Command peer plays the miner, over lotus' own published packages, against real `lotus-seal-worker run` processes: it calls every method
// of a worker, streams pieces, fetches and serves sectors, restarts, cuts connections, and checks what comes back by Go's own decoding.
//
// It prints one JSON line for each scenario and for each check that failed, and exits with 0 when everything held, 1 when not, 2 when it
// was called wrongly, 77 when nothing of what was asked for can run here.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	logging "github.com/ipfs/go-log/v2"
)

type namedScenario struct {
	name string
	body func(*scenario)
}

// scenarios in their order; they share nothing.
var scenarios = []namedScenario{
	{"methods", methods},
	{"access", access},
	{"streams", streams},
	{"errors", taskErrors},
	{"life", life},
	{"life-data", lifeWithData},
	{"transfers", transfers},
	{"lost-replies", lostReplies},
	{"miner-restart", minerRestart},
	{"worker-crash", workerCrash},
	{"two-workers", twoWorkers},
	{"update", update},
	{"post", post},
	{"command-line", commandLine},
	{"shutdown", shutdown},
	{"proofs", proofs},
}

func main() {
	program := flag.String("worker", "", "the `program` lotus-seal-worker")
	folder := flag.String("folder", "", "`folder` in which everything is made; it must be empty")
	only := flag.String("only", "", "`names` of scenarios, with commas between them; default: all")
	list := flag.Bool("list", false, "print the names of the scenarios")
	flag.Parse()
	logging.SetAllLoggers(logging.LevelError)
	if os.Getenv("GOLOG_LOG_LEVEL") == "" {
		logging.SetLogLevel("*", "fatal") //nolint:errcheck // lost connections are part of the play
	}

	if *list {
		for _, one := range scenarios {
			fmt.Println(one.name)
		}
		return
	}
	if *program == "" || *folder == "" {
		fmt.Fprintln(os.Stderr, "peer: --worker and --folder are needed")
		os.Exit(2)
	}
	whole, err := filepath.Abs(*folder)
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(2)
	}
	os.Exit(runScenarios(*program, whole, *only))
}

// parameters is the folder of the proof parameters of test sectors; made once, by the tests with the label `prove`.
func parameters() string {
	if given := os.Getenv("FIL_PROOFS_PARAMETER_CACHE"); given != "" {
		return given
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "/var/tmp/filecoin-proof-parameters"
	}
	return filepath.Join(cache, "lotus-seal-worker", "test-parameters")
}

// exitSkipped says that nothing of what was asked for can run here.
const exitSkipped = 77

func runScenarios(program, folder, only string) int {
	wanted := map[string]bool{}
	for _, name := range strings.Split(only, ",") {
		if name != "" {
			wanted[name] = true
		}
	}
	info, _ := debug.ReadBuildInfo()
	line := map[string]any{"go": info.GoVersion}
	for _, module := range info.Deps {
		switch module.Path {
		case "github.com/filecoin-project/lotus":
			line["lotus"] = module.Version
		case "github.com/filecoin-project/go-jsonrpc":
			line["go-jsonrpc"] = module.Version
		}
	}
	printLine(line)
	status, done, skipped := 0, 0, 0
	for _, one := range scenarios {
		if len(wanted) > 0 && !wanted[one.name] {
			continue
		}
		done++
		if reason := missingParameters(); one.name == "proofs" && (reason != "" || len(wanted) == 0) {
			// It takes minutes and 7 GB of memory: only when it is asked for.
			if reason == "" {
				reason = "it was not asked for"
			}
			printLine(map[string]any{"scenario": one.name, "skipped": reason})
			skipped++
			continue
		}
		s := &scenario{name: one.name, program: program, folder: filepath.Join(folder, one.name)}
		if !s.run(one.body) {
			status = 1
		}
	}
	if done == 0 || (len(wanted) > 0 && done != len(wanted)) {
		fmt.Fprintln(os.Stderr, "peer: there is no such scenario; --list prints them")
		return 2
	}
	if skipped == done {
		return exitSkipped
	}
	return status
}
