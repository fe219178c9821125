#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>

#include "app/agent/client/client.hpp"
#include "app/options.hpp"

/// list, show and cancel through an agent: what it answers is what the command prints.
namespace pgpassage::app::agent {

/// Runs work with an agent on a context of its own. Rethrows what escaped it.
template <class T>
T run(asio::awaitable<T> work) {
  asio::io_context context{1};
  std::optional<T> result;
  std::exception_ptr escaped;
  asio::co_spawn(context, std::move(work), [&](std::exception_ptr error, T value) {
    escaped = error;
    result.emplace(std::move(value));
  });
  context.run();
  if (escaped) std::rethrow_exception(escaped);
  return std::move(*result);
}

/// GET or POST of `target` to the agent at `url`; the text that the result is, in the form that `common` asks for.
Result<std::string> ask_to_show(const CommonOptions& common, const AgentAccess& access, const std::string& url,
                                std::string method, std::string target);

/// ask_to_show(), printed; answers the exit code.
int show(const CommonOptions& common, const AgentAccess& access, std::string method, std::string target);

/// "?as=text..." for the reader's terminal; empty when JSON is asked for.
std::string wanted_form(const CommonOptions& common);

/// Text of an agent as it may reach a terminal: line ends and colours stay, every other control character does not.
std::string shown_safely(std::string_view text);

}  // namespace pgpassage::app::agent
