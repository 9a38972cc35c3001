#include "mime/summary.hpp"

#include "base/date.hpp"
#include "mime/field.hpp"
#include "mime/gmime.hpp"

namespace popkeep::mime {
namespace {

constexpr std::size_t most_text = 200;

std::string first_name(InternetAddressList* list) {
    const Gmime& use = gmime();
    if (list == nullptr || use.internet_address_list_length(list) < 1) return {};
    InternetAddress* address = use.internet_address_list_get_address(list, 0);
    if (const auto name = view(use.internet_address_get_name(address)); !name.empty()) {
        return printable_field(name, most_text);
    }
    auto* mailbox = as<InternetAddressMailbox>(address, use.internet_address_mailbox_get_type());
    if (mailbox == nullptr) return {};
    return printable_field(view(use.internet_address_mailbox_get_addr(mailbox)), most_text);
}

}  // namespace

Summary summarise(std::string_view message) {
    const std::size_t end = message.find("\n\n");
    std::string header(message.substr(0, std::min(end, most_header)));
    header += "\n\n";
    Summary summary;
    const auto parsed = parse(header);
    if (!parsed) return summary;
    const Gmime& use = gmime();
    summary.from = first_name(use.g_mime_message_get_from(parsed.get()));
    summary.subject = printable_field(view(use.g_mime_message_get_subject(parsed.get())), most_text);
    if (GDateTime* date = use.g_mime_message_get_date(parsed.get())) {
        const std::int64_t seconds = use.g_date_time_to_unix(date);
        if (is_date(seconds)) summary.date = seconds;
    }
    return summary;
}

}  // namespace popkeep::mime
