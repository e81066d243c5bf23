// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"

	"github.com/ipfs/go-cid"

	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

// What lotus' own worker gave for the update of the empty sector 1 with the three pieces of `threePieces`.
const (
	updateSealed   = "bagboea4b5abcavfxovyiug6zx75aydkhtar7o6vlvdmemnbrmmbstn6rfn5pbfzx"
	updateUnsealed = "baga6ea4seaqhhc2s6qhr7d22uy4g5wqp3wafh47ytscsn7jboutsdfip3yf7yay"
	updateVanilla  = "24111e5e5d7b28fc936bf3e13907afca129791c87db91028089bfa789b3b4ef1"
)

func threePieces() [][]byte { return [][]byte{dataOf(508, 1), dataOf(508, 2), dataOf(1016, 3)} }

func digestOf(data []byte) string {
	digest := sha256.Sum256(data)
	return hex.EncodeToString(digest[:])
}

// addThreePieces fills a 2 KiB sector.
func (w *workerProcess) addThreePieces(ref storiface.SectorRef) []abi.PieceInfo {
	var pieces []abi.PieceInfo
	var sizes []abi.UnpaddedPieceSize
	for _, content := range threePieces() {
		size := abi.UnpaddedPieceSize(len(content))
		pieces = append(pieces, w.addPiece(ref, sizes, size, bytes.NewReader(content), content))
		sizes = append(sizes, size)
	}
	return pieces
}

// sealEmpty seals sector 1 without data up to C1 and finalizes it.
func (w *workerProcess) sealEmpty(ref storiface.SectorRef) storiface.SectorCids {
	pieces := []abi.PieceInfo{w.addPiece(ref, nil, 2032, zeros(2032), nil)}
	phase1 := w.preCommit1(ref, pieces)
	cids := w.preCommit2(ref, phase1)
	w.s.checkKnown(smallProof, phase1, cids, w.commit1(ref, pieces, cids))
	w.releaseUnsealed(ref, nil)
	w.finalize(ref)
	return cids
}

// replicaUpdate encodes the unsealed data into the sector and makes the vanilla proof.
func (w *workerProcess) replicaUpdate(ref storiface.SectorRef, pieces []abi.PieceInfo, key cid.Cid) (storiface.ReplicaUpdateOut, storiface.ReplicaVanillaProofs) {
	w.fetch(ref, 7, storiface.PathSealing, storiface.AcquireCopy)
	out, _ := w.ok("ReplicaUpdate", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.ReplicaUpdate(ctx, ref, pieces)
	}).(storiface.ReplicaUpdateOut)
	w.s.equal("CommR of the update is that of lotus' worker", out.NewSealed.String(), updateSealed)
	w.s.equal("CommD of the update is that of lotus' worker", out.NewUnsealed.String(), updateUnsealed)
	w.fetch(ref, 30, storiface.PathSealing, storiface.AcquireCopy)
	proofs, _ := w.ok("ProveReplicaUpdate1", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.ProveReplicaUpdate1(ctx, ref, key, out.NewSealed, out.NewUnsealed)
	}).(storiface.ReplicaVanillaProofs)
	digests := []string{}
	for _, proof := range proofs {
		digests = append(digests, digestOf(proof))
	}
	w.s.equal("the vanilla proofs of the update are those of lotus' worker", digests, []string{updateVanilla})
	return out, proofs
}

// update gives an empty sector data: encoded, proven, finalized, kept by the miner, unsealed, and its key computed back.
func update(s *scenario) {
	store := newStore(folderIn(s, "store"))
	m := newMinerWithStore(s, 2<<10, store)
	w := startWorker(s, m, "w1")
	ref := sectorRef(1, smallProof)
	cids := w.sealEmpty(ref)
	takeSector(s, m, store, w, ref)
	own := pathID(s, w.folder)

	pieces := w.addThreePieces(ref)
	out, _ := w.replicaUpdate(ref, pieces, cids.Sealed)
	types, primary := m.held(own, ref.ID)
	s.equal("what the worker has after the update", [2]storiface.SectorFileType{types, primary}, [2]storiface.SectorFileType{31, 0})
	w.fetch(ref, storiface.FTUnsealed, storiface.PathSealing, storiface.AcquireMove)
	w.releaseUnsealed(ref, []storiface.Range{{Offset: 0, Size: 2032}})
	readBack(s, m, w, ref, 508, threePieces()[1])
	w.fetch(ref, storiface.FTCache|storiface.FTUpdateCache, storiface.PathSealing, storiface.AcquireMove)
	w.ok("FinalizeReplicaUpdate", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.FinalizeReplicaUpdate(ctx, ref)
	})
	for _, file := range []storiface.SectorFileType{storiface.FTUpdate, storiface.FTUpdateCache, storiface.FTCache, storiface.FTSealed, storiface.FTUnsealed} {
		if _, held := m.held(store.id, ref.ID); held&file == 0 {
			s.must("the miner fetches "+file.String(), store.fetchInto(file, ref.ID))
			s.sameTree("the miner's copy of "+file.String(), store.at(file, ref.ID), w.at(file, 1))
		}
		s.must("the miner has the worker delete "+file.String(), store.removeOthers(file, ref.ID))
	}
	s.equal("nothing is left on the worker", filesIn(w.folder), []string{})
	s.equal("the files that the miner has", filesIn(store.folder), []string{"cache/s-t01000-1/p_aux 64", "cache/s-t01000-1/sc-02-data-tree-r-last.dat 32",
		"cache/s-t01000-1/t_aux", "sealed/s-t01000-1 2048", "unsealed/s-t01000-1 2055", "update-cache/s-t01000-1/p_aux 64",
		"update-cache/s-t01000-1/sc-02-data-tree-r-last.dat 32", "update-cache/s-t01000-1/t_aux", "update/s-t01000-1 2048"})
	_, primary = m.held(store.id, ref.ID)
	s.equal("the miner is the primary holder of everything", primary, storiface.SectorFileType(31))

	unsealUpdate(s, m, store, w, ref, out.NewUnsealed)
	regenerateKey(s, m, store, w, ref, out.NewUnsealed)
}

// unsealUpdate computes the data back out of the update.
func unsealUpdate(s *scenario, m *miner, store *minerStore, w *workerProcess, ref storiface.SectorRef, commD cid.Cid) {
	s.must("the miner's unsealed file goes", os.Remove(store.at(storiface.FTUnsealed, ref.ID)))
	s.must("the miner's unsealed file goes", m.StorageDropSector(context.Background(), store.id, ref.ID, storiface.FTUnsealed))
	w.fetch(ref, storiface.FTSealed|storiface.FTCache, storiface.PathSealing, storiface.AcquireCopy)
	w.fetch(ref, storiface.FTUpdate|storiface.FTUpdateCache, storiface.PathSealing, storiface.AcquireCopy)
	w.ok("UnsealPiece of an update", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.UnsealPiece(ctx, ref, 0, 2032, ticket, commD)
	})
	s.equal("the copies that unsealing needed are gone", filesIn(w.folder), []string{"unsealed/s-t01000-1 2055"})
	readBack(s, m, w, ref, 0, threePieces()[0])
	readBack(s, m, w, ref, 508, threePieces()[1])
	readBack(s, m, w, ref, 1016, threePieces()[2])
	s.must("the miner fetches unsealed", store.fetchInto(storiface.FTUnsealed, ref.ID))
	s.must("the miner has the worker delete unsealed", store.removeOthers(storiface.FTUnsealed, ref.ID))
}

// regenerateKey computes the sealed file of before the update out of the data.
func regenerateKey(s *scenario, m *miner, store *minerStore, w *workerProcess, ref storiface.SectorRef, commD cid.Cid) {
	before, err := os.ReadFile(store.at(storiface.FTSealed, ref.ID))
	s.must("the miner's sealed file", err)
	s.must("the miner's sealed file goes", os.Remove(store.at(storiface.FTSealed, ref.ID)))
	s.must("the miner's sealed file goes", m.StorageDropSector(context.Background(), store.id, ref.ID, storiface.FTSealed))
	w.fetch(ref, storiface.FTUnsealed|storiface.FTUpdate, storiface.PathSealing, storiface.AcquireMove)
	w.ok("GenerateSectorKeyFromData", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.GenerateSectorKeyFromData(ctx, ref, commD)
	})
	key, err := os.ReadFile(w.at(storiface.FTSealed, 1))
	s.must("the key", err)
	s.isTrue("the key is the sealed file of before the update", bytes.Equal(key, before))
	types, primary := m.held(pathID(s, w.folder), ref.ID)
	s.equal("what the worker has after the key was computed", [2]storiface.SectorFileType{types, primary}, [2]storiface.SectorFileType{31, 9})
	s.must("Remove", w.rpc().Remove(context.Background(), ref.ID))
	types, _ = m.held(pathID(s, w.folder), ref.ID)
	s.equal("Remove leaves the update to lotus", types&7, storiface.FTNone)
}
