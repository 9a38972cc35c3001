#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// What the fuzzers do with their inputs: each target takes any bytes, hands them to a parser and asserts
/// what must hold of the answer. They are compiled twice: by clang for libFuzzer (libfuzzer.cpp), and into a
/// unit test that plays the seeds (seeds_test.cpp).
namespace popkeep::fuzz {

/// Throws std::logic_error, which nobody catches, unless `holds`; `what` is the property in words.
void require(bool holds, const char* what);

void capability(std::string_view input);
void command_line(std::string_view input);
void configuration(std::string_view input);
void decoder(std::string_view input);
void frames(std::string_view input);
void header(std::string_view input);
void listing(std::string_view input);
void mbox_append(std::string_view input);
void mbox_read(std::string_view input);
void mbox_scan(std::string_view input);
void netrc(std::string_view input);
void postmark(std::string_view input);
void prologue(std::string_view input);
void quoting(std::string_view input);
void readable(std::string_view input);
void redirect(std::string_view input);
void refusal(std::string_view input);
void reply(std::string_view input);
void sasl(std::string_view input);
void srv(std::string_view input);
void summary(std::string_view input);
void tokens(std::string_view input);
void url(std::string_view input);
void values(std::string_view input);

struct Target {
    std::string_view name;  ///< also of its folder in seeds/
    void (*run)(std::string_view input);
};

std::span<const Target> targets();

}  // namespace popkeep::fuzz
