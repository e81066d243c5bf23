// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/storage/sealer/fr32"
	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

// life is a sector without data from AddPiece to C1, finalized, kept by the miner and unsealed again.
func life(s *scenario) {
	store := newStore(folderIn(s, "store"))
	m := newMinerWithStore(s, 2<<10, store)
	w := startWorker(s, m, "w1")
	ref := sectorRef(1, smallProof)

	pieces := []abi.PieceInfo{w.addPiece(ref, nil, 2032, zeros(2032), nil)}
	phase1 := w.preCommit1(ref, pieces)
	cids := w.preCommit2(ref, phase1)
	commit1 := w.commit1(ref, pieces, cids)
	s.checkKnown(smallProof, phase1, cids, commit1)
	s.equal("the files after C1", filesIn(w.folder), []string{"cache/s-t01000-1/p_aux 64", "cache/s-t01000-1/sc-02-data-layer-1.dat 2048",
		"cache/s-t01000-1/sc-02-data-layer-2.dat 2048", "cache/s-t01000-1/sc-02-data-tree-c.dat 2336", "cache/s-t01000-1/sc-02-data-tree-d.dat 4064",
		"cache/s-t01000-1/sc-02-data-tree-r-last.dat 32", "cache/s-t01000-1/t_aux", "sealed/s-t01000-1 2048", "unsealed/s-t01000-1 2055"})

	w.fetch(ref, storiface.FTUnsealed, storiface.PathStorage, storiface.AcquireMove)
	w.releaseUnsealed(ref, nil)
	s.equal("the index after ReleaseUnsealed", m.total(ref.ID), storiface.FTSealed|storiface.FTCache)
	w.finalize(ref)
	// The miner takes the sector: it fetches by its own rules, then has the worker delete its copies.
	takeSector(s, m, store, w, ref)

	// The worker unseals: it fetches from the miner, whose tar has no trailer.
	w.unseal(ref, cids.Unsealed)
	s.isTrue("the worker fetched from the miner", len(store.served) >= 2)
	s.equal("the copies that unsealing needed are gone", filesIn(w.folder), []string{"unsealed/s-t01000-1 2055"})
	types, _ := m.held(pathID(s, w.folder), ref.ID)
	s.equal("the index after unsealing", types, storiface.FTUnsealed)
	s.equal("the miner still has its files", len(filesIn(store.folder)), 4)
	readBack(s, m, w, ref, 0, make([]byte, 2032))
}

// takeSector moves the finalized files of a sector to the miner.
func takeSector(s *scenario, m *miner, store *minerStore, w *workerProcess, ref storiface.SectorRef) {
	for _, file := range []storiface.SectorFileType{storiface.FTSealed, storiface.FTCache} {
		s.must("the miner fetches "+file.String(), store.fetchInto(file, ref.ID))
		s.sameTree("the miner's copy of "+file.String(), store.at(file, ref.ID), w.at(file, uint64(ref.ID.Number)))
		s.must("the miner has the worker delete "+file.String(), store.removeOthers(file, ref.ID))
		s.isTrue("the worker deleted "+file.String(), !exists(w.at(file, uint64(ref.ID.Number))))
	}
	own, _ := m.held(pathID(s, w.folder), ref.ID)
	_, primary := m.held(store.id, ref.ID)
	s.equal("what the index has of the worker and of the miner", [2]storiface.SectorFileType{own & (storiface.FTSealed | storiface.FTCache), primary},
		[2]storiface.SectorFileType{storiface.FTNone, storiface.FTSealed | storiface.FTCache})
}

// readBack asks a worker for unsealed data as retrieval does: whether the range is there, then the range itself, then without its padding.
func readBack(s *scenario, m *miner, w *workerProcess, ref storiface.SectorRef, offset abi.UnpaddedPieceSize, want []byte) {
	base := fmt.Sprintf("http://%s/remote/unsealed/%s", w.address(), storiface.SectorName(ref.ID))
	response, err := m.get("GET", fmt.Sprintf("%s/%d/allocated/%d/%d", base, ref.ProofType, offset, len(want)), nil, nil)
	s.must("asking whether a range is there", err)
	response.Body.Close() //nolint:errcheck
	s.equal("whether a range is there", response.StatusCode, 200)
	first, length := offset.Padded(), abi.UnpaddedPieceSize(len(want)).Padded()
	response, err = m.get("GET", base, http.Header{"Range": {fmt.Sprintf("bytes=%d-%d", first, first+length-1)}}, nil)
	s.must("reading a range", err)
	defer response.Body.Close() //nolint:errcheck
	s.equal("the status of a range", response.StatusCode, 206)
	size, err := ref.ProofType.SectorSize()
	s.must("a size", err)
	s.isTrue("the range that the worker says it sent", bytes.HasPrefix([]byte(response.Header.Get("Content-Range")), []byte(fmt.Sprintf("bytes %d-%d/", first, first+length-1))) && uint64(size) > 0)
	reader, err := fr32.NewUnpadReader(response.Body, length)
	s.must("a reader of unsealed data", err)
	got, err := io.ReadAll(reader)
	s.must("reading unsealed data", err)
	s.isTrue(fmt.Sprintf("the %d bytes at %d are those that were added", len(want), offset), bytes.Equal(got, want))
}

// lifeWithData is a sector of three pieces, pushed, read back in parts, kept in a storage path of the worker, partly released.
func lifeWithData(s *scenario) {
	m := newMiner(s, 2<<10)
	w := startWorker(s, m, "w1")
	store := folderIn(s, "store")
	id := makePath(s, store, false, true)
	s.must("StorageAddLocal", w.rpc().StorageAddLocal(context.Background(), store))
	ref := sectorRef(1, smallProof)

	contents := threePieces()
	pieces := w.addThreePieces(ref)
	unsealed, err := os.ReadFile(w.at(storiface.FTUnsealed, 1))
	s.must("the unsealed file", err)
	s.equal("the unsealed file is that of lotus' worker", digestOf(unsealed), "a021a60d51c0cfed67adde87970d0d54168f6dbaaccd6f738fa4d98c3fc5a6f7")
	readBack(s, m, w, ref, 508, contents[1])
	phase1 := w.preCommit1(ref, pieces)
	cids := w.preCommit2(ref, phase1)
	s.equal("CommD is that of the data", cids.Unsealed, pieceCommitment(bytes.Join(contents, nil), 2032))
	commit1 := w.commit1(ref, pieces, cids)
	s.checkSector(dataSector, phase1, cids, commit1)
	s.isTrue("C1 again is the same", bytes.Equal(commit1, w.commit1(ref, pieces, cids)))

	w.finalize(ref)
	w.move(ref, storiface.FTSealed|storiface.FTCache|storiface.FTUnsealed)
	types, primary := m.held(id, ref.ID)
	s.equal("what the index has of the storage path", [2]storiface.SectorFileType{types, primary}, [2]storiface.SectorFileType{7, 7})
	s.equal("the worker's own folder is empty", filesIn(w.folder), []string{})
	s.equal("the files in the storage path", filesIn(store), []string{"cache/s-t01000-1/p_aux 64", "cache/s-t01000-1/sc-02-data-tree-r-last.dat 32",
		"cache/s-t01000-1/t_aux", "sealed/s-t01000-1 2048", "unsealed/s-t01000-1 2055"})
	for _, drop := range m.drops {
		s.isTrue("only the own folder is dropped from the index", drop.id == pathID(s, w.folder))
	}
	readBack(s, m, w, ref, 0, contents[0])
	readBack(s, m, w, ref, 1016, contents[2])

	// The unsealed file goes and comes back out of the sealed one.
	w.releaseUnsealed(ref, nil)
	s.equal("the index after ReleaseUnsealed", m.total(ref.ID), storiface.FTSealed|storiface.FTCache)
	w.unseal(ref, cids.Unsealed)
	s.isTrue("sealed and cache are still there", exists(store+"/sealed/s-t01000-1") && exists(store+"/cache/s-t01000-1"))
	for i, offset := 0, abi.UnpaddedPieceSize(0); i < len(contents); i++ {
		readBack(s, m, w, ref, offset, contents[i])
		offset += abi.UnpaddedPieceSize(len(contents[i]))
	}
	w.move(ref, storiface.FTUnsealed)
	readBack(s, m, w, ref, 1016, contents[2])

	// A worker that starts again declares what it has, as primary where it is kept.
	w.kill()
	w.start()
	s.eventually("the worker registers again", func() bool { return m.counted("WorkerConnect") == 2 })
	types, primary = m.held(id, ref.ID)
	s.equal("the index after a restart of the worker", [2]storiface.SectorFileType{types, primary}, [2]storiface.SectorFileType{7, 7})
	s.must("Remove", w.rpc().Remove(context.Background(), ref.ID))
	s.equal("nothing is left after Remove", filesIn(store), []string{})
	_, err = os.Stat(store + "/sectorstore.json")
	s.must("the path itself stays", err)
}

// twoWorkers labels a sector on one worker, builds its trees and commits on another, and keeps it in a third path.
func twoWorkers(s *scenario) {
	m := newMiner(s, 8<<20)
	first := newWorker(s, m, "w1", "--no-default", "--addpiece", "--precommit1", "--unseal")
	second := newWorker(s, m, "w2", "--no-default", "--precommit2", "--commit")
	first.start()
	second.start()
	first.connected()
	second.connected()
	_, labels := second.rpc().types["seal/v0/precommit/1"]
	_, trees := first.rpc().types["seal/v0/precommit/2"]
	s.isTrue("each has tasks of its own", !labels && !trees)
	store := folderIn(s, "store")
	id := makePath(s, store, false, true)
	s.must("StorageAddLocal", first.rpc().StorageAddLocal(context.Background(), store))

	const proof = abi.RegisteredSealProof_StackedDrg8MiBV1_1
	const size = abi.UnpaddedPieceSize(8<<20) / 128 * 127
	ref := sectorRef(1, proof)
	pieces := []abi.PieceInfo{first.addPiece(ref, nil, size, zeros(size), nil)}
	phase1 := first.preCommit1(ref, pieces)
	before := folderIn(s, "before")
	s.must("a copy of the sealed file", copyFile(first.at(storiface.FTSealed, 1), before))
	second.fetch(ref, storiface.FTSealed|storiface.FTCache, storiface.PathSealing, storiface.AcquireMove)
	s.sameTree("the sealed file that the second worker fetched", before, second.at(storiface.FTSealed, 1))
	s.isTrue("the first worker gave it away", !exists(first.at(storiface.FTSealed, 1)) && !exists(first.at(storiface.FTCache, 1)))
	cids := second.preCommit2(ref, phase1)
	commit1 := second.commit1(ref, pieces, cids)
	s.checkKnown(proof, phase1, cids, commit1)
	_, primary := m.held(pathID(s, second.folder), ref.ID)
	s.equal("the second worker is the primary holder", primary, storiface.FTSealed|storiface.FTCache)

	first.releaseUnsealed(ref, nil)
	second.finalize(ref)
	kept := folderIn(s, "finalized")
	s.must("a copy of the finalized file", copyFile(second.at(storiface.FTSealed, 1), kept))
	first.move(ref, storiface.FTSealed|storiface.FTCache)
	s.sameTree("the sealed file in the third path", kept, store+"/sealed/s-t01000-1")
	s.equal("nothing is left on the workers", append(filesIn(first.folder), filesIn(second.folder)...), []string{})
	types, primary := m.held(id, ref.ID)
	s.equal("the third path alone has the sector", [3]storiface.SectorFileType{types, primary, m.total(ref.ID)}, [3]storiface.SectorFileType{6, 6, 6})
	first.unseal(ref, cids.Unsealed)
	readBack(s, m, first, ref, 0, make([]byte, size))
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}
