/**
 * A small addon of our own, built beside tfjs-node's: it opens shared libraries with the process's standard error held
 * back, and gives back what they wrote there.
 *
 * libtensorflow 2.21 logs a banner about oneDNN from a static initialiser, before it has read TF_CPP_MIN_LOG_LEVEL, so no
 * setting silences it (measured at levels 0 to 3). In a terminal it would run through progress bars.
 * Node cannot redirect a file descriptor, and a worker thread's `process.env` is not what libraries read; hence C++.
 *
 * `open(paths, level)`: opens each path in order, for good; before that sets TF_CPP_MIN_LOG_LEVEL to `level` where it is
 * unset. Returns the text held back, or the empty string when this process has opened them before.
 */
export const openQuietlySource = String.raw`
#include <cstdlib>
#include <dlfcn.h>
#include <mutex>
#include <node_api.h>
#include <set>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace {
std::mutex opening;
std::set<std::string> opened;

// Standard error, held back in memory from construction to release().
class HeldBack {
  int file = memfd_create("stderr", MFD_CLOEXEC);
  int saved = -1;

public:
  HeldBack() {
    if (file < 0)
      return;
    saved = dup(STDERR_FILENO);
    if (saved >= 0)
      dup2(file, STDERR_FILENO);
  }
  std::string release() {
    std::string text;
    if (saved >= 0) {
      dup2(saved, STDERR_FILENO);
      close(saved);
      off_t size = lseek(file, 0, SEEK_END);
      text.resize(size > 0 ? size : 0);
      ssize_t got = pread(file, &text[0], text.size(), 0);
      text.resize(got > 0 ? got : 0);
    }
    if (file >= 0)
      close(file);
    return text;
  }
};

std::string text_of(napi_env env, napi_value value) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  std::string text(length + 1, '\0');
  napi_get_value_string_utf8(env, value, &text[0], text.size(), &length);
  text.resize(length);
  return text;
}

napi_value Open(napi_env env, napi_callback_info info) {
  size_t argc = 2;
  napi_value argv[2];
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  uint32_t count = 0;
  napi_get_array_length(env, argv[0], &count);
  std::string level = text_of(env, argv[1]), noise, failure;
  {
    std::lock_guard<std::mutex> one_thread(opening);
    HeldBack held;
    for (uint32_t i = 0; i < count && failure.empty(); i++) {
      napi_value element;
      napi_get_element(env, argv[0], i, &element);
      std::string path = text_of(env, element);
      if (opened.count(path))
        continue;
      setenv("TF_CPP_MIN_LOG_LEVEL", level.c_str(), 0);
      if (dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL))
        opened.insert(path);
      else
        failure = dlerror();
    }
    noise = held.release();
  }
  if (!failure.empty()) {
    napi_throw_error(env, nullptr, failure.c_str());
    return nullptr;
  }
  napi_value result;
  napi_create_string_utf8(env, noise.data(), noise.size(), &result);
  return result;
}
} // namespace

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "open", NAPI_AUTO_LENGTH, Open, nullptr, &function);
  napi_set_named_property(env, exports, "open", function);
  return exports;
}
`;
