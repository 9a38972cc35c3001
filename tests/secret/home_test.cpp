#include "secret/home.hpp"

#include "secret/fixture.hpp"

namespace popkeep::secret {
namespace {

class StateFolder : public SecretTest {
  protected:
    ~StateFolder() override { unsetenv("XDG_STATE_HOME"); }
};

TEST_F(StateFolder, IsWhereTheEnvironmentSays) {
    setenv("XDG_STATE_HOME", "/var/state", 1);
    EXPECT_EQ(state_folder(), "/var/state");
}

TEST_F(StateFolder, IsInTheHomeWhereTheEnvironmentSaysNothingUsable) {
    for (const char* unusable : {"", "state", "./state"}) {
        setenv("XDG_STATE_HOME", unusable, 1);
        EXPECT_EQ(state_folder(), home_ + "/.local/state") << unusable;
    }
}

}  // namespace
}  // namespace popkeep::secret
