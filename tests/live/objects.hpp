#pragma once

#include "tests/live/cluster.hpp"

/// The database `objects`, which holds every kind of object that a version knows: tests/live/objects/*.sql.
namespace pgpassage::live {

/// 15 for 15.20.
int major_of(const Cluster& cluster);

enum class Maker {
  superuser,  ///< `postgres`, with what only a superuser may make and settings that would spoil a heedful copy
  ordinary    ///< `mover`, who owns the database and is a member of the roles of objects/roles.sql
};

/// Roles of the database's objects; for an ordinary maker also `mover`, with CREATEDB and CREATEROLE and the password
/// in PGPASSAGE_TEST_MOVER.
void make_object_roles(const Cluster& cluster, Maker maker);

/// Makes the database as far as both `cluster` and a server of version `newest` know its objects.
void make_objects(const Cluster& cluster, Maker maker, int newest = 1000);

}  // namespace pgpassage::live
