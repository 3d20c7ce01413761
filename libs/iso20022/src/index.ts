export type { HeaderParties, RenderOptions } from './business-message.ts';
export { RenderError, type RenderErrorCode } from './errors.ts';
export { letterReferenceOf } from './letter-reference.ts';
export type { PostedSequence } from './posted-sequence.ts';
export { cainIdentifierOf, renderCain } from './render-cain.ts';
export { CAMT054, renderCamt054 } from './render-camt054.ts';
