// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

// workerProcess is a `lotus-seal-worker run` with folders of its own, started as an operator starts one.
type workerProcess struct {
	s         *scenario
	m         *miner
	name      string
	folder    string // its repo, which is a sealing path too
	port      int    // the same after a restart
	arguments []string
	variables []string

	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan struct{}
}

// newWorker makes one that is not started yet; arguments are further ones of `run`.
func newWorker(s *scenario, m *miner, name string, arguments ...string) *workerProcess {
	w := &workerProcess{s: s, m: m, name: name, folder: folderIn(s, name), arguments: arguments}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	s.must("a free port", err)
	w.port = free.Addr().(*net.TCPAddr).Port
	free.Close() //nolint:errcheck
	s.atEnd(w.kill)
	return w
}

// startWorker starts one and waits until the miner has accepted it.
func startWorker(s *scenario, m *miner, name string, arguments ...string) *workerProcess {
	w := newWorker(s, m, name, arguments...)
	w.start()
	w.connected()
	return w
}

func (w *workerProcess) start() {
	w.mu.Lock()
	defer w.mu.Unlock()
	arguments := append([]string{"--worker-repo", w.folder, "run", "--listen", fmt.Sprintf("127.0.0.1:%d", w.port), "--name", w.name}, w.arguments...)
	w.cmd = exec.Command(w.s.program, arguments...)
	w.cmd.Env = append([]string{"HOME=" + w.s.folder, "MINER_API_INFO=" + w.m.apiInfo(), "PATH=" + os.Getenv("PATH")}, w.variables...)
	for _, kept := range []string{"LD_LIBRARY_PATH", "XDG_CACHE_HOME", "ASAN_OPTIONS", "FIL_PROOFS_PARAMETER_CACHE"} {
		if value, is := os.LookupEnv(kept); is {
			w.cmd.Env = append(w.cmd.Env, kept+"="+value)
		}
	}
	w.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	log, err := os.OpenFile(w.folder+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	w.s.must("the log of a worker", err)
	defer log.Close() //nolint:errcheck
	w.cmd.Stdout, w.cmd.Stderr = log, log
	w.s.must("the worker starts", w.cmd.Start())
	cmd, ended := w.cmd, make(chan struct{})
	w.ended = ended
	go func() {
		cmd.Wait() //nolint:errcheck // the exit code is looked at by who cares
		close(ended)
	}()
}

// connected waits until the miner has accepted the running process, or reports what its log says last.
func (w *workerProcess) connected() *connectedWorker {
	var found *connectedWorker
	w.s.eventually("worker "+w.name+" is accepted", func() bool {
		select {
		case <-w.ended:
			w.s.must("worker "+w.name+" keeps running", fmt.Errorf("it ended: %s", w.lastOfLog()))
		default:
		}
		found = w.m.worker(w.name)
		return found != nil
	})
	return found
}

func (w *workerProcess) lastOfLog() string {
	text, err := os.ReadFile(w.folder + ".log")
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], " | ")
}

// kill ends it as a crash does, and waits.
func (w *workerProcess) kill() {
	w.mu.Lock()
	cmd, ended := w.cmd, w.ended
	w.mu.Unlock()
	if cmd == nil {
		return
	}
	cmd.Process.Signal(syscall.SIGKILL) //nolint:errcheck // it may have ended
	<-ended
}

// terminate asks it to end and gives its exit code.
func (w *workerProcess) terminate() int {
	w.cmd.Process.Signal(syscall.SIGTERM) //nolint:errcheck
	return w.exitCode()
}

// exitCode waits for the end.
func (w *workerProcess) exitCode() int {
	select {
	case <-w.ended:
		return w.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		w.s.must("the worker ends", fmt.Errorf("it still runs after %s", patience))
		return -1
	}
}

func (w *workerProcess) isRunning() bool {
	select {
	case <-w.ended:
		return false
	default:
		return true
	}
}

// rpc is the client that the miner made when the worker registered.
func (w *workerProcess) rpc() *connectedWorker {
	worker := w.m.worker(w.name)
	if worker == nil {
		w.s.must("worker "+w.name+" is connected", fmt.Errorf("it is not"))
	}
	return worker
}

// at is a sector's file in the worker's own folder.
func (w *workerProcess) at(file storiface.SectorFileType, number uint64) string {
	return filepath.Join(w.folder, file.String(), storiface.SectorName(sectorID(number)))
}

// pathID is the id of a storage path, as its metadata file says it.
func pathID(s *scenario, folder string) storiface.ID {
	text, err := os.ReadFile(filepath.Join(folder, "sectorstore.json"))
	s.must("the metadata of a path", err)
	var meta storiface.LocalStorageMeta
	s.must("the metadata of a path are lotus'", json.Unmarshal(text, &meta))
	return meta.ID
}

// makePath makes a storage path as `lotus-worker storage attach --init` does.
func makePath(s *scenario, folder string, canSeal, canStore bool) storiface.ID {
	meta := storiface.LocalStorageMeta{ID: storiface.ID(uuid.NewString()), Weight: 10, CanSeal: canSeal, CanStore: canStore}
	s.must("a folder for a path", os.MkdirAll(folder, 0o755))
	text, err := json.MarshalIndent(meta, "", "  ")
	s.must("metadata of a path", err)
	s.must("metadata of a path", os.WriteFile(filepath.Join(folder, "sectorstore.json"), text, 0o644))
	return meta.ID
}

// task has the worker do something and waits for the result.
func (w *workerProcess) task(what string, call func(context.Context, *connectedWorker) (storiface.CallID, error)) result {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	id, err := call(ctx, w.rpc())
	w.s.must(what+" is accepted", err)
	got, err := w.m.wait(ctx, id)
	w.s.must(what+" is returned", err)
	return got
}

// ok is a task that must succeed.
func (w *workerProcess) ok(what string, call func(context.Context, *connectedWorker) (storiface.CallID, error)) any {
	got := w.task(what, call)
	w.s.must(what, got.failure())
	return got.value
}
