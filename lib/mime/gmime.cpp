#include "mime/gmime.hpp"

#include <dlfcn.h>

#include "base/error.hpp"

namespace popkeep::mime {
namespace {

// Stays loaded: GLib can't be unloaded.
void* library() {
    void* const loaded = dlopen("libgmime-3.0.so.0", RTLD_NOW | RTLD_LOCAL);
    if (loaded == nullptr)
        throw Error(Category::software, "messages can't be decoded: GMime isn't installed")
            .said(dlerror())
            .next("install libgmime-3.0-0; `popkeep show --raw` does without");
    return loaded;
}

template <typename Function>
void load(Function& function, void* from, const char* name) {
    function = reinterpret_cast<Function>(dlsym(from, name));
    if (function == nullptr)
        throw Error(Category::software, "messages can't be decoded: this GMime lacks a function").said(name);
}

Gmime loaded() {
    void* const from = library();
    Gmime functions;
#define POPKEEP_GMIME_LOAD(function) load(functions.function, from, #function);
    POPKEEP_GMIME_FUNCTIONS(POPKEEP_GMIME_LOAD)
#undef POPKEEP_GMIME_LOAD
    functions.g_mime_init();
    return functions;
}

}  // namespace

const Gmime& gmime() {
    static const Gmime functions = loaded();
    return functions;
}

Owned<GMimeMessage> parse(std::string_view text) {
    const Gmime& use = gmime();
    const Owned<GMimeStream> stream(use.g_mime_stream_mem_new_with_buffer(text.data(), text.size()));
    const Owned<GMimeParser> parser(use.g_mime_parser_new_with_stream(stream.get()));
    return Owned<GMimeMessage>(use.g_mime_parser_construct_message(parser.get(), nullptr));
}

std::string_view view(const char* text) {
    return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace popkeep::mime
