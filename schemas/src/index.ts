export type * from './generated/types.ts';
export { ibanOf, isIban } from './iban.ts';
export { isPanFree, passesLuhn, withoutPans } from './pan-free.ts';
export {
  type EventName,
  STAGES,
  type StageDeclaration,
  type StageName,
  sourceOf,
} from './stage-declaration.ts';
export { explainProblem, type Validate, type ValidationProblem } from './validate.ts';
