// SPDX-License-Identifier: MIT OR Apache-2.0
//! The phases of sealing. PC1 and C1 outputs are the crate's own JSON, as every other worker exchanges it.

use std::slice;

use anyhow::{Context, Result};
use filecoin_proofs_api::{seal, RegisteredSealProof, SectorId};

use crate::abi::{bytes32, guarded, piece_infos, Piece, Reply, Sector, Text};

unsafe fn phase2_output(proof: RegisteredSealProof, comm_r: *const u8, comm_d: *const u8) -> seal::SealPreCommitPhase2Output {
    seal::SealPreCommitPhase2Output { registered_proof: proof, comm_r: bytes32(comm_r), comm_d: bytes32(comm_d) }
}

fn parsed<T: serde::de::DeserializeOwned>(json: &[u8], what: &str) -> Result<T> {
    serde_json::from_slice(json).with_context(|| format!("the {what} output is not what it should be"))
}

/// # Safety
/// As the header says, here and below.
#[no_mangle]
pub unsafe extern "C" fn lsw_pre_commit_1(
    sector: *const Sector,
    pieces: *const Piece,
    piece_count: usize,
    unsealed: Text,
    sealed: Text,
    cache: Text,
) -> Reply {
    guarded(|| {
        let sector = &*sector;
        let output = seal::seal_pre_commit_phase1(
            sector.proof()?,
            cache.path()?,
            unsealed.path()?,
            sealed.path()?,
            sector.prover_id(),
            sector.id(),
            sector.ticket(),
            &piece_infos(pieces, piece_count)?,
        )?;
        Ok(serde_json::to_vec(&output)?)
    })
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_pre_commit_2(phase1: Text, sealed: Text, cache: Text) -> Reply {
    guarded(|| {
        let output = seal::seal_pre_commit_phase2(parsed(phase1.bytes(), "PC1")?, cache.path()?, sealed.path()?)?;
        Ok([output.comm_r, output.comm_d].concat())
    })
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_synthetic_proofs(
    sector: *const Sector,
    pieces: *const Piece,
    piece_count: usize,
    comm_r: *const u8,
    comm_d: *const u8,
    sealed: Text,
    cache: Text,
) -> Reply {
    guarded(|| {
        let sector = &*sector;
        seal::generate_synth_proofs(
            cache.path()?,
            sealed.path()?,
            sector.prover_id(),
            sector.id(),
            sector.ticket(),
            phase2_output(sector.proof()?, comm_r, comm_d),
            &piece_infos(pieces, piece_count)?,
        )?;
        Ok(Vec::new())
    })
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_commit_1(
    sector: *const Sector,
    seed: *const u8,
    pieces: *const Piece,
    piece_count: usize,
    comm_r: *const u8,
    comm_d: *const u8,
    sealed: Text,
    cache: Text,
) -> Reply {
    guarded(|| {
        let sector = &*sector;
        let output = seal::seal_commit_phase1(
            cache.path()?,
            sealed.path()?,
            sector.prover_id(),
            sector.id(),
            sector.ticket(),
            bytes32(seed),
            phase2_output(sector.proof()?, comm_r, comm_d),
            &piece_infos(pieces, piece_count)?,
        )?;
        Ok(serde_json::to_vec(&output)?)
    })
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_commit_2(commit1: Text, prover_id: *const u8, sector_number: u64) -> Reply {
    guarded(|| {
        let output: seal::SealCommitPhase1Output = parsed(commit1.bytes(), "C1")?;
        Ok(seal::seal_commit_phase2(output, bytes32(prover_id), SectorId::from(sector_number))?.proof)
    })
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_verify_seal(
    sector: *const Sector,
    seed: *const u8,
    comm_r: *const u8,
    comm_d: *const u8,
    proof: *const u8,
    proof_size: usize,
) -> Reply {
    guarded(|| {
        let sector = &*sector;
        let proof = if proof_size == 0 { &[] } else { slice::from_raw_parts(proof, proof_size) };
        let holds = seal::verify_seal(
            sector.proof()?,
            bytes32(comm_r),
            bytes32(comm_d),
            sector.prover_id(),
            sector.id(),
            sector.ticket(),
            bytes32(seed),
            proof,
        )?;
        Ok(vec![u8::from(holds)])
    })
}
