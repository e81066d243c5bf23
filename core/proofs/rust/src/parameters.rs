// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files the crate shares between sectors: parents, parameters, verifying keys.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

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

/// Writes a file under another name first: a process that is killed leaves no torn file for a later one to map.
fn written(path: &Path, content: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<PathBuf> {
    let partial = path.with_extension(format!("partial-{}", std::process::id()));
    let outcome: Result<()> = (|| {
        let mut writer = BufWriter::with_capacity(1 << 20, File::create(&partial)?);
        content(&mut writer)?;
        writer.flush()?;
        writer.get_ref().sync_all()?;
        Ok(())
    })();
    match outcome {
        Ok(()) => Ok(partial),
        Err(error) => {
            let _ = fs::remove_file(&partial);
            Err(error).with_context(|| format!("cannot write {}", partial.display()))
        }
    }
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
        // Whole, since it got its name last thing; what belongs beside it may be missing.
        if !meta.exists() {
            fs::rename(written(&meta, write_meta)?, &meta)?;
        }
        if !key.exists() {
            let made = read_cached_params(&parameters)?;
            fs::rename(written(&key, |file| Ok(made.vk.write(file)?))?, &key)?;
        }
        return Ok(());
    }
    if let Some(folder) = parameters.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let circuit = <Circuits<Tree> as CompoundProof<StackedDrg<'_, Tree, DefaultPieceHasher>, _>>::blank_circuit(&public);
    let made = groth16::generate_random_parameters::<Bls12, _, _>(circuit, &mut OsRng)?;
    let finished = [
        (written(&parameters, |file| Ok(made.write(file)?))?, parameters),
        (written(&meta, write_meta)?, meta),
        (written(&key, |file| Ok(made.vk.write(file)?))?, key),
    ];
    // The old key, if any, goes first: it belongs to other parameters.
    let _ = fs::remove_file(&finished[2].1);
    for (partial, path) in &finished {
        fs::rename(partial, path).with_context(|| format!("cannot name {}", path.display()))?;
    }
    Ok(())
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
