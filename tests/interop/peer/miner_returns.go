// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"context"

	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

var _ storiface.WorkerReturn = (*miner)(nil)

// take notes what a return brought. The first of several for one call counts, as for a miner.
func (m *miner) take(method string, call storiface.CallID, value any, failure *storiface.CallError) error {
	m.life.Lock()
	before := m.beforeReturn
	m.life.Unlock()
	if before != nil {
		if err := before(method, call); err != nil {
			return err
		}
	}
	m.life.Lock()
	defer m.life.Unlock()
	m.counts[method]++
	if _, known := m.results[call]; !known {
		m.results[call] = result{method, value, failure}
	}
	close(m.arrived)
	m.arrived = make(chan struct{})
	return nil
}

func (m *miner) onReturn(hook func(method string, call storiface.CallID) error) {
	m.life.Lock()
	defer m.life.Unlock()
	m.beforeReturn = hook
}

func (m *miner) ReturnDataCid(_ context.Context, call storiface.CallID, piece abi.PieceInfo, err *storiface.CallError) error {
	return m.take("ReturnDataCid", call, piece, err)
}

func (m *miner) ReturnAddPiece(_ context.Context, call storiface.CallID, piece abi.PieceInfo, err *storiface.CallError) error {
	return m.take("ReturnAddPiece", call, piece, err)
}

func (m *miner) ReturnSealPreCommit1(_ context.Context, call storiface.CallID, out storiface.PreCommit1Out, err *storiface.CallError) error {
	return m.take("ReturnSealPreCommit1", call, out, err)
}

func (m *miner) ReturnSealPreCommit2(_ context.Context, call storiface.CallID, cids storiface.SectorCids, err *storiface.CallError) error {
	return m.take("ReturnSealPreCommit2", call, cids, err)
}

func (m *miner) ReturnSealCommit1(_ context.Context, call storiface.CallID, out storiface.Commit1Out, err *storiface.CallError) error {
	return m.take("ReturnSealCommit1", call, out, err)
}

func (m *miner) ReturnSealCommit2(_ context.Context, call storiface.CallID, proof storiface.Proof, err *storiface.CallError) error {
	return m.take("ReturnSealCommit2", call, proof, err)
}

func (m *miner) ReturnFinalizeSector(_ context.Context, call storiface.CallID, err *storiface.CallError) error {
	return m.take("ReturnFinalizeSector", call, nil, err)
}

func (m *miner) ReturnReleaseUnsealed(_ context.Context, call storiface.CallID, err *storiface.CallError) error {
	return m.take("ReturnReleaseUnsealed", call, nil, err)
}

func (m *miner) ReturnReplicaUpdate(_ context.Context, call storiface.CallID, out storiface.ReplicaUpdateOut, err *storiface.CallError) error {
	return m.take("ReturnReplicaUpdate", call, out, err)
}

func (m *miner) ReturnProveReplicaUpdate1(_ context.Context, call storiface.CallID, proofs storiface.ReplicaVanillaProofs, err *storiface.CallError) error {
	return m.take("ReturnProveReplicaUpdate1", call, proofs, err)
}

func (m *miner) ReturnProveReplicaUpdate2(_ context.Context, call storiface.CallID, proof storiface.ReplicaUpdateProof, err *storiface.CallError) error {
	return m.take("ReturnProveReplicaUpdate2", call, proof, err)
}

func (m *miner) ReturnGenerateSectorKeyFromData(_ context.Context, call storiface.CallID, err *storiface.CallError) error {
	return m.take("ReturnGenerateSectorKeyFromData", call, nil, err)
}

func (m *miner) ReturnFinalizeReplicaUpdate(_ context.Context, call storiface.CallID, err *storiface.CallError) error {
	return m.take("ReturnFinalizeReplicaUpdate", call, nil, err)
}

func (m *miner) ReturnMoveStorage(_ context.Context, call storiface.CallID, err *storiface.CallError) error {
	return m.take("ReturnMoveStorage", call, nil, err)
}

func (m *miner) ReturnUnsealPiece(_ context.Context, call storiface.CallID, err *storiface.CallError) error {
	return m.take("ReturnUnsealPiece", call, nil, err)
}

func (m *miner) ReturnReadPiece(_ context.Context, call storiface.CallID, ok bool, err *storiface.CallError) error {
	return m.take("ReturnReadPiece", call, ok, err)
}

func (m *miner) ReturnDownloadSector(_ context.Context, call storiface.CallID, err *storiface.CallError) error {
	return m.take("ReturnDownloadSector", call, nil, err)
}

func (m *miner) ReturnFetch(_ context.Context, call storiface.CallID, err *storiface.CallError) error {
	return m.take("ReturnFetch", call, nil, err)
}
