#pragma once

#include <gmime/gmime.h>

#include <memory>
#include <string_view>

/// GMime's C objects with owners. For this folder only.
namespace popkeep::mime {

/// What is used of GMime and GLib. They are loaded when a message is decoded for the first time: most runs
/// never do that, and they bring a dozen libraries.
#define POPKEEP_GMIME_FUNCTIONS(USE)         \
    USE(g_date_time_to_unix)                 \
    USE(g_free)                              \
    USE(g_mime_charset_iconv_name)           \
    USE(g_mime_content_type_get_mime_type)   \
    USE(g_mime_content_type_is_type)         \
    USE(g_mime_data_wrapper_write_to_stream) \
    USE(g_mime_header_get_value)             \
    USE(g_mime_header_list_get_header)       \
    USE(g_mime_init)                         \
    USE(g_mime_message_get_date)             \
    USE(g_mime_message_get_from)             \
    USE(g_mime_message_get_mime_part)        \
    USE(g_mime_message_get_subject)          \
    USE(g_mime_message_part_get_message)     \
    USE(g_mime_message_part_get_type)        \
    USE(g_mime_multipart_get_count)          \
    USE(g_mime_multipart_get_epilogue)       \
    USE(g_mime_multipart_get_part)           \
    USE(g_mime_multipart_get_prologue)       \
    USE(g_mime_multipart_get_type)           \
    USE(g_mime_object_get_content_type)      \
    USE(g_mime_object_get_disposition)       \
    USE(g_mime_object_get_header_list)       \
    USE(g_mime_parser_construct_message)     \
    USE(g_mime_parser_new_with_stream)       \
    USE(g_mime_part_get_content)             \
    USE(g_mime_part_get_filename)            \
    USE(g_mime_part_get_type)                \
    USE(g_mime_stream_mem_get_byte_array)    \
    USE(g_mime_stream_mem_new)               \
    USE(g_mime_stream_mem_new_with_buffer)   \
    USE(g_mime_stream_null_new)              \
    USE(g_mime_text_part_get_charset)        \
    USE(g_mime_text_part_get_type)           \
    USE(g_object_unref)                      \
    USE(g_type_check_instance_is_a)          \
    USE(internet_address_get_name)           \
    USE(internet_address_list_get_address)   \
    USE(internet_address_list_length)        \
    USE(internet_address_mailbox_get_addr)   \
    USE(internet_address_mailbox_get_type)

struct Gmime {
// NOLINTNEXTLINE(bugprone-macro-parentheses): the names of a member and of a function
#define POPKEEP_GMIME_POINTER(function) decltype(&::function) function = nullptr;
    POPKEEP_GMIME_FUNCTIONS(POPKEEP_GMIME_POINTER)
#undef POPKEEP_GMIME_POINTER
};

/// Throws Category::software if it isn't installed.
const Gmime& gmime();

struct Unref {
    void operator()(void* object) const noexcept { gmime().g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

struct Free {
    void operator()(char* text) const noexcept { gmime().g_free(text); }
};
/// A text that the caller owns.
using Text = std::unique_ptr<char, Free>;

/// The message parsed, nothing if GMime can't make anything of it. `text` must outlive it.
Owned<GMimeMessage> parse(std::string_view text);

/// The object as what it derives from: nothing if it isn't of that type, one of g_mime_…_get_type().
template <class T, class Object>
T* as(Object* object, GType type) {
    if (object == nullptr) return nullptr;
    auto* const instance = reinterpret_cast<GTypeInstance*>(object);
    return gmime().g_type_check_instance_is_a(instance, type) != 0 ? reinterpret_cast<T*>(object) : nullptr;
}

/// "" for a null pointer.
std::string_view view(const char* text);

}  // namespace popkeep::mime
