// What Swift cannot call of OpenSSL itself: macros and OSSL_PARAM arrays.
#pragma once

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

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
