#pragma once

#include <string>
#include <vector>

/// SQL for a server's roles. Pure.
namespace pgpassage::migrate::queries {

/// Rows of (quoted name, CREATE ROLE, " REPLICATION" and " BYPASSRLS" where it has them, ALTER ROLE ... PASSWORD or
/// NULL, may log in, is a superuser) of every role that neither the server nor its provider made.
std::string roles_to_make(bool passwords);

/// Queries for rows of (quoted name, statement, what it is about): settings for every database, comments, memberships.
std::vector<std::string> attributes_of_roles(int source_version, int target_version);

}  // namespace pgpassage::migrate::queries
