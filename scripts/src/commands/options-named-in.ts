/** An option as the list in a command's help has it. */
export interface NamedOption {
  /** As in `--json`. */
  readonly option: string;
  readonly takesValue: boolean;
}

/** The options that a command's help lists: lines that begin with them, as in `  --from, --to <date>    …`. */
export function optionsNamedIn(help: string): readonly NamedOption[] {
  return [...help.matchAll(/^ {2}(--.*?)(?: {2}|$| (?=[a-z]))/gm)].flatMap(([, named = '']) =>
    [...named.matchAll(/(--[a-z0-9-]+)(?:, | <)?/g)].map(([, option = '']) => ({
      option,
      takesValue: new RegExp(`${option}(?:, --[a-z0-9-]+)* <`).test(named),
    })),
  );
}
