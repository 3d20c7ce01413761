/** The members that may be undefined become optional ones. */
export type Present<Members> = {
  [Key in keyof Members as undefined extends Members[Key] ? never : Key]: Members[Key];
} & {
  [Key in keyof Members as undefined extends Members[Key] ? Key : never]?: Exclude<Members[Key], undefined>;
};

/** Leaves out the members that are undefined: a record says nothing where the messages say nothing. */
export function presentMembers<Members extends object>(members: Members): Present<Members> {
  const present: Record<string, unknown> = {};
  for (const key of Object.keys(members) as (keyof Members & string)[])
    if (members[key] !== undefined) present[key] = members[key];
  return present as Present<Members>;
}
