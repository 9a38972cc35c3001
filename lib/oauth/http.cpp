#include "oauth/http.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"

namespace popkeep::oauth {
namespace {

constexpr std::size_t largest_answer = std::size_t{256} << 10U;
constexpr auto grace = std::chrono::seconds(3);  // libcurl looks once a second, and a stop may take 5 s
constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

struct Cleanup {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

void encode(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* to) noexcept {
    auto& body = *static_cast<std::string*>(to);
    if (body.size() + size * count > largest_answer) return 0;
    try {
        body.append(bytes, size * count);
    } catch (...) {
        return 0;  // no exception may cross libcurl; it ends the transfer instead
    }
    return size * count;
}

/// Tells libcurl when to give up after a stop was requested. Once the form has gone out, the server may have
/// put new tokens in the place of the old ones: its answer is waited for, as long as a stop may take.
int stop_if_requested(void* until, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent) noexcept {
    if (!interrupt::requested()) return 0;
    if (sent == 0) return 1;
    auto& deadline = *static_cast<std::optional<Deadline>*>(until);
    if (!deadline) deadline = Deadline::in(grace);
    return deadline->passed() ? 1 : 0;
}

/// OpenSSL has words of its own for what isn't TLS, or is too old: that stays so. A connection that broke in
/// the handshake has none, or these.
Error no_tls(std::string_view why) {
    if (why.find("SSL routines") == std::string_view::npos ||
        why.find("unexpected eof") != std::string_view::npos)
        return Error(Category::temporary, "the connection to the authorization server broke")
            .next("try again later");
    return Error(Category::protocol, "no TLS connection to the authorization server could be made")
        .next("check the oauth_… addresses; versions older than TLS 1.2 are not safe");
}

Error failure(CURLcode code, std::string_view why) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return Error(Category::no_host, "the authorization server's name is unknown")
                .next("check the name and this machine's network");
        case CURLE_COULDNT_CONNECT:
            return Error(Category::unavailable, "the authorization server can't be reached")
                .next("try again later; check the oauth_… addresses");
        case CURLE_OPERATION_TIMEDOUT:
            return Error(Category::temporary, "the authorization server did not answer in time")
                .next("try again later");
        case CURLE_SSL_CONNECT_ERROR:
            return no_tls(why);
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
            return Error(Category::protocol, "the authorization server's certificate could not be verified")
                .next("if its authority is your own, name it with oauth_ca; else somebody may be in between");
        case CURLE_WRITE_ERROR:
            return {Category::protocol, "the authorization server's answer is far too long"};
        default:
            return Error(Category::temporary, "asking the authorization server failed")
                .next("try again later");
    }
}

class Request {
  public:
    explicit Request(const Client& client) : handle_(curl_easy_init()) {
        static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (global != CURLE_OK || !handle_) throw Error(Category::temporary, "libcurl gives no handle");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        set(CURLOPT_TIMEOUT, static_cast<long>(client.timeout.count()));
        set(CURLOPT_PROXY, client.proxy.c_str());
        if (!client.proxy_user.empty()) sign_in_to_proxy(client);
        set(CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        if (!client.ca.empty()) {
            struct stat facts {};
            const bool folder = stat(client.ca.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
            // Only what is named counts: the other default is switched off.
            set(CURLOPT_CAPATH, folder ? client.ca.c_str() : nullptr);
            set(CURLOPT_CAINFO, folder ? nullptr : client.ca.c_str());
        }
        set(CURLOPT_XFERINFOFUNCTION, &stop_if_requested);
        set(CURLOPT_XFERINFODATA, static_cast<void*>(&stop_));
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_ERRORBUFFER, reason_.data());
        headers_.reset(curl_slist_append(nullptr, "Accept: application/json"));
        set(CURLOPT_HTTPHEADER, headers_.get());
        set(CURLOPT_USERAGENT, "popkeep");
    }

    void authenticate(const Credentials& credentials) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        // Encoded first: a ':' in the id would end it.
        std::string part;
        encode(part, credentials.id);
        set(CURLOPT_USERNAME, part.c_str());
        part.clear();
        encode(part, credentials.secret.view());
        set(CURLOPT_PASSWORD, part.c_str());
        secret::wipe(part);
    }

    Answer post(const std::string& url, const std::string& body) {
        Answer answer;
        answer.body.reserve(16384);
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_PROTOCOLS_STR, url.starts_with("https:") ? "https" : "http");
        set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
        set(CURLOPT_POSTFIELDS, body.c_str());
        set(CURLOPT_WRITEFUNCTION, &take);
        set(CURLOPT_WRITEDATA, static_cast<void*>(&answer.body));
        const CURLcode code = curl_easy_perform(handle_.get());
        if (code != CURLE_OK) {
            interrupt::check();
            const char* why = reason_[0] != '\0' ? reason_.data() : curl_easy_strerror(code);
            throw failure(code, why).at(place_of(url)).said(why);
        }
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &answer.status);
        return answer;
    }

  private:
    void sign_in_to_proxy(const Client& client) {
        set(CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_ANY));
        set(CURLOPT_PROXYUSERNAME, client.proxy_user.c_str());
        if (!client.proxy_password) return;
        std::string password(client.proxy_password().view());
        set(CURLOPT_PROXYPASSWORD, password.c_str());
        secret::wipe(password);
    }

    template <typename Value>
    void set(CURLoption option, Value value) {
        const CURLcode result = curl_easy_setopt(handle_.get(), option, value);
        if (result != CURLE_OK)
            throw Error(Category::configuration,
                        "libcurl doesn't take an option for the authorization server")
                .said(curl_easy_strerror(result));
    }

    std::unique_ptr<CURL, Cleanup> handle_;
    std::unique_ptr<curl_slist, Cleanup> headers_;
    std::array<char, CURL_ERROR_SIZE> reason_{};
    std::optional<Deadline> stop_;
};

}  // namespace

std::string place_of(const std::string& url) {
    const std::size_t start = url.find("://") + 3;
    return url.substr(start, url.find_first_of("/?", start) - start);
}

Answer::~Answer() {
    secret::wipe(body);
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    encode(out, text);
    return out;
}

std::string encoded(const Form& form) {
    std::string out;
    for (const auto& [name, value] : form) {
        if (!out.empty()) out += '&';
        encode(out, name);
        out += '=';
        encode(out, value);
    }
    return out;
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0) {
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

Answer post(const Client& client, const std::string& url, const Form& form, const Credentials* basic) {
    std::string body = encoded(form);
    try {
        Request request(client);
        if (basic != nullptr) request.authenticate(*basic);
        Answer answer = request.post(url, body);
        secret::wipe(body);
        return answer;
    } catch (...) {
        secret::wipe(body);
        throw;
    }
}

}  // namespace popkeep::oauth
