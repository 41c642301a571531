// What Swift cannot call of OpenSSL itself: macros and OSSL_PARAM arrays.
#pragma once

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/dsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
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

// HMAC(3) would look for a provider whatever method it is given. 1 on success.
static inline int lockwise_hmac(const EVP_MD *method, const void *key, size_t key_length, const void *message,
                                size_t message_length, unsigned char *out) {
#if OPENSSL_VERSION_MAJOR < 4
  HMAC_CTX *context = HMAC_CTX_new();
  int ok = context && HMAC_Init_ex(context, key, (int)key_length, method, NULL) == 1 &&
           HMAC_Update(context, (const unsigned char *)message, message_length) == 1 &&
           HMAC_Final(context, out, NULL) == 1;
  HMAC_CTX_free(context);
  return ok;
#else
  return HMAC(method, key, (int)key_length, (const unsigned char *)message, message_length, out, NULL) != NULL;
#endif
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
