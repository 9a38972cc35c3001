#include "secret/keyring.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
// Only its types and names are used: linking it would load eleven libraries at every start.
#include <libsecret/secret.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "secret/password.hpp"

namespace popkeep::secret::keyring {
namespace {

constexpr const char* in_a_desktop =
    "a keyring belongs to a desktop session, which cron, systemd units of the system and ssh have none of; "
    "give password_command or password_file there, or oauth_store = \"file\"";

Error absent(std::string sentence) {
    return Error(Category::permission, std::move(sentence)).next(in_a_desktop);
}

/// libsecret and glib, by name. Stays loaded: glib can't be unloaded.
class Library {
  public:
    Library() : handle_(dlopen("libsecret-1.so.0", RTLD_NOW | RTLD_LOCAL)) {
        if (handle_ == nullptr) {
            Error error(Category::permission, "the keyring can't be used: libsecret isn't installed");
            throw Absent(error.said(dlerror()).next("install libsecret-1-0, or give password_command"));
        }
        load(search, "secret_password_searchv_sync");
        load(retrieve, "secret_retrievable_retrieve_secret_sync");
        load(value_text, "secret_value_get_text");
        load(value_unref, "secret_value_unref");
        load(store, "secret_password_storev_sync");
        load(clear, "secret_password_clearv_sync");
        load(table_new, "g_hash_table_new");
        load(table_insert, "g_hash_table_insert");
        load(table_unref, "g_hash_table_unref");
        load(string_hash, "g_str_hash");
        load(string_equal, "g_str_equal");
        load(list_free, "g_list_free_full");
        load(object_unref, "g_object_unref");
        load(error_free, "g_error_free");
    }

    decltype(&::secret_password_searchv_sync) search = nullptr;
    decltype(&::secret_retrievable_retrieve_secret_sync) retrieve = nullptr;
    decltype(&::secret_value_get_text) value_text = nullptr;
    decltype(&::secret_value_unref) value_unref = nullptr;
    decltype(&::secret_password_storev_sync) store = nullptr;
    decltype(&::secret_password_clearv_sync) clear = nullptr;
    decltype(&::g_hash_table_new) table_new = nullptr;
    decltype(&::g_hash_table_insert) table_insert = nullptr;
    decltype(&::g_hash_table_unref) table_unref = nullptr;
    decltype(&::g_str_hash) string_hash = nullptr;
    decltype(&::g_str_equal) string_equal = nullptr;
    decltype(&::g_list_free_full) list_free = nullptr;
    decltype(&::g_object_unref) object_unref = nullptr;
    decltype(&::g_error_free) error_free = nullptr;

  private:
    template <typename Function>
    void load(Function& function, const char* name) {
        function = reinterpret_cast<Function>(dlsym(handle_, name));
        if (function == nullptr) {
            Error error(Category::permission, "the keyring can't be used: libsecret is too old");
            throw Absent(error.said(name).next("give password_command or password_file"));
        }
    }

    void* handle_;
};

const Library& library() {
    // glib would look for a bus in its own ways, some of which start one: only one that is there counts.
    const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS");
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    const bool there = address != nullptr
                           ? *address != '\0'
                           : runtime != nullptr && access(fmt::format("{}/bus", runtime).c_str(), F_OK) == 0;
    if (!there) throw Absent(absent("the keyring can't be reached: there is no session bus"));
    static const Library loaded;
    return loaded;
}

const SecretSchema& schema() {
    // Matched by attributes alone, so that items of other programs are found.
    static const SecretSchema it = [] {
        SecretSchema made{};
        made.name = "org.popkeep.Secret";
        made.flags = SECRET_SCHEMA_DONT_MATCH_NAME;
        int at = 0;
        for (const char* name : {"service", "host", "user", "account", "key"})
            made.attributes[at++] = {name, SECRET_SCHEMA_ATTRIBUTE_STRING};
        return made;
    }();
    return it;
}

class Table {
  public:
    Table(const Library& library, const Attributes& attributes)
        : library_(library), table_(library.table_new(library.string_hash, library.string_equal)) {
        for (const auto& [name, value] : attributes)
            library_.table_insert(table_, const_cast<char*>(name.c_str()), const_cast<char*>(value.c_str()));
    }
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;
    ~Table() { library_.table_unref(table_); }
    GHashTable* get() const { return table_; }

  private:
    const Library& library_;
    GHashTable* table_;
};

/// Takes a GError, if there is one, and throws what it means.
void judge(const Library& library, GError* problem) {
    if (problem == nullptr) return;
    const std::string said = problem->message == nullptr ? "" : problem->message;
    library.error_free(problem);
    throw Absent(absent("the keyring can't be reached").said(said));
}

}  // namespace

std::optional<std::string> find(const Attributes& attributes, bool may_ask) {
    const Library& lib = library();
    const Table table(lib, attributes);
    GError* problem = nullptr;
    const auto flags = static_cast<SecretSearchFlags>(SECRET_SEARCH_LOAD_SECRETS |
                                                      (may_ask ? SECRET_SEARCH_UNLOCK : SECRET_SEARCH_NONE));
    const std::unique_ptr<GList, void (*)(GList*)> items(
        lib.search(&schema(), table.get(), flags, nullptr, &problem), [](GList* list) {
            const Library& loaded = library();
            loaded.list_free(list, loaded.object_unref);
        });
    judge(lib, problem);
    if (!items) return std::nullopt;
    SecretValue* value = lib.retrieve(reinterpret_cast<SecretRetrievable*>(items->data), nullptr, &problem);
    if (problem != nullptr) lib.error_free(problem);
    if (value == nullptr) {
        throw Error(Category::permission, "the keyring is locked")
            .next("unlock it (signing in to the desktop does), or give password_command or password_file");
    }
    const char* text = lib.value_text(value);
    std::optional<std::string> secret;
    if (text != nullptr) secret = text;
    lib.value_unref(value);
    return secret;
}

void store(const Attributes& attributes, const std::string& label, const std::string& secret) {
    const Library& lib = library();
    const Table table(lib, attributes);
    GError* problem = nullptr;
    const bool stored = lib.store(&schema(), table.get(), SECRET_COLLECTION_DEFAULT, label.c_str(),
                                  secret.c_str(), nullptr, &problem) != 0;
    judge(lib, problem);
    if (!stored)
        throw Error(Category::permission, "the keyring didn't take the secret").next("unlock it first");
}

bool remove(const Attributes& attributes) {
    const Library& lib = library();
    const Table table(lib, attributes);
    GError* problem = nullptr;
    const bool removed = lib.clear(&schema(), table.get(), nullptr, &problem) != 0;
    judge(lib, problem);
    return removed;
}

}  // namespace popkeep::secret::keyring
