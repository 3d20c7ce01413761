import { AwsError } from '../../core/aws-error.ts';
import type { AlarmState } from './alarm.ts';

/** Tells the state of an alarm by its name or ARN; an unknown one has INSUFFICIENT_DATA. */
export type StateOf = (alarm: string) => AlarmState;

const TOKEN =
  /\s*(?:(?<word>AND|OR|NOT|TRUE|FALSE|ALARM|OK|INSUFFICIENT_DATA)\b|(?<mark>[()])|"(?<quoted>[^"]*)"|(?<name>[^\s()"]+))/y;

type Rule = (stateOf: StateOf) => boolean;

/**
 * Compiles the rule of a composite alarm: `ALARM(a) AND NOT (OK("b") OR TRUE)`.
 * Source: CloudWatch API Reference, PutCompositeAlarm, AlarmRule.
 *
 * @throws AwsError ValidationError
 */
export function compileAlarmRule(text: string): Rule {
  const tokens = tokenize(text);
  const rule = readOr(tokens);
  if (tokens.length > 0) throw malformed(text);
  return rule;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw malformed(text);
    tokens.push(groups['word'] ?? groups['mark'] ?? groups['quoted'] ?? groups['name'] ?? '');
  }
  return tokens;
}

function readOr(tokens: string[]): Rule {
  const alternatives = [readAnd(tokens)];
  while (tokens[0] === 'OR') {
    tokens.shift();
    alternatives.push(readAnd(tokens));
  }
  return (stateOf) => alternatives.some((rule) => rule(stateOf));
}

function readAnd(tokens: string[]): Rule {
  const all = [readTerm(tokens)];
  while (tokens[0] === 'AND') {
    tokens.shift();
    all.push(readTerm(tokens));
  }
  return (stateOf) => all.every((rule) => rule(stateOf));
}

function readTerm(tokens: string[]): Rule {
  const token = tokens.shift();
  switch (token) {
    case 'NOT': {
      const rule = readTerm(tokens);
      return (stateOf) => !rule(stateOf);
    }
    case '(': {
      const rule = readOr(tokens);
      expect(tokens, ')');
      return rule;
    }
    case 'TRUE':
      return () => true;
    case 'FALSE':
      return () => false;
    case 'ALARM':
    case 'OK':
    case 'INSUFFICIENT_DATA': {
      expect(tokens, '(');
      const name = tokens.shift() ?? '';
      expect(tokens, ')');
      return (stateOf) => stateOf(name) === token;
    }
    default:
      throw malformed(token ?? '');
  }
}

function expect(tokens: string[], mark: string): void {
  if (tokens.shift() !== mark) throw malformed(`no "${mark}"`);
}

function malformed(what: string): AwsError {
  return new AwsError('ValidationError', `The alarm rule is malformed at: ${what}`);
}
