import type { PostingField, PostingMapping } from '@payments/schemas';
import { FORMATS } from './field-format.ts';
import { REQUIRED_FACTS, SOURCES, type Source } from './posting-sources.ts';

/** Sources that say what is booked: their texts may not be cut, for then they would say something else. */
const FACT_SOURCES: ReadonlySet<string> = new Set(REQUIRED_FACTS.flatMap(({ sources }) => sources));
const DIRECTION = 'leg.direction';

/**
 * What is wrong with a mapping that keeps its contract: sources that there are not, facts that get lost, two fields
 * on one place, formats that do not fit. Each problem names its field.
 */
export function mappingProblems(mapping: PostingMapping): readonly string[] {
  return [
    ...mapping.header.flatMap((field) => fieldProblems('header', field)),
    ...mapping.leg.flatMap((field) => fieldProblems('leg', field)),
    ...placeProblems(mapping),
    ...lostFacts(mapping),
  ];
}

function fieldProblems(section: 'header' | 'leg', field: PostingField): readonly string[] {
  const { to, from, value } = field;
  const at = (problem: string): string => `${section} field ${to}: ${problem}`;
  if ((from === undefined) === (value === undefined))
    return [at('has either a source ("from") or a constant ("value")')];
  if (from === undefined) {
    const idle = (['format', 'texts', 'length', 'whenAbsent'] as const).filter((name) => name in field);
    return idle.map((name) => at(`a constant has no ${name}`));
  }
  const source = SOURCES[from];
  if (source === undefined) return [at(`the posting input has no ${from}`)];
  if (section === 'header' && from.startsWith('leg.'))
    return [at(`${from} stands in each leg, not in the header`)];
  return [
    ...formatProblems(field, source),
    ...textProblems(field, source),
    ...lengthProblems(field, source),
  ].map(at);
}

function formatProblems({ from, format = 'AS_IS' }: PostingField, { kind }: Source): readonly string[] {
  return FORMATS[format].of.includes(kind) ? [] : [`${from} cannot be written as ${format}`];
}

function textProblems({ from, texts, format = 'AS_IS' }: PostingField, source: Source): readonly string[] {
  if (texts === undefined) return [];
  if (format !== 'AS_IS' || !['text', 'number', 'flag'].includes(source.kind))
    return [`texts stand for plain values, not for ${from} as ${format}`];
  const said = texts.map(({ is }) => is);
  const problems = said
    .filter((is, index) => said.indexOf(is) !== index)
    .map((is) => `has two texts for ${is}`);
  const { values } = source;
  if (values !== undefined) {
    problems.push(...said.filter((is) => !values.includes(is)).map((is) => `${from} is never ${is}`));
    problems.push(...values.filter((is) => !said.includes(is)).map((is) => `has no text for ${is}`));
  }
  if (from === DIRECTION && new Set(texts.map(({ text }) => text)).size < texts.length)
    problems.push('gives debit and credit the same text, which loses the direction');
  return problems;
}

function lengthProblems(
  { from = '', format = 'AS_IS', texts, length }: PostingField,
  { kind }: Source,
): readonly string[] {
  if (length === undefined) return [];
  const isText =
    texts !== undefined || kind === 'text' || (FORMATS[format].gives === 'text' && kind !== 'sums');
  if (!isText) return [`${from} as ${format} is no text and has no length`];
  const problems: string[] = [];
  if (length.minimum !== undefined && length.minimum > (length.maximum ?? length.minimum))
    problems.push(`is padded to ${length.minimum}, but takes ${length.maximum}`);
  if (length.tooLong === 'CUT' && FACT_SOURCES.has(from)) problems.push(`${from} may not be cut`);
  return problems;
}

/** Two fields on one place, or one inside the other. */
function placeProblems({ legs, header, leg }: PostingMapping): readonly string[] {
  const headerPlaces = header.map(({ to }) => to);
  const legPlaces = leg.map(({ to }) => to);
  if (legs.layout === 'FLAT') return collisions([...headerPlaces, ...legPlaces]);
  if (legs.to === undefined) return ['legs: nested legs stand in a field; name it with "to"'];
  return [...collisions([...headerPlaces, legs.to]), ...collisions(legPlaces)];
}

function collisions(places: readonly string[]): readonly string[] {
  return places.flatMap((place, index) =>
    places
      .slice(0, index)
      .filter((other) => other === place || other.startsWith(`${place}.`) || place.startsWith(`${other}.`))
      .map((other) =>
        other === place
          ? `field ${place}: two sources write it`
          : `field ${place}: ${other} stands in its way`,
      ),
  );
}

function lostFacts({ header, leg }: PostingMapping): readonly string[] {
  const mapped = new Set([...header, ...leg].flatMap(({ from }) => from ?? []));
  // Money as it is carries its currency with it.
  if (leg.some(({ from, format = 'AS_IS' }) => from === 'leg.amount' && format === 'AS_IS'))
    mapped.add('leg.amount.currency');
  return REQUIRED_FACTS.filter(({ sources }) => !sources.some((source) => mapped.has(source))).map(
    ({ fact, sources }) => `the ${fact} is lost: no field is made from ${sources.join(' or ')}`,
  );
}
