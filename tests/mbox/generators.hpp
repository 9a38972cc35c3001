#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace popkeep::test {

/// Bytes that come near everything an mbox treats in a way of its own.
inline rc::Gen<std::string> bytes() {
    const auto piece = rc::gen::element<std::string>(
        "\n", "\r\n", "\r", ">", "F", "From", "From ", "From x\n", "\nFrom x\n", "\n\n", " ", "text",
        "Subject: s\n", std::string(1, '\0'), std::string(70, 'F'));
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const auto& pieces) {
        std::string all;
        for (const auto& one : pieces) all += one;
        return all;
    });
}

/// The same, ended by a LF unless it is empty: the content of a message.
inline rc::Gen<std::string> lines() {
    return rc::gen::map(bytes(), [](std::string all) {
        if (!all.empty() && all.back() != '\n') all += '\n';
        return all;
    });
}

}  // namespace popkeep::test
