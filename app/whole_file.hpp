#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

/// Files that appear whole or not at all. Every answer is 0, or errno.
namespace pgpassage::app {

/// Writes all of it to a descriptor, also when it takes several calls.
int write_all(int descriptor, std::string_view text);

/// Puts `text` where `path` says: a temporary file beside it is written, synced and renamed, so that a reader finds the
/// old content or the new, and a failure or a signal leaves nothing beside. Of the file that it replaces it keeps the
/// owner, where this user may give files away, and the permissions unless `mode` gives them; a new file gets `mode`, or
/// what the umask leaves of 0666. A symbolic link stays, and what it names is replaced.
int write_whole_file(const std::string& path, std::string_view text, std::optional<mode_t> mode = std::nullopt);

/// Whether write_whole_file could, tried without touching what is there. A disk that fills up later is found later.
int could_write_whole_file(const std::string& path);

}  // namespace pgpassage::app
