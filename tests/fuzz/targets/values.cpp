#include "config/values.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/template.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

template <typename Use>
void expect_usage(Use use) {
    try {
        use();
    } catch (const Error& error) {
        require(error.category() == Category::usage, "a bad value is a matter of usage");
        const std::string told = error.what();
        require(printable(told, told.size()) == told, "the error can be printed");
    }
}

void require_inside(std::string_view path) {
    require(!path.starts_with('/') && path.size() <= 4096, "an mbox is inside the archive");
    for (const auto part : split(path, '/'))
        require(!part.empty() && part != ".." && part != ".", "and stays there");
}

}  // namespace

// The value of each kind of key, and an mbox's name for an account of any name.
void values(std::string_view input) {
    expect_usage([&] {
        const auto policy = config::parse_delete_policy(input);
        require(config::parse_delete_policy(config::to_text(policy)) == policy, "a policy is read back");
    });
    expect_usage([&] {
        const auto limit = config::parse_max_delete(input);
        require(config::parse_max_delete(config::to_text(limit)) == limit, "a brake is read back");
    });
    expect_usage([&] { require(config::parse_timeout(input).count() >= 1, "a wait is some"); });
    expect_usage([&] {
        const auto proxy = config::parse_proxy(input);
        require(config::parse_proxy(proxy.url).url == proxy.url, "a proxy is read back");
    });
    expect_usage([&] { require(config::parse_address(input) == input, "an address stays as it is"); });
    expect_usage([&] { require(!config::parse_pins(input).empty(), "pins are some"); });
    expect_usage([&] { require(config::parse_path(input, "/base").starts_with('/'), "a path is absolute"); });
    expect_usage([&] {
        const auto file = config::parse_file_template(input);
        require_inside(config::expand_file_template(file, "../../etc/passwd", 1763985600));
    });
    if (input.empty()) return;
    const auto name = config::account_file_name(input);
    require(name.size() <= 217 && !name.starts_with('.') && name.find('/') == std::string::npos,
            "an account's file name is one");
    expect_usage(
        [&] { require_inside(config::expand_file_template("{account}/%Y-%m.mbox", input, 1763985600)); });
}

}  // namespace popkeep::fuzz
