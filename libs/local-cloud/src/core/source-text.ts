import type { JsonObject } from './aws-error.ts';

const texts = new WeakMap<JsonObject, string>();

/** Notes the JSON text that a request's input was parsed from, for as long as the input lives. */
export function noteSourceText(input: JsonObject, text: string): void {
  texts.set(input, text);
}

/** The JSON text that an input was parsed from; nothing for one that came in another protocol or from a service. */
export function sourceTextOf(input: JsonObject): string | undefined {
  return texts.get(input);
}
