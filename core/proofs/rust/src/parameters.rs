// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files the crate shares between sectors: parents, parameters, verifying keys.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{bail, Context, Result};
use bellperson::groth16;
use blstrs::Bls12;
use filecoin_proofs::{
    parameters::public_params, with_shape, DefaultPieceHasher, MerkleTreeTrait, PoRepConfig, SectorShape2KiB, SectorShape512MiB,
    SectorShape8MiB,
};
use rand::rngs::OsRng;
use storage_proofs_core::{
    api_version::ApiVersion,
    compound_proof::CompoundProof,
    parameter_cache::{
        parameter_cache_metadata_path, parameter_cache_params_path, parameter_cache_verifying_key_path, read_cached_params,
        CacheableParameters,
    },
};
use storage_proofs_porep::stacked::{StackedCircuit, StackedCompound, StackedDrg};

use crate::abi::{guarded, registered_proof, Reply};

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

#[no_mangle]
pub extern "C" fn lsw_parameter_path(proof: i64, which: i32) -> Reply {
    guarded(|| {
        let proof = registered_proof(proof)?;
        let path = if which == 0 { proof.cache_params_path()? } else { proof.cache_verifying_key_path()? };
        Ok(path.into_os_string().into_encoded_bytes())
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

fn make_test_parameters<Tree: 'static + MerkleTreeTrait>(sector_size: u64) -> Result<()> {
    type Circuits<Tree> = StackedCompound<Tree, DefaultPieceHasher>;
    let config = PoRepConfig::new_groth16(sector_size, [0; 32], ApiVersion::V1_1_0);
    let public = public_params::<Tree>(&config)?;
    let id = <Circuits<Tree> as CacheableParameters<StackedCircuit<Tree, DefaultPieceHasher>, _>>::cache_identifier(&public);
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
    let circuit = <Circuits<Tree> as CompoundProof<StackedDrg<'_, Tree, DefaultPieceHasher>, _>>::blank_circuit(&public);
    let made = groth16::generate_random_parameters::<Bls12, _, _>(circuit, &mut OsRng)?;
    put(&key, |file| Ok(made.vk.write(file)?))?;
    put(&meta, write_meta)?;
    put(&parameters, |file| Ok(made.write(file)?))
}

#[no_mangle]
pub extern "C" fn lsw_make_test_parameters(sector_size: u64) -> Reply {
    guarded(|| {
        match sector_size {
            0x800 => make_test_parameters::<SectorShape2KiB>(sector_size)?,
            0x80_0000 => make_test_parameters::<SectorShape8MiB>(sector_size)?,
            0x2000_0000 => make_test_parameters::<SectorShape512MiB>(sector_size)?,
            _ => bail!("{sector_size} is no test sector size: parameters of real sizes are downloaded, never made"),
        }
        Ok(Vec::new())
    })
}
