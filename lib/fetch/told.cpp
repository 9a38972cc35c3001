#include "fetch/told.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <filesystem>

#include "archive/layout.hpp"
#include "base/clock.hpp"
#include "base/digest.hpp"
#include "file/durable.hpp"
#include "secret/home.hpp"

namespace popkeep::fetch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = archive::layout::told;

std::string_view words(std::string_view sentence) {
    return sentence.substr(0, sentence.find_first_of("0123456789"));
}

// What the other side said is left out: servers put the time or a session's number into it.
std::string name_of(std::string_view account, const Error& error) {
    std::string trouble = std::to_string(error.exit_code());
    for (const std::string_view part :
         {account, std::string_view(error.where()), words(error.sentence()), words(error.next())})
        trouble.append(1, '\0').append(part);
    return std::string(prefix) + to_hex(sha256(trouble)).substr(0, 24);
}

// A note of the future was written by a clock that has been set right since.
bool is_fresh(const std::string& path) {
    struct stat facts {};
    if (lstat(path.c_str(), &facts) != 0) return false;
    const std::int64_t age = now() - facts.st_mtim.tv_sec;
    return age >= 0 && age < seconds_per_day;
}

void forget_old(const std::string& folder) {
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(folder, problem)) {
        const std::string path = entry.path();
        if (entry.path().filename().native().starts_with(prefix) && !is_fresh(path)) unlink(path.c_str());
    }
}

bool note(const std::string& folder, const std::string& name) {
    try {
        forget_old(folder);
        const file::Fd fd = file::open_regular(folder + "/" + name, O_WRONLY | O_CREAT);
        const timespec time{.tv_sec = now(), .tv_nsec = 0};
        const std::array times{time, time};
        return futimens(fd.get(), times.data()) == 0;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

bool told_today(const std::string& archive, std::string_view account, const Error& error) try {
    const std::string name = name_of(account, error);
    const std::string near = archive + "/" + std::string(archive::layout::private_folder);
    const std::string base = secret::state_folder();
    const std::string far = base + "/popkeep";
    if (is_fresh(near + "/" + name) || is_fresh(far + "/" + name)) return true;
    if (note(near, name) || base.empty()) return false;
    std::error_code problem;
    fs::create_directories(far, problem);
    note(far, name);
    return false;
} catch (const std::exception&) {
    return false;
}

}  // namespace popkeep::fetch
