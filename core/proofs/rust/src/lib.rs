pub use filecoin_proofs_api as api;
pub use filecoin_proofs as fp;
