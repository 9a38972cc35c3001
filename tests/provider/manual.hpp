#pragma once

#include <string>

namespace popkeep::provider {

/// popkeep-providers(7) as mdoc, from the table.
std::string manual();

}  // namespace popkeep::provider
