// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"

	"github.com/ipfs/go-cid"

	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

const (
	winningProof = abi.RegisteredPoStProof_StackedDrgWinning2KiBV1
	windowProof  = abi.RegisteredPoStProof_StackedDrgWindow2KiBV1_1
)

var randomness = abi.PoStRandomness(bytes.Repeat([]byte{5}, 32))

// challenged is a sector with the places that are to be proven.
func challenged(number uint64, sealed cid.Cid, challenge ...uint64) storiface.PostSectorChallenge {
	return storiface.PostSectorChallenge{SealProof: smallProof, SectorNumber: abi.SectorNumber(number), SealedCID: sealed, Challenge: challenge}
}

// vanilla asks a worker's HTTP route as the miner does that checks whether sectors can be proven.
func vanilla(s *scenario, m *miner, w *workerProcess, route string, asked any) (int, []byte) {
	body, err := json.Marshal(asked)
	s.must("a question", err)
	response, err := m.get("POST", "http://"+w.address()+"/remote/vanilla/"+route, nil, bytes.NewReader(body))
	s.must("/remote/vanilla/"+route, err)
	defer response.Body.Close() //nolint:errcheck
	answer, err := io.ReadAll(response.Body)
	s.must("/remote/vanilla/"+route, err)
	return response.StatusCode, answer
}

type singleQuestion struct {
	Miner     abi.ActorID
	Sector    storiface.PostSectorChallenge
	ProofType abi.RegisteredPoStProof
}

type porepQuestion struct {
	Sector           storiface.SectorRef
	Sealed, Unsealed cid.Cid
	Ticket           abi.SealRandomness
	Seed             abi.InteractiveSealRandomness
}

// post has workers of PoSt alone read sectors that another holds: what cannot be read is told in the way that each kind of proof has.
func post(s *scenario) {
	m := newMiner(s, 2<<10)
	holder := startWorker(s, m, "w1")
	ref := sectorRef(1, smallProof)
	pieces := []abi.PieceInfo{holder.addPiece(ref, nil, 2032, zeros(2032), nil)}
	cids := holder.preCommit2(ref, holder.preCommit1(ref, pieces))
	sealed := cid.MustParse(emptySectors[smallProof].sealed)
	s.equal("CommR", cids.Sealed, sealed)

	status, answer := vanilla(s, m, holder, "single", singleQuestion{actor, challenged(1, sealed, 1, 7), winningProof})
	s.equal("a vanilla proof over HTTP", []any{status, digestOf(answer)}, []any{200, "724a6b7d1498c23c602548fb34baebbb0c28ff7a7ca5f1efd203e24ae8a417ca"})
	status, answer = vanilla(s, m, holder, "porep", porepQuestion{ref, cids.Sealed, cids.Unsealed, ticket, seed})
	digest, err := canonicalDigest(answer)
	s.must("the opening of a sector over HTTP", err)
	s.equal("the opening of a sector over HTTP", []any{status, digest}, []any{200, emptySectors[smallProof].commit1})
	status, answer = vanilla(s, m, holder, "single", singleQuestion{actor, challenged(99, sealed, 1), winningProof})
	s.equal("a vanilla proof of nothing", []any{status, string(answer)}, []any{500, "fsstat: path not found\n"})

	ctx := context.Background()
	window := startWorker(s, m, "w2", "--windowpost", "--no-local-storage")
	s.equal("the tasks of a window PoSt worker", taskNames(window.rpc().types), []string{"post/v0/windowproof"})
	result, err := window.rpc().GenerateWindowPoSt(ctx, windowProof, actor, []storiface.PostSectorChallenge{challenged(99, sealed, 1)}, 0, randomness)
	s.must("GenerateWindowPoSt of a sector that nobody holds", err)
	s.equal("GenerateWindowPoSt of a sector that nobody holds", result, storiface.WindowPoStResult{Skipped: []abi.SectorID{sectorID(99)}})
	result, err = window.rpc().GenerateWindowPoSt(ctx, windowProof, actor,
		[]storiface.PostSectorChallenge{challenged(1, sealed, 1), challenged(99, sealed, 1)}, 0, randomness)
	s.must("GenerateWindowPoSt with a sector that nobody holds", err)
	s.equal("GenerateWindowPoSt with a sector that nobody holds", result, storiface.WindowPoStResult{Skipped: []abi.SectorID{sectorID(99)}})

	winning := startWorker(s, m, "w3", "--winningpost", "--no-local-storage")
	s.equal("the tasks of a winning PoSt worker", taskNames(winning.rpc().types), []string{"post/v0/winningproof"})
	_, err = winning.rpc().GenerateWinningPoSt(ctx, winningProof, actor, []storiface.PostSectorChallenge{challenged(99, sealed, 1)}, randomness)
	s.errorText("GenerateWinningPoSt of a sector that nobody holds", err, "1 error occurred:\n\t* get winning sector:99,vanilla failed: sector not found\n\n")
}

// proofs makes the proofs that need parameters: C2 and the update's. Only lotus' native library could verify them in Go; the sizes are what is looked at
// here. PoSt wants challenges that follow from its randomness, which that library derives too: tests/tasks/recorded_post has recorded ones.
func proofs(s *scenario) {
	m := newMiner(s, 2<<10)
	w := startWorker(s, m, "w1", "--parameter-cache", parameters())
	ref := sectorRef(1, smallProof)
	pieces := []abi.PieceInfo{w.addPiece(ref, nil, 2032, zeros(2032), nil)}
	cids := w.preCommit2(ref, w.preCommit1(ref, pieces))
	commit1 := w.commit1(ref, pieces, cids)
	sealProof, _ := w.ok("SealCommit2", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.SealCommit2(ctx, ref, commit1)
	}).(storiface.Proof)
	s.equal("the length of a seal proof", len(sealProof), 192)
	w.releaseUnsealed(ref, nil)
	w.finalize(ref)

	update := w.addThreePieces(ref)
	out, vanillaProofs := w.replicaUpdate(ref, update, cids.Sealed)
	updateProof, _ := w.ok("ProveReplicaUpdate2", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.ProveReplicaUpdate2(ctx, ref, cids.Sealed, out.NewSealed, out.NewUnsealed, vanillaProofs)
	}).(storiface.ReplicaUpdateProof)
	s.equal("the length of an update proof", len(updateProof), 192)
}

// missingParameters says why `proofs` cannot run here, or nothing.
func missingParameters() string {
	for _, one := range []string{"stacked-proof-of-replication", "empty-sector-update", "proof-of-spacetime-fallback"} {
		found, err := filepath.Glob(filepath.Join(parameters(), "v28-"+one+"-*.params"))
		if err != nil || len(found) == 0 {
			return "no proof parameters of 2 KiB sectors (" + strings.ReplaceAll(one, "-", " ") + ") in " + parameters()
		}
	}
	return ""
}
