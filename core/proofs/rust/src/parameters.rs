// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files the crate shares between sectors: parents, parameters, verifying keys.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{bail, Context, Result};
use bellperson::{groth16, Circuit};
use blstrs::{Bls12, Scalar as Fr};
use filecoin_proofs::{
    parameters::{public_params, window_post_public_params, winning_post_public_params},
    with_shape, DefaultPieceHasher, MerkleTreeTrait, PoRepConfig, PoStType, SectorShape2KiB, SectorShape512MiB, SectorShape8MiB,
};
use rand::rngs::OsRng;
use storage_proofs_core::{
    api_version::ApiVersion,
    compound_proof::CompoundProof,
    parameter_cache::{
        parameter_cache_metadata_path, parameter_cache_params_path, parameter_cache_verifying_key_path, read_cached_params,
        CacheableParameters, ParameterSetMetadata,
    },
};
use storage_proofs_porep::stacked::{StackedCircuit, StackedCompound, StackedDrg};
use storage_proofs_post::fallback::{FallbackPoSt, FallbackPoStCircuit, FallbackPoStCompound};
use storage_proofs_update::{
    constants::TreeRHasher, EmptySectorUpdate, EmptySectorUpdateCircuit, EmptySectorUpdateCompound, PublicParams as UpdateParams,
};

use crate::abi::{guarded, post_proof, registered_proof, update_proof, Reply};

fn make_parents<Tree: 'static + MerkleTreeTrait>(config: &PoRepConfig) -> Result<()> {
    public_params::<Tree>(config)?.graph.parent_cache()?;
    Ok(())
}

#[no_mangle]
pub extern "C" fn lsw_make_parents(proof: i64) -> Reply {
    guarded(|| {
        let proof = registered_proof(proof)?;
        let config = proof.as_v1_config();
        with_shape!(u64::from(proof.sector_size()), make_parents, &config,)?;
        Ok(Vec::new())
    })
}

fn update_identifier<Tree: 'static + MerkleTreeTrait<Hasher = TreeRHasher>>(sector_size: u64) -> String {
    <EmptySectorUpdateCompound<Tree> as CacheableParameters<EmptySectorUpdateCircuit<Tree>, _>>::cache_identifier(
        &UpdateParams::from_sector_size(sector_size),
    )
}

#[no_mangle]
pub extern "C" fn lsw_parameter_path(circuit: i32, proof: i64, which: i32) -> Reply {
    guarded(|| {
        let (parameters, key) = match circuit {
            SEAL => {
                let proof = registered_proof(proof)?;
                (proof.cache_params_path()?, proof.cache_verifying_key_path()?)
            }
            UPDATE => {
                // The crate's own answer names the files of the seal proof.
                let size = u64::from(update_proof(proof)?.sector_size());
                let id = with_shape!(size, update_identifier, size);
                (parameter_cache_params_path(&id), parameter_cache_verifying_key_path(&id))
            }
            _ => {
                let proof = post_proof(proof)?;
                (proof.cache_params_path()?, proof.cache_verifying_key_path()?)
            }
        };
        Ok(if which == 0 { parameters } else { key }.into_os_string().into_encoded_bytes())
    })
}

/// Puts a file under its name when it is whole: a process that is killed leaves no torn file for a later one to map.
fn put(path: &Path, content: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".partial-{}", std::process::id()));
    let partial = path.with_file_name(name);
    let outcome: Result<()> = (|| {
        let mut writer = BufWriter::with_capacity(1 << 20, File::create(&partial)?);
        content(&mut writer)?;
        writer.flush()?;
        writer.get_ref().sync_all()?;
        Ok(fs::rename(&partial, path)?)
    })();
    outcome.map_err(|error| {
        let _ = fs::remove_file(&partial);
        error.context(format!("cannot write {}", path.display()))
    })
}

/// Which circuit's parameters, as the header numbers them.
const SEAL: i32 = 0;
const UPDATE: i32 = 1;
const WINNING_POST: i32 = 2;
const WINDOW_POST: i32 = 3;

/// The parameters of one circuit, their verifying key and what the crate wants beside them; only what is missing.
fn make_files<C, P, Compound>(sector_size: u64, public: &P, blank: impl FnOnce() -> C) -> Result<()>
where
    C: Circuit<Fr>,
    P: ParameterSetMetadata,
    Compound: CacheableParameters<C, P>,
{
    let id = Compound::cache_identifier(public);
    let (parameters, key, meta) =
        (parameter_cache_params_path(&id), parameter_cache_verifying_key_path(&id), parameter_cache_metadata_path(&id));
    let write_meta = |file: &mut BufWriter<File>| Ok(write!(file, "{{\"sector_size\":{sector_size}}}")?);
    if parameters.exists() {
        // Whole, since it got its name last; what belongs beside it may have been removed.
        if !meta.exists() {
            put(&meta, write_meta)?;
        }
        if !key.exists() {
            let made = read_cached_params(&parameters)?;
            put(&key, |file| Ok(made.vk.write(file)?))?;
        }
        return Ok(());
    }
    if let Some(folder) = parameters.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let made = groth16::generate_random_parameters::<Bls12, _, _>(blank(), &mut OsRng)?;
    put(&key, |file| Ok(made.vk.write(file)?))?;
    put(&meta, write_meta)?;
    put(&parameters, |file| Ok(made.write(file)?))
}

fn make_test_parameters<Tree>(sector_size: u64, circuit: i32) -> Result<()>
where
    Tree: 'static + MerkleTreeTrait<Hasher = TreeRHasher>,
{
    match circuit {
        SEAL => {
            let public = public_params::<Tree>(&PoRepConfig::new_groth16(sector_size, [0; 32], ApiVersion::V1_1_0))?;
            type Circuits<Tree> = StackedCompound<Tree, DefaultPieceHasher>;
            make_files::<StackedCircuit<Tree, DefaultPieceHasher>, _, Circuits<Tree>>(sector_size, &public, || {
                <Circuits<Tree> as CompoundProof<StackedDrg<'_, Tree, DefaultPieceHasher>, _>>::blank_circuit(&public)
            })
        }
        UPDATE => {
            let public = UpdateParams::from_sector_size(sector_size);
            make_files::<EmptySectorUpdateCircuit<Tree>, _, EmptySectorUpdateCompound<Tree>>(sector_size, &public, || {
                <EmptySectorUpdateCompound<Tree> as CompoundProof<EmptySectorUpdate<Tree>, _>>::blank_circuit(&public)
            })
        }
        WINNING_POST | WINDOW_POST => {
            let proof = [post_proof(0)?, post_proof(1)?, post_proof(2)?, post_proof(5)?, post_proof(6)?, post_proof(7)?]
                .into_iter()
                .find(|proof| (proof.typ() == PoStType::Window) == (circuit == WINDOW_POST) && u64::from(proof.sector_size()) == sector_size)
                .with_context(|| format!("{sector_size} is no test sector size"))?;
            let config = proof.as_v1_config();
            let public = if circuit == WINNING_POST {
                winning_post_public_params::<Tree>(&config)?
            } else {
                window_post_public_params::<Tree>(&config)?
            };
            make_files::<FallbackPoStCircuit<Tree>, _, FallbackPoStCompound<Tree>>(sector_size, &public, || {
                <FallbackPoStCompound<Tree> as CompoundProof<FallbackPoSt<'_, Tree>, _>>::blank_circuit(&public)
            })
        }
        _ => bail!("there is no circuit {circuit}"),
    }
}

#[no_mangle]
pub extern "C" fn lsw_make_test_parameters(sector_size: u64, circuit: i32) -> Reply {
    guarded(|| {
        match sector_size {
            0x800 => make_test_parameters::<SectorShape2KiB>(sector_size, circuit)?,
            0x80_0000 => make_test_parameters::<SectorShape8MiB>(sector_size, circuit)?,
            0x2000_0000 => make_test_parameters::<SectorShape512MiB>(sector_size, circuit)?,
            _ => bail!("{sector_size} is no test sector size: parameters of real sizes are downloaded, never made"),
        }
        Ok(Vec::new())
    })
}
