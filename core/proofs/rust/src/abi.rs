// SPDX-License-Identifier: MIT OR Apache-2.0
//! What crosses the border: replies, texts, sectors, pieces; and the guard that lets no panic through.

use std::any::Any;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;
use std::slice;

use anyhow::{anyhow, Context, Result};
use filecoin_proofs_api::{
    PieceInfo, ProverId, RegisteredPoStProof, RegisteredSealProof, RegisteredUpdateProof, SectorId, Ticket, UnpaddedBytesAmount,
};

const OK: i32 = 0;
const ERROR: i32 = 1;
const PANIC: i32 = 2;
const SOURCE_ENDED: i32 = 3;

#[repr(C)]
pub struct Reply {
    kind: i32,
    os_error: i32,
    data: *mut u8,
    size: usize,
    capacity: usize,
}

#[repr(C)]
pub struct Text {
    data: *const u8,
    size: usize,
}

#[repr(C)]
pub struct Sector {
    proof: i64,
    number: u64,
    prover_id: [u8; 32],
    ticket: [u8; 32],
}

#[repr(C)]
pub struct Piece {
    unpadded_size: u64,
    commitment: [u8; 32],
}

/// The source of a piece gave fewer bytes than it should.
#[derive(Debug)]
pub struct SourceEnded(pub u64);

impl std::fmt::Display for SourceEnded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the data ended after {} bytes", self.0)
    }
}

impl std::error::Error for SourceEnded {}

fn reply(kind: i32, os_error: i32, mut bytes: Vec<u8>) -> Reply {
    let answer = Reply { kind, os_error, data: bytes.as_mut_ptr(), size: bytes.len(), capacity: bytes.capacity() };
    std::mem::forget(bytes);
    answer
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    if let Some(text) = panic.downcast_ref::<&str>() {
        (*text).to_string()
    } else if let Some(text) = panic.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic without a text".to_string()
    }
}

/// Runs one call of the crate; errors and panics become replies.
pub fn guarded(call: impl FnOnce() -> Result<Vec<u8>>) -> Reply {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(bytes)) => reply(OK, 0, bytes),
        Ok(Err(error)) => {
            let os_error = error
                .chain()
                .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
                .find_map(std::io::Error::raw_os_error)
                .unwrap_or(0);
            let kind = if error.chain().any(|cause| cause.is::<SourceEnded>()) { SOURCE_ENDED } else { ERROR };
            reply(kind, os_error, format!("{error:#}").into_bytes())
        }
        Err(panic) => reply(PANIC, 0, panic_text(panic.as_ref()).into_bytes()),
    }
}

/// # Safety
/// `reply` is one of ours and was not freed before.
#[no_mangle]
pub unsafe extern "C" fn lsw_reply_free(reply: Reply) {
    drop(Vec::from_raw_parts(reply.data, reply.size, reply.capacity));
}

impl Text {
    /// # Safety
    /// Points to `size` bytes that outlive the call.
    pub unsafe fn bytes(&self) -> &[u8] {
        if self.size == 0 {
            return &[];
        }
        slice::from_raw_parts(self.data, self.size)
    }

    pub unsafe fn path(&self) -> Result<&Path> {
        Ok(Path::new(std::str::from_utf8(self.bytes()).context("a path is not UTF-8")?))
    }
}

impl Sector {
    pub fn proof(&self) -> Result<RegisteredSealProof> {
        registered_proof(self.proof)
    }
    pub fn id(&self) -> SectorId {
        SectorId::from(self.number)
    }
    pub fn prover_id(&self) -> ProverId {
        self.prover_id
    }
    pub fn ticket(&self) -> Ticket {
        self.ticket
    }
}

/// # Safety
/// `data` points to 32 bytes.
pub unsafe fn bytes32(data: *const u8) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(slice::from_raw_parts(data, 32));
    out
}

/// # Safety
/// `pieces` points to `count` pieces.
pub unsafe fn piece_infos(pieces: *const Piece, count: usize) -> Result<Vec<PieceInfo>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    slice::from_raw_parts(pieces, count)
        .iter()
        .map(|piece| PieceInfo::new(piece.commitment, UnpaddedBytesAmount(piece.unpadded_size)))
        .collect()
}

/// # Safety
/// `data` points to `size` elements that outlive the call; null for none.
pub unsafe fn list<'a, T>(data: *const T, size: usize) -> &'a [T] {
    if size == 0 {
        return &[];
    }
    slice::from_raw_parts(data, size)
}

pub fn registered_proof(number: i64) -> Result<RegisteredSealProof> {
    use RegisteredSealProof::*;
    let known = [
        StackedDrg2KiBV1,
        StackedDrg8MiBV1,
        StackedDrg512MiBV1,
        StackedDrg32GiBV1,
        StackedDrg64GiBV1,
        StackedDrg2KiBV1_1,
        StackedDrg8MiBV1_1,
        StackedDrg512MiBV1_1,
        StackedDrg32GiBV1_1,
        StackedDrg64GiBV1_1,
        StackedDrg2KiBV1_1_Feat_SyntheticPoRep,
        StackedDrg8MiBV1_1_Feat_SyntheticPoRep,
        StackedDrg512MiBV1_1_Feat_SyntheticPoRep,
        StackedDrg32GiBV1_1_Feat_SyntheticPoRep,
        StackedDrg64GiBV1_1_Feat_SyntheticPoRep,
        StackedDrg2KiBV1_2_Feat_NonInteractivePoRep,
        StackedDrg8MiBV1_2_Feat_NonInteractivePoRep,
        StackedDrg512MiBV1_2_Feat_NonInteractivePoRep,
        StackedDrg32GiBV1_2_Feat_NonInteractivePoRep,
        StackedDrg64GiBV1_2_Feat_NonInteractivePoRep,
    ];
    usize::try_from(number)
        .ok()
        .and_then(|index| known.get(index).copied())
        .ok_or_else(|| anyhow!("{number} is no registered seal proof"))
}

/// The update proof of sectors that were sealed with a seal proof: one for each size.
pub fn update_proof(seal_proof: i64) -> Result<RegisteredUpdateProof> {
    use RegisteredUpdateProof::*;
    let size = u64::from(registered_proof(seal_proof)?.sector_size());
    [StackedDrg2KiBV1, StackedDrg8MiBV1, StackedDrg512MiBV1, StackedDrg32GiBV1, StackedDrg64GiBV1]
        .into_iter()
        .find(|proof| u64::from(proof.sector_size()) == size)
        .ok_or_else(|| anyhow!("{seal_proof} is no registered seal proof with an update proof"))
}

pub fn post_proof(number: i64) -> Result<RegisteredPoStProof> {
    use RegisteredPoStProof::*;
    let known = [
        StackedDrgWinning2KiBV1,
        StackedDrgWinning8MiBV1,
        StackedDrgWinning512MiBV1,
        StackedDrgWinning32GiBV1,
        StackedDrgWinning64GiBV1,
        StackedDrgWindow2KiBV1,
        StackedDrgWindow8MiBV1,
        StackedDrgWindow512MiBV1,
        StackedDrgWindow32GiBV1,
        StackedDrgWindow64GiBV1,
        StackedDrgWindow2KiBV1_2,
        StackedDrgWindow8MiBV1_2,
        StackedDrgWindow512MiBV1_2,
        StackedDrgWindow32GiBV1_2,
        StackedDrgWindow64GiBV1_2,
    ];
    usize::try_from(number)
        .ok()
        .and_then(|index| known.get(index).copied())
        .ok_or_else(|| anyhow!("{number} is no registered PoSt proof"))
}
