#pragma once

#include <optional>
#include <string>

#include "ledger/database.hpp"

namespace popkeep::ledger {

inline std::optional<std::int64_t> integer_or_nothing(const Query& query, int column) {
    return query.is_null(column) ? std::nullopt : std::optional(query.integer(column));
}

inline std::optional<std::uint64_t> count_or_nothing(const Query& query, int column) {
    return query.is_null(column) ? std::nullopt : std::optional(query.count(column));
}

/// Of a TEXT or BLOB column.
inline std::optional<std::string> text_or_nothing(const Query& query, int column) {
    return query.is_null(column) ? std::nullopt : std::optional(query.blob(column));
}

}  // namespace popkeep::ledger
