#include "mime/gmime.hpp"

namespace popkeep::mime {

Owned<GMimeMessage> parse(std::string_view text) {
    // Once a process, and only in one that decodes: it costs some milliseconds.
    [[maybe_unused]] static const bool initialised = (g_mime_init(), true);
    const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(text.data(), text.size()));
    const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    return Owned<GMimeMessage>(g_mime_parser_construct_message(parser.get(), nullptr));
}

std::string_view view(const char* text) {
    return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace popkeep::mime
