#pragma once

#include <string>
#include <vector>

#include "sasl/exchange.hpp"

namespace popkeep::fuzz {

/// Both sides' words of an exchange so far, in pairs.
struct Talk {
    std::vector<std::string> challenges, answers;
};

/// SCRAM iterations beyond which it takes too long for a fuzzer.
inline constexpr std::uint64_t many_iterations = 1000;

/// What a server that knows the password says at the end: SCRAM's ServerSignature (RFC 5802 section 3), or
/// DIGEST-MD5's response-auth (RFC 2831 section 2.1.3). Made without libgsasl. Empty where the talk hasn't
/// come so far, made no sense or would take long, and for other mechanisms.
std::string proof_of(sasl::Mechanism mechanism, const sasl::Identity& identity, const Talk& talk);

/// What the letter stands for in one of SCRAM's messages; empty: nothing.
std::string_view attribute(std::string_view message, char letter);

}  // namespace popkeep::fuzz
