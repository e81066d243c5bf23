// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/xerrors"

	"github.com/filecoin-project/go-jsonrpc"
	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/api/client"
	"github.com/filecoin-project/lotus/api/v0api"
	"github.com/filecoin-project/lotus/storage/sealer/sealtasks"
	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

// dialLikeCommandLine reads address and token from the worker's folder and connects over WebSocket, as the commands of lotus-worker do.
func (w *workerProcess) dialLikeCommandLine() (v0api.Worker, jsonrpc.ClientCloser) {
	address, err := os.ReadFile(filepath.Join(w.folder, "api"))
	w.s.must("the address file", err)
	parts := strings.Split(strings.TrimSpace(string(address)), "/")
	if !w.s.isTrue("the address file has a multiaddr", len(parts) >= 5 && parts[1] == "ip4" && parts[3] == "tcp") {
		panic(aborted{})
	}
	token, err := os.ReadFile(filepath.Join(w.folder, "token"))
	w.s.must("the token file", err)
	info, err := os.Stat(filepath.Join(w.folder, "token"))
	w.s.must("the token file", err)
	w.s.equal("who may read the token file", info.Mode().Perm(), os.FileMode(0o600))
	rpc, closer, err := client.NewWorkerRPCV0(context.Background(), fmt.Sprintf("ws://%s:%s/rpc/v0", parts[2], parts[4]), bearer(strings.TrimSpace(string(token))))
	w.s.must("a WebSocket client", err)
	return rpc, closer
}

// commandLine does over WebSocket what `lotus-worker info`, `storage`, `tasks`, `set`, `wait-quiet` and `stop` do.
func commandLine(s *scenario) {
	m := newMiner(s, 2<<10)
	w := startWorker(s, m, "w1")
	ctx := context.Background()
	_, closer, err := client.NewWorkerRPCV0(ctx, "ws://"+w.address()+"/rpc/v0", bearer("nonsense"))
	s.isTrue("a WebSocket with a wrong token is refused", err != nil)
	if err == nil {
		closer()
	}
	rpc, closer := w.dialLikeCommandLine()

	version, err := rpc.Version(ctx)
	s.must("Version", err)
	s.equal("Version", version, w.rpc().version.APIVersion)
	process, err := rpc.ProcessSession(ctx)
	s.must("ProcessSession", err)
	s.equal("ProcessSession", process, w.rpc().session)
	enabled, err := rpc.Enabled(ctx)
	s.must("Enabled", err)
	s.isTrue("Enabled", enabled)
	info, err := rpc.Info(ctx)
	s.must("Info, which takes more than one frame", err)
	s.equal("Info: resources", info.Resources.Resources, storiface.ResourceTable)
	types, err := rpc.TaskTypes(ctx)
	s.must("TaskTypes", err)
	s.equal("TaskTypes", taskNames(types), taskNames(w.rpc().types))
	paths, err := rpc.Paths(ctx)
	s.must("Paths", err)
	s.equal("Paths", len(paths), 1)

	store := folderIn(s, "store")
	id := makePath(s, store, false, true)
	s.must("storage attach", rpc.StorageAddLocal(ctx, store))
	local, err := rpc.StorageLocal(ctx)
	s.must("storage list", err)
	s.equal("storage list", local[id], store)
	s.must("storage redeclare", rpc.StorageRedeclareLocal(ctx, &id, true))
	s.must("storage detach", rpc.StorageDetachLocal(ctx, store))
	s.errorText("an error over WebSocket", rpc.StorageDetachLocal(ctx, store), fmt.Sprintf("no local paths match '%s'", store))
	s.must("tasks disable", rpc.TaskDisable(ctx, sealtasks.TTPreCommit2))
	types, err = rpc.TaskTypes(ctx)
	s.must("TaskTypes", err)
	_, offered := types[sealtasks.TTPreCommit2]
	s.isTrue("tasks disable", !offered)
	s.must("tasks enable", rpc.TaskEnable(ctx, sealtasks.TTPreCommit2))
	s.must("set --enabled=false", rpc.SetEnabled(ctx, false))
	_, err = rpc.Session(ctx)
	s.errorText("Session of a disabled worker", err, "worker disabled")
	s.must("set --enabled=true", rpc.SetEnabled(ctx, true))

	manyAtOnce(s, rpc)
	pushOverWebSocket(s, m, rpc)
	waitQuiet(s, m, w, rpc)
	closer()

	rpc, closer = w.dialLikeCommandLine()
	s.must("stop: StorageDetachAll", rpc.StorageDetachAll(ctx))
	s.must("stop: Shutdown", rpc.Shutdown(ctx))
	closer()
	s.equal("exit code after stop", w.exitCode(), 0)
}

// manyAtOnce has calls overtake each other on one connection.
func manyAtOnce(s *scenario, rpc v0api.Worker) {
	var group sync.WaitGroup
	for i := 0; i < 100; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			switch i % 3 {
			case 0:
				_, err := rpc.Info(context.Background())
				s.noError("Info among many calls", err)
			case 1:
				_, err := rpc.Session(context.Background())
				s.noError("Session among many calls", err)
			default:
				s.errorText("an error among many calls", rpc.StorageDetachLocal(context.Background(), fmt.Sprint("/nothing/", i)),
					fmt.Sprintf("no local paths match '/nothing/%d'", i))
			}
		}()
	}
	group.Wait()
}

// pushOverWebSocket sends piece data beside a call that came over WebSocket.
func pushOverWebSocket(s *scenario, m *miner, rpc v0api.Worker) {
	content := dataOf(1016, 9)
	call, err := rpc.DataCid(context.Background(), 1016, bytes.NewReader(content))
	s.must("DataCid over WebSocket", err)
	got, err := m.wait(context.Background(), call)
	s.must("DataCid over WebSocket", err)
	s.equal("DataCid over WebSocket", got.value, abi.PieceInfo{Size: 1024, PieceCID: pieceCommitment(content, 1016)})
}

// waitQuiet blocks longer than the 30 s after which lotus' client gives up on a connection without a sign of life.
func waitQuiet(s *scenario, m *miner, w *workerProcess, rpc v0api.Worker) {
	var mu sync.Mutex
	refuse := true
	m.onReturn(func(string, storiface.CallID) error {
		mu.Lock()
		defer mu.Unlock()
		if refuse {
			return xerrors.New("not now")
		}
		return nil
	})
	call, err := w.rpc().DataCid(context.Background(), 1016, zeros(1016))
	s.must("DataCid", err)
	quiet := make(chan error, 1)
	go func() { quiet <- rpc.WaitQuiet(context.Background()) }()
	select {
	case err := <-quiet:
		s.report(false, "wait-quiet waits for the delivery of results", map[string]any{"error": fmt.Sprint(err)})
	case <-time.After(36 * time.Second): // the time is what is tried here: lotus' own limit is 30 s
		s.report(true, "wait-quiet outlasts the limit of lotus' client", nil)
	}
	mu.Lock()
	refuse = false
	mu.Unlock()
	_, err = m.wait(context.Background(), call)
	s.must("the result", err)
	s.must("wait-quiet", <-quiet)
	m.onReturn(nil)
}
