#pragma once

namespace popkeep::cmd {

/// Over several accounts the gravest failure is the exit code: first what needs a person most.
int graver(int a, int b);

}  // namespace popkeep::cmd
