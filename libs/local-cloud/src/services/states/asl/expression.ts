import { compileIntrinsic } from './intrinsic-call.ts';
import { compilePath, type Expression } from './path.ts';

const INTRINSIC = /^States\.\w+\s*\(/;

/** True when a text is a call of an intrinsic function. */
export function isIntrinsic(text: string): boolean {
  return INTRINSIC.test(text);
}

/**
 * Compiles a path or an intrinsic function call.
 *
 * @throws PathSyntaxError
 */
export function compileExpression(text: string): Expression {
  return isIntrinsic(text) ? compileIntrinsic(text) : compilePath(text);
}
