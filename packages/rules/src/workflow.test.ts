import { describe, expect, it } from '@jest/globals';
import { type AslState, type AslStates, rulesWorkflow } from './workflow.ts';

const resources = {
  functionArn: 'arn:aws:lambda:eu-west-2:000000000000:function:payments-test-rules-evaluate',
  notificationsTopicArn: 'arn:aws:sns:eu-west-2:000000000000:payments-test-notifications',
  deadLetterQueueUrl: 'https://sqs.eu-west-2.amazonaws.com/000000000000/payments-test-rules-failed',
};
const definition = rulesWorkflow(resources);

/** Every set of states, the definition's own and those inside its maps, with the state around it. */
function* scopesOf(
  states: AslStates,
  around?: AslState,
): Generator<{ states: AslStates; around?: AslState }> {
  yield around === undefined ? { states } : { states, around };
  for (const state of Object.values(states.States))
    if (state.ItemProcessor !== undefined) yield* scopesOf(state.ItemProcessor, state);
}
const scopes = [...scopesOf(definition)];
const tasks = scopes.flatMap(({ states, around }) =>
  Object.entries(states.States)
    .filter(([, { Type }]) => Type === 'Task')
    .map(([name, state]) => ({ name, state, around })),
);

function nextOf({ Next, Catch = [] }: AslState): string[] {
  return [...(Next === undefined ? [] : [Next]), ...Catch.map((catcher) => catcher.Next)];
}

describe('the rules workflow', () => {
  it('goes only to states that exist, and reaches every one of them', () => {
    for (const { states } of scopes) {
      const reached = new Set([states.StartAt]);
      for (const name of reached) {
        const state = states.States[name];
        expect({ name, exists: state !== undefined }).toEqual({ name, exists: true });
        for (const next of state === undefined ? [] : nextOf(state)) reached.add(next);
      }
      expect([...reached].sort()).toEqual(Object.keys(states.States).sort());
    }
  });

  it('ends every path, and goes on from no end', () => {
    for (const { states } of scopes)
      for (const [name, state] of Object.entries(states.States)) {
        const ends = state.End === true || state.Type === 'Succeed' || state.Type === 'Fail';
        expect({ name, goesOn: state.Next !== undefined }).toEqual({ name, goesOn: !ends });
      }
  });

  it.each(tasks)('tries $name again, and catches what fails for good', ({ state, around }) => {
    expect(state.Retry?.length).toBeGreaterThan(0);
    for (const { JitterStrategy, MaxAttempts, BackoffRate } of state.Retry ?? [])
      expect([JitterStrategy, MaxAttempts > 0, BackoffRate > 1]).toEqual(['FULL', true, true]);
    const catchers = state.Catch ?? around?.Catch ?? [];
    expect(catchers.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
  });

  it('names States.ALL alone and last, as the language demands', () => {
    for (const { states } of scopes)
      for (const { Retry = [], Catch = [] } of Object.values(states.States))
        for (const handlers of [Retry, Catch])
          handlers.forEach(({ ErrorEquals }, index) => {
            if (ErrorEquals.includes('States.ALL'))
              expect([ErrorEquals.length, index]).toEqual([1, handlers.length - 1]);
          });
  });

  it('calls what it is given', () => {
    const { Evaluate, Notify, ReportFailure } = definition.States;
    expect(Evaluate?.Parameters).toEqual({ FunctionName: resources.functionArn, 'Payload.$': '$' });
    expect(Notify?.ItemProcessor?.States['Tell']?.Parameters).toMatchObject({
      TopicArn: resources.notificationsTopicArn,
    });
    expect(ReportFailure?.Parameters).toMatchObject({
      QueueUrl: resources.deadLetterQueueUrl,
      'MessageBody.$': 'States.JsonToString($$.Execution.Input)',
    });
  });

  it('does not undo what is published when nobody can be told', () => {
    const { Notify } = definition.States;
    expect([Notify?.Next, ...(Notify?.Catch ?? []).map(({ Next }) => Next)]).toEqual(['Done', 'Done']);
    expect(definition.States['Publish']?.Next).toBe('Notify');
  });
});
