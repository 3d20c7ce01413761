import { AwsError } from '../../core/aws-error.ts';
import type { MetricName } from './metric-store.ts';

/** A search for metrics, with the statistic that is wanted of each. */
export interface MetricSearch {
  readonly statistic: string;
  matches(metric: MetricName): boolean;
}

/** Where a term is looked for: the metric's name, a dimension's value, or everywhere. */
interface Term {
  readonly property: string | undefined;
  readonly text: string;
  readonly isExact: boolean;
}

type Predicate = (metric: MetricName) => boolean;

const EXPRESSION = /^\s*SEARCH\(\s*'(?<query>[^']*)'\s*,\s*'(?<statistic>[^']*)'\s*(?:,\s*\d+\s*)?\)\s*$/;
const SCHEMA = /^\s*\{(?<names>[^}]*)\}\s*,?/;
/** Operators, parentheses, and terms such as `Errors`, `"exact"`, `MetricName="Errors"` and `QueueName=payments-dev`. */
const TOKEN =
  /\s*(?:(?<operator>AND|OR|NOT)\b|(?<mark>[()])|(?:(?<property>[\w.]+)=)?(?:"(?<exact>[^"]*)"|(?<partial>[^\s()"=]+)))/y;
/** What a name is taken apart into: words by their capitals, numbers; all other signs only divide. */
const PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

type Token = string | Term;

/**
 * Reads a search expression: `SEARCH('{Namespace,Dimension} MetricName="Name" Dimension=part', 'Sum')`.
 * Source: CloudWatch user guide, "CloudWatch search expression syntax". Math around a search is not run.
 *
 * @throws AwsError ValidationError
 */
export function readMetricSearch(expression: string): MetricSearch {
  const { query, statistic } = EXPRESSION.exec(expression)?.groups ?? {};
  if (query === undefined || statistic === undefined) {
    throw new AwsError(
      'ValidationError',
      `Of expressions only SEARCH is run by the local cloud: ${expression}`,
    );
  }
  const names = SCHEMA.exec(query)?.groups?.['names'];
  const tokens = tokensOf(query.replace(SCHEMA, ''));
  const isOfSchema = names === undefined ? () => true : schemaOf(names);
  const isWanted = tokens.length === 0 ? () => true : readAlternatives(tokens);
  if (tokens.length > 0) throw malformed(query);
  return { statistic, matches: (metric) => isOfSchema(metric) && isWanted(metric) };
}

function schemaOf(names: string): Predicate {
  const [namespace = '', ...dimensions] = names
    .split(',')
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  const wanted = dimensions.sort().join();
  return (metric) =>
    metric.namespace === namespace &&
    (dimensions.length === 0 || Object.keys(metric.dimensions).sort().join() === wanted);
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw malformed(text);
    const { operator, mark, property, exact, partial = '' } = groups;
    tokens.push(operator ?? mark ?? { property, text: exact ?? partial, isExact: exact !== undefined });
  }
  return tokens;
}

function readAlternatives(tokens: Token[]): Predicate {
  const alternatives = [readAll(tokens)];
  while (tokens[0] === 'OR') {
    tokens.shift();
    alternatives.push(readAll(tokens));
  }
  return (metric) => alternatives.some((each) => each(metric));
}

/** Terms beside each other are all wanted, with AND or without. */
function readAll(tokens: Token[]): Predicate {
  const all = [readOne(tokens)];
  while (tokens.length > 0 && tokens[0] !== 'OR' && tokens[0] !== ')') {
    if (tokens[0] === 'AND') tokens.shift();
    all.push(readOne(tokens));
  }
  return (metric) => all.every((each) => each(metric));
}

function readOne(tokens: Token[]): Predicate {
  const token = tokens.shift();
  if (token === 'NOT') {
    const not = readOne(tokens);
    return (metric) => !not(metric);
  }
  if (token === '(') {
    const inside = readAlternatives(tokens);
    if (tokens.shift() !== ')') throw malformed('no ")"');
    return inside;
  }
  if (token === undefined || typeof token === 'string') throw malformed(token ?? 'the end');
  return (metric) => textsOf(metric, token.property).some((text) => isIn(text, token));
}

function textsOf(
  { namespace, name, dimensions }: MetricName,
  property: string | undefined,
): readonly string[] {
  if (property === 'Namespace') return [namespace];
  if (property === 'MetricName') return [name];
  if (property !== undefined) return dimensions[property] === undefined ? [] : [dimensions[property]];
  return [namespace, name, ...Object.keys(dimensions), ...Object.values(dimensions)];
}

/** A part matches where its words follow one another in the text. */
function isIn(text: string, { text: wanted, isExact }: Term): boolean {
  return isExact ? text === wanted : wordsOf(text).includes(wordsOf(wanted));
}

function wordsOf(text: string): string {
  return ` ${(text.match(PART) ?? []).join(' ').toLowerCase()} `;
}

function malformed(what: string): AwsError {
  return new AwsError('ValidationError', `The search expression is malformed at: ${what}`);
}
