/** Standardize needs nothing from outside: what a message means is in the message. */
export type StandardizePorts = Readonly<Record<never, never>>;
