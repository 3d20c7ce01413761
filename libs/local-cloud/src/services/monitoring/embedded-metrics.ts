import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import { isObject, objects } from '../sqs/members.ts';
import type { MetricStore } from './metric-store.ts';

/** Every line in the format has this member; looking for it first keeps other lines cheap. */
const MARK = '"_aws"';

/**
 * Takes the metrics out of a log line in CloudWatch's Embedded Metric Format, if it is one.
 * Source: CloudWatch user guide, "Specification: Embedded metric format".
 *
 * @param now epoch milliseconds, for a line that has no time of its own
 */
export function addEmbeddedMetrics(metrics: MetricStore, line: string, now: number): void {
  if (!line.includes(MARK)) return;
  const document = parse(line);
  const head = document?.['_aws'];
  if (document === undefined || !isObject(head)) return;
  const at = typeof head['Timestamp'] === 'number' ? head['Timestamp'] : now;
  for (const directive of objects(head['CloudWatchMetrics'])) {
    const namespace = String(directive['Namespace'] ?? '');
    const dimensionSets = Array.isArray(directive['Dimensions']) ? directive['Dimensions'] : [[]];
    for (const { Name: name } of objects(directive['Metrics'])) {
      if (typeof name !== 'string') continue;
      for (const set of dimensionSets) {
        const metric = { namespace, name, dimensions: dimensionsOf(document, set) };
        for (const value of valuesOf(document[name])) metrics.add(metric, value, at);
      }
    }
  }
}

function parse(line: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function dimensionsOf(document: JsonObject, names: JsonValue | undefined): Record<string, string> {
  const dimensions: Record<string, string> = {};
  if (!Array.isArray(names)) return dimensions;
  for (const name of names) {
    const value = document[String(name)];
    if (value !== undefined && value !== null) dimensions[String(name)] = String(value);
  }
  return dimensions;
}

function valuesOf(value: JsonValue | undefined): number[] {
  const values: readonly (JsonValue | undefined)[] = Array.isArray(value) ? value : [value];
  return values.filter((item) => typeof item === 'number');
}
