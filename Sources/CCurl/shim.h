// What Swift cannot call of libcurl itself: the variadic curl_easy_setopt and curl_easy_getinfo, and macros.
#pragma once

#include <curl/curl.h>

static inline CURLcode lockwise_curl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode lockwise_curl_set_long(CURL *curl, CURLoption option, long value) {
  return curl_easy_setopt(curl, option, value);
}
static inline CURLcode lockwise_curl_set_pointer(CURL *curl, CURLoption option, const void *value) {
  return curl_easy_setopt(curl, option, value);
}
static inline CURLcode lockwise_curl_set_offset(CURL *curl, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(curl, option, value);
}
typedef size_t (*lockwise_curl_callback)(char *data, size_t size, size_t count, void *context);
static inline CURLcode lockwise_curl_set_callback(CURL *curl, CURLoption option, lockwise_curl_callback callback) {
  return curl_easy_setopt(curl, option, callback);
}
typedef int (*lockwise_curl_progress)(void *context, curl_off_t download_total, curl_off_t downloaded,
                                      curl_off_t upload_total, curl_off_t uploaded);
static inline CURLcode lockwise_curl_set_progress(CURL *curl, lockwise_curl_progress callback) {
  return curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, callback);
}
static inline CURLcode lockwise_curl_get_long(CURL *curl, CURLINFO info, long *value) {
  return curl_easy_getinfo(curl, info, value);
}
