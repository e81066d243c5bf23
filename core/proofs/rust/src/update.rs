// SPDX-License-Identifier: MIT OR Apache-2.0
//! Updates of sealed sectors (SnapDeals), and the sector key without its data.

use anyhow::{ensure, Context, Result};
use filecoin_hashers::Domain;
use filecoin_proofs::{with_shape, MerkleTreeTrait, SectorUpdateConfig};
use filecoin_proofs_api::{seal, update, PartitionProofBytes};
use storage_proofs_porep::stacked::generate_replica_id;
use storage_proofs_update::constants::TreeRDomain;

use crate::abi::{bytes32, guarded, list, piece_infos, update_proof, Piece, Reply, Sector, Text};

/// # Safety
/// As the header says, here and below.
#[no_mangle]
pub unsafe extern "C" fn lsw_replica_update(
    proof: i64,
    pieces: *const Piece,
    piece_count: usize,
    unsealed: Text,
    sealed: Text,
    cache: Text,
    update: Text,
    update_cache: Text,
) -> Reply {
    guarded(|| {
        let output = update::empty_sector_update_encode_into(
            update_proof(proof)?,
            update.path()?,
            update_cache.path()?,
            sealed.path()?,
            cache.path()?,
            unsealed.path()?,
            &piece_infos(pieces, piece_count)?,
        )?;
        Ok([output.comm_r_new, output.comm_d_new].concat())
    })
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_decode_update(proof: i64, comm_d: *const u8, update: Text, sealed: Text, cache: Text, output: Text) -> Reply {
    guarded(|| {
        update::empty_sector_update_decode_from(
            update_proof(proof)?,
            output.path()?,
            update.path()?,
            sealed.path()?,
            cache.path()?,
            bytes32(comm_d),
        )?;
        Ok(Vec::new())
    })
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_regenerate_key(
    proof: i64,
    comm_d: *const u8,
    unsealed: Text,
    update: Text,
    old_cache: Text,
    sealed: Text,
    new_cache: Text,
) -> Reply {
    guarded(|| {
        update::empty_sector_update_remove_encoded_data(
            update_proof(proof)?,
            sealed.path()?,
            new_cache.path()?,
            update.path()?,
            old_cache.path()?,
            unsealed.path()?,
            bytes32(comm_d),
        )?;
        Ok(Vec::new())
    })
}

fn replica_id<Tree: 'static + MerkleTreeTrait>(sector: &Sector, comm_d: &[u8; 32]) -> Result<Vec<u8>> {
    let proof = sector.proof()?;
    let porep_id = proof.as_v1_config().porep_id;
    let id = generate_replica_id::<Tree::Hasher, _>(
        &sector.prover_id(),
        u64::from(sector.id()),
        &sector.ticket(),
        comm_d,
        &porep_id,
    );
    Ok(id.into_bytes())
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_labels(sector: *const Sector, comm_d: *const u8, cache: Text) -> Reply {
    guarded(|| {
        let sector = &*sector;
        let proof = sector.proof()?;
        let id = with_shape!(u64::from(proof.sector_size()), replica_id, sector, &bytes32(comm_d))?;
        seal::sdr(proof, cache.path()?, TreeRDomain::try_from_bytes(&id)?)?;
        Ok(Vec::new())
    })
}

/// Vanilla proofs with the size of each before it, little-endian.
fn framed(proofs: &[PartitionProofBytes]) -> Vec<u8> {
    let mut out = Vec::new();
    for proof in proofs {
        out.extend_from_slice(&(proof.0.len() as u64).to_le_bytes());
        out.extend_from_slice(&proof.0);
    }
    out
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_prove_update_1(
    proof: i64,
    sector_key: *const u8,
    comm_r: *const u8,
    comm_d: *const u8,
    sealed: Text,
    cache: Text,
    update: Text,
    update_cache: Text,
) -> Reply {
    guarded(|| {
        let proof = update_proof(proof)?;
        let (old, new, data) = (bytes32(sector_key), bytes32(comm_r), bytes32(comm_d));
        let proofs = update::generate_partition_proofs(
            proof,
            old,
            new,
            data,
            sealed.path()?,
            cache.path()?,
            update.path()?,
            update_cache.path()?,
        )?;
        // The crate proves whatever it reads: a tree of other data would only be noticed by who gets the SNARK.
        ensure!(update::verify_partition_proofs(proof, &proofs, old, new, data)?, "Invalid vanilla proof of the update");
        Ok(framed(&proofs))
    })
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_prove_update_2(
    proof: i64,
    sector_key: *const u8,
    comm_r: *const u8,
    comm_d: *const u8,
    vanilla: *const Text,
    vanilla_count: usize,
) -> Reply {
    guarded(|| {
        let proof = update_proof(proof)?;
        let (old, new, data) = (bytes32(sector_key), bytes32(comm_r), bytes32(comm_d));
        let vanilla: Vec<_> = list(vanilla, vanilla_count).iter().map(|one| PartitionProofBytes(one.bytes().to_vec())).collect();
        let partitions = usize::from(SectorUpdateConfig::from_porep_config(&proof.as_v1_config()).update_partitions);
        ensure!(vanilla.len() == partitions, "Invalid vanilla proof of the update: {} partitions instead of {partitions}", vanilla.len());
        // Hours of work would make a proof of nothing.
        let holds = update::verify_partition_proofs(proof, &vanilla, old, new, data).context("Invalid vanilla proof of the update")?;
        ensure!(holds, "Invalid vanilla proof of the update");
        Ok(update::generate_empty_sector_update_proof_with_vanilla(proof, vanilla, old, new, data)?.0)
    })
}

/// # Safety
#[no_mangle]
pub unsafe extern "C" fn lsw_verify_update(
    proof: i64,
    sector_key: *const u8,
    comm_r: *const u8,
    comm_d: *const u8,
    bytes: *const u8,
    size: usize,
) -> Reply {
    guarded(|| {
        let holds = update::verify_empty_sector_update_proof(
            update_proof(proof)?,
            list(bytes, size),
            bytes32(sector_key),
            bytes32(comm_r),
            bytes32(comm_d),
        )?;
        Ok(vec![u8::from(holds)])
    })
}
