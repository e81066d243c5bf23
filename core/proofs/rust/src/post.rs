// SPDX-License-Identifier: MIT OR Apache-2.0
//! Proofs of spacetime: vanilla proofs of one replica, the SNARKs over them, and their verifier.

use std::collections::BTreeMap;

use anyhow::{ensure, Result};
use filecoin_proofs_api::{post, PoStType, PrivateReplicaInfo, PublicReplicaInfo, RegisteredPoStProof, SectorId};

use crate::abi::{bytes32, guarded, list, post_proof, Reply, Text};

#[repr(C)]
pub struct PostSector {
    number: u64,
    comm_r: [u8; 32],
}

/// # Safety
/// As the header says, here and below.
#[no_mangle]
pub unsafe extern "C" fn lsw_vanilla_post(
    proof: i64,
    sector_number: u64,
    challenges: *const u64,
    challenge_count: usize,
    comm_r: *const u8,
    sealed: Text,
    cache: Text,
) -> Reply {
    guarded(|| {
        let proof = post_proof(proof)?;
        let replica = PrivateReplicaInfo::new(proof, bytes32(comm_r), cache.path()?.into(), sealed.path()?.into());
        post::generate_single_vanilla_proof(proof, SectorId::from(sector_number), &replica, list(challenges, challenge_count))
    })
}

unsafe fn vanilla(proofs: *const Text, count: usize) -> Vec<Vec<u8>> {
    list(proofs, count).iter().map(|proof| proof.bytes().to_vec()).collect()
}

fn only(mut proofs: Vec<(RegisteredPoStProof, Vec<u8>)>) -> Result<Vec<u8>> {
    ensure!(proofs.len() == 1, "{} proofs instead of one", proofs.len());
    Ok(proofs.remove(0).1)
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_winning_post(proof: i64, randomness: *const u8, prover_id: *const u8, proofs: *const Text, count: usize) -> Reply {
    guarded(|| {
        only(post::generate_winning_post_with_vanilla(
            post_proof(proof)?,
            &bytes32(randomness),
            bytes32(prover_id),
            &vanilla(proofs, count),
        )?)
    })
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_window_post(
    proof: i64,
    randomness: *const u8,
    prover_id: *const u8,
    proofs: *const Text,
    count: usize,
    partition: u64,
) -> Reply {
    guarded(|| {
        let made = post::generate_single_window_post_with_vanilla(
            post_proof(proof)?,
            &bytes32(randomness),
            bytes32(prover_id),
            &vanilla(proofs, count),
            usize::try_from(partition)?,
        )?;
        Ok(made.0)
    })
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_verify_post(
    proof: i64,
    randomness: *const u8,
    prover_id: *const u8,
    sectors: *const PostSector,
    sector_count: usize,
    bytes: *const u8,
    size: usize,
) -> Reply {
    guarded(|| {
        let proof = post_proof(proof)?;
        let replicas: BTreeMap<_, _> = list(sectors, sector_count)
            .iter()
            .map(|sector| (SectorId::from(sector.number), PublicReplicaInfo::new(proof, sector.comm_r)))
            .collect();
        let (randomness, prover_id, bytes) = (bytes32(randomness), bytes32(prover_id), list(bytes, size));
        let holds = if proof.typ() == PoStType::Winning {
            post::verify_winning_post(&randomness, bytes, &replicas, prover_id)?
        } else {
            post::verify_window_post(&randomness, &[(proof, bytes)], &replicas, prover_id)?
        };
        Ok(vec![u8::from(holds)])
    })
}
