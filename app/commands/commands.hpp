#pragma once

#include "app/options.hpp"

/// One function per command; each answers with the exit code of contract 3.
namespace pgpassage::app {

int run(const CommonOptions& common, const CheckOptions& options);
int run(const CommonOptions& common, const DiffOptions& options);
int run(const CommonOptions& common, const TraceOptions& options);
int run(const CommonOptions& common, const ProbeOptions& options);
int run(const CommonOptions& common, const FixOptions& options);
int run(const CommonOptions& common, const ScenariosOptions& options);
int run(const CommonOptions& common, const RulesOptions& options);
int run(const CommonOptions& common, const MigrateOptions& options);
int run(const CommonOptions& common, const ListOptions& options);
int run(const CommonOptions& common, const ShowOptions& options);
int run(const CommonOptions& common, const VerifyOptions& options);
int run(const CommonOptions& common, const CancelOptions& options);
int run(const CommonOptions& common, const ResumeOptions& options);
int run(const CommonOptions& common, const DeleteOptions& options);
int run(const CommonOptions& common, const ReportOptions& options);
int run(const CommonOptions& common, const AgentOptions& options);
int run(const CommonOptions& common, const CompletionOptions& options);
int run(const CommonOptions& common, const SchemaOptions& options);
int run(const CommonOptions& common, const VersionOptions& options);

/// `migrate --dry-run`.
struct Crossing;
int run_dry(const CommonOptions& common, const Crossing& crossing);

/// `check --all-pairs`.
int run_all_pairs(const CommonOptions& common, const CheckOptions& options);

}  // namespace pgpassage::app
