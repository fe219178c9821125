#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/commands/report_commands.hpp"
#include "app/failure.hpp"
#include "app/input_file.hpp"
#include "app/output.hpp"
#include "app/report/json_text.hpp"
#include "app/signing/signature.hpp"
#include "app/topology_file.hpp"

namespace pgpassage::app {
namespace {

namespace json = boost::json;

/// What the signature of a report is worth.
struct Checked {
  std::string file, sha256;
  std::string fingerprint;   ///< empty: the signature does not fit
  std::string trusted_file;  ///< empty: nobody said which key to trust
  bool trusted = false;

  bool intact() const { return !fingerprint.empty(); }
  bool good() const { return intact() && (trusted_file.empty() || trusted); }
};

Result<std::string> read_named(const std::string& path, std::string_view noun) {
  Result<std::string> text = read_input(path, noun);
  if (!text) return fail(Errc::input, "cannot read '{}': {}", path, text.error().message);
  return text;
}

Result<Checked> checked(const ReportOptions& options) {
  const std::string& file = options.check_signature;
  const Result<std::string> report = read_named(file, "a report");
  if (!report) return tl::unexpected(report.error());
  const Result<std::string> signature = read_named(signature_path_of(file), "a signature");
  if (!signature) return tl::unexpected(signature.error());
  Checked result{file, sha256_of(*report), {}, options.trusted_key, false};
  std::string trusted;
  if (!options.trusted_key.empty()) {
    const Result<SigningKey> key = read_public_key(options.trusted_key);
    if (!key) return tl::unexpected(key.error());
    trusted = public_bytes(*key);
  }
  const Result<SigningKey> signer = signer_of(*report, *signature);
  if (!signer && signer.error().code != Errc::differs) return tl::unexpected(signer.error());
  if (!signer) return result;
  result.fingerprint = fingerprint_of(*signer);
  result.trusted = public_bytes(*signer) == trusted;
  return result;
}

std::string trust_text(const Checked& result) {
  if (result.trusted_file.empty())
    return "nobody said which key to trust: compare the fingerprint with the signer's, or give --trusted-key FILE";
  return result.trusted ? "yes: it is the key of " + result.trusted_file
                        : "NO: it is another key than that of " + result.trusted_file;
}

std::string text_of(const Checked& result, const TextStyle& style) {
  const Tone tone = result.good() ? Tone::good : Tone::bad;
  const std::string_view word = !result.intact() ? "CHANGED" : result.good() ? "INTACT" : "ANOTHER KEY";
  const std::string answer = fmt::format("{} {}", symbol(style, tone), word);
  const std::string sentence = result.intact() ? "every byte is as it was signed." : "this is not what was signed.";
  std::string text = fmt::format("{}  {}\n\n", paint(style, tone, answer),
                                 wrap(style, display_width(answer) + 2, result.file + ": " + sentence));
  text += labelled(style, 13, "  SHA-256", result.sha256);
  if (!result.intact()) return text;
  text += labelled(style, 13, "  Signed by", "the Ed25519 key " + result.fingerprint);
  return text + labelled(style, 13, "  Trusted", trust_text(result));
}

json::object json_of(const Checked& result) {
  const bool known = result.intact() && !result.trusted_file.empty();
  return {{"schemaVersion", 1},
          {"file", json_string(result.file)},
          {"sha256", json_string(result.sha256)},
          {"intact", result.intact()},
          {"fingerprint", json_string_or_null(result.fingerprint)},
          {"trusted", known ? json::value(result.trusted) : nullptr}};
}

}  // namespace

int check_signature(const CommonOptions& common, const ReportOptions& options) {
  const Result<Checked> result = checked(options);
  if (!result) return tell(common, result.error());
  const std::string text =
      common.format == Format::json ? json_text(json_of(*result)) : text_of(*result, result_style(common));
  return finish(common, text, result->good() ? ExitCode::success : ExitCode::failed);
}

}  // namespace pgpassage::app
