// The companion addon: runs TensorFlow graphs that the tracer wrote, in sessions of its own, fed from the caller's memory.
// What it exports, and why it exists beside tfjs-node's addon, is described in docs/native-addon.md.
//
//   load(spec)                  -> program   imports the graphs, opens a session; equal keys share one, over all threads
//   run(program, feeds, outs)                one TF_SessionRun: feeds are read in place, results are copied into outs
//   release(program)                         lets go of the session now instead of at garbage collection
//   cancel(prefix)                           ends the calls of programs whose keys start so, in all threads
//   address(view)               -> number    address modulo 4096, to lay out aligned buffers
//   definition(op)              -> Buffer    the op's OpDef, serialized
//   hasProducts(config)        -> boolean   whether the operations of matrix-product-op.h may stand for matrix products
//   trim()                                   gives free memory, and pages of the library's files, back to the system
//   statistics()                -> object    how many programs are open, created so far, and the library's version
#include "matrix-product-op.h"
#include "tensorflow/c/c_api.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <node_api.h>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#ifdef __linux__
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>
#endif
#if defined(__SSE2__) || defined(_M_X64)
#include <xmmintrin.h>
#endif

namespace {
using std::string;
using std::vector;

// Thrown anywhere below an entry point, turned into a JavaScript Error there. `code` becomes error.code.
struct Failure : std::runtime_error {
  string code;
  Failure(string code, const string &what) : std::runtime_error(what), code(std::move(code)) {}
};

// ---------------------------------------------------------------- owners of what the C API hands out
template <typename T, void (*destroy)(T *)> struct Destroy {
  void operator()(T *p) const { destroy(p); }
};
using Graph = std::unique_ptr<TF_Graph, Destroy<TF_Graph, TF_DeleteGraph>>;
using Function = std::unique_ptr<TF_Function, Destroy<TF_Function, TF_DeleteFunction>>;
using Tensor = std::unique_ptr<TF_Tensor, Destroy<TF_Tensor, TF_DeleteTensor>>;
using TfBuffer = std::unique_ptr<TF_Buffer, Destroy<TF_Buffer, TF_DeleteBuffer>>;
using ImportOptions =
    std::unique_ptr<TF_ImportGraphDefOptions, Destroy<TF_ImportGraphDefOptions, TF_DeleteImportGraphDefOptions>>;
using SessionOptions = std::unique_ptr<TF_SessionOptions, Destroy<TF_SessionOptions, TF_DeleteSessionOptions>>;

class Status {
  std::unique_ptr<TF_Status, Destroy<TF_Status, TF_DeleteStatus>> status{TF_NewStatus()};

public:
  operator TF_Status *() { return status.get(); }
  void check(const char *doing) {
    if (TF_GetCode(*this) != TF_OK)
      throw Failure("TF_" + std::to_string(TF_GetCode(*this)), string(doing) + ": " + TF_Message(*this));
  }
};

// ---------------------------------------------------------------- N-API, with failures as exceptions
void require(bool holds, const char *what) {
  if (!holds)
    throw Failure("ARGUMENT", what);
}
napi_value property(napi_env env, napi_value object, const char *name) {
  napi_value value;
  require(napi_get_named_property(env, object, name, &value) == napi_ok, "an object is expected");
  return value;
}
bool absent(napi_env env, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  return type == napi_undefined || type == napi_null;
}
string text(napi_env env, napi_value value) {
  size_t length;
  require(napi_get_value_string_utf8(env, value, nullptr, 0, &length) == napi_ok, "a string is expected");
  string result(length + 1, 0);
  napi_get_value_string_utf8(env, value, &result[0], length + 1, &length);
  result.resize(length);
  return result;
}
uint32_t count(napi_env env, napi_value array) {
  uint32_t length;
  require(napi_get_array_length(env, array, &length) == napi_ok, "an array is expected");
  return length;
}
napi_value element(napi_env env, napi_value array, uint32_t index) {
  napi_value value;
  napi_get_element(env, array, index, &value);
  return value;
}
vector<string> texts(napi_env env, napi_value array) {
  vector<string> result;
  for (uint32_t i = 0, n = count(env, array); i < n; i++)
    result.push_back(text(env, element(env, array, i)));
  return result;
}
struct Bytes {
  uint8_t *data;
  size_t size;
};
// The bytes under a typed array, of its view only; it may view a SharedArrayBuffer.
Bytes bytes(napi_env env, napi_value view) {
  napi_typedarray_type type;
  size_t length, offset;
  void *data;
  napi_value buffer;
  require(napi_get_typedarray_info(env, view, &type, &length, &data, &buffer, &offset) == napi_ok,
          "a typed array is expected");
  static const size_t sizes[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
  require(static_cast<size_t>(type) < sizeof sizes / sizeof *sizes, "a typed array of a known type is expected");
  return {static_cast<uint8_t *>(data), length * sizes[type]};
}

// ---------------------------------------------------------------- graphs
struct Feed {
  string name;
  TF_Output output;
  TF_DataType type;
  vector<int64_t> shape; // at most one dimension is -1: it follows from the bytes that are fed
  size_t known;          // bytes of the known dimensions
};

TF_Output reference(TF_Graph *graph, const string &name) {
  auto colon = name.rfind(':');
  TF_Operation *operation = TF_GraphOperationByName(graph, name.substr(0, colon).c_str());
  if (!operation)
    throw Failure("ARGUMENT", "the graph has no node \"" + name.substr(0, colon) + "\"");
  return {operation, colon == string::npos ? 0 : std::stoi(name.substr(colon + 1))};
}
vector<TF_Output> references(TF_Graph *graph, const vector<string> &names) {
  vector<TF_Output> result;
  for (auto &name : names)
    result.push_back(reference(graph, name));
  return result;
}
vector<TF_DataType> types(const vector<TF_Output> &outputs) {
  vector<TF_DataType> result;
  for (auto &output : outputs)
    result.push_back(TF_OperationOutputType(output));
  return result;
}
vector<int64_t> shapeOf(TF_Graph *graph, TF_Output output) {
  Status status;
  int rank = TF_GraphGetTensorNumDims(graph, output, status);
  status.check("shape");
  if (rank < 0)
    throw Failure("ARGUMENT", string("the shape of \"") + TF_OperationName(output.oper) + "\" is not known");
  vector<int64_t> shape(rank);
  TF_GraphGetTensorShape(graph, output, shape.data(), rank, status);
  status.check("shape");
  return shape;
}
Graph import(Bytes definition, const char *what) {
  Graph graph(TF_NewGraph());
  TfBuffer buffer(TF_NewBufferFromString(definition.data, definition.size));
  ImportOptions options(TF_NewImportGraphDefOptions());
  Status status;
  TF_GraphImportGraphDef(graph.get(), buffer.get(), options.get(), status);
  status.check(what);
  return graph;
}
TF_Output placeholder(TF_Graph *graph, const string &name, TF_DataType type) {
  Status status;
  auto *description = TF_NewOperation(graph, "Placeholder", name.c_str());
  TF_SetAttrType(description, "dtype", type);
  TF_Output output{TF_FinishOperation(description, status), 0};
  status.check("placeholder");
  return output;
}
vector<TF_Output> placeholders(TF_Graph *graph, const vector<TF_DataType> &types) {
  vector<TF_Output> result;
  for (size_t i = 0; i < types.size(); i++)
    result.push_back(placeholder(graph, "argument" + std::to_string(i), types[i]));
  return result;
}
Function function(TF_Graph *graph, const char *name, const vector<TF_Output> &in, const vector<TF_Output> &out) {
  Status status;
  Function result(TF_GraphToFunction(graph, name, 0, -1, nullptr, static_cast<int>(in.size()), in.data(),
                                     static_cast<int>(out.size()), out.data(), nullptr, nullptr, nullptr, status));
  status.check(name);
  return result;
}
void copyInto(TF_Graph *graph, const Function &function) {
  Status status;
  TF_GraphCopyFunction(graph, function.get(), nullptr, status);
  status.check("function");
}

// ---------------------------------------------------------------- the loop
// While (counter < limit) with `counter` and `limit` the first two arguments; the body adds one to the counter itself.
struct Loop {
  Function condition, body;

  void addTo(TF_Graph *graph) const {
    copyInto(graph, condition);
    copyInto(graph, body);
  }
  vector<TF_Output> call(TF_Graph *graph, const vector<TF_Output> &arguments) const {
    Status status;
    auto argumentTypes = types(arguments);
    auto *description = TF_NewOperation(graph, "While", "loop");
    TF_AddInputList(description, arguments.data(), static_cast<int>(arguments.size()));
    TF_SetAttrTypeList(description, "T", argumentTypes.data(), static_cast<int>(argumentTypes.size()));
    TF_SetAttrFuncName(description, "cond", "loop_condition", strlen("loop_condition"));
    TF_SetAttrFuncName(description, "body", "loop_body", strlen("loop_body"));
    auto *operation = TF_FinishOperation(description, status);
    status.check("loop");
    vector<TF_Output> outputs;
    for (size_t i = 0; i < arguments.size(); i++)
      outputs.push_back({operation, static_cast<int>(i)});
    return outputs;
  }
};

Loop makeLoop(Bytes bodyDefinition, const vector<string> &parameters, const vector<string> &results) {
  Graph body = import(bodyDefinition, "step");
  auto in = references(body.get(), parameters), out = references(body.get(), results);
  require(in.size() == out.size() && in.size() >= 2, "a loop has as many results as parameters, two at least");
  Loop loop;
  loop.body = function(body.get(), "loop_body", in, out);
  Graph condition(TF_NewGraph());
  auto arguments = placeholders(condition.get(), types(in));
  Status status;
  auto *less = TF_NewOperation(condition.get(), "Less", "more");
  TF_AddInput(less, arguments[0]);
  TF_AddInput(less, arguments[1]);
  vector<TF_Output> more{{TF_FinishOperation(less, status), 0}};
  status.check("condition");
  loop.condition = function(condition.get(), "loop_condition", arguments, more);
  return loop;
}

// Puts the loop into a function that XLA has to compile (what tf.function(jit_compile=True) writes), and calls it.
void callCompiled(TF_Graph *graph, const Loop &loop, const vector<TF_Output> &arguments) {
  Graph inner(TF_NewGraph());
  loop.addTo(inner.get());
  auto parameters = placeholders(inner.get(), types(arguments));
  auto results = loop.call(inner.get(), parameters);
  Function compiled = function(inner.get(), "compiled_loop", parameters, results);
  copyInto(graph, compiled);
  Status status;
  auto *description = TF_NewOperation(graph, "StatefulPartitionedCall", "loop");
  auto in = types(arguments), out = types(results);
  TF_AddInputList(description, arguments.data(), static_cast<int>(arguments.size()));
  TF_SetAttrTypeList(description, "Tin", in.data(), static_cast<int>(in.size()));
  TF_SetAttrTypeList(description, "Tout", out.data(), static_cast<int>(out.size()));
  TF_SetAttrFuncName(description, "f", "compiled_loop", strlen("compiled_loop"));
  TF_SetAttrBool(description, "_XlaMustCompile", 1);
  TF_FinishOperation(description, status);
  status.check("compiled loop");
}

// ---------------------------------------------------------------- programs
size_t created = 0;

struct Program {
  TF_Session *session = nullptr;
  vector<Feed> feeds;
  vector<TF_Output> feedOutputs, fetches;

  Program() = default;
  Program(const Program &) = delete;
  ~Program() {
    if (!session)
      return;
    Status status;
    TF_CloseSession(session, status);
    TF_DeleteSession(session, status);
  }
};

Feed feed(TF_Graph *graph, const string &name) {
  TF_Output output = reference(graph, name);
  Feed feed{name, output, TF_OperationOutputType(output), shapeOf(graph, output), 0};
  feed.known = TF_DataTypeSize(feed.type);
  require(feed.known > 0, "only numbers and booleans can be fed");
  int unknown = 0;
  for (auto dimension : feed.shape)
    dimension < 0 ? unknown++ : feed.known *= dimension;
  require(unknown <= 1, "at most one dimension of a feed may be unknown");
  return feed;
}

std::shared_ptr<Program> makeProgram(napi_env env, napi_value spec) {
  auto program = std::make_shared<Program>();
  Graph graph = import(bytes(env, property(env, spec, "graph")), "graph");
  napi_value loopSpec = property(env, spec, "loop");
  if (!absent(env, loopSpec)) {
    Loop loop = makeLoop(bytes(env, property(env, loopSpec, "body")), texts(env, property(env, loopSpec, "parameters")),
                         texts(env, property(env, loopSpec, "results")));
    auto arguments = references(graph.get(), texts(env, property(env, loopSpec, "arguments")));
    bool compile = false;
    napi_get_value_bool(env, property(env, loopSpec, "compile"), &compile);
    loop.addTo(graph.get());
    if (compile)
      callCompiled(graph.get(), loop, arguments);
    else
      loop.call(graph.get(), arguments);
  }
  for (auto &name : texts(env, property(env, spec, "feeds"))) {
    program->feeds.push_back(feed(graph.get(), name));
    program->feedOutputs.push_back(program->feeds.back().output);
  }
  program->fetches = references(graph.get(), texts(env, property(env, spec, "fetches")));
  auto config = bytes(env, property(env, spec, "config"));
  SessionOptions options(TF_NewSessionOptions());
  Status status;
  TF_SetConfig(options.get(), config.data, config.size, status);
  status.check("session options");
  program->session = TF_NewSession(graph.get(), options.get(), status); // the session keeps the graph alive
  status.check("session");
  created++;
  return program;
}

// Programs by key, shared by every thread of the process: a shape is imported, optimised and compiled once, however many
// workers train it. A session may be run from several threads at once.
std::mutex programsMutex;
std::unordered_map<string, std::weak_ptr<Program>> programs;

std::shared_ptr<Program> shared(napi_env env, const string &key, napi_value spec) {
  std::lock_guard<std::mutex> lock(programsMutex);
  for (auto i = programs.begin(); i != programs.end();)
    i = i->second.expired() ? programs.erase(i) : std::next(i);
  auto found = programs.find(key);
  if (found != programs.end())
    if (auto program = found->second.lock())
      return program;
  auto program = makeProgram(env, spec);
  programs[key] = program;
  return program;
}

using Handle = std::shared_ptr<Program>;

Handle &handle(napi_env env, napi_value value) {
  void *data = nullptr;
  require(napi_get_value_external(env, value, &data) == napi_ok && data, "a program is expected");
  auto &handle = *static_cast<Handle *>(data);
  require(handle != nullptr, "the program was released");
  return handle;
}

string number(size_t n) { return std::to_string(n); }

// A tensor over the caller's memory. TensorFlow copies it only when it is not 64-byte aligned.
Tensor tensorOver(const Feed &feed, Bytes memory) {
  auto shape = feed.shape;
  bool fits = memory.size == feed.known;
  for (auto &dimension : shape)
    if (dimension < 0) {
      dimension = feed.known ? memory.size / feed.known : 0;
      fits = dimension * feed.known == memory.size;
    }
  if (!fits)
    throw Failure("ARGUMENT", "\"" + feed.name + "\" takes " + number(feed.known) + " bytes; " + number(memory.size) +
                                  " were given");
  return Tensor(TF_NewTensor(feed.type, shape.data(), static_cast<int>(shape.size()), memory.data, memory.size,
                             [](void *, size_t, void *) {}, nullptr));
}

// Denormal numbers count as zero while this lives, as they do in TensorFlow's own threads: a graph gives the same bits in this
// thread as in those, and a decayed momentum does not make every operation on it slower by an order of magnitude.
class FlushDenormals {
#if defined(__SSE2__) || defined(_M_X64)
  unsigned before = _mm_getcsr();

public:
  FlushDenormals() { _mm_setcsr(before | 0x8040); } // flush to zero, denormals are zero
  ~FlushDenormals() { _mm_setcsr(before); }
#elif defined(__aarch64__)
  uint64_t before;

public:
  FlushDenormals() {
    asm volatile("mrs %0, fpcr" : "=r"(before));
    asm volatile("msr fpcr, %0" : : "r"(before | (1 << 24)));
  }
  ~FlushDenormals() { asm volatile("msr fpcr, %0" : : "r"(before)); }
#endif
};

// ---------------------------------------------------------------- entry points
napi_value load(napi_env env, const vector<napi_value> &arguments) {
  auto *held = new Handle(shared(env, text(env, property(env, arguments[0], "key")), arguments[0]));
  napi_value external;
  napi_create_external(env, held, [](napi_env, void *data, void *) { delete static_cast<Handle *>(data); }, nullptr,
                       &external);
  return external;
}

napi_value run(napi_env env, const vector<napi_value> &arguments) {
  Handle program = handle(env, arguments[0]);
  require(count(env, arguments[1]) == program->feeds.size(), "one typed array a feed is expected");
  require(count(env, arguments[2]) == program->fetches.size(), "one typed array an output is expected");
  vector<Tensor> in;
  for (size_t i = 0; i < program->feeds.size(); i++)
    in.push_back(tensorOver(program->feeds[i], bytes(env, element(env, arguments[1], i))));
  vector<TF_Tensor *> fed, fetched(program->fetches.size());
  for (auto &tensor : in)
    fed.push_back(tensor.get());
  Status status;
  FlushDenormals flushing;
  TF_SessionRun(program->session, nullptr, program->feedOutputs.data(), fed.data(), static_cast<int>(fed.size()),
                program->fetches.data(), fetched.data(), static_cast<int>(fetched.size()), nullptr, 0, nullptr, status);
  status.check("run");
  vector<Tensor> out;
  for (auto *tensor : fetched)
    out.emplace_back(tensor);
  // All sizes are compared before anything is written: an error leaves the caller's buffers as they were.
  for (size_t i = 0; i < out.size(); i++)
    if (TF_TensorByteSize(out[i].get()) != bytes(env, element(env, arguments[2], i)).size)
      throw Failure("ARGUMENT", "output " + number(i) + " has " + number(TF_TensorByteSize(out[i].get())) + " bytes; " +
                                    number(bytes(env, element(env, arguments[2], i)).size) + " were provided");
  for (size_t i = 0; i < out.size(); i++) {
    auto target = bytes(env, element(env, arguments[2], i));
    if (target.size) // a typed array without elements has no address
      memcpy(target.data, TF_TensorData(out[i].get()), target.size);
  }
  return nullptr;
}

napi_value release(napi_env env, const vector<napi_value> &arguments) {
  handle(env, arguments[0]).reset();
  return nullptr;
}

// Closing a session cancels its running calls. The programs are no longer found by their keys: a later load opens new ones.
napi_value cancel(napi_env env, const vector<napi_value> &arguments) {
  string prefix = text(env, arguments[0]);
  vector<std::shared_ptr<Program>> cancelled; // closed after the map is unlocked: the last owner may be here
  {
    std::lock_guard<std::mutex> lock(programsMutex);
    for (auto i = programs.begin(); i != programs.end();) {
      if (i->first.compare(0, prefix.size(), prefix) != 0) {
        ++i;
        continue;
      }
      if (auto program = i->second.lock())
        cancelled.push_back(program);
      i = programs.erase(i);
    }
  }
  for (auto &program : cancelled) {
    Status status;
    TF_CloseSession(program->session, status);
    status.check("cancel");
  }
  return nullptr;
}

napi_value address(napi_env env, const vector<napi_value> &arguments) {
  napi_value result;
  napi_create_uint32(env, reinterpret_cast<uintptr_t>(bytes(env, arguments[0]).data) % 4096, &result);
  return result;
}

// An op's definition, as a serialized OpDef: its arguments, its attributes and their defaults.
napi_value definition(napi_env env, const vector<napi_value> &arguments) {
  Graph graph(TF_NewGraph());
  TfBuffer buffer(TF_NewBuffer());
  Status status;
  TF_GraphGetOpDef(graph.get(), text(env, arguments[0]).c_str(), buffer.get(), status);
  status.check("definition");
  napi_value result;
  napi_create_buffer_copy(env, buffer->length, buffer->data, nullptr, &result);
  return result;
}

bool productsRegistered() {
  static const bool registered = matrix_product::registerOps();
  return registered;
}

// Not where there is a graphics card: its products are faster than the processor's.
bool hasGraphicsCard(Bytes config) {
  Graph graph(TF_NewGraph());
  SessionOptions options(TF_NewSessionOptions());
  Status status;
  TF_SetConfig(options.get(), config.data, config.size, status);
  status.check("session options");
  TF_Session *session = TF_NewSession(graph.get(), options.get(), status);
  status.check("session");
  TF_DeviceList *devices = TF_SessionListDevices(session, status);
  bool found = false;
  for (int i = 0, n = devices ? TF_DeviceListCount(devices) : 0; i < n; i++)
    found = found || string(TF_DeviceListType(devices, i, status)) == "GPU";
  if (devices)
    TF_DeleteDeviceList(devices);
  TF_CloseSession(session, status);
  TF_DeleteSession(session, status);
  return found;
}

napi_value hasProducts(napi_env env, const vector<napi_value> &arguments) {
  static const bool has = productsRegistered() && !hasGraphicsCard(bytes(env, arguments[0]));
  napi_value result;
  napi_get_boolean(env, has, &result);
  return result;
}

#ifdef __linux__
// Loading libtensorflow reads 250 MB of its files (relocations, names, registrations) that training hardly needs again, and they
// count as this process's until the system is short of memory. What is needed comes back from the system's cache. Only
// segments that are never written to: whole pages of them are as in the file.
int dropFilePages(dl_phdr_info *library, size_t, void *) {
  if (!strstr(library->dlpi_name, "libtensorflow"))
    return 0;
  const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  for (int i = 0; i < library->dlpi_phnum; i++) {
    auto &segment = library->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || segment.p_flags & PF_W)
      continue;
    uintptr_t start = library->dlpi_addr + segment.p_vaddr, end = start + segment.p_memsz;
    start = (start + page - 1) / page * page, end = end / page * page;
    if (start < end)
      madvise(reinterpret_cast<void *>(start), end - start, MADV_DONTNEED);
  }
  return 0;
}
#endif

// Compiling and tracing leave hundreds of megabytes free but scattered over the allocator's arenas, which keep them.
napi_value trim(napi_env, const vector<napi_value> &) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
#ifdef __linux__
  dl_iterate_phdr(dropFilePages, nullptr);
#endif
  return nullptr;
}

napi_value statistics(napi_env env, const vector<napi_value> &) {
  std::lock_guard<std::mutex> lock(programsMutex);
  uint32_t open = 0;
  for (auto &entry : programs)
    open += !entry.second.expired();
  napi_value result, value;
  napi_create_object(env, &result);
  napi_create_uint32(env, open, &value);
  napi_set_named_property(env, result, "programs", value);
  napi_create_uint32(env, static_cast<uint32_t>(created), &value);
  napi_set_named_property(env, result, "programsCreated", value);
  napi_create_string_utf8(env, TF_Version(), NAPI_AUTO_LENGTH, &value);
  napi_set_named_property(env, result, "version", value);
  return result;
}

// Every entry point is called through this: it counts the arguments and turns a Failure into a JavaScript Error.
template <napi_value (*entry)(napi_env, const vector<napi_value> &), size_t arity>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    size_t given = arity;
    vector<napi_value> arguments(arity);
    napi_get_cb_info(env, info, &given, arguments.data(), nullptr, nullptr);
    require(given >= arity, "too few arguments");
    return entry(env, arguments);
  } catch (const Failure &failure) {
    napi_throw_error(env, failure.code.c_str(), failure.what());
  } catch (const std::exception &error) {
    napi_throw_error(env, "INTERNAL", error.what());
  }
  return nullptr;
}

template <napi_value (*entry)(napi_env, const vector<napi_value> &), size_t arity>
void define(napi_env env, napi_value exports, const char *name) {
  napi_value value;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, guarded<entry, arity>, nullptr, &value);
  napi_set_named_property(env, exports, name, value);
}

napi_value initialise(napi_env env, napi_value exports) {
  productsRegistered(); // before any thread imports a graph
  define<load, 1>(env, exports, "load");
  define<run, 3>(env, exports, "run");
  define<release, 1>(env, exports, "release");
  define<cancel, 1>(env, exports, "cancel");
  define<address, 1>(env, exports, "address");
  define<definition, 1>(env, exports, "definition");
  define<hasProducts, 1>(env, exports, "hasProducts");
  define<trim, 0>(env, exports, "trim");
  define<statistics, 0>(env, exports, "statistics");
  return exports;
}
} // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, initialise)
