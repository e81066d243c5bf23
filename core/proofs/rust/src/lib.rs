// SPDX-License-Identifier: MIT OR Apache-2.0
//! The C ABI of lsw_rust_proofs.h over the official proofs crate. Nothing is decided here: the C++ side prepares and checks the files.

mod abi;
mod parameters;
mod pieces;
mod post;
mod sealing;
mod update;
