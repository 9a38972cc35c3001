#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzz/target.hpp"

// libFuzzer's two entries. FUZZ names the target; without it the targets are listed.
namespace {

const popkeep::fuzz::Target* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
    const char* const name = std::getenv("FUZZ");
    for (const auto& target : popkeep::fuzz::targets()) {
        if (name == nullptr) std::puts(target.name.data());
        if (name != nullptr && target.name == name) chosen = &target;
    }
    if (name == nullptr) std::exit(0);
    if (chosen == nullptr) {
        std::fprintf(stderr, "no such target: %s\n", name);
        std::exit(64);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A copy of its own, so that AddressSanitizer sees a read beyond its end; and never a null pointer.
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    chosen->run(size == 0 ? std::string_view("") : input);
    return 0;
}
