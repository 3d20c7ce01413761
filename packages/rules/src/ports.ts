/** Rules need nothing from outside: they judge by what enrichment found, and the workflow publishes. */
export type RulesPorts = Readonly<Record<never, never>>;
