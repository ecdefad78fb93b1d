// matrix-product.h as operations of TensorFlow, for its C API: TfjsTunerMatMul, and TfjsTunerMatMulTN, …NT and …TT, which take a, b or both
// transposed (names, since a shape function of the C API cannot read a boolean attribute). Like BatchMatMulV2, on the processor only:
//   a [..., rows, depth], b [..., depth, columns], both float -> product [..., rows, columns]; leading dimensions are broadcast.
#pragma once
#include "matrix-product.h"
#ifdef TFJS_TUNER_HAS_PRODUCT
#include "tensorflow/c/c_api.h"
#include "tensorflow/c/ops.h"

// What is used of tensorflow/c/kernels.h, which needs headers beyond those of the C API.
extern "C" {
struct TF_KernelBuilder;
struct TF_OpKernelConstruction;
struct TF_OpKernelContext;
TF_KernelBuilder *TF_NewKernelBuilder(const char *op, const char *device, void *(*create)(TF_OpKernelConstruction *),
                                      void (*compute)(void *, TF_OpKernelContext *), void (*destroy)(void *));
void TF_RegisterKernelBuilder(const char *name, TF_KernelBuilder *builder, TF_Status *status);
void TF_GetInput(TF_OpKernelContext *context, int index, TF_Tensor **tensor, TF_Status *status);
TF_Tensor *TF_AllocateOutput(TF_OpKernelContext *context, int index, TF_DataType type, const int64_t *shape, int rank,
                             size_t bytes, TF_Status *status);
void TF_OpKernelContext_Failure(TF_OpKernelContext *context, TF_Status *status);
}

namespace matrix_product {
class Shape {
  TF_ShapeHandle *shape = TF_NewShapeHandle();

public:
  Shape() = default;
  Shape(const Shape &) = delete;
  ~Shape() { TF_DeleteShapeHandle(shape); }
  operator TF_ShapeHandle *() { return shape; }
};

inline int64_t dimension(TF_ShapeInferenceContext *context, TF_ShapeHandle *shape, int64_t index) {
  TF_DimensionHandle *handle = TF_NewDimensionHandle();
  TF_ShapeInferenceContextDim(context, shape, index, handle);
  const int64_t value = TF_DimensionHandleValueKnown(handle) ? TF_DimensionHandleValue(handle) : -1;
  TF_DeleteDimensionHandle(handle);
  return value;
}

// The product's shape, where both ranks are known and no dimension is broadcast.
template <bool transposeA, bool transposeB> void inferShape(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shape a, b, leading, rows, columns, most, product;
  TF_ShapeInferenceContextGetInput(context, 0, a, status);
  if (TF_GetCode(status) == TF_OK)
    TF_ShapeInferenceContextGetInput(context, 1, b, status);
  if (TF_GetCode(status) != TF_OK)
    return;
  const auto rankOf = [&](TF_ShapeHandle *shape) {
    return TF_ShapeInferenceContextRankKnown(context, shape) ? TF_ShapeInferenceContextRank(context, shape) : -1;
  };
  const int64_t rank = rankOf(a);
  bool known = rank >= 2 && rank == rankOf(b);
  for (int64_t i = 0; known && i < rank - 2; i++)
    known = dimension(context, a, i) >= 0 && dimension(context, a, i) == dimension(context, b, i);
  if (!known)
    return TF_ShapeInferenceContextSetUnknownShape(context, status);
  const auto part = [&](TF_ShapeHandle *from, int64_t start, int64_t length, TF_ShapeHandle *to) {
    if (TF_GetCode(status) == TF_OK)
      TF_ShapeInferenceContextSubshape(context, from, start, start + length, to, status);
  };
  const auto joined = [&](TF_ShapeHandle *first, TF_ShapeHandle *second, TF_ShapeHandle *to) {
    if (TF_GetCode(status) == TF_OK)
      TF_ShapeInferenceContextConcatenateShapes(context, first, second, to, status);
  };
  part(a, 0, rank - 2, leading);
  part(a, rank - (transposeA ? 1 : 2), 1, rows);
  part(b, rank - (transposeB ? 2 : 1), 1, columns);
  joined(leading, rows, most);
  joined(most, columns, product);
  if (TF_GetCode(status) == TF_OK)
    TF_ShapeInferenceContextSetOutput(context, 0, product, status);
}

struct Operand {
  TF_Tensor *tensor = nullptr;
  Operand() = default;
  Operand(const Operand &) = delete;
  ~Operand() {
    if (tensor)
      TF_DeleteTensor(tensor);
  }
  int rank() const { return TF_NumDims(tensor); }
  // counted from the last
  int64_t last(int index) const { return index < rank() ? TF_Dim(tensor, rank() - 1 - index) : 1; }
  int64_t matrix() const { return last(0) * last(1); }
  float *data() const { return static_cast<float *>(TF_TensorData(tensor)); }
  // The matrix that goes into the product's matrix of that number, where leading dimensions of 1 are repeated.
  const float *matrixAt(int64_t number, const Operand &product) const {
    int64_t offset = 0, size = matrix();
    for (int i = 2; i < product.rank(); i++) {
      const int64_t index = number % product.last(i);
      number /= product.last(i);
      if (last(i) > 1)
        offset += index * size;
      size *= last(i);
    }
    return data() + offset;
  }
};

template <bool transposeA, bool transposeB> void computeProduct(TF_OpKernelContext *context, TF_Status *status) {
  Operand a, b, product;
  TF_GetInput(context, 0, &a.tensor, status);
  if (TF_GetCode(status) == TF_OK)
    TF_GetInput(context, 1, &b.tensor, status);
  if (TF_GetCode(status) != TF_OK)
    return;
  const int rank = std::max(a.rank(), b.rank());
  bool fits = a.rank() >= 2 && b.rank() >= 2;
  const int64_t rows = fits ? a.last(transposeA ? 0 : 1) : 0, columns = fits ? b.last(transposeB ? 1 : 0) : 0;
  const int64_t depth = fits ? a.last(transposeA ? 1 : 0) : 0;
  fits = fits && depth == b.last(transposeB ? 0 : 1);
  int64_t matrices = 1;
  std::unique_ptr<int64_t[]> shape(new int64_t[rank]);
  for (int i = rank - 1; fits && i >= 2; i--) {
    const int64_t size = a.last(i) == 1 ? b.last(i) : a.last(i);
    fits = b.last(i) == size || b.last(i) == 1;
    shape[rank - 1 - i] = size;
    matrices *= size;
  }
  if (!fits)
    return TF_SetStatus(status, TF_INVALID_ARGUMENT, "the matrices' shapes do not fit each other");
  shape[rank - 2] = rows;
  shape[rank - 1] = columns;
  product.tensor = TF_AllocateOutput(context, 0, TF_FLOAT, shape.get(), rank, matrices * rows * columns * sizeof(float), status);
  if (TF_GetCode(status) != TF_OK)
    return;
  for (int64_t i = 0; i < matrices; i++)
    multiply(a.matrixAt(i, product), transposeA, b.matrixAt(i, product), transposeB, product.data() + i * rows * columns,
             rows, columns, depth);
}

template <bool transposeA, bool transposeB> void compute(void *, TF_OpKernelContext *context) {
  TF_Status *status = TF_NewStatus();
  computeProduct<transposeA, transposeB>(context, status);
  if (TF_GetCode(status) != TF_OK)
    TF_OpKernelContext_Failure(context, status);
  TF_DeleteStatus(status);
}

template <bool transposeA, bool transposeB> void registerOp(const char *name, TF_Status *status) {
  auto *definition = TF_NewOpDefinitionBuilder(name);
  TF_OpDefinitionBuilderAddInput(definition, "a: float");
  TF_OpDefinitionBuilderAddInput(definition, "b: float");
  TF_OpDefinitionBuilderAddOutput(definition, "product: float");
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, inferShape<transposeA, transposeB>);
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) != TF_OK)
    return;
  auto *kernel = TF_NewKernelBuilder(name, "CPU", nullptr, compute<transposeA, transposeB>, nullptr);
  TF_RegisterKernelBuilder(name, kernel, status);
}

// Once a process. Returns whether the operations are there: on processors with AVX2 and FMA, but without AVX-512, with which
// TensorFlow's own products are wider.
inline bool registerOps() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || __builtin_cpu_supports("avx512f"))
    return false;
  TF_Status *status = TF_NewStatus();
  registerOp<false, false>("TfjsTunerMatMul", status);
  if (TF_GetCode(status) == TF_OK)
    registerOp<true, false>("TfjsTunerMatMulTN", status);
  if (TF_GetCode(status) == TF_OK)
    registerOp<false, true>("TfjsTunerMatMulNT", status);
  if (TF_GetCode(status) == TF_OK)
    registerOp<true, true>("TfjsTunerMatMulTT", status);
  const bool registered = TF_GetCode(status) == TF_OK;
  TF_DeleteStatus(status);
  return registered;
}
} // namespace matrix_product
#else
namespace matrix_product {
inline bool registerOps() { return false; }
} // namespace matrix_product
#endif
