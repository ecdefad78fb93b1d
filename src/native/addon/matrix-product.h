// Products of float matrices in one thread, by the blocking of Goto & van de Geijn 2008 ("Anatomy of high-performance matrix
// multiplication") and the loops of BLIS (Van Zee & van de Geijn 2015): a block of B is packed into panels that are read
// from the first-level cache, and a tile of 6 x 16 elements of C stays in registers. Every element adds up its products in the order
// of k, in blocks that depend on the depth alone: bits depend on nothing but the operands.
//
// A row-major; all are dense. For processors with AVX2 and FMA, whatever the compiler builds for: callers ask first.
#pragma once
#if defined(__x86_64__) && defined(__GNUC__)
#define TFJS_TUNER_HAS_PRODUCT 1
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <immintrin.h>
#include <memory>
#include <new>

#define TFJS_TUNER_AVX2 __attribute__((target("avx2,fma")))
#define TFJS_TUNER_EACH_ROW _Pragma("GCC unroll 6") for (int r = 0; r < rows; r++)

namespace matrix_product {
// A tile of C. Twelve registers hold it, two a row of B, one an element of A.
constexpr int tileRows = 6, tileColumns = 16;
// Measured: a panel of B (depth x 16) takes 25 of the 32 KB of a first-level cache, a block of B three quarters of a megabyte.
constexpr int64_t mostDepth = 400, mostColumns = 512, mostRows = 96;

struct Aligned {
  void operator()(float *memory) const { operator delete[](memory, std::align_val_t(64)); }
};
using Buffer = std::unique_ptr<float[], Aligned>;
inline Buffer allocate(size_t floats) {
  return Buffer(static_cast<float *>(operator new[](floats * sizeof(float), std::align_val_t(64))));
}

// C = A * B, or C += A * B, for one tile: A is packed ([depth][6]) or lies in rows; rows of B, of 16 elements, are `strideB` apart.
template <int rows, bool packed>
TFJS_TUNER_AVX2 void tile(int64_t depth, const float *a, int64_t strideA, const float *b, int64_t strideB, float *c,
                          int64_t strideC, int columns, bool add) {
  __m256 left[rows], right[rows];
  TFJS_TUNER_EACH_ROW left[r] = right[r] = _mm256_setzero_ps();
  for (int64_t k = 0; k < depth; k++) {
    const __m256 b0 = _mm256_loadu_ps(b + k * strideB), b1 = _mm256_loadu_ps(b + k * strideB + 8);
    TFJS_TUNER_EACH_ROW {
      const __m256 x = _mm256_broadcast_ss(packed ? a + k * tileRows + r : a + r * strideA + k);
      left[r] = _mm256_fmadd_ps(x, b0, left[r]);
      right[r] = _mm256_fmadd_ps(x, b1, right[r]);
    }
  }
  if (columns == tileColumns) {
    TFJS_TUNER_EACH_ROW {
      float *to = c + r * strideC;
      if (add) {
        left[r] = _mm256_add_ps(_mm256_loadu_ps(to), left[r]);
        right[r] = _mm256_add_ps(_mm256_loadu_ps(to + 8), right[r]);
      }
      _mm256_storeu_ps(to, left[r]);
      _mm256_storeu_ps(to + 8, right[r]);
    }
    return;
  }
  alignas(32) float row[tileColumns];
  TFJS_TUNER_EACH_ROW {
    _mm256_store_ps(row, left[r]);
    _mm256_store_ps(row + 8, right[r]);
    float *to = c + r * strideC;
    for (int j = 0; j < columns; j++)
      to[j] = add ? to[j] + row[j] : row[j];
  }
}

using Tile = void (*)(int64_t, const float *, int64_t, const float *, int64_t, float *, int64_t, int, bool);
template <bool packed> Tile tileOf(int rows) {
  static const Tile tiles[] = {tile<1, packed>, tile<2, packed>, tile<3, packed>,
                               tile<4, packed>, tile<5, packed>, tile<6, packed>};
  return tiles[rows - 1];
}

// The transpose of 8 x 8 floats, into rows 16 floats apart.
TFJS_TUNER_AVX2 inline void transpose(const float *from, int64_t stride, float *to) {
  __m256 rows[8], pairs[8];
  for (int i = 0; i < 8; i++)
    rows[i] = _mm256_loadu_ps(from + i * stride);
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
  }
  for (int i = 0; i < 8; i += 4)
    for (int j = 0; j < 2; j++) {
      rows[i + 2 * j] = _mm256_shuffle_ps(pairs[i + j], pairs[i + j + 2], 0x44);
      rows[i + 2 * j + 1] = _mm256_shuffle_ps(pairs[i + j], pairs[i + j + 2], 0xee);
    }
  for (int i = 0; i < 4; i++) {
    _mm256_store_ps(to + i * tileColumns, _mm256_permute2f128_ps(rows[i], rows[i + 4], 0x20));
    _mm256_store_ps(to + (i + 4) * tileColumns, _mm256_permute2f128_ps(rows[i], rows[i + 4], 0x31));
  }
}

// Panels of 16 columns of B, the last one filled up with zeros. `b` is [depth, columns], or [columns, depth] when transposed.
TFJS_TUNER_AVX2 inline void packColumns(bool transposed, int64_t depth, int64_t columns, const float *b, int64_t stride,
                                        float *to) {
  const int64_t alongDepth = transposed ? 1 : stride, alongColumns = transposed ? stride : 1;
  alignas(32) static const int32_t present[32] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
  for (int64_t n = 0; n < columns; n += tileColumns, to += depth * tileColumns) {
    const float *from = b + n * alongColumns;
    const int64_t width = std::min<int64_t>(tileColumns, columns - n);
    int64_t k = 0;
    if (width == tileColumns && transposed)
      for (; k + 8 <= depth; k += 8)
        for (int j = 0; j < tileColumns; j += 8)
          transpose(from + j * stride + k, stride, to + k * tileColumns + j);
    else if (!transposed) {
      const int32_t *mask = present + tileColumns - width;
      const __m256i left = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(mask));
      const __m256i right = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(mask + 8));
      for (; k < depth; k++) {
        _mm256_store_ps(to + k * tileColumns, _mm256_maskload_ps(from + k * stride, left));
        _mm256_store_ps(to + k * tileColumns + 8, _mm256_maskload_ps(from + k * stride + 8, right));
      }
    }
    for (; k < depth; k++)
      for (int j = 0; j < tileColumns; j++)
        to[k * tileColumns + j] = j < width ? from[k * alongDepth + j * alongColumns] : 0;
  }
}

// Panels of 6 rows of A, which is transposed: [depth, rows].
TFJS_TUNER_AVX2 inline void packRows(int64_t depth, int64_t rows, const float *a, int64_t stride, float *to) {
  for (int64_t m = 0; m < rows; m += tileRows, to += depth * tileRows) {
    const float *from = a + m;
    if (rows - m >= 8) // two too many are written over by what comes next, for which there is room
      for (int64_t k = 0; k < depth; k++)
        _mm256_storeu_ps(to + k * tileRows, _mm256_loadu_ps(from + k * stride));
    else
      for (int64_t k = 0; k < depth; k++)
        for (int64_t r = 0; r < std::min<int64_t>(tileRows, rows - m); r++)
          to[k * tileRows + r] = from[k * stride + r];
  }
}

// c [rows, columns] = a * b, where a is [rows, depth], or [depth, rows] when transposed, and b is [depth, columns], or
// [columns, depth] when transposed.
TFJS_TUNER_AVX2 inline void multiply(const float *a, bool transposeA, const float *b, bool transposeB, float *c, int64_t rows,
                                     int64_t columns, int64_t depth) {
  static thread_local Buffer packedB = allocate(mostDepth * mostColumns);
  static thread_local Buffer packedA = allocate(mostDepth * mostRows + 8);
  const int64_t strideA = transposeA ? rows : depth, strideB = transposeB ? depth : columns;
  if (depth == 0)
    memset(c, 0, rows * columns * sizeof(float));
  // what is read once or twice is not worth packing
  const bool direct = !transposeB && rows <= 2 * tileRows;
  const int64_t blocks = (depth + mostDepth - 1) / mostDepth;
  for (int64_t block = 0; block < blocks; block++) {
    const int64_t k = depth * block / blocks, deep = depth * (block + 1) / blocks - k; // of even depths
    for (int64_t n = 0; n < columns; n += mostColumns) {
      const int64_t wide = std::min(mostColumns, columns - n);
      const float *blockOfB = transposeB ? b + n * strideB + k : b + k * strideB + n;
      const int64_t packedFrom = direct ? wide / tileColumns * tileColumns : 0;
      packColumns(transposeB, deep, wide - packedFrom, blockOfB + packedFrom, strideB, packedB.get());
      for (int64_t m = 0; m < rows; m += mostRows) {
        const int64_t high = std::min(mostRows, rows - m);
        if (transposeA)
          packRows(deep, high, a + k * strideA + m, strideA, packedA.get());
        for (int64_t j = 0; j < wide; j += tileColumns) {
          const bool packed = j >= packedFrom;
          const float *panel = packed ? packedB.get() + (j - packedFrom) * deep : blockOfB + j;
          for (int64_t i = 0; i < high; i += tileRows) {
            const int height = static_cast<int>(std::min<int64_t>(tileRows, high - i));
            const int width = static_cast<int>(std::min<int64_t>(tileColumns, wide - j));
            const float *from = transposeA ? packedA.get() + i * deep : a + (m + i) * strideA + k;
            (transposeA ? tileOf<true>(height) : tileOf<false>(height))(
                deep, from, strideA, panel, packed ? tileColumns : strideB, c + (m + i) * columns + n + j, columns, width,
                k > 0);
          }
        }
      }
    }
  }
}
} // namespace matrix_product
#endif
