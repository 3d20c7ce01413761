import { AwsError } from '../../core/aws-error.ts';

const TERM = /"(?<quoted>[^"]*)"|(?<plain>\S+)/g;

/**
 * Compiles a filter pattern of terms: a message matches that contains them all, none that begin with `-`.
 * Source: CloudWatch Logs user guide, "Filter pattern syntax", unstructured log events.
 *
 * @throws AwsError InvalidParameterException for patterns of JSON, of fields, or with regular expressions
 */
export function compileFilter(pattern: string): (message: string) => boolean {
  if (/^\s*[{[]|%|\?/.test(pattern)) {
    throw new AwsError(
      'InvalidParameterException',
      `The filter pattern ${pattern} is not run by the local cloud: only terms are.`,
    );
  }
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const match of pattern.matchAll(TERM)) {
    const { quoted, plain = '' } = match.groups ?? {};
    if (quoted === undefined && plain.startsWith('-')) unwanted.push(plain.slice(1));
    else wanted.push(quoted ?? plain);
  }
  return (message) =>
    wanted.every((term) => message.includes(term)) && !unwanted.some((term) => message.includes(term));
}
