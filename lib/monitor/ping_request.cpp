#include "monitor/ping_request.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

namespace popkeep::monitor {
namespace {

struct Cleanup {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

std::size_t drop(char*, std::size_t size, std::size_t count, void*) noexcept {
    return size * count;
}

}  // namespace

std::string ping_address(std::string_view url, std::string_view word) {
    std::string_view path = url.substr(0, url.find('?'));
    const std::string_view query = url.substr(path.size());
    if (path.ends_with('/')) path.remove_suffix(1);
    return fmt::format("{}/{}{}", path, word, query);
}

std::string ping(const std::string& url, std::string_view body, std::chrono::milliseconds patience) {
    static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, Cleanup> handle(curl_easy_init());
    if (global != CURLE_OK || !handle) return "libcurl gives no handle";
    const std::unique_ptr<curl_slist, Cleanup> headers(
        curl_slist_append(nullptr, "Content-Type: text/plain; charset=utf-8"));
    CURLcode code = CURLE_OK;
    const auto set = [&](CURLoption option, auto value) {
        if (code == CURLE_OK) code = curl_easy_setopt(handle.get(), option, value);
    };
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
    set(CURLOPT_USERAGENT, "popkeep");
    set(CURLOPT_WRITEFUNCTION, &drop);
    if (!body.empty()) {
        set(CURLOPT_HTTPHEADER, headers.get());
        set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
        set(CURLOPT_POSTFIELDS, body.data());
    }
    if (code == CURLE_OK) code = curl_easy_perform(handle.get());
    if (code != CURLE_OK) return curl_easy_strerror(code);
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status / 100 == 2) return {};
    return fmt::format("the answer was {}{}", status,
                       status / 100 == 3 ? ", a redirection, which is not followed" : "");
}

}  // namespace popkeep::monitor
