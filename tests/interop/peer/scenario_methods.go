// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sort"

	"github.com/google/uuid"

	"github.com/filecoin-project/go-jsonrpc"
	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/api"
	"github.com/filecoin-project/lotus/api/client"
	"github.com/filecoin-project/lotus/storage/sealer/sealtasks"
	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

const smallProof = abi.RegisteredSealProof_StackedDrg2KiBV1_1

func taskNames(types map[sealtasks.TaskType]struct{}) []string {
	out := []string{}
	for name := range types {
		out = append(out, string(name))
	}
	sort.Strings(out)
	return out
}

// methods calls every method that answers at once, and looks at registration.
func methods(s *scenario) {
	m := newMiner(s, 2<<10)
	w := startWorker(s, m, "w1")
	rpc := w.rpc()
	ctx := context.Background()

	s.equal("the version told at registration", rpc.version.APIVersion, api.WorkerAPIVersion0)
	s.equal("the name told at registration", rpc.info.Hostname, "w1")
	s.equal("a worker registers once", m.counted("WorkerConnect"), 1)
	s.isTrue("the URL of registration", rpc.url == fmt.Sprintf("http://127.0.0.1:%d/rpc/v0", w.port))

	info, err := rpc.Info(ctx)
	s.must("Info", err)
	s.isTrue("Info: memory", info.Resources.MemPhysical > 0 && info.Resources.MemUsed > 0 && info.Resources.CPUs > 0)
	s.isTrue("Info: resources are counted", !info.IgnoreResources)
	for task, table := range storiface.ResourceTable {
		for proof, want := range table {
			s.equal(fmt.Sprintf("Info: resources of %s for proof %d", task, proof), info.Resources.Resources[task][proof], want)
		}
	}
	s.equal("Info: tasks in the resource table", len(info.Resources.Resources), len(storiface.ResourceTable))

	sessionTests(s, m, rpc)
	switchTests(s, rpc)
	storageTests(s, m, w, rpc)
	protocolTests(s, m, rpc)

	// A process that ends on request leaves no address behind.
	s.isTrue("the address file of the running worker", exists(filepath.Join(w.folder, "api")))
	s.equal("exit code after SIGTERM", w.terminate(), 0)
	s.isTrue("no address file after the end", !exists(filepath.Join(w.folder, "api")))
}

func sessionTests(s *scenario, m *miner, rpc *connectedWorker) {
	ctx := context.Background()
	session, err := rpc.Session(ctx)
	s.must("Session", err)
	s.equal("Session is that of registration", session, rpc.session)
	process, err := rpc.ProcessSession(ctx)
	s.must("ProcessSession", err)
	s.equal("ProcessSession is Session", process, session)
	s.isTrue("Session is not the zero UUID", session != uuid.UUID{})

	s.must("SetEnabled(false)", rpc.SetEnabled(ctx, false))
	_, err = rpc.Session(ctx)
	s.errorText("Session of a disabled worker", err, "worker disabled")
	process, err = rpc.ProcessSession(ctx)
	s.must("ProcessSession of a disabled worker", err)
	s.equal("ProcessSession of a disabled worker", process, session)
	enabled, err := rpc.Enabled(ctx)
	s.must("Enabled", err)
	s.equal("Enabled after SetEnabled(false)", enabled, false)
	s.must("SetEnabled(true)", rpc.SetEnabled(ctx, true))
	enabled, err = rpc.Enabled(ctx)
	s.must("Enabled", err)
	s.equal("Enabled after SetEnabled(true)", enabled, true)
	s.must("WaitQuiet of an idle worker", rpc.WaitQuiet(ctx))
}

func switchTests(s *scenario, rpc *connectedWorker) {
	ctx := context.Background()
	before, err := rpc.TaskTypes(ctx)
	s.must("TaskTypes", err)
	s.equal("TaskTypes are those of registration", taskNames(before), taskNames(rpc.types))
	for _, task := range []sealtasks.TaskType{sealtasks.TTAddPiece, sealtasks.TTDataCid, sealtasks.TTPreCommit1, sealtasks.TTPreCommit2, sealtasks.TTCommit1,
		sealtasks.TTCommit2, sealtasks.TTFinalize, sealtasks.TTFetch, sealtasks.TTUnseal, sealtasks.TTFinalizeUnsealed} {
		_, offered := before[task]
		s.isTrue("a worker offers "+string(task), offered)
	}
	s.must("TaskDisable", rpc.TaskDisable(ctx, sealtasks.TTPreCommit1))
	after, err := rpc.TaskTypes(ctx)
	s.must("TaskTypes", err)
	_, offered := after[sealtasks.TTPreCommit1]
	s.isTrue("TaskDisable takes PC1 away", !offered && len(after) == len(before)-1)
	s.must("TaskEnable", rpc.TaskEnable(ctx, sealtasks.TTPreCommit1))
	after, err = rpc.TaskTypes(ctx)
	s.must("TaskTypes", err)
	s.equal("TaskEnable gives PC1 back", taskNames(after), taskNames(before))
	s.noError("TaskDisable of an unknown task", rpc.TaskDisable(ctx, "seal/v0/unheard-of"))
}

func storageTests(s *scenario, m *miner, w *workerProcess, rpc *connectedWorker) {
	ctx := context.Background()
	own := pathID(s, w.folder)
	local, err := rpc.StorageLocal(ctx)
	s.must("StorageLocal", err)
	s.equal("StorageLocal", local, map[storiface.ID]string{own: w.folder})
	paths, err := rpc.Paths(ctx)
	s.must("Paths", err)
	s.equal("Paths", paths, []storiface.StoragePath{{ID: own, Weight: 10, LocalPath: w.folder, CanSeal: true, CanStore: false}})
	s.isTrue("the index has the path", m.has(own))

	store := folderIn(s, "store")
	id := makePath(s, store, false, true)
	s.must("StorageAddLocal", rpc.StorageAddLocal(ctx, store))
	s.isTrue("the index has the added path", m.has(id))
	s.errorText("StorageAddLocal again", rpc.StorageAddLocal(ctx, store),
		fmt.Sprintf("opening local path: path with ID %s already opened: '%s'", id, store))
	s.errorHas("StorageAddLocal of nothing", rpc.StorageAddLocal(ctx, "/nonexistent/path"), "opening local path: reading storage metadata for /nonexistent/path: ")
	var config storiface.StorageConfig
	text, err := os.ReadFile(filepath.Join(w.folder, "storage.json"))
	s.must("storage.json", err)
	s.must("storage.json is lotus'", json.Unmarshal(text, &config))
	s.equal("storage.json lists both", config.StoragePaths, []storiface.LocalPath{{Path: w.folder}, {Path: store}})

	// What lies there undeclared is declared; what is declared and gone is dropped only when asked for.
	sector := sectorID(77)
	s.must("a sealed file", os.WriteFile(filepath.Join(store, "sealed", storiface.SectorName(sector)), make([]byte, 2048), 0o644))
	s.must("StorageRedeclareLocal", rpc.StorageRedeclareLocal(ctx, nil, false))
	types, primary := m.held(id, sector)
	s.equal("a file found by StorageRedeclareLocal is declared, as primary in a storing path", [2]storiface.SectorFileType{types, primary},
		[2]storiface.SectorFileType{storiface.FTSealed, storiface.FTSealed})
	s.must("the file goes", os.Remove(filepath.Join(store, "sealed", storiface.SectorName(sector))))
	s.must("StorageRedeclareLocal of one path, keeping", rpc.StorageRedeclareLocal(ctx, &id, false))
	types, _ = m.held(id, sector)
	s.equal("kept", types, storiface.FTSealed)
	s.must("StorageRedeclareLocal of one path, dropping", rpc.StorageRedeclareLocal(ctx, &id, true))
	types, _ = m.held(id, sector)
	s.equal("dropped", types, storiface.FTNone)
	unknown := storiface.ID(uuid.NewString())
	s.noError("StorageRedeclareLocal of an unknown path", rpc.StorageRedeclareLocal(ctx, &unknown, true))

	// Remove takes unsealed, sealed and cache.
	for _, file := range []storiface.SectorFileType{storiface.FTUnsealed, storiface.FTSealed} {
		s.must("a file", os.WriteFile(filepath.Join(store, file.String(), storiface.SectorName(sector)), make([]byte, 2048), 0o644))
	}
	s.must("a cache", os.MkdirAll(filepath.Join(store, "cache", storiface.SectorName(sector)), 0o755))
	s.must("StorageRedeclareLocal", rpc.StorageRedeclareLocal(ctx, &id, true))
	types, _ = m.held(id, sector)
	s.equal("declared", types, storiface.FTUnsealed|storiface.FTSealed|storiface.FTCache)
	s.must("Remove", rpc.Remove(ctx, sector))
	s.equal("nothing is declared after Remove", m.total(sector), storiface.FTNone)
	s.equal("nothing is there after Remove", filesIn(store), []string{})

	s.must("StorageDetachLocal", rpc.StorageDetachLocal(ctx, store))
	s.isTrue("the index does not have the detached path", !m.has(id))
	s.errorText("StorageDetachLocal again", rpc.StorageDetachLocal(ctx, store), fmt.Sprintf("no local paths match '%s'", store))
	s.must("StorageDetachAll", rpc.StorageDetachAll(ctx))
	s.isTrue("the index has no path after StorageDetachAll", !m.has(own))
	paths, err = rpc.Paths(ctx)
	s.must("Paths of a worker without any", err)
	s.isTrue("Paths of a worker without any", len(paths) == 0)
	s.must("StorageAddLocal of its own folder after StorageDetachAll", rpc.StorageAddLocal(ctx, w.folder))
}

// protocolTests does what only a wrong client does, and reads the errors as go-jsonrpc decodes them.
func protocolTests(s *scenario, m *miner, rpc *connectedWorker) {
	ctx := context.Background()
	var wrong struct {
		Nope        func(context.Context) error
		Version     func(context.Context, int) (int, error)
		TaskDisable func(context.Context) error
		SetEnabled  func(context.Context, string) error
		WaitQuiet   func(context.Context) error `notify:"true"`
		Discover    func(context.Context) error
	}
	closer, err := jsonrpc.NewMergeClient(ctx, rpc.url, "Filecoin", []interface{}{&wrong}, m.header(), jsonrpc.WithErrors(api.RPCErrors))
	s.must("a client", err)
	defer closer()
	s.errorText("an unknown method", wrong.Nope(ctx), "RPC error (-32601): method 'Filecoin.Nope' not found")
	s.errorText("Discover", wrong.Discover(ctx), "RPC error (-32601): method 'Filecoin.Discover' not found")
	_, err = wrong.Version(ctx, 7)
	s.errorText("a parameter too many", err, "RPC error (-32602): wrong param count (method 'Filecoin.Version'): 1 != 0")
	s.errorText("a parameter too few", wrong.TaskDisable(ctx), "RPC error (-32602): wrong param count (method 'Filecoin.TaskDisable'): 0 != 1")
	s.errorText("a parameter of another type", wrong.SetEnabled(ctx, "yes"),
		"RPC error (-32700): unmarshaling params for 'Filecoin.SetEnabled' (param: *bool): json: cannot unmarshal string into Go value of type bool")
	s.noError("a notification", wrong.WaitQuiet(ctx))
}

// access tries tokens: none, wrong ones, ones that allow too little.
func access(s *scenario) {
	m := newMiner(s, 2<<10)
	w := startWorker(s, m, "w1")
	ctx := context.Background()
	address := w.rpc().url
	missing := "missing permission to invoke 'Version' (need 'admin')"
	refused := "request failed, http status 401 Unauthorized"
	for _, one := range []struct {
		what, token, wants string
	}{
		{"no token", "", missing},
		{"a token that may read", "Bearer " + m.tokenWith(api.PermRead), missing},
		{"a token that may read, write and sign", "Bearer " + m.tokenWith(api.PermRead, api.PermWrite, api.PermSign), missing},
		{"a token of `admin` alone", "Bearer " + m.tokenWith(api.PermAdmin), ""},
		{"all permissions", "Bearer " + m.tokenWith(api.AllPermissions...), ""},
		{"a token that another miner signed", "Bearer " + newMiner(s, 2<<10).tokenWith(api.PermAdmin), refused},
		{"no token at all but a word", "Bearer nonsense", refused},
		{"another scheme", "Basic " + m.tokenWith(api.PermAdmin), refused},
	} {
		header := map[string][]string{}
		if one.token != "" {
			header["Authorization"] = []string{one.token}
		}
		rpc, closer, err := client.NewWorkerRPCV0(ctx, address, header)
		s.must("a client with "+one.what, err)
		_, err = rpc.Version(ctx)
		if one.wants == "" {
			s.noError("Version with "+one.what, err)
		} else {
			s.errorHas("Version with "+one.what, err, one.wants)
		}
		closer()

		route := fmt.Sprintf("http://127.0.0.1:%d/remote/sealed/s-t01000-1", w.port)
		response, err := m.get("GET", route, header, nil)
		if one.token == "" {
			response, err = http.Get(route)
		}
		s.must("/remote with "+one.what, err)
		want := 401
		if one.wants == "" {
			want = 500 // it may; there is no such file
		}
		s.equal("/remote with "+one.what, response.StatusCode, want)
		response.Body.Close() //nolint:errcheck
	}
}
