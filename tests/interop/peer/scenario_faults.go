// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/xerrors"

	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

// lostReplies refuses returns, cuts the connections while they are on their way, and loses their answers: each result must still come, at
// least once, and as it was.
func lostReplies(s *scenario) {
	m := newMiner(s, 2<<10)
	w := startWorker(s, m, "w1")
	var mu sync.Mutex
	refusals, cuts, tried := 3, 2, map[string]int{}
	m.onReturn(func(method string, _ storiface.CallID) error {
		mu.Lock()
		defer mu.Unlock()
		tried[method]++
		switch {
		case method == "ReturnAddPiece" && refusals > 0:
			refusals--
			return xerrors.New("not now")
		case method == "ReturnSealPreCommit1" && cuts > 0:
			cuts--
			m.cutConnections() // before anything was noted
			return xerrors.New("nobody reads this")
		case method == "ReturnSealPreCommit2" && tried[method] == 1:
			// The result is noted, its answer is lost.
			go m.cutConnections()
			return nil
		}
		return nil
	})
	ref := sectorRef(1, smallProof)
	pieces := []abi.PieceInfo{w.addPiece(ref, nil, 2032, zeros(2032), nil)}
	phase1 := w.preCommit1(ref, pieces)
	cids := w.preCommit2(ref, phase1)
	s.checkKnown(smallProof, phase1, cids, w.commit1(ref, pieces, cids))
	mu.Lock()
	s.isTrue("a refused return came again", tried["ReturnAddPiece"] >= 4)
	s.isTrue("a return whose connection was cut came again", tried["ReturnSealPreCommit1"] >= 3)
	mu.Unlock()
	m.onReturn(nil)
	s.must("WaitQuiet", w.rpc().WaitQuiet(context.Background()))
	// A miner whose connections were cut is still the same miner.
	s.equal("the worker did not register again", m.counted("WorkerConnect"), 1)
}

// minerRestart ends the miner while a task runs: the task goes on, its result comes to the new miner, paths and sectors are declared
// again, and the worker registers with the session it had.
func minerRestart(s *scenario) {
	const proof = abi.RegisteredSealProof_StackedDrg8MiBV1_1
	const size = abi.UnpaddedPieceSize(8<<20) / 128 * 127
	m := newMiner(s, 8<<20)
	w := startWorker(s, m, "w1")
	session := w.rpc().session
	ref := sectorRef(1, proof)
	pieces := []abi.PieceInfo{w.addPiece(ref, nil, size, zeros(size), nil)}
	call, err := w.rpc().SealPreCommit1(context.Background(), ref, ticket, pieces)
	s.must("SealPreCommit1 is accepted", err)
	s.eventually("labelling has begun", func() bool { return exists(w.at(storiface.FTCache, 1) + "/sc-02-data-tree-d.dat") })
	m.stop()
	s.must("the miner is back", m.start())
	got, err := m.wait(context.Background(), call)
	s.must("the result comes to the new miner", err)
	s.must("PC1 over a restart of the miner", got.failure())
	s.eventually("the worker registers with the new miner", func() bool { return m.worker("w1") != nil })
	s.equal("the session of the worker over a restart of the miner", w.rpc().session, session)
	own := pathID(s, w.folder)
	s.isTrue("the path is declared again", m.has(own))
	types, _ := m.held(own, ref.ID)
	s.equal("the files are declared again", types, storiface.FTUnsealed|storiface.FTSealed|storiface.FTCache)
	phase1, _ := got.value.(storiface.PreCommit1Out)
	digest, err := canonicalDigest(phase1)
	s.must("the output of PC1 is JSON", err)
	s.equal("the output of PC1 over a restart", digest, emptySectors[proof].preCommit1)

	// A miner that is away while a task ends: the result waits.
	call, err = w.rpc().SealPreCommit2(context.Background(), ref, phase1)
	s.must("SealPreCommit2 is accepted", err)
	s.eventually("building the trees has begun", func() bool { return exists(w.at(storiface.FTCache, 1) + "/sc-02-data-tree-c.dat") })
	m.stop()
	nobody := newDeafMiner(s, m.port)
	s.eventually("the result comes while the miner is away", func() bool { return nobody.heard("Filecoin.ReturnSealPreCommit2") > 0 })
	nobody.stop()
	s.must("the miner is back", m.start())
	got, err = m.wait(context.Background(), call)
	s.must("the result waited for the miner", err)
	s.must("PC2 while the miner was away", got.failure())
	cids, _ := got.value.(storiface.SectorCids)
	s.equal("CommR while the miner was away", cids.Sealed.String(), emptySectors[proof].sealed)
	s.eventually("the worker registers again", func() bool { return m.worker("w1") != nil })
}

// workerCrash kills the worker while it labels: the call is answered with the code that has a miner ask again, and asking again works.
func workerCrash(s *scenario) {
	const proof = abi.RegisteredSealProof_StackedDrg8MiBV1_1
	const size = abi.UnpaddedPieceSize(8<<20) / 128 * 127
	m := newMiner(s, 8<<20)
	w := startWorker(s, m, "w1")
	before := w.rpc()
	ref := sectorRef(1, proof)
	pieces := []abi.PieceInfo{w.addPiece(ref, nil, size, zeros(size), nil)}
	call, err := before.SealPreCommit1(context.Background(), ref, ticket, pieces)
	s.must("SealPreCommit1 is accepted", err)
	s.eventually("labelling has begun", func() bool { return exists(w.at(storiface.FTCache, 1) + "/sc-02-data-tree-d.dat") })
	connects := m.counted("WorkerConnect")
	w.kill()
	_, known := m.results[call]
	s.isTrue("the worker was killed before it was done", !known)
	_, err = before.Version(context.Background())
	s.isTrue("a killed worker does not answer", err != nil)

	w.start()
	got, err := m.wait(context.Background(), call)
	s.must("the call is answered", err)
	s.callError("a call that a crash ended", got.failure(), storiface.ErrTempWorkerRestart, "worker [name: w1] restarted")
	s.equal("the method of that answer", got.method, "ReturnSealPreCommit1")
	s.eventually("the worker registers again", func() bool { return m.counted("WorkerConnect") > connects })
	s.eventually("the worker is accepted again", func() bool { return w.rpc().session != before.session })
	s.isTrue("a new process has a new session", w.rpc().session != uuid.UUID{})
	phase1 := w.preCommit1(ref, pieces)
	digest, err := canonicalDigest(phase1)
	s.must("the output of PC1 is JSON", err)
	s.equal("PC1 after a crash", digest, emptySectors[proof].preCommit1)
}

// shutdown ends the worker by its method: the zero session tells the miner, then the process ends.
func shutdown(s *scenario) {
	m := newMiner(s, 2<<10)
	w := startWorker(s, m, "w1")
	rpc := w.rpc()
	ctx := context.Background()
	s.must("Shutdown", rpc.Shutdown(ctx))
	// lotus' own worker panics here; an answer is what a caller can do something with.
	s.errorText("Shutdown again", rpc.Shutdown(ctx), "this worker is shutting down already")
	session, err := rpc.ProcessSession(ctx)
	s.must("ProcessSession after Shutdown", err)
	s.equal("ProcessSession after Shutdown", session, uuid.UUID{})
	s.isTrue("the process stays until the miner has seen it", w.isRunning())
	session, err = rpc.Session(ctx)
	s.must("Session after Shutdown", err)
	s.equal("Session after Shutdown", session, uuid.UUID{})
	s.equal("exit code after Shutdown", w.exitCode(), 0)
	s.isTrue("no address file after the end", !exists(w.folder+"/api"))
}

// deafMiner sits on a miner's port, counts what it is called for, and hangs up on everybody.
type deafMiner struct {
	server *http.Server
	mu     sync.Mutex
	bodies []string
}

func newDeafMiner(s *scenario, port int) *deafMiner {
	deaf := &deafMiner{}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	s.must("somebody else on the miner's port", err)
	deaf.server = &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		deaf.mu.Lock()
		deaf.bodies = append(deaf.bodies, string(body))
		deaf.mu.Unlock()
		panic(http.ErrAbortHandler)
	})}
	go deaf.server.Serve(listener) //nolint:errcheck // ends with stop
	s.atEnd(deaf.stop)
	return deaf
}

func (d *deafMiner) heard(method string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	count := 0
	for _, body := range d.bodies {
		if strings.Contains(body, method) {
			count++
		}
	}
	return count
}

func (d *deafMiner) stop() { d.server.Close() } //nolint:errcheck
