// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/ipfs/go-cid"

	"github.com/filecoin-project/go-jsonrpc"
	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/api"
	"github.com/filecoin-project/lotus/storage/sealer/fsutil"
	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

func (w *workerProcess) address() string { return fmt.Sprintf("127.0.0.1:%d", w.port) }

// rawClient is a client of a worker with functions of one's own form.
func rawClient(s *scenario, m *miner, w *workerProcess, functions any) jsonrpc.ClientCloser {
	closer, err := jsonrpc.NewMergeClient(context.Background(), "http://"+w.address()+"/rpc/v0", "Filecoin", []interface{}{functions}, m.header(),
		jsonrpc.WithErrors(api.RPCErrors))
	s.must("a client", err)
	return closer
}

// twice is how lotus writes the text of a failed task: the chain, the name of the worker, the chain again.
func twice(text string) string { return fmt.Sprintf("%s [name: w1]: %s", text, text) }

// taskErrors has tasks fail and reads codes and texts as a miner does, which decides by the code whether it tries again.
func taskErrors(s *scenario) {
	m := newMiner(s, 2<<10)
	w := startWorker(s, m, "w1")
	piece := abi.PieceInfo{Size: 2048, PieceCID: pieceCommitment(nil, 2032)}
	fails := func(what string, code storiface.ErrorCode, text string, call func(context.Context, *connectedWorker) (storiface.CallID, error)) {
		s.callError(what, w.task(what, call).failure(), code, text)
	}
	ref := func(number uint64) storiface.SectorRef { return sectorRef(number, smallProof) }

	w.addPiece(ref(1), nil, 2032, zeros(2032), nil)
	fails("AddPiece beyond the end", storiface.ErrUnknown, twice("can't add 127 byte piece to sector {{1000 1} 5} with 2032 bytes of existing pieces"),
		func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
			return rpc.AddPiece(ctx, ref(1), []abi.UnpaddedPieceSize{2032}, 127, zeros(127))
		})
	fails("PC1 with pieces of another size", storiface.ErrUnknown, twice("aggregated piece sizes don't match sector size: 4064 != 2032 (-2032)"),
		func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
			return rpc.SealPreCommit1(ctx, ref(1), ticket, []abi.PieceInfo{piece, piece})
		})
	fails("PC1 of a sector that nobody holds", storiface.ErrUnknown, twice("failed to acquire sector {1000 3} from remote(1): sector not found"),
		func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
			return rpc.SealPreCommit1(ctx, ref(3), ticket, []abi.PieceInfo{piece})
		})
	fails("Fetch of a sector that nobody holds", storiface.ErrUnknown, "failed to acquire sector {1000 4} from remote(2): sector not found",
		func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
			return rpc.Fetch(ctx, ref(4), storiface.FTSealed, storiface.PathSealing, storiface.AcquireMove)
		})
	// The sector is still good after what failed.
	phase1 := w.preCommit1(ref(1), []abi.PieceInfo{piece})
	digest, err := canonicalDigest(phase1)
	s.must("the output of PC1 is JSON", err)
	s.equal("PC1 after failures", digest, emptySectors[smallProof].preCommit1)
	fails("PC2 with something that is no output of PC1", storiface.ErrUnknown, "presealing sector 1",
		func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
			return rpc.SealPreCommit2(ctx, ref(1), storiface.PreCommit1Out(`{"a":1}`))
		})
	cids := w.preCommit2(ref(1), phase1)
	s.equal("CommR after a failed PC2", cids.Sealed.String(), emptySectors[smallProof].sealed)
	wrong := cids
	wrong.Sealed = cid.MustParse(emptySectors[abi.RegisteredSealProof_StackedDrg8MiBV1_1].sealed)
	got := w.task("C1 with the CommR of another sector", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.SealCommit1(ctx, ref(1), ticket, seed, []abi.PieceInfo{piece}, wrong)
	})
	s.callError("C1 with the CommR of another sector", got.failure(), storiface.ErrUnknown, "")
	s.equal("a failed task has the zero value", got.value, storiface.Commit1Out(nil))

	// The miner's index offers no path for new files, then one that is somebody else's.
	s.must("the worker has no path", w.rpc().StorageDetachAll(context.Background()))
	fails("AddPiece without any path", storiface.ErrUnknown, "finding best storage for allocating : no good path found",
		func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
			return rpc.AddPiece(ctx, ref(9), nil, 2032, zeros(2032))
		})
	s.must("a path of somebody else", m.StorageAttach(context.Background(), storiface.StorageInfo{ID: "another", URLs: []string{"http://127.0.0.1:1/remote"},
		Weight: 10, CanSeal: true, CanStore: true}, fsutil.FsStat{Capacity: 1 << 40, Available: 1 << 40, FSAvailable: 1 << 40}))
	fails("AddPiece where only others have room", storiface.ErrTempAllocateSpace, "couldn't find a suitable path for a sector",
		func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
			return rpc.AddPiece(ctx, ref(9), nil, 2032, zeros(2032))
		})
}
