import type * as tfjs from '@tensorflow/tfjs';

/**
 * What is reported of a metric's values, one a row, once their mean over all rows is known. A root of a mean is not the mean of
 * roots: it cannot be taken row by row, or batch by batch.
 */
export type MetricTransform = 'mean' | 'rootMean' | 'exponentialMean';

/** A metric that is reported as a function of the mean of its values. */
export interface TransformedMetric {
  /** float32 `[batch]`, one value a row. */
  readonly values: tfjs.Tensor;
  readonly transform: Exclude<MetricTransform, 'mean'>;
}

/** What an evaluation returns for a metric: its values, of which the mean is reported, or values with a transform. */
export type Metric = tfjs.Tensor | TransformedMetric;

/** A metric as a program reports it. Plain data. */
export interface MetricDescription {
  readonly name: string;
  readonly transform: MetricTransform;
}

export function metricValues(metric: Metric): tfjs.Tensor {
  return 'transform' in metric ? metric.values : metric;
}

export function metricTransform(metric: Metric): MetricTransform {
  return 'transform' in metric ? metric.transform : 'mean';
}

/** The metric's value from the mean over all rows, in float64. */
export function transformMean(mean: number, transform: MetricTransform): number {
  switch (transform) {
    case 'mean':
      return mean;
    case 'rootMean':
      return Math.sqrt(mean);
    case 'exponentialMean':
      return Math.exp(mean);
    default:
      return transform satisfies never;
  }
}
