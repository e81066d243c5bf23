// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

// patience is the most that anything is waited for; nothing asserts that it is fast.
const patience = 4 * time.Minute

// scenario is one run: a miner, one or more workers, what is asked of them and what was found.
type scenario struct {
	name    string
	program string // lotus-seal-worker
	folder  string // everything is made in it
	stops   []func()
	checks  int
	faults  int
	mu      sync.Mutex
}

var printing sync.Mutex

// printLine writes one JSON line.
func printLine(fields map[string]any) {
	fields["schema"] = 1
	line, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	printing.Lock()
	defer printing.Unlock()
	fmt.Println(string(line))
}

// aborted ends a scenario that cannot go on; the reason was printed.
type aborted struct{}

// report counts a check and prints it when it failed.
func (s *scenario) report(ok bool, what string, details map[string]any) bool {
	s.mu.Lock()
	s.checks++
	if !ok {
		s.faults++
	}
	s.mu.Unlock()
	if ok {
		return true
	}
	line := map[string]any{"scenario": s.name, "check": what, "ok": false}
	for key, value := range details {
		line[key] = value
	}
	printLine(line)
	return false
}

// equal compares as Go does after decoding.
func (s *scenario) equal(what string, got, want any) bool {
	return s.report(reflect.DeepEqual(got, want), what, map[string]any{"got": fmt.Sprintf("%+v", got), "want": fmt.Sprintf("%+v", want)})
}

func (s *scenario) isTrue(what string, ok bool) bool { return s.report(ok, what, nil) }

// noError checks err; must ends the scenario when there is one.
func (s *scenario) noError(what string, err error) bool {
	text := ""
	if err != nil {
		text = err.Error()
	}
	return s.report(err == nil, what, map[string]any{"error": text})
}

func (s *scenario) must(what string, err error) {
	if !s.noError(what, err) {
		panic(aborted{})
	}
}

// errorText checks that there is an error with exactly this text.
func (s *scenario) errorText(what string, err error, want string) bool {
	got := "no error"
	if err != nil {
		got = err.Error()
	}
	return s.report(got == want, what, map[string]any{"got": got, "want": want})
}

// errorHas checks that there is an error whose text has a part.
func (s *scenario) errorHas(what string, err error, want string) bool {
	got := "no error"
	if err != nil {
		got = err.Error()
	}
	return s.report(err != nil && strings.Contains(got, want), what, map[string]any{"got": got, "want part": want})
}

// callError checks the code of a task's error, as lotus tells it from others, and what its text begins with.
func (s *scenario) callError(what string, err error, code storiface.ErrorCode, begins string) bool {
	var work storiface.WorkError
	if !errors.As(err, &work) {
		return s.report(false, what, map[string]any{"got": fmt.Sprint(err), "want": fmt.Sprintf("a storiface.WorkError with code %d", code)})
	}
	var call *storiface.CallError
	errors.As(err, &call)
	return s.report(work.ErrCode() == code && strings.HasPrefix(call.Message, begins), what,
		map[string]any{"got": fmt.Sprint(err), "want": fmt.Sprintf("code %d, beginning with %q", code, begins)})
}

// eventually waits until a condition holds.
func (s *scenario) eventually(what string, holds func() bool) {
	end := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(end) {
			s.report(false, what, map[string]any{"error": "did not come about in " + patience.String()})
			panic(aborted{})
		}
		time.Sleep(20 * time.Millisecond) // between two looks; no check depends on its length
	}
	s.report(true, what, nil)
}

// atEnd runs when the scenario is over, last added first.
func (s *scenario) atEnd(stop func()) { s.stops = append(s.stops, stop) }

// run does a scenario in a folder of its own and says whether everything held.
func (s *scenario) run(body func(*scenario)) bool {
	start := time.Now()
	if err := os.MkdirAll(s.folder, 0o755); err != nil {
		s.noError("making the folder", err)
		return false
	}
	func() {
		defer func() {
			for i := len(s.stops) - 1; i >= 0; i-- {
				s.stops[i]()
			}
			switch reason := recover().(type) {
			case nil, aborted:
			default:
				s.report(false, "panic", map[string]any{"error": fmt.Sprint(reason)})
			}
		}()
		body(s)
	}()
	s.mu.Lock()
	defer s.mu.Unlock()
	printLine(map[string]any{"scenario": s.name, "ok": s.faults == 0, "checks": s.checks, "failed": s.faults,
		"seconds": time.Since(start).Round(time.Millisecond).Seconds(), "folder": s.folder})
	return s.faults == 0
}
