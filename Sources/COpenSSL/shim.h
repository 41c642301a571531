// What Swift cannot call of OpenSSL itself: macros and OSSL_PARAM arrays.
#pragma once

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

// OPENSSL_init_crypto(3). No configuration file: a helper must not load what openssl.cnf names. Not adding the
// legacy name tables saves about 3 million instructions at the first digest; providers are found without them.
static inline int lockwise_openssl_init(void) {
  return OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
                                 OPENSSL_INIT_NO_ADD_ALL_DIGESTS | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
                                 OPENSSL_INIT_NO_ATEXIT,
                             NULL);
}

// OPENSSL_secure_malloc(3) is a macro over file and line.
static inline void *lockwise_secure_malloc(size_t size) { return CRYPTO_secure_malloc(size, "", 0); }
static inline void lockwise_secure_free(void *p, size_t size) { CRYPTO_secure_clear_free(p, size, "", 0); }

// libcrypto's own AES-GCM and SHA-256 without the search for a provider. A provider's cipher is found by building the
// methods of all of its ciphers first: 3.5 of the 5.6 million instructions that a whole look-up took. A method made
// by EVP_CIPHER_meth_dup(3) or EVP_MD_meth_dup(3) is used as it is, and these have the same assembly behind them.
// Both calls are deprecated since 3.0; from 4.0 on the ordinary methods are used.
static inline const EVP_CIPHER *lockwise_aes_256_gcm(void) {
#if OPENSSL_VERSION_MAJOR < 4
  EVP_CIPHER *copy = EVP_CIPHER_meth_dup(EVP_aes_256_gcm());
  if (copy) return copy;
#endif
  return EVP_aes_256_gcm();
}
static inline const EVP_MD *lockwise_sha256(void) {
#if OPENSSL_VERSION_MAJOR < 4
  EVP_MD *copy = EVP_MD_meth_dup(EVP_sha256());
  // 3.0 leaves the size of the state out of its table of methods.
  if (copy && EVP_MD_meth_set_app_datasize(copy, sizeof(SHA256_CTX)) == 1) return copy;
#endif
  return EVP_sha256();
}

// HMAC_Init_ex(3) and its like are deprecated since 3.0, but HMAC(3) and EVP_MAC(3) would look for a provider whatever
// method they are given. A context with a key; NULL on failure.
static inline HMAC_CTX *lockwise_hmac_new(const EVP_MD *method, const void *key, size_t key_length) {
  HMAC_CTX *context = HMAC_CTX_new();
  // A null key would stand for that of the last call.
  if (context && HMAC_Init_ex(context, key ? key : "", (int)key_length, method, NULL) == 1) return context;
  HMAC_CTX_free(context);
  return NULL;
}
static inline void lockwise_hmac_free(HMAC_CTX *context) { HMAC_CTX_free(context); }

// Each 1 on success. The key and the method are those of the last call.
static inline int lockwise_hmac_begin(HMAC_CTX *context) { return HMAC_Init_ex(context, NULL, 0, NULL, NULL); }
static inline int lockwise_hmac_update(HMAC_CTX *context, const void *part, size_t length) {
  return HMAC_Update(context, (const unsigned char *)part, length);
}
static inline int lockwise_hmac_end(HMAC_CTX *context, void *out) {
  return HMAC_Final(context, (unsigned char *)out, NULL);
}

// EVP_KDF-HKDF(7), extract and expand, with SHA-256. 1 on success.
static inline int lockwise_hkdf_sha256(const unsigned char *key, size_t key_length, const unsigned char *salt,
                                       size_t salt_length, const unsigned char *info, size_t info_length,
                                       unsigned char *out, size_t out_length) {
  int ok = 0;
  EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
  EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
  if (context) {
    OSSL_PARAM parameters[5], *p = parameters;
    *p++ = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0);
    *p++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)key, key_length);
    *p++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_length);
    *p++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info, info_length);
    *p = OSSL_PARAM_construct_end();
    ok = EVP_KDF_derive(context, out, out_length, parameters) == 1;
  }
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  return ok;
}

// A fresh RSA key with public exponent 65537 (EVP_PKEY-RSA(7)); NULL on failure. Freed with EVP_PKEY_free(3), which
// wipes the private numbers; they lie in the secure heap as far as it reaches.
static inline EVP_PKEY *lockwise_rsa_generate(int bits) {
  EVP_PKEY *key = NULL;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
  if (!context || EVP_PKEY_keygen_init(context) != 1 || EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) != 1 ||
      EVP_PKEY_keygen(context, &key) != 1)
    key = NULL;
  EVP_PKEY_CTX_free(context);
  return key;
}

// A fresh DSA key of fresh domain parameters (EVP_PKEY-DSA(7)); NULL on failure. Freed like the above.
static inline EVP_PKEY *lockwise_dsa_generate(int bits, int q_bits) {
  EVP_PKEY *parameters = NULL, *key = NULL;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
  if (context && EVP_PKEY_paramgen_init(context) == 1 && EVP_PKEY_CTX_set_dsa_paramgen_bits(context, bits) == 1 &&
      EVP_PKEY_CTX_set_dsa_paramgen_q_bits(context, q_bits) == 1 &&
      EVP_PKEY_paramgen(context, &parameters) == 1) {
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_pkey(NULL, parameters, NULL);
    if (!maker || EVP_PKEY_keygen_init(maker) != 1 || EVP_PKEY_keygen(maker, &key) != 1) key = NULL;
    EVP_PKEY_CTX_free(maker);
  }
  EVP_PKEY_free(parameters);
  EVP_PKEY_CTX_free(context);
  return key;
}

// The public point of a P-256 private key (32 bytes): 65 bytes, 04 and both coordinates. 1 on success; 0 also for a
// key that is not between 1 and the group's order.
static inline int lockwise_p256_public(const unsigned char *key, unsigned char *point) {
  int ok = 0;
  EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  EC_POINT *result = group ? EC_POINT_new(group) : NULL;
  BIGNUM *scalar = BN_secure_new();
  if (result && scalar && BN_bin2bn(key, 32, scalar) && !BN_is_zero(scalar) &&
      BN_cmp(scalar, EC_GROUP_get0_order(group)) < 0) {
    BN_set_flags(scalar, BN_FLG_CONSTTIME);
    ok = EC_POINT_mul(group, result, scalar, NULL, NULL, NULL) == 1 &&
         EC_POINT_point2oct(group, result, POINT_CONVERSION_UNCOMPRESSED, point, 65, NULL) == 65;
  }
  BN_clear_free(scalar);
  EC_POINT_free(result);
  EC_GROUP_free(group);
  return ok;
}

// A key of the group P-256 (EVP_PKEY-EC(7)); `key` may be NULL. NULL also for a point that is not on the curve.
static inline EVP_PKEY *lockwise_p256_key(const unsigned char *key, const unsigned char *point) {
  EVP_PKEY *result = NULL;
  BIGNUM *scalar = key ? BN_secure_new() : NULL;
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
  OSSL_PARAM *parameters = NULL;
  if (builder && context && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) &&
      OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, 65) &&
      (!key || (scalar && BN_bin2bn(key, 32, scalar) &&
                OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, scalar))) &&
      (parameters = OSSL_PARAM_BLD_to_param(builder)) && EVP_PKEY_fromdata_init(context) == 1) {
    if (EVP_PKEY_fromdata(context, &result, key ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, parameters) != 1)
      result = NULL;
  }
  OSSL_PARAM_free(parameters);
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_BLD_free(builder);
  BN_clear_free(scalar);
  return result;
}

// Whether 65 bytes are a point of P-256.
static inline int lockwise_p256_is_point(const unsigned char *point) {
  EVP_PKEY *key = lockwise_p256_key(NULL, point);
  EVP_PKEY_CTX *context = key ? EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL) : NULL;
  int ok = context && EVP_PKEY_public_check(context) == 1;
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  return ok;
}

// ECDH (EVP_PKEY_derive(3)): the x coordinate, 32 bytes with leading zeros. 1 on success. The peer is checked again.
static inline int lockwise_p256_agree(const unsigned char *key, const unsigned char *point, const unsigned char *peer,
                                      unsigned char *out) {
  size_t length = 32;
  EVP_PKEY *own = lockwise_p256_key(key, point), *other = lockwise_p256_key(NULL, peer);
  EVP_PKEY_CTX *context = own && other ? EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL) : NULL;
  int ok = context && EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, other) == 1 &&
           EVP_PKEY_derive(context, out, &length) == 1 && length == 32;
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(other);
  EVP_PKEY_free(own);
  return ok;
}
