#include "mime/summary.hpp"

#include "base/text.hpp"
#include "mime/gmime.hpp"

namespace popkeep::mime {
namespace {

constexpr std::size_t most_text = 200;

std::string first_name(InternetAddressList* list) {
    if (list == nullptr || internet_address_list_length(list) < 1) return {};
    InternetAddress* address = internet_address_list_get_address(list, 0);
    if (const auto name = view(internet_address_get_name(address)); !name.empty()) {
        return printable(name, most_text);
    }
    if (!INTERNET_ADDRESS_IS_MAILBOX(address)) return {};
    return printable(view(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address))), most_text);
}

}  // namespace

Summary summarise(std::string_view message) {
    const std::size_t end = message.find("\n\n");
    std::string header(message.substr(0, std::min(end, most_header)));
    header += "\n\n";
    Summary summary;
    const auto parsed = parse(header);
    if (!parsed) return summary;
    summary.from = first_name(g_mime_message_get_from(parsed.get()));
    summary.subject = printable(view(g_mime_message_get_subject(parsed.get())), most_text);
    if (GDateTime* date = g_mime_message_get_date(parsed.get())) summary.date = g_date_time_to_unix(date);
    return summary;
}

}  // namespace popkeep::mime
