#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "command.hpp"
#include "help/manual.hpp"

// popkeep_manual FRAMES TO: part of the build; fills the frames of man/ with what the commands declare.

namespace {

using namespace popkeep::cmd;

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + " can't be read");
    return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush()) throw std::runtime_error(path + " can't be written");
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 3) throw std::runtime_error("usage: popkeep_manual FRAMES TO");
        const std::string from = argv[1], to = argv[2];
        write(to + "/popkeep.1", manual_overview(read(from + "/popkeep.1"), commands()));
        for (const Entry& entry : commands()) {
            const auto command = entry.make();
            const Syntax syntax = syntax_of(*command, entry.name);
            const std::string name = fmt::format("/popkeep-{}.1", entry.name);
            write(to + name, manual_page(read(from + name), entry, syntax.declaration()));
        }
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "popkeep_manual: {}\n", error.what());
        return 1;
    }
}
