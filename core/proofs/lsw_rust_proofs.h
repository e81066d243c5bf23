/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef LSW_RUST_PROOFS_H
#define LSW_RUST_PROOFS_H

#include <stddef.h>
#include <stdint.h>

/* The C ABI over the official proofs crate (rust/src). No call unwinds; each one answers with a reply whose bytes belong to the Rust side
 * and are given back by lsw_reply_free. Paths and texts are UTF-8 without an end mark. 32-byte fields are pointers to 32 bytes. */

#ifdef __cplusplus
extern "C" {
#endif

enum { LSW_REPLY_OK = 0, LSW_REPLY_ERROR = 1, LSW_REPLY_PANIC = 2, LSW_REPLY_SOURCE_ENDED = 3 };

/* data: the result, or for the other kinds a sentence. os_error: errno of the innermost system error, else 0. */
typedef struct LswReply {
    int32_t kind;
    int32_t os_error;
    uint8_t *data;
    size_t size;
    size_t capacity;
} LswReply;

typedef struct LswText {
    const char *data;
    size_t size;
} LswText;

typedef struct LswSector {
    int64_t proof;
    uint64_t number;
    uint8_t prover_id[32];
    uint8_t ticket[32];
} LswSector;

typedef struct LswPiece {
    uint64_t unpadded_size;
    uint8_t commitment[32];
} LswPiece;

/* Takes bytes as they come; 0, or the errno to fail with. */
typedef int32_t (*LswSink)(void *context, const uint8_t *data, size_t size);

void lsw_reply_free(LswReply reply);

/* Pads exactly unpadded_size bytes read from source_fd to target_fd at offset. Neither descriptor is closed. Result: commitment (32). */
LswReply lsw_add_piece(int32_t source_fd, int32_t target_fd, uint64_t offset, uint64_t unpadded_size);
/* Result: commitment (32) and the bytes that came before the source ended (LE u64); the rest counts as zeros. */
LswReply lsw_piece_commitment(int32_t source_fd, uint64_t unpadded_size);

/* Result: the PC1 JSON. */
LswReply lsw_pre_commit_1(const LswSector *sector, const LswPiece *pieces, size_t piece_count, LswText unsealed, LswText sealed, LswText cache);
/* Result: comm_r (32), comm_d (32). */
LswReply lsw_pre_commit_2(LswText phase1, LswText sealed, LswText cache);
LswReply lsw_synthetic_proofs(const LswSector *sector, const LswPiece *pieces, size_t piece_count, const uint8_t *comm_r, const uint8_t *comm_d,
                              LswText sealed, LswText cache);
/* Result: the C1 JSON. */
LswReply lsw_commit_1(const LswSector *sector, const uint8_t *seed, const LswPiece *pieces, size_t piece_count, const uint8_t *comm_r,
                      const uint8_t *comm_d, LswText sealed, LswText cache);
/* Result: the proof. */
LswReply lsw_commit_2(LswText commit1, const uint8_t *prover_id, uint64_t sector_number);
/* Result: one byte, 1 when the proof holds. */
LswReply lsw_verify_seal(const LswSector *sector, const uint8_t *seed, const uint8_t *comm_r, const uint8_t *comm_d, const uint8_t *proof, size_t proof_size);
/* Writes user bytes [offset, offset + size) to the sink; both multiples of 127. Labels are written into scratch. */
LswReply lsw_unseal(const LswSector *sector, const uint8_t *comm_d, LswText sealed, LswText scratch, uint64_t offset, uint64_t size, LswSink sink,
                    void *sink_context);

/* Makes the file of parents when it is not there. */
LswReply lsw_make_parents(int64_t proof);
/* Result: the path of the parameters (LSW_PARAMETERS) or of the verifying key (LSW_VERIFYING_KEY) that a circuit needs for a proof: a seal
 * proof for LSW_SEAL and LSW_UPDATE, a PoSt proof for the others. */
enum { LSW_SEAL = 0, LSW_UPDATE = 1, LSW_WINNING_POST = 2, LSW_WINDOW_POST = 3 };
enum { LSW_PARAMETERS = 0, LSW_VERIFYING_KEY = 1 };
LswReply lsw_parameter_path(int32_t circuit, int64_t proof, int32_t which);
/* Makes insecure parameters of a test size. */
LswReply lsw_make_test_parameters(uint64_t sector_size, int32_t circuit);

/* Updates. proof: the seal proof of the sector. */

/* update has the size of the sector already, update_cache is an empty folder. Result: comm_r (32), comm_d (32). */
LswReply lsw_replica_update(int64_t proof, const LswPiece *pieces, size_t piece_count, LswText unsealed, LswText sealed, LswText cache, LswText update,
                            LswText update_cache);
/* output has at least the size of the sector already. */
LswReply lsw_decode_update(int64_t proof, const uint8_t *comm_d, LswText update, LswText sealed, LswText cache, LswText output);
/* sealed has the size of the sector already; old_cache has p_aux and t_aux of the sector key; trees, p_aux and t_aux are written to new_cache. */
LswReply lsw_regenerate_key(int64_t proof, const uint8_t *comm_d, LswText unsealed, LswText update, LswText old_cache, LswText sealed,
                            LswText new_cache);
/* Writes the layers of a sector into cache. */
LswReply lsw_labels(const LswSector *sector, const uint8_t *comm_d, LswText cache);
/* Result: for each partition the size of its vanilla proof (LE u64) and the proof. */
LswReply lsw_prove_update_1(int64_t proof, const uint8_t *sector_key, const uint8_t *comm_r, const uint8_t *comm_d, LswText sealed, LswText cache,
                            LswText update, LswText update_cache);
/* Result: the proof. */
LswReply lsw_prove_update_2(int64_t proof, const uint8_t *sector_key, const uint8_t *comm_r, const uint8_t *comm_d, const LswText *vanilla,
                            size_t vanilla_count);
/* Result: one byte, 1 when the proof holds; also below. */
LswReply lsw_verify_update(int64_t proof, const uint8_t *sector_key, const uint8_t *comm_r, const uint8_t *comm_d, const uint8_t *bytes, size_t size);

/* Proofs of spacetime. proof: a PoSt proof. randomness: a field element. */

typedef struct LswPostSector {
    uint64_t number;
    uint8_t comm_r[32];
} LswPostSector;

/* Result: the vanilla proof. */
LswReply lsw_vanilla_post(int64_t proof, uint64_t sector_number, const uint64_t *challenges, size_t challenge_count, const uint8_t *comm_r,
                          LswText sealed, LswText cache);
/* Result: the proof; also below. */
LswReply lsw_winning_post(int64_t proof, const uint8_t *randomness, const uint8_t *prover_id, const LswText *vanilla, size_t vanilla_count);
LswReply lsw_window_post(int64_t proof, const uint8_t *randomness, const uint8_t *prover_id, const LswText *vanilla, size_t vanilla_count,
                         uint64_t partition);
LswReply lsw_verify_post(int64_t proof, const uint8_t *randomness, const uint8_t *prover_id, const LswPostSector *sectors, size_t sector_count,
                         const uint8_t *bytes, size_t size);

#ifdef __cplusplus
}
#endif

#endif
