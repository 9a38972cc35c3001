#include "provider/provider.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "table.hpp"

namespace popkeep::provider {

std::span<const Provider> all() {
    static const std::vector<Provider> rows = parse(table);
    return rows;
}

const Provider* find_domain(std::string_view domain) {
    const std::string wanted = lowered(domain);
    for (std::string_view rest = wanted; rest.find('.') != std::string_view::npos;
         rest.remove_prefix(rest.find('.') + 1)) {
        for (const Provider& provider : all())
            if (std::ranges::find(provider.domains, rest) != provider.domains.end()) return &provider;
    }
    return nullptr;
}

const Provider* find_id(std::string_view id) {
    const auto rows = all();
    const auto found = std::ranges::find(rows, id, &Provider::id);
    return found == rows.end() ? nullptr : &*found;
}

const Provider* find_host(std::string_view host) {
    const auto rows = all();
    const std::string wanted = lowered(host);
    const auto found = std::ranges::find(rows, wanted, &Provider::host);
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace popkeep::provider
