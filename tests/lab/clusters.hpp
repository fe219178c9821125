#pragma once

#include <optional>

#include "tests/lab/process.hpp"
#include "tests/lab/raise.hpp"

/// The PostgreSQL clusters of a lab: copies of one template, each in its server's namespace.
namespace pgpassage::lab {

/// Starts initdb in the background. Nothing to start: no value.
Result<std::optional<Child>> start_template(const LabPlan& plan);

/// Copies the finished template for each cluster and starts the servers.
Result<void> start_clusters(const LabPlan& plan, Auth auth);

/// Waits until each accepts sessions; sets the superuser's password and makes the server's ordinary role (LOGIN
/// CREATEDB CREATEROLE REPLICATION). Passwords are in `inside`/secrets: "superuser", one file for each server's role,
/// and "pgpass" in libpq's format for all of them.
Result<void> finish_clusters(const LabPlan& plan);

}  // namespace pgpassage::lab
