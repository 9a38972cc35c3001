#include "mime/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "base/text.hpp"
#include "mime/charset.hpp"
#include "mime/field.hpp"
#include "mime/gmime.hpp"

namespace popkeep::mime {
namespace {

// Deeper nesting is nobody's letter.
constexpr int deepest = 20;
constexpr std::size_t most_line = std::size_t{16} * 1024;

std::string untabbed(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\t') {
            out += "    ";
        } else if (c != '\r') {
            out += c;
        }
    }
    return out;
}

bool has_cut_line(std::string_view text) {
    const auto lines = split(text, '\n');
    return std::ranges::any_of(lines, [](std::string_view line) { return line.size() > most_line; });
}

std::string text_of(GMimeTextPart* part) {
    const Gmime& use = gmime();
    GMimeDataWrapper* content = use.g_mime_part_get_content(reinterpret_cast<GMimePart*>(part));
    if (content == nullptr) return {};
    // GMime's own way to a text drops what doesn't fit the charset.
    const Owned<GMimeStream> sink(use.g_mime_stream_mem_new());
    use.g_mime_data_wrapper_write_to_stream(content, sink.get());
    const GByteArray* bytes =
        use.g_mime_stream_mem_get_byte_array(reinterpret_cast<GMimeStreamMem*>(sink.get()));
    const std::string_view text(reinterpret_cast<const char*>(bytes->data), bytes->len);
    const char* charset = use.g_mime_text_part_get_charset(part);
    return charset == nullptr ? std::string(text) : to_utf8(text, use.g_mime_charset_iconv_name(charset));
}

void add_text(std::string_view text, Readable& readable) {
    if (!readable.body.empty() && !readable.body.ends_with('\n')) readable.body += '\n';
    readable.body += text;
}

void add_part(GMimePart* part, Readable& readable) {
    const Gmime& use = gmime();
    auto* object = reinterpret_cast<GMimeObject*>(part);
    GMimeContentType* type = use.g_mime_object_get_content_type(object);
    const bool attached = equal_ignoring_case(view(use.g_mime_object_get_disposition(object)), "attachment");
    auto* text_part = as<GMimeTextPart>(object, use.g_mime_text_part_get_type());
    if (text_part != nullptr && use.g_mime_content_type_is_type(type, "text", "plain") && !attached) {
        add_text(text_of(text_part), readable);
        return;
    }
    const Text mime_type(use.g_mime_content_type_get_mime_type(type));
    gint64 size = 0;
    if (GMimeDataWrapper* content = use.g_mime_part_get_content(part)) {
        const Owned<GMimeStream> sink(use.g_mime_stream_null_new());
        size = use.g_mime_data_wrapper_write_to_stream(content, sink.get());
    }
    const auto name = view(use.g_mime_part_get_filename(part));
    readable.attachments.push_back(fmt::format("{}{}{}, {}", printable(name, 200), name.empty() ? "" : ", ",
                                               printable(view(mime_type.get()), 100),
                                               human_size(static_cast<std::uint64_t>(size < 0 ? 0 : size))));
}

void add_object(GMimeObject* object, int depth, Readable& readable) {
    const Gmime& use = gmime();
    if (depth > deepest) {
        readable.complete = false;
        return;
    }
    if (auto* multipart = as<GMimeMultipart>(object, use.g_mime_multipart_get_type())) {
        const int count = use.g_mime_multipart_get_count(multipart);
        for (int i = 0; i < count; ++i)
            add_object(use.g_mime_multipart_get_part(multipart, i), depth + 1, readable);
        // No boundary was told, or it never comes: then this is the letter.
        if (count == 0) {
            add_text(view(use.g_mime_multipart_get_prologue(multipart)), readable);
            add_text(view(use.g_mime_multipart_get_epilogue(multipart)), readable);
        }
    } else if (auto* forwarded = as<GMimeMessagePart>(object, use.g_mime_message_part_get_type())) {
        readable.body += "\n--- forwarded message ---\n";
        if (GMimeMessage* inner = use.g_mime_message_part_get_message(forwarded))
            add_object(use.g_mime_message_get_mime_part(inner), depth + 1, readable);
    } else if (auto* part = as<GMimePart>(object, use.g_mime_part_get_type())) {
        add_part(part, readable);
    }
}

}  // namespace

Readable read(std::string_view message) {
    Readable readable;
    // GMime gives fields as C strings, which end at a NUL.
    readable.complete = message.size() <= most_shown && message.find('\0') == std::string_view::npos;
    message = message.substr(0, most_shown);
    const auto parsed = parse(message);
    if (!parsed) {
        readable.body = printable_lines(message);
        return readable;
    }
    const Gmime& use = gmime();
    GMimeHeaderList* headers =
        use.g_mime_object_get_header_list(reinterpret_cast<GMimeObject*>(parsed.get()));
    for (const char* name : {"From", "To", "Cc", "Date", "Subject"}) {
        const auto* header = use.g_mime_header_list_get_header(headers, name);
        if (header == nullptr) continue;
        // The list's own constness is GMime's oversight.
        const auto decoded = view(use.g_mime_header_get_value(const_cast<GMimeHeader*>(header)));
        readable.fields.emplace_back(name, printable_field(decoded, 1000));
    }
    add_object(use.g_mime_message_get_mime_part(parsed.get()), 0, readable);
    readable.complete = readable.complete && !has_cut_line(readable.body);
    readable.body = printable_lines(readable.body);
    return readable;
}

std::string printable_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        out += printable(untabbed(text.substr(0, end)), most_line);
        if (end == std::string_view::npos) break;
        out += '\n';
        text.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace popkeep::mime
