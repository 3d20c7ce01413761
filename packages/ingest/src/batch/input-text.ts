/** `VISA B 2026-11-15T10:15:01Z <request in hex> <response in hex>`: an ISO 8583 pair as a line of a file. */
const RAW_PAIR =
  /^(?<scheme>[A-Z]+)[ \t,;](?<wireProfile>[A-Z])[ \t,;](?<loggedAt>\S+)[ \t,;](?<request>[0-9A-Fa-f]+)[ \t,;](?<response>[0-9A-Fa-f]+)$/;

/**
 * A line of a file as the JSON text of an input line: an ISO 8583 pair in five fields becomes what it would be as
 * JSON, with the same identity; any other line is taken as it is.
 */
export function inputTextOf(line: string): string {
  const text = line.trim();
  const fields = RAW_PAIR.exec(text)?.groups;
  if (fields === undefined) return text;
  const { scheme, wireProfile, request, response, loggedAt } = fields;
  return JSON.stringify({ scheme, wireProfile, request, response, loggedAt });
}
