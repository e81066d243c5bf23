// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/ipfs/go-cid"

	commcid "github.com/filecoin-project/go-fil-commcid"
	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/storage/pipeline/lib/nullreader"
	"github.com/filecoin-project/lotus/storage/sealer/fr32"
	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

func sectorID(number uint64) abi.SectorID {
	return abi.SectorID{Miner: actor, Number: abi.SectorNumber(number)}
}

func sectorRef(number uint64, proof abi.RegisteredSealProof) storiface.SectorRef {
	return storiface.SectorRef{ID: sectorID(number), ProofType: proof}
}

// The inputs of every sector here, so that the outputs are known.
var (
	ticket = abi.SealRandomness(bytes.Repeat([]byte{9, 8, 7, 6}, 8))
	seed   = abi.InteractiveSealRandomness(bytes.Repeat([]byte{1, 2, 3, 4}, 8))
)

// known is what lotus' own worker gave for sector 1 of miner 1000 without data, for this ticket and seed.
type known struct {
	sealed, unsealed string
	preCommit1       string // SHA-256 of the canonical JSON without its paths
	commit1          string // likewise
}

var emptySectors = map[abi.RegisteredSealProof]known{
	abi.RegisteredSealProof_StackedDrg2KiBV1_1: {
		sealed:     "bagboea4b5abcbtahyzagre5clpz2t4qb2czizcve2mhjshx3l6ag77lybnwfx43r",
		unsealed:   "baga6ea4seaqpy7usqklokfx2vxuynmupslkeutzexe2uqurdg5vhtebhxqmpqmy",
		preCommit1: "7ed54b1bb0a61e34182c5302235b89bfca95da8bfee443e43e116098f8cd1e55",
		commit1:    "dabbbf5ecccd4087fc1ea7aaabbaa77f7406e03d55fe20319231cc4fdcdbdf24"},
	abi.RegisteredSealProof_StackedDrg8MiBV1_1: {
		sealed:     "bagboea4b5abcbynpk35t3cr6ytrxjtasxsxu4auzkm7kjjav45mnb72qp2zonham",
		unsealed:   "baga6ea4seaqgl4u6lwmnerwdrm4iz7ag3mpwwaqtapc2fciabpooqmvjypweeha",
		preCommit1: "15aa2b80f582399745247bd7300e3c84605bfdaa81ecb73dec478484019c24d7",
		commit1:    "3cc532fddd470b477ad9dacb77bc5da510fd18474f63f6b950075c69624f1553"},
}

// canonicalDigest is the SHA-256 of JSON with its keys sorted, numbers as written, and every member `path` taken out: in the output of PC1
// it is where the labels lie.
func canonicalDigest(text []byte) (string, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", err
	}
	var strip func(any)
	strip = func(node any) {
		switch node := node.(type) {
		case map[string]any:
			delete(node, "path")
			for _, one := range node {
				strip(one)
			}
		case []any:
			for _, one := range node {
				strip(one)
			}
		}
	}
	strip(value)
	sorted, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256(sorted)
	return hex.EncodeToString(digest[:]), nil
}

// pieceCommitment computes what the worker must return for data that fill an unpadded piece size (the rest is zeros).
func pieceCommitment(data []byte, size abi.UnpaddedPieceSize) cid.Cid {
	whole := make([]byte, size)
	copy(whole, data)
	padded := make([]byte, size.Padded())
	fr32.Pad(whole, padded)
	for len(padded) > 32 {
		next := make([]byte, 0, len(padded)/2)
		for i := 0; i < len(padded); i += 64 {
			node := sha256.Sum256(padded[i : i+64])
			node[31] &= 0x3f
			next = append(next, node[:]...)
		}
		padded = next
	}
	out, err := commcid.DataCommitmentV1ToCID(padded)
	if err != nil {
		panic(err)
	}
	return out
}

// dataOf are random bytes that are the same in every run.
func dataOf(size int, seed byte) []byte {
	out := make([]byte, size)
	rand.New(rand.NewSource(int64(seed))).Read(out) //nolint:gosec,errcheck
	return out
}

// zeros is a piece without data, as a miner fills up a sector.
func zeros(size abi.UnpaddedPieceSize) storiface.Data { return nullreader.NewNullReader(size) }

// addPiece adds one and checks its commitment.
func (w *workerProcess) addPiece(ref storiface.SectorRef, existing []abi.UnpaddedPieceSize, size abi.UnpaddedPieceSize, data storiface.Data, content []byte) abi.PieceInfo {
	piece, _ := w.ok("AddPiece", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.AddPiece(ctx, ref, existing, size, data)
	}).(abi.PieceInfo)
	w.s.equal("the piece of AddPiece", piece, abi.PieceInfo{Size: size.Padded(), PieceCID: pieceCommitment(content, size)})
	return piece
}

func (w *workerProcess) fetch(ref storiface.SectorRef, types storiface.SectorFileType, kind storiface.PathType, mode storiface.AcquireMode) {
	w.ok(fmt.Sprintf("Fetch of %s", strings.Join(types.Strings(), ", ")), func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.Fetch(ctx, ref, types, kind, mode)
	})
}

func (w *workerProcess) preCommit1(ref storiface.SectorRef, pieces []abi.PieceInfo) storiface.PreCommit1Out {
	w.fetch(ref, storiface.FTUnsealed, storiface.PathSealing, storiface.AcquireMove)
	out, _ := w.ok("SealPreCommit1", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.SealPreCommit1(ctx, ref, ticket, pieces)
	}).(storiface.PreCommit1Out)
	return out
}

func (w *workerProcess) preCommit2(ref storiface.SectorRef, phase1 storiface.PreCommit1Out) storiface.SectorCids {
	w.fetch(ref, storiface.FTSealed|storiface.FTCache, storiface.PathSealing, storiface.AcquireMove)
	cids, _ := w.ok("SealPreCommit2", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.SealPreCommit2(ctx, ref, phase1)
	}).(storiface.SectorCids)
	return cids
}

func (w *workerProcess) commit1(ref storiface.SectorRef, pieces []abi.PieceInfo, cids storiface.SectorCids) storiface.Commit1Out {
	out, _ := w.ok("SealCommit1", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.SealCommit1(ctx, ref, ticket, seed, pieces, cids)
	}).(storiface.Commit1Out)
	return out
}

func (w *workerProcess) releaseUnsealed(ref storiface.SectorRef, keep []storiface.Range) {
	w.ok("ReleaseUnsealed", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.ReleaseUnsealed(ctx, ref, keep)
	})
}

func (w *workerProcess) finalize(ref storiface.SectorRef) {
	w.fetch(ref, storiface.FTCache, storiface.PathSealing, storiface.AcquireMove)
	w.ok("FinalizeSector", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.FinalizeSector(ctx, ref)
	})
}

// move brings files into the long-term path of this worker.
func (w *workerProcess) move(ref storiface.SectorRef, types storiface.SectorFileType) {
	w.fetch(ref, types, storiface.PathStorage, storiface.AcquireMove)
	w.ok("MoveStorage", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.MoveStorage(ctx, ref, types)
	})
}

func (w *workerProcess) unseal(ref storiface.SectorRef, commD cid.Cid) {
	w.fetch(ref, storiface.FTSealed|storiface.FTCache, storiface.PathSealing, storiface.AcquireCopy)
	size, err := ref.ProofType.SectorSize()
	w.s.must("the size of a sector", err)
	w.ok("UnsealPiece", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.UnsealPiece(ctx, ref, 0, abi.PaddedPieceSize(size).Unpadded(), ticket, commD)
	})
}

// dataSector is what lotus' own worker gave for sector 1 of miner 1000 with the three pieces of `threePieces`.
var dataSector = known{
	sealed:     "bagboea4b5abcb4ri5fxnwp6axcmewcvruwyfklunrovm3fkz3lyzodpsz437nmqs",
	unsealed:   "baga6ea4seaqhhc2s6qhr7d22uy4g5wqp3wafh47ytscsn7jboutsdfip3yf7yay",
	preCommit1: "d929a036729c11fc0dbd36151be3fed6a3291305a905440e92c0d46bd77a25ac",
	commit1:    "2d2bc6157362dd6631e9cfb92504d165ae92d23ff86e4c13197cb113ae1642a7"}

// checkKnown compares what an empty sector gave with what lotus' own worker gave.
func (s *scenario) checkKnown(proof abi.RegisteredSealProof, phase1 storiface.PreCommit1Out, cids storiface.SectorCids, commit1 storiface.Commit1Out) {
	s.checkSector(emptySectors[proof], phase1, cids, commit1)
}

func (s *scenario) checkSector(want known, phase1 storiface.PreCommit1Out, cids storiface.SectorCids, commit1 storiface.Commit1Out) {
	digest, err := canonicalDigest(phase1)
	s.must("the output of PC1 is JSON", err)
	s.equal("the output of PC1 is that of lotus' worker", digest, want.preCommit1)
	s.equal("CommR is that of lotus' worker", cids.Sealed.String(), want.sealed)
	s.equal("CommD is that of lotus' worker", cids.Unsealed.String(), want.unsealed)
	digest, err = canonicalDigest(commit1)
	s.must("the output of C1 is JSON", err)
	s.equal("the output of C1 is that of lotus' worker", digest, want.commit1)
}

// filesIn are the names of the sector files below a folder with their sizes; t_aux has a path in it, so its size is left out.
func filesIn(folder string) []string {
	out := []string{}
	for _, file := range storiface.FTAll.AllSet() {
		root := filepath.Join(folder, file.String())
		filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error { //nolint:errcheck // a type may have no folder
			if err != nil || entry.IsDir() {
				return nil
			}
			name, _ := filepath.Rel(folder, path)
			if info, err := entry.Info(); err == nil && entry.Name() != "t_aux" {
				name += fmt.Sprintf(" %d", info.Size())
			}
			out = append(out, name)
			return nil
		})
	}
	sort.Strings(out)
	return out
}

// sameTree compares two files, or two folders file by file.
func (s *scenario) sameTree(what, left, right string) bool {
	read := func(root string) (map[string]string, error) {
		out := map[string]string{}
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			name, _ := filepath.Rel(root, path)
			digest := sha256.Sum256(text)
			out[name] = fmt.Sprintf("%d %x", len(text), digest)
			return err
		})
		return out, err
	}
	a, err := read(left)
	s.noError(what, err)
	b, err := read(right)
	s.noError(what, err)
	return len(a) > 0 && s.equal(what, a, b)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
