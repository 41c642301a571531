// What Swift cannot call of libcurl itself: the variadic curl_easy_setopt and curl_easy_getinfo.
#pragma once

#include <curl/curl.h>

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
static inline CURLcode lockwise_curl_get_long(CURL *curl, CURLINFO info, long *value) {
  return curl_easy_getinfo(curl, info, value);
}
