// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pieces: padding into an unsealed file, commitments, and the way back out of a replica.

use std::ffi::c_void;
use std::fs::File;
use std::io::{self, Read, Write};
use std::mem::ManuallyDrop;
use std::os::fd::FromRawFd;
use std::os::unix::fs::FileExt;

use anyhow::ensure;
use filecoin_proofs_api::{seal, UnpaddedByteIndex, UnpaddedBytesAmount};

use crate::abi::{bytes32, guarded, Reply, Sector, SourceEnded, Text};

/// A descriptor that stays the caller's.
fn borrowed(descriptor: i32) -> ManuallyDrop<File> {
    ManuallyDrop::new(unsafe { File::from_raw_fd(descriptor) })
}

/// Reads at most so many bytes and counts them. The crate reads ahead into a buffer, and what follows belongs to the next portion.
struct Portion<'a> {
    source: io::Take<&'a File>,
    came: u64,
}

impl<'a> Portion<'a> {
    fn new(source: &'a File, size: u64) -> Self {
        Portion { source: source.take(size), came: 0 }
    }
}

impl Read for Portion<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.source.read(buffer)?;
        self.came += got as u64;
        Ok(got)
    }
}

/// Writes from an offset on. Remembers a failure: the crate leaves its last buffer to a destructor, which swallows errors.
struct At<'a> {
    file: &'a File,
    offset: u64,
    failed: Option<i32>,
}

impl Write for At<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self.file.write_at(buffer, self.offset) {
            Ok(done) => {
                self.offset += done as u64;
                Ok(done)
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::Interrupted {
                    self.failed = error.raw_os_error();
                }
                Err(error)
            }
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[no_mangle]
pub extern "C" fn lsw_add_piece(source_fd: i32, target_fd: i32, offset: u64, unpadded_size: u64) -> Reply {
    guarded(|| {
        let (source, target) = (borrowed(source_fd), borrowed(target_fd));
        let mut portion = Portion::new(&source, unpadded_size);
        let mut at = At { file: &target, offset, failed: None };
        let outcome = filecoin_proofs::write_and_preprocess(&mut portion, &mut at, UnpaddedBytesAmount(unpadded_size));
        if let Some(code) = at.failed {
            return Err(io::Error::from_raw_os_error(code).into());
        }
        if let Err(error) = &outcome {
            if !error.chain().any(|cause| cause.is::<io::Error>()) && portion.came < unpadded_size {
                return Err(SourceEnded(portion.came).into());
            }
        }
        let (piece, _) = outcome?;
        ensure!(portion.came == unpadded_size, SourceEnded(portion.came));
        let padded = unpadded_size + unpadded_size / 127;
        ensure!(at.offset == offset + padded, "only {} of {padded} bytes were written", at.offset - offset);
        Ok(piece.commitment.to_vec())
    })
}

#[no_mangle]
pub extern "C" fn lsw_piece_commitment(source_fd: i32, unpadded_size: u64) -> Reply {
    guarded(|| {
        let source = borrowed(source_fd);
        let mut portion = Portion::new(&source, unpadded_size);
        let filled = (&mut portion).chain(io::repeat(0)).take(unpadded_size);
        let piece = filecoin_proofs::generate_piece_commitment(filled, UnpaddedBytesAmount(unpadded_size))?;
        let mut out = piece.commitment.to_vec();
        out.extend_from_slice(&portion.came.to_le_bytes());
        Ok(out)
    })
}

type Sink = extern "C" fn(*mut c_void, *const u8, usize) -> i32;

struct ToSink {
    sink: Sink,
    context: *mut c_void,
}

impl Write for ToSink {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match (self.sink)(self.context, buffer.as_ptr(), buffer.len()) {
            0 => Ok(buffer.len()),
            code => Err(io::Error::from_raw_os_error(code)),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// # Safety
/// The pointers are valid during the call, as the header says.
#[no_mangle]
pub unsafe extern "C" fn lsw_unseal(
    sector: *const Sector,
    comm_d: *const u8,
    sealed: Text,
    scratch: Text,
    offset: u64,
    size: u64,
    sink: Sink,
    sink_context: *mut c_void,
) -> Reply {
    guarded(|| {
        let sector = &*sector;
        let replica = File::open(sealed.path()?)?;
        let mut output = io::BufWriter::with_capacity(1 << 20, ToSink { sink, context: sink_context });
        let written = seal::unseal_range(
            sector.proof()?,
            scratch.path()?,
            replica,
            &mut output,
            sector.prover_id(),
            sector.id(),
            bytes32(comm_d),
            sector.ticket(),
            UnpaddedByteIndex(offset),
            UnpaddedBytesAmount(size),
        )?;
        output.flush()?;
        ensure!(written == UnpaddedBytesAmount(size), "{written:?} instead of {size} bytes were decoded");
        Ok(Vec::new())
    })
}
